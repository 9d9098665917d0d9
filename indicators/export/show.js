// The slides of one file: nothing here asks for anything outside of it.
(() => {
  "use strict";
  const WIDE = 1280, HIGH = 720, BAR = 40;
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const slides = [...document.querySelectorAll(".slide")];
  const help = find("help"), faces = find("faces"), place = find("place");
  let at = 0, typed = "", timer = 0, start = null;

  const is = (state) => root.classList.contains(state);
  const facesOf = (slide) => [...slide.querySelectorAll(".face")];

  function turn(state, on = !is(state)) {
    root.classList.toggle(state, on);
    for (const button of document.querySelectorAll(`[data-state=${state}]`)) {
      button.setAttribute("aria-pressed", on);
    }
    layOut();
    if (state === "overview") slides[at].focus({ preventScroll: false });
    if (state === "told" && on) shown().querySelector(".words")?.focus();
  }

  function layOut() {
    if (is("overview")) {
      const columns = Math.max(2, Math.min(5, Math.round(innerWidth / 320)));
      root.style.setProperty("--columns", columns);
      root.style.setProperty("--k", (innerWidth - 24 - 12 * (columns - 1) - 16) / columns / WIDE);
      return;
    }
    const notes = is("speaker") ? slides[at].querySelector(".notes").offsetHeight : 0;
    const high = Math.max(innerHeight - BAR - notes, 120);
    root.style.setProperty("--k", Math.min(innerWidth / WIDE, high / HIGH));
  }

  const shown = () => facesOf(slides[at]).find((face) => face.classList.contains("on"));

  function tell() {
    const words = typed ? `Seite ${typed} …` : `Seite ${at + 1} von ${slides.length}`;
    place.textContent = words;
    document.title = `${at + 1} · ${slides[at].dataset.title}`;
  }

  function go(to) {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => slide.classList.toggle("on", i === at));
    const names = facesOf(slides[at]);
    faces.replaceChildren(...names.map((face, i) => new Option(face.dataset.name, i)));
    faces.hidden = names.length < 2;
    faces.selectedIndex = names.indexOf(shown());
    if (is("overview")) slides[at].focus();
    try {
      history.replaceState(null, "", `#${at + 1}`);
    } catch { /* some browsers forbid it for files: the page is shown all the same */ }
    layOut();
    tell();
  }

  function change(step) {
    const all = facesOf(slides[at]);
    select((all.indexOf(shown()) + step + all.length) % all.length);
  }

  function select(number) {
    facesOf(slides[at]).forEach((face, i) => face.classList.toggle("on", i === number));
    faces.selectedIndex = number;
  }

  function type(digit) {
    typed = (typed + digit).slice(-4);
    clearTimeout(timer);
    timer = setTimeout(() => { typed = ""; tell(); }, 4000);
    tell();
  }

  function enter() {
    if (typed) {
      const to = Number(typed) - 1;
      typed = "";
      go(to);
    } else if (is("overview")) turn("overview", false);
  }

  const KEYS = {
    ArrowRight: () => go(at + 1), PageDown: () => go(at + 1), " ": () => go(at + 1),
    ArrowLeft: () => go(at - 1), PageUp: () => go(at - 1),
    Home: () => go(0), End: () => go(slides.length - 1),
    ArrowUp: () => change(-1), ArrowDown: () => change(1),
    Enter: enter, Escape: () => turn("overview"),
    b: () => turn("dark"), n: () => turn("speaker"), t: () => turn("told"), "?": () => help.showModal(),
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (is("dark")) {
      turn("dark", false);
      event.preventDefault();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // a control that has the focus keeps its own keys
    if (event.target.closest("#bar") && [" ", "Enter", "ArrowUp", "ArrowDown"].includes(key) && !typed) return;
    if (is("told") && ["ArrowUp", "ArrowDown", " ", "PageUp", "PageDown"].includes(key)) return;
    if (event.target.closest("a") && key === "Enter") return;
    if (/^\d$/.test(key)) type(key);
    else if (KEYS[key]) KEYS[key]();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (is("dark")) return turn("dark", false);
    const button = event.target.closest("button");
    if (button?.dataset.state) turn(button.dataset.state);
    else if (button?.dataset.key) KEYS[button.dataset.key]();
    const slide = event.target.closest(".slide");
    if (slide && is("overview")) {
      go(slides.indexOf(slide));
      turn("overview", false);
    }
  });
  faces.addEventListener("change", () => { select(faces.selectedIndex); faces.blur(); });
  slides.forEach((slide, i) => slide.addEventListener("focus", () => { if (is("overview") && i !== at) go(i); }));

  addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!start || is("overview")) return;
    const end = event.changedTouches[0];
    const x = end.clientX - start.clientX, y = end.clientY - start.clientY;
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) go(at + (x < 0 ? 1 : -1));
    start = null;
  }, { passive: true });

  addEventListener("resize", layOut);
  const named = () => Number(location.hash.slice(1)) - 1 || 0;
  addEventListener("hashchange", () => go(named()));
  root.classList.add("js");
  go(named());
})();
