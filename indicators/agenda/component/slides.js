// The slides of an agenda as a list: chosen, moved by drag or by Alt and the arrow keys, taken out.
// Only the slide that is aimed at is a stop of the Tab key, with its buttons: the arrow keys lead to
// the others, so that forty slides are no forty stops on the way to what is below them.

let opened; // which agenda was shown last

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  const order = data.slides.map((_, place) => place);
  const send = (places, chosen) => setTriggerValue("arranged", { order: places, chosen });
  const moved = (from, to) => {
    if (to < 0 || to >= order.length || to === from) return;
    const places = [...order];
    places.splice(to, 0, places.splice(from, 1)[0]);
    send(places, to);
  };
  const button = (row, words, sign, act, disabled = false) => {
    const made = row.appendChild(document.createElement("button"));
    made.type = "button";
    made.title = words;
    made.setAttribute("aria-label", words);
    made.textContent = sign;
    made.disabled = disabled;
    made.addEventListener("click", (event) => { event.stopPropagation(); act(); });
  };

  // Who works with the keys goes on from the chosen slide: after one was moved or taken out, and
  // when an agenda was opened or made, further down on the page.
  const inList = Boolean(list.getRootNode().activeElement);
  const lost = document.activeElement === document.body && navigator.userActivation?.isActive;
  const isNew = opened !== undefined && opened !== data.opened;
  opened = data.opened;
  const aim = (place) => [...list.children].forEach((row, at) => {
    const stop = at === place ? 0 : -1;
    for (const one of [row, ...row.querySelectorAll("button")]) one.tabIndex = stop;
  });
  const goTo = (place) => list.children[Math.min(Math.max(place, 0), order.length - 1)]?.focus();
  let dragged = -1;
  list.replaceChildren(...data.slides.map((slide, place) => {
    const row = document.createElement("li");
    row.draggable = true;
    row.className = slide.kind;
    row.setAttribute("aria-current", String(place === data.chosen));
    const words = row.appendChild(document.createElement("div"));
    words.className = "words";
    words.appendChild(document.createElement("strong")).textContent = `${place + 1}. ${slide.title}`;
    if (slide.told) words.appendChild(document.createElement("span")).textContent = slide.told;
    if (slide.warning) {
      const warning = words.appendChild(document.createElement("span"));
      warning.className = "warning";
      warning.textContent = slide.warning;
    }
    const name = `Folie ${place + 1}`;
    button(row, `${name} nach oben`, "↑", () => moved(place, place - 1), place === 0);
    button(row, `${name} nach unten`, "↓", () => moved(place, place + 1), place === order.length - 1);
    button(row, `${name} herausnehmen`, "✕", () => send(order.filter((one) => one !== place), place));
    row.addEventListener("focusin", () => aim(place));
    row.addEventListener("click", () => send(order, place));
    row.addEventListener("keydown", (event) => {
      if (event.target !== row) return;
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (event.key === "Enter" || event.key === " ") send(order, place);
      else if (event.key === "Delete") send(order.filter((one) => one !== place), place);
      else if (step && event.altKey) moved(place, place + step);
      else if (step) goTo(place + step);
      else if (event.key === "Home") goTo(0);
      else if (event.key === "End") goTo(order.length - 1);
      else return;
      event.preventDefault();
    });
    row.addEventListener("dragstart", (event) => {
      dragged = place;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragover", (event) => { event.preventDefault(); row.classList.add("over"); });
    row.addEventListener("dragleave", () => row.classList.remove("over"));
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      row.classList.remove("over");
      if (dragged >= 0) moved(dragged, place);
    });
    return row;
  }));
  aim(data.chosen);
  if (!inList && !lost && !isNew) return;
  goTo(data.chosen);
  list.children[data.chosen]?.scrollIntoView({ block: "nearest" });
}
