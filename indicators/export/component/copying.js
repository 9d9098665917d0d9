// Copies an answer for another program: its picture, its table, its sentences. Browsers give the
// clipboard to pages that came over https or from this machine only; elsewhere words and tables
// still go the old way, and the picture has its download.

const DONE = "Kopiert";

function said(host, words) {
  host.querySelector("[role=status]").textContent = words;
}

async function picture(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error(await answer.text());
  return answer.blob();
}

// The old way: the browser copies what is selected.
function copySelected(content, isMarkup) {
  const place = document.createElement("div");
  place.style.cssText = "position:fixed;left:-200vw;white-space:pre";
  if (isMarkup) place.innerHTML = content; // our own table, its words escaped by the server
  else place.textContent = content;
  document.body.append(place);
  const selection = getSelection();
  selection.removeAllRanges();
  const range = document.createRange();
  range.selectNodeContents(place);
  selection.addRange(range);
  const done = document.execCommand("copy");
  selection.removeAllRanges();
  place.remove();
  if (!done) throw new Error();
}

const WAYS = {
  picture: async (data) => {
    if (!navigator.clipboard?.write) {
      throw new Error("Dieser Browser kopiert Bilder nur über https. Bitte laden Sie „PNG“ herunter.");
    }
    // a promise: Safari wants the clipboard asked before the picture is there
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture(data.picture) })]);
  },
  table: async (data) => {
    if (!navigator.clipboard?.write) return copySelected(data.markup, true);
    const blob = (type, text) => new Blob([text], { type });
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": blob("text/html", data.markup), "text/plain": blob("text/plain", data.table),
    })]);
  },
  text: async (data) => {
    if (!navigator.clipboard?.writeText) return copySelected(data.text, false);
    await navigator.clipboard.writeText(data.text);
  },
};

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".copying");
  for (const button of host.querySelectorAll("button")) {
    button.onclick = async () => {
      said(host, "");
      try {
        await WAYS[button.dataset.way](data);
        said(host, DONE);
      } catch (error) {
        said(host, error.message || "Das ließ sich nicht kopieren.");
      }
    };
  }
}
