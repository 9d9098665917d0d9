// The keys of a meeting: which slide is in sight, in this window and in that of who speaks.
// Arrows left and right, and what a presenter's remote sends, turn slides; arrows up and down turn
// the pages and years within one (stage.js, drawing.js look at the class set here).

const CHANNEL = "bildungsblick-sitzung";
const FORWARD = ["ArrowRight", "PageDown", " "];
const BACK = ["ArrowLeft", "PageUp"];
let channel;
let listening;
let at; // the slide this window has turned to, told to a second one that opens later
let hasAsked = false;

// Who asks for the pickers with a key goes on in the first of them, as soon as it stands there.
function toPickers(until = Date.now() + 5000) {
  const field = document.querySelector(".st-key-stage_choices input");
  field?.focus();
  const arrived = field && document.activeElement === field;
  if (!arrived && Date.now() < until) setTimeout(toPickers, 50, until);
}

// How long a slide and all of them have taken, against the length that is planned. Kept for this
// window, so that a reload goes on counting.
function timed(box, { slide, minutes }) {
  const KEPT = "bildungsblick-zeiten";
  const part = (name) => box.querySelector(name);
  const written = (seconds) =>
    `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") ?? { times: {}, planned: minutes };
  let last = Date.now();
  const tick = () => {
    const now = Date.now();
    kept.times[slide] = (kept.times[slide] ?? 0) + (now - last) / 1000;
    last = now;
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
    const clock = new Date(now).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    part(".clock").textContent = `${clock} Uhr · auf dieser Folie ${written(kept.times[slide])}`;
    const all = Object.values(kept.times).reduce((sum, seconds) => sum + seconds, 0);
    const left = 60 * kept.planned - all;
    part(".sum").textContent = `bisher ${written(all)}` + (!kept.planned ? ""
      : left < 0 ? `, ${written(-left)} über der Zeit` : `, noch ${written(left)}`);
    part(".sum").classList.toggle("over", kept.planned > 0 && left < 0);
    const bar = part("progress");
    bar.hidden = !kept.planned;
    bar.value = kept.planned ? Math.min(all / (60 * kept.planned), 1) : 0;
    part(".each").textContent = Object.entries(kept.times)
      .map(([number, seconds]) => `Folie ${number}: ${written(seconds)}`).join(" · ");
  };
  const planned = part("input");
  planned.value = kept.planned || "";
  planned.oninput = () => {
    kept.planned = Math.max(Math.round(Number(planned.value)) || 0, 0);
    tick();
  };
  part(".anew").onclick = () => {
    kept.times = {};
    last = Date.now();
    tick();
  };
  tick();
  return setInterval(tick, 1000);
}

export default function ({ data, parentElement, setTriggerValue }) {
  document.documentElement.classList.add("bb-agenda");
  parentElement.querySelector(".steering").hidden = !data.presenter;
  let digits = "";
  const go = (number, told = true) => {
    const slide = Math.min(Math.max(number, 1), data.count);
    if (told) channel.postMessage({ agenda: data.agenda, slide });
    at = slide;
    if (slide !== data.slide) setTriggerValue("slide", slide);
  };
  at = data.slide;
  channel?.close();
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    if (event.data.agenda !== data.agenda) return;
    if (event.data.slide) go(event.data.slide, false);
    else if (!data.presenter) channel.postMessage({ agenda: data.agenda, slide: at });
  };
  // what was turned while this window was being opened was told to nobody
  if (data.presenter && !hasAsked) channel.postMessage({ agenda: data.agenda });
  hasAsked = true;
  removeEventListener("keydown", listening);
  listening = (event) => {
    const typing = event.composedPath()[0].closest?.("input, textarea, select, [role=combobox]");
    // out of the pickers, so that the keys below mean the slide again
    if (event.key === "Escape" && typing?.closest(".st-key-stage_choices")) typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (/^\d$/.test(key)) digits += key;
    else if (key === "Enter" && digits) go(Number(digits));
    else if (FORWARD.includes(key)) go(data.slide + 1);
    else if (BACK.includes(key)) go(data.slide - 1);
    else if (key === "Home") go(1);
    else if (key === "End") go(data.count);
    else if ((key === "a" || key === "A") && !data.presenter) {
      if (!document.querySelector(".st-key-stage_choices")) toPickers();
      setTriggerValue("asked", "choose");
    }
    else if (key === "Backspace" && !data.presenter) setTriggerValue("asked", "prepared");
    else if ((key === "z" || key === "Z") && !data.presenter) {
      document.documentElement.classList.toggle("bb-enlarged");
    } else return;
    if (!/^\d$/.test(key)) digits = "";
    event.preventDefault();
  };
  addEventListener("keydown", listening);

  const timer = data.presenter ? timed(parentElement, data) : 0;
  for (const [name, step] of [["back", -1], ["on", 1]]) {
    const button = parentElement.querySelector(`.${name}`);
    button.onclick = () => go(data.slide + step);
  }
  return () => {
    clearInterval(timer);
    removeEventListener("keydown", listening);
    channel?.close();
  };
}
