// Shows an SVG drawing that the server has laid out, as part of the page: its text can be read,
// selected and enlarged. The drawing is parsed as XML, so nothing in it runs. Of several pages (on
// the stage) one is seen at a time; its number stands in the address, for a reload. A drawing for
// narrow cards takes the place of the wide one where that would shrink beyond reading. Areas of
// class "hit" tell the values beneath them to a pointer, a finger and the arrow keys.

const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
const STEPS_IN_AGENDA = { ArrowDown: 1, ArrowUp: -1 }; // where those turn slides
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const SHRUNK = 0.6; // of the width it was laid out for: less is beyond reading
const ROOMY = [0.8, 1.2]; // of that width: outside of it the server is asked for another drawing
const RESTS = 400; // milliseconds without a change, before a width counts
const turning = new WeakMap(); // host element -> the listener of its keys
const watching = new WeakMap(); // host element -> the observer of its width

function parsed(svg) {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.importNode(drawing.documentElement, true);
}

function asked(count) {
  const number = Number(new URLSearchParams(location.search).get("page")) || 1;
  return Math.min(Math.max(number, 1), count);
}

// What stands beneath the pointer, in a box beside it, and for those who hear it.
class Telling {
  constructor(host, svg) {
    this.host = host;
    this.svg = svg;
    this.hits = [...svg.querySelectorAll(".hit")];
    if (!this.hits.length) return;
    this.at = -1;
    this.box = document.createElement("div");
    this.box.className = "told";
    this.box.hidden = true;
    this.heard = document.createElement("div");
    this.heard.className = "heard";
    this.heard.setAttribute("role", "status");
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("pointermove", (event) => this.point(event));
    svg.addEventListener("pointerdown", (event) => this.point(event));
    svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.hide());
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("blur", () => this.hide());
    this.attach();
  }

  // Beside its drawing, which takes turns with another one.
  attach() {
    if (this.hits.length) this.host.append(this.box, this.heard);
  }

  point(event) {
    const hit = event.target.closest?.(".hit");
    if (hit) this.tell(this.hits.indexOf(hit), event);
    else this.hide();
  }

  key(event) {
    if (event.key === "Escape") return this.hide();
    const last = this.hits.length - 1;
    const goal = { Home: 0, End: last }[event.key]
      ?? (event.key in MOVES ? (this.at < 0 ? last : this.at + MOVES[event.key]) : undefined);
    if (goal === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell(Math.min(Math.max(goal, 0), last));
    this.heard.textContent = this.hits[this.at].dataset.told.replaceAll("\n", ", ");
  }

  tell(number, pointer) {
    const hit = this.hits[number];
    if (number !== this.at) {
      this.at = number;
      const [heading, ...lines] = hit.dataset.told.split("\n");
      const strong = document.createElement("strong");
      strong.textContent = heading;
      this.box.replaceChildren(strong, ...lines.map((line) => {
        const row = document.createElement("div");
        row.textContent = line;
        return row;
      }));
      this.mark(hit);
    }
    this.box.hidden = false;
    this.place(hit, pointer);
  }

  // A thin line at the year, or a frame around the row.
  mark(hit) {
    this.marked?.remove();
    const box = (name) => Number(hit.getAttribute(name));
    const line = "at" in hit.dataset;
    this.marked = document.createElementNS(SVG, line ? "line" : "rect");
    const place = line
      ? { x1: hit.dataset.at, x2: hit.dataset.at, y1: box("y"), y2: box("y") + box("height") }
      : { x: box("x"), y: box("y"), width: box("width"), height: box("height"), fill: "none" };
    for (const [name, value] of Object.entries(place)) this.marked.setAttribute(name, value);
    this.marked.setAttribute("class", "marked");
    this.svg.insertBefore(this.marked, this.hits[0]);
  }

  place(hit, pointer) {
    const host = this.host.getBoundingClientRect();
    const area = hit.getBoundingClientRect();
    const x = (pointer ? pointer.clientX : (area.left + area.right) / 2) - host.left;
    const y = (pointer ? pointer.clientY : area.top + area.height / 3) - host.top;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = x + 14 + width > host.width ? x - 14 - width : x + 14;
    this.box.style.left = `${Math.max(Math.min(left, host.width - width), 0)}px`;
    this.box.style.top = `${Math.max(Math.min(y - height / 2, host.height - height), 0)}px`;
  }

  hide() {
    if (!this.hits.length) return;
    this.at = -1;
    this.box.hidden = true;
    this.marked?.remove();
  }
}

// In an agenda the arrows left and right turn slides, up and down the pages of one.
function namedKeys(svg) {
  if (!document.documentElement.classList.contains("bb-agenda")) return svg;
  for (const text of svg.querySelectorAll("text")) {
    if (text.textContent.includes("→ und ←")) {
      text.textContent = text.textContent.replace("→ und ←", "↓ und ↑");
    }
  }
  return svg;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".drawing");
  const pages = data.pages.map(parsed).map(namedKeys);
  const narrow = data.narrow ? parsed(data.narrow) : null;
  host.classList.toggle("fixed", Boolean(data.fixed));
  host.style.setProperty("--natural", `${data.natural}px`);
  host.style.setProperty("--narrow", `${data.narrowNatural}px`);

  const tellings = new Map(); // drawing -> what tells its values
  const show = (number) => {
    const small = narrow && host.clientWidth < SHRUNK * data.natural;
    const shown = small ? narrow : pages[number - 1];
    host.classList.toggle("narrow", Boolean(small));
    if (host.firstChild !== shown) {
      host.replaceChildren(shown);
      if (data.fixed) tellings.clear();
      else if (tellings.has(shown)) tellings.get(shown).attach();
      else tellings.set(shown, new Telling(host, shown));
    }
    if (pages.length === 1) return;
    const address = new URL(location.href);
    if (number > 1) address.searchParams.set("page", number);
    else address.searchParams.delete("page");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  removeEventListener("keydown", turning.get(host));
  const turn = (event) => {
    const inAgenda = document.documentElement.classList.contains("bb-agenda");
    const step = (inAgenda ? STEPS_IN_AGENDA : STEPS)[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = asked(pages.length) + step;
    if (next >= 1 && next <= pages.length) show(next);
  };
  if (pages.length > 1) {
    addEventListener("keydown", turn);
    turning.set(host, turn);
  }
  show(asked(pages.length));
  watching.get(host)?.disconnect();
  if (narrow) {
    let asking;
    const watcher = new ResizeObserver(() => {
      show(asked(pages.length));
      clearTimeout(asking);
      asking = setTimeout(() => {
        const room = host.clientWidth;
        if (host.classList.contains("narrow") || !room) return;
        const ratio = room / data.natural;
        if (ratio < ROOMY[0] || ratio > ROOMY[1]) setTriggerValue("room", room);
      }, RESTS);
    });
    watcher.observe(host);
    watching.set(host, watcher);
  }
  return () => {
    removeEventListener("keydown", turn);
    watching.get(host)?.disconnect();
  };
}
