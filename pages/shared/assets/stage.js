// The stage (?stage=1): scales the page to the wall, pages a long table, and the keys of a meeting.
"use strict";
(() => {
  // In an agenda the arrows left and right turn its slides, so what is within one turns up and down.
  // Told by the address: a table is cut before the keys of the agenda are there.
  const inAgenda = () => location.pathname.endsWith("/sitzung");
  const stepOf = (key) => (inAgenda()
    ? { ArrowDown: 1, ArrowUp: -1 }
    : { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 })[key];

  const onStage = () => new URLSearchParams(location.search).get("stage") === "1";

  // Laid out for 1280 x 720 and enlarged as a whole: what fits here fits on every projector.
  const scale = () => {
    const factor = Math.min(innerWidth / 1280, innerHeight / 720);
    document.documentElement.style.setProperty("--stage-scale", onStage() ? factor : 1);
  };

  // Back and Forward lead from a page to the stage within one session: only a page that is loaded
  // anew has, or has not, the menu and its room.
  const opened = new URLSearchParams(location.search).get("stage");
  addEventListener("popstate", () => {
    if (new URLSearchParams(location.search).get("stage") !== opened) location.reload();
  });

  const leave = () => {
    const address = new URL(location.href);
    address.searchParams.delete("stage");
    // what was asked for on the slide is no choice of the page
    for (const name of ["page", "anders", "auswahl"]) address.searchParams.delete(name);
    location.assign(address);
  };

  // A table is cut into pages of whole rows; the number stands in the address, for a reload.
  let pages = [];
  const table = () => document.querySelector(".bb-stage-table");
  const choices = () => document.querySelector(".st-key-stage_choices"); // they cover the lower edge
  const asked = () => Number(new URLSearchParams(location.search).get("page")) || 1;

  const show = (number) => {
    const page = Math.min(Math.max(number, 1), pages.length);
    pages.forEach((rows, i) => rows.forEach((row) => { row.hidden = i !== page - 1; }));
    const several = pages.length > 1;
    document.querySelector(".bb-stage-pages").textContent =
      several ? `Seite ${page} von ${pages.length} (blättern mit ${inAgenda() ? "↓ und ↑" : "→ und ←"})` : "";
    const address = new URL(location.href);
    if (several && page > 1) address.searchParams.set("page", page);
    else address.searchParams.delete("page");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };

  const cut = () => {
    const box = table();
    const foot = document.querySelector(".bb-stage-foot");
    if (!box || !foot) return;
    const rows = [...box.querySelectorAll("tbody tr")];
    const heads = [...box.querySelectorAll("th")];
    box.querySelector("table").style.tableLayout = "";
    heads.forEach((head) => { head.style.width = ""; });
    rows.forEach((row) => { row.hidden = false; });
    // columns as wide as all rows need, on every page
    const widths = heads.map((head) => head.getBoundingClientRect().width);
    heads.forEach((head, i) => { head.style.width = `${widths[i]}px`; });
    box.querySelector("table").style.tableLayout = "fixed";
    const height = (part) => part.getBoundingClientRect().height;
    const factor = Math.min(innerWidth / 1280, innerHeight / 720);
    const top = box.getBoundingClientRect().top + height(box.querySelector("thead"));
    const covered = choices() ? height(choices()) : 0;
    // 62: the line with the page's number
    const room = 720 * factor - top - height(foot) - covered - 62 * factor;
    pages = [];
    let filled = 0;
    for (const row of rows) {
      if (!pages.length || filled + height(row) > room) {
        pages.push([]);
        filled = 0;
      }
      pages.at(-1).push(row);
      filled += height(row);
    }
    show(asked());
    box.dataset.cut = String(Boolean(choices()));
  };

  // Over the slide: nothing at all (while people talk), or what the keys do.
  const KEYS = [
    ["→ ←", "weiter und zurück: Folien einer Mappe, sonst Seiten, auf einer Karte die Jahre"],
    ["↓ ↑", "in einer Mappe: Seiten einer Folie, auf einer Karte die Jahre"],
    ["Zahl, Enter", "zu dieser Folie; Pos1 und Ende zur ersten und letzten"],
    ["L", "Lupe: nennt einen Wert groß; Pfeiltasten zeigen auf den nächsten, L oder Esc beendet"],
    ["Z", "in einer Mappe: die Abbildung allein"],
    ["A", "in einer Mappe: Region, Darstellung, Zeitraum, Aufteilung ändern"],
    ["Rücktaste", "zurück zur vorbereiteten Folie"],
    ["F", "ganzer Bildschirm"],
    ["B", "schwarzer Bildschirm, noch einmal: zurück"],
    ["Esc", "zur Seite mit Menü und Auswahl"],
    ["?", "diese Übersicht"],
  ];
  const cover = (name) => {
    const there = document.querySelector(".bb-stage-cover");
    const same = there?.dataset.name === name;
    there?.remove();
    if (same || !name) return Boolean(there);
    const box = document.body.appendChild(document.createElement("div"));
    box.className = "bb-stage-cover";
    box.dataset.name = name;
    if (name === "keys") {
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", "Tasten");
      const list = box.appendChild(document.createElement("dl"));
      for (const [key, words] of KEYS) {
        list.appendChild(document.createElement("dt")).textContent = key;
        list.appendChild(document.createElement("dd")).textContent = words;
      }
    }
    return true;
  };

  // The years of a map, with the buttons that it has on the wall too.
  const turnYears = (step) => {
    const words = step > 0 ? "Späterer Zeitraum" : "Früherer Zeitraum";
    for (const host of document.querySelectorAll('[data-testid^="stBidiComponent"]')) {
      host.shadowRoot?.querySelector(`.map button[aria-label="${words}"]`)?.click();
    }
  };

  if (onStage()) {
    new MutationObserver(() => {
      const anew = table() && table().dataset.cut !== String(Boolean(choices()));
      if (anew) document.fonts.ready.then(cut);
    }).observe(document.documentElement, { childList: true, subtree: true });
  }
  addEventListener("resize", () => { scale(); if (onStage()) cut(); });
  addEventListener("keydown", (event) => {
    const typing = event.composedPath()[0].closest?.("input, textarea, select");
    if (!onStage() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !cover("") && !document.fullscreenElement) leave();
    if (event.key === "b" || event.key === "B") cover("black");
    if (event.key === "?") cover("keys");
    const step = stepOf(event.key);
    if (step && !pages.length) turnYears(step);
    if (step && pages.length) show(Math.min(Math.max(asked(), 1), pages.length) + step);
    if (event.key === "f" || event.key === "F") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    }
  });
  scale();
})();
