// Shows an SVG drawing that the server has laid out, as part of the page: its text can be read,
// selected and enlarged. The drawing is parsed as XML, so nothing in it runs. Of several pages (on
// the stage) one is seen at a time; its number stands in the address, for a reload.

const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
const turning = new WeakMap(); // host element -> the listener of its keys

function parsed(svg) {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.importNode(drawing.documentElement, true);
}

function asked(count) {
  const number = Number(new URLSearchParams(location.search).get("page")) || 1;
  return Math.min(Math.max(number, 1), count);
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".drawing");
  const pages = data.pages.map(parsed);
  host.classList.toggle("fixed", Boolean(data.fixed));
  host.style.setProperty("--natural", `${data.natural}px`);

  const show = (number) => {
    host.replaceChildren(pages[number - 1]);
    if (pages.length === 1) return;
    const address = new URL(location.href);
    if (number > 1) address.searchParams.set("page", number);
    else address.searchParams.delete("page");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  removeEventListener("keydown", turning.get(host));
  const turn = (event) => {
    if (!STEPS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = asked(pages.length) + STEPS[event.key];
    if (next >= 1 && next <= pages.length) show(next);
  };
  if (pages.length > 1) {
    addEventListener("keydown", turn);
    turning.set(host, turn);
  }
  show(asked(pages.length));
  return () => removeEventListener("keydown", turn);
}
