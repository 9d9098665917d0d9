// The keys of the search: / goes to its field, ↓ and ↑ through the hits, Enter to the first of them,
// Esc from the hits back to the field, where it clears what was typed (as in every search field).
"use strict";
(() => {
  const field = () => document.querySelector(".st-key-search input[type=search]");
  const hits = () => [...document.querySelectorAll(".st-key-search_hits .bb-hits a")];

  const typing = (target) =>
    target.isContentEditable || target.closest?.("input, textarea, select, [role=combobox]");

  addEventListener("keydown", (event) => {
    const box = field();
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !typing(event.target)) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const links = hits();
    const at = links.indexOf(event.target);
    if (event.target !== box && at < 0) return;
    if (event.key === "Escape" && at >= 0) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "ArrowDown" || (event.key === "Enter" && at < 0)) {
      if (event.key === "ArrowDown") event.preventDefault();
      links[Math.min(at + 1, links.length - 1)]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] ?? box).focus();
    }
  });
})();
