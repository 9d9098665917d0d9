// A page that changes is of one piece. The parts of a new state arrive within some frames and charts
// draw themselves a moment later, so from the first frame in which something is new until all is,
// the whole page is faded (frame.css): never does half of it look as if it were in force.
"use strict";
(() => {
  const root = document.documentElement;
  const LONGEST = 3000; // milliseconds after a run; what is not drawn by then never will be
  let watching = false;

  const app = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
  const page = () => document.querySelector(".st-key-page");
  const isDrawn = () => !page()?.querySelector(
    '[data-stale="true"], [data-testid="stPlotlyChart"]:not(:has(.main-svg))')
    && ![...page()?.querySelectorAll('[data-testid="stBidiComponentIsolated"]') ?? []].some(
      (part) => part.shadowRoot?.querySelector('.map[aria-busy="true"]'));

  // Ends two frames after everything has drawn itself.
  const end = (since, frames = 0) => {
    if (app() === "running") { watching = false; return; }
    const late = performance.now() - since > LONGEST;
    if (frames >= 2 || late) {
      watching = false;
      delete root.dataset.changing;
    } else requestAnimationFrame(() => end(since, isDrawn() ? frames + 1 : 0));
  };

  // Only a run of the whole page touches its title; a part that runs alone is of the same state.
  const look = () => {
    const title = page()?.querySelector("h1")?.closest("[data-stale]");
    if (title?.dataset.stale === "true") root.dataset.changing = "";
    if (!("changing" in root.dataset) || watching || app() === "running") return;
    watching = true;
    end(performance.now());
  };

  new MutationObserver(look).observe(root, {
    subtree: true, attributes: true, attributeFilter: ["data-stale", "data-test-script-state"],
  });
})();
