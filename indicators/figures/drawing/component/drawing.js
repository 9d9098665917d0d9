// Shows an SVG drawing that the server has laid out, as part of the page: its text can be read,
// selected and enlarged. The drawing is parsed as XML, so nothing in it runs.

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".drawing");
  const parsed = new DOMParser().parseFromString(data.svg, "image/svg+xml");
  const drawing = document.importNode(parsed.documentElement, true);
  host.classList.toggle("fixed", Boolean(data.fixed));
  host.style.setProperty("--natural", `${data.natural}px`);
  host.replaceChildren(drawing);
}
