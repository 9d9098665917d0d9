// Shows an SVG drawing that the server has laid out, as part of the page: its text can be read,
// selected and enlarged. The drawing is parsed as XML, so nothing in it runs. Of several pages (on
// the stage) one is seen at a time; its number stands in the address, for a reload. A drawing for
// narrow cards takes the place of the wide one where that would shrink beyond reading.

const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
const SHRUNK = 0.6; // of the width it was laid out for: less is beyond reading
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

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".drawing");
  const pages = data.pages.map(parsed);
  const narrow = data.narrow ? parsed(data.narrow) : null;
  host.classList.toggle("fixed", Boolean(data.fixed));
  host.style.setProperty("--natural", `${data.natural}px`);
  host.style.setProperty("--narrow", `${data.narrowNatural}px`);

  const show = (number) => {
    const small = narrow && host.clientWidth < SHRUNK * data.natural;
    const shown = small ? narrow : pages[number - 1];
    host.classList.toggle("narrow", Boolean(small));
    if (host.firstChild !== shown || host.childNodes.length > 1) host.replaceChildren(shown);
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
  watching.get(host)?.disconnect();
  if (narrow) {
    const watcher = new ResizeObserver(() => show(asked(pages.length)));
    watcher.observe(host);
    watching.set(host, watcher);
  }
  return () => {
    removeEventListener("keydown", turn);
    watching.get(host)?.disconnect();
  };
}
