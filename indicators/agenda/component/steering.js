// The keys of a meeting: which slide is in sight, in this window and in that of who speaks.
// Arrows left and right, and what a presenter's remote sends, turn slides; arrows up and down turn
// the pages and years within one (stage.js, drawing.js look at the class set here).

const CHANNEL = "bildungsblick-sitzung";
const FORWARD = ["ArrowRight", "PageDown", " "];
const BACK = ["ArrowLeft", "PageUp"];
let channel;
let listening;

export default function ({ data, parentElement, setTriggerValue }) {
  document.documentElement.classList.add("bb-agenda");
  let digits = "";
  const go = (number, told = true) => {
    const slide = Math.min(Math.max(number, 1), data.count);
    if (told) channel.postMessage({ agenda: data.agenda, slide });
    if (slide !== data.slide) setTriggerValue("slide", slide);
  };
  channel?.close();
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    if (event.data.agenda === data.agenda) go(event.data.slide, false);
  };
  removeEventListener("keydown", listening);
  listening = (event) => {
    const typing = event.target.closest?.("input, textarea, select, [role=combobox]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (/^\d$/.test(key)) digits += key;
    else if (key === "Enter" && digits) go(Number(digits));
    else if (FORWARD.includes(key)) go(data.slide + 1);
    else if (BACK.includes(key)) go(data.slide - 1);
    else if (key === "Home") go(1);
    else if (key === "End") go(data.count);
    else if ((key === "a" || key === "A") && !data.presenter) setTriggerValue("asked", "choose");
    else if (key === "Backspace" && !data.presenter) setTriggerValue("asked", "prepared");
    else if ((key === "z" || key === "Z") && !data.presenter) {
      document.documentElement.classList.toggle("bb-enlarged");
    } else return;
    if (!/^\d$/.test(key)) digits = "";
    event.preventDefault();
  };
  addEventListener("keydown", listening);

  const clock = parentElement.querySelector(".clock");
  clock.hidden = !data.presenter;
  const began = performance.now();
  const tick = () => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    const here = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const now = new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    clock.textContent = `${now} Uhr · auf dieser Folie ${here}`;
  };
  tick();
  const timer = data.presenter ? setInterval(tick, 1000) : 0;
  for (const [name, step] of [["back", -1], ["on", 1]]) {
    const button = parentElement.querySelector(`.${name}`);
    button.hidden = !data.presenter;
    button.onclick = () => go(data.slide + step);
  }
  return () => {
    clearInterval(timer);
    removeEventListener("keydown", listening);
    channel?.close();
  };
}
