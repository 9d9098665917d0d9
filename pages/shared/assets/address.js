// The Back button: one step is one thing a reader did. What a page adds to its address by itself
// (the region a bare address leads to, a correction, the choices kept on a change of page) belongs
// to the step before; as a step of its own it would hold the reader back for ever.
"use strict";
(() => {
  let acted = false;
  const push = history.pushState;
  history.pushState = (...step) => {
    (acted ? push : history.replaceState).apply(history, step);
    acted = false;
  };
  for (const act of ["pointerdown", "keydown"]) {
    addEventListener(act, () => { acted = true; }, true);
  }
  addEventListener("popstate", () => { acted = false; }, true);
})();
