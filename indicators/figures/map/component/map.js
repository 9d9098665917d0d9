// The map in the browser: draws what indicators/figures/map describes; hover, keys, search, zoom
// and the period slider need no server. Python hears of a picked region and a chosen period only.

const SVG = "http://www.w3.org/2000/svg";
const FIRST_STATUS = 240; // codes from here on are reasons for having no number
const NUMBERS = { i2: Int16Array, i4: Int32Array, f8: Float64Array };
const DIRECTIONS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const LISTED = 4; // highest and lowest values beside a map on the stage
const WIDEST = 1.15; // width by height of a map that leaves room for them
const USUAL = ["missing", "protected", "not_applicable"]; // reasons every legend explains
const DEEPEST_ZOOM = 40;
const QUIET = 250; // milliseconds without another step before Python hears of a period
const TINY = 26; // regions smaller than this many pixels get a circle around them when marked

const MOST_FILES = 80; // geometries and values kept by a page
const files = new Map(); // address -> promise; one geometry serves all maps of a page
const views = new WeakMap(); // host element -> MapView

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".map");
  if (!views.has(host)) views.set(host, new MapView(host));
  const view = views.get(host);
  view.send = setTriggerValue;
  view.show(data);
  return () => view.close();
}

function load(path) {
  const address = new URL(path, document.baseURI).href;
  if (!files.has(address)) {
    const answer = fetch(address, { cache: "force-cache" }).then((response) => {
      if (!response.ok) throw new Error(response.statusText);
      return response.json();
    });
    answer.catch(() => files.delete(address)); // the next try asks again
    files.set(address, answer);
    if (files.size > MOST_FILES) files.delete(files.keys().next().value);
  }
  return files.get(address);
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// A whole number of the last decimal, as indicators/formats.py writes it: 12345, 1 -> "1.234,5".
function format(whole, decimals, suffix) {
  const digits = String(Math.abs(whole)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const thousands = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ".");
  const rest = decimals ? "," + digits.slice(cut) : "";
  return (whole < 0 ? "\u2212" : "") + thousands + rest + suffix;
}

function element(parent, name, attributes = {}, text = "") {
  const node = parent.appendChild(
    parent.namespaceURI === SVG || name === "svg"
      ? document.createElementNS(SVG, name) : document.createElement(name));
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  return node;
}

// Looks that stay apart in black and white: lines, dots, rings, waves, dashes, crosses, bars, bricks.
function addPatterns(defs, prefix, colours) {
  const marks = {
    missing: [6, "M-1 7L7 -1M-1 1L1 -1M5 7L7 5"],
    protected: [5, "M2.5 1.6a.9 .9 0 1 0 .01 0z"],
    too_few: [10, "M5 2.6a2.4 2.4 0 1 0 .01 0z"],
    unreliable: [10, "M0 5q2.5 -3.5 5 0t5 0"],
    not_applicable: [12, "M3 3h6M-3 9h6M9 9h6"],
    dissolved: [10, "M3 3l4 4M7 3l-4 4"],
    not_collected: [8, "M4 -1V9M0 -1V9M8 -1V9"],
    territory: [10, "M0 0h10M0 5h10M2 0v5M7 5v5"],
  };
  return Object.entries(marks).map(([look, [size, mark]]) => {
    const pattern = element(defs, "pattern", {
      id: prefix + look, width: size, height: size, patternUnits: "userSpaceOnUse",
    });
    element(pattern, "rect", { width: size, height: size, fill: colours.none });
    element(pattern, "path", { d: mark, stroke: colours.mark, "stroke-width": 1.1, fill: "none" });
    return pattern;
  });
}

class MapView {
  constructor(host) {
    this.host = host;
    this.observer = new ResizeObserver(() => {
      if (!this.geometry) return;
      this.applyView();
      this.listEnds(); // how many names have room is known only in their place
    });
  }

  close() {
    clearTimeout(this.timer);
    this.observer.disconnect();
    views.delete(this.host);
  }

  // `chosen` is what a click sends; the values of all periods are a file that is fetched once.
  async show(chosen) {
    this.asked = chosen;
    // on a large screen the map of its own page grows with the window
    const grows = !chosen.stage && !chosen.compact;
    this.host.style.setProperty(
      "--height", grows ? `max(${chosen.height}px, 100vh - 400px)` : `${chosen.height}px`);
    for (const name of ["stage", "compact", "beside"]) {
      this.host.classList.toggle(name, chosen[name]);
    }
    this.host.ariaBusy = "true";
    if (!this.geometry) this.message("Karte wird geladen …");
    let geometry, values;
    try {
      [geometry, values] = await Promise.all([load(chosen.geometry), load(chosen.values_file)]);
    } catch {
      if (this.asked === chosen) this.failed();
      return;
    }
    if (this.asked !== chosen) return; // newer data came while these files were loading
    this.host.ariaBusy = "false";
    const data = (this.data = { ...values, ...chosen });
    for (const [name, colour] of Object.entries(data.colours)) {
      this.host.style.setProperty(`--${name}`, colour);
    }
    this.decode();
    const drawn = [data.geometry, data.extent.join(), data.own.join(), data.stage,
      data.legend, data.circles?.largest];
    if (String(drawn) !== this.drawn) {
      this.drawn = String(drawn);
      this.geometry = geometry;
      this.build();
    }
    this.refresh();
  }

  message(text) {
    this.observer.disconnect();
    this.host.replaceChildren();
    this.drawn = this.geometry = null;
    const box = element(this.host, "div", { class: "message", role: "status" });
    element(box, "p", {}, text);
    return box;
  }

  failed() {
    this.host.ariaBusy = "false";
    const box = this.message(
      "Die Karte konnte nicht geladen werden. Bitte die Verbindung prüfen und erneut laden; " +
      "die Zahlen stehen auch in der Tabelle.");
    element(box, "button", { type: "button" }, "Erneut laden").onclick = () => this.show(this.asked);
  }

  decode() {
    const { data } = this;
    this.columns = new Map(data.ids.split(" ").map((id, column) => [id, column]));
    this.codes = bytes(data.codes);
    this.values = new NUMBERS[data.number](bytes(data.values).buffer);
    this.follow();
  }

  // Where the values of each region shown stand.
  locate() {
    this.column = this.shown.map((i) => this.columns.get(this.geometry.ids[i]));
  }

  // Python's period counts, unless Python has not yet heard of a later choice made here.
  follow() {
    const { periods, selected, answered } = this.data;
    this.choices ??= answered;
    const kept = periods.indexOf(this.label);
    this.period = kept >= 0 && answered < this.choices ? kept : selected;
    this.label = periods[this.period];
  }

  // ---- drawing once per geometry ----

  build() {
    const { data, geometry, host } = this;
    const extent = new Set(data.extent);
    this.shown = [...geometry.ids.keys()].filter(
      (i) => !extent.size || extent.has(geometry.ids[i]));
    this.place = new Map(this.shown.map((i, k) => [geometry.ids[i], k]));
    this.locate();
    this.own = data.own.filter((id) => this.place.has(id)).map((id) => this.place.get(id));
    this.fills = [];
    this.ends = null;
    this.active = this.own[0] ?? 0;
    host.replaceChildren();
    this.frame = element(host, "div", { class: "frame" });
    this.plot = element(this.frame, "div", { class: "plot" });
    this.side = element(this.frame, "div", { class: "side" });
    this.side.hidden = !data.legend;
    this.buildSvg();
    this.buildPeriods();
    this.legend = element(this.side, "div", { class: "legend" });
    if (!data.stage) {
      if (!data.compact) {
        if (!data.beside) this.buildSearch();
        this.buildZoom();
      }
      this.tip = element(this.plot, "div", { class: "tip", "aria-hidden": "true", hidden: "" });
    }
    this.note = element(this.side, "p", { class: "note" });
    this.home = this.homeView();
    if (data.stage && this.home.w / this.home.h < WIDEST) {
      this.ends = element(this.frame, "div", { class: "ends" });
    }
    host.style.setProperty("--aspect", this.home.w / this.home.h);
    this.view = { ...this.home };
    this.observer.disconnect();
    this.observer.observe(this.svg);
  }

  buildSvg() {
    const { data, geometry } = this;
    const svg = (this.svg = element(this.plot, "svg", {
      role: data.stage ? "img" : "group", preserveAspectRatio: "xMidYMid meet", focusable: "false",
    }));
    const defs = element(svg, "defs");
    this.patterns = addPatterns(defs, "", data.colours);
    addPatterns(defs, "legend-", data.colours);
    const path = (parent, k, attributes) =>
      element(parent, "path", { d: geometry.paths[this.shown[k]], ...attributes });
    const regions = element(svg, "g", { class: "regions" });
    this.regions = this.shown.map((_, k) => path(regions, k, data.stage
      ? { "data-k": k, ...(this.own.includes(k) ? { "data-own": "" } : {}) }
      : { role: "button", tabindex: k === this.active ? 0 : -1, "data-k": k }));
    const lines = element(svg, "g", { class: "lands" });
    for (const [whole, outline] of Object.entries(geometry.outlines)) {
      const drawn = this.shown.some((i) => geometry.ids[i].startsWith(whole));
      if (drawn) element(lines, "path", { d: outline });
    }
    // The border around all own regions together: thick lines first, the fills over their inner
    // half. What is left is the common border; thin lines inside tell the members apart.
    const own = element(svg, "g", { class: "own" });
    for (const layer of ["halo", "line"]) this.own.forEach((k) => path(own, k, { class: layer }));
    this.ownFills = this.own.map((k) => path(own, k, { class: "fill" }));
    this.circles = new Map();
    if (data.circles) this.buildCircles(element(svg, "g", { class: "circles" }));
    const ring = element(svg, "g", { class: "ring" });
    this.ring = ["halo", "line"].map((layer) => element(ring, "path", { class: layer }));
    this.finder = ["halo", "line"].map((layer) => element(ring, "circle", { class: layer }));
    if (data.stage) this.beRinged();
    else this.listen();
  }

  // Large circles first, so that no small one disappears under them.
  buildCircles(group) {
    const count = this.data.periods.length;
    const size = (k) => Math.max(
      ...Array.from({ length: count }, (_, period) => Math.abs(this.value(k, period) ?? 0)));
    const bySize = this.shown.map((_, k) => [k, size(k)]).sort((a, b) => b[1] - a[1]);
    for (const [k] of bySize) {
      const [cx, cy] = this.geometry.points[this.shown[k]];
      const own = this.own.includes(k) ? "own" : "";
      this.circles.set(k, element(group, "circle", { cx, cy, class: own, "data-k": k }));
    }
  }

  buildPeriods() {
    const box = element(this.side, "div", { class: "period" });
    box.hidden = this.data.beside; // chosen on the page
    this.periodLabel = element(box, "output");
    const controls = element(box, "div", { class: "controls" });
    const button = (sign, words, step) => {
      const node = element(controls, "button", { type: "button", "aria-label": words }, sign);
      node.onclick = () => this.choose(this.period + step, true);
      return node;
    };
    this.earlier = button("‹", "Früherer Zeitraum", -1);
    this.slider = element(controls, "input", { type: "range", min: 0, "aria-label": "Zeitraum" });
    this.later = button("›", "Späterer Zeitraum", 1);
    this.slider.oninput = () => this.choose(+this.slider.value, false);
    this.slider.onchange = () => this.choose(+this.slider.value, true);
    // the stage turns its pages with the same keys
    this.slider.onkeydown = (event) => event.stopPropagation();
  }

  buildSearch() {
    const box = element(this.side, "div", { class: "search" });
    const label = element(box, "label", { for: "search" }, "Gebiet suchen");
    const input = element(box, "input", {
      id: "search", list: "names", autocomplete: "off", placeholder: "Name eingeben",
    });
    this.options = element(box, "datalist", { id: "names" });
    this.found = element(box, "p", { role: "status" });
    label.onclick = () => input.focus();
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.find(input.value);
    };
    // a choice from the list arrives without typing; typing alone must not move the focus
    input.oninput = (event) => {
      if (!event.inputType || event.inputType === "insertReplacementText") this.find(input.value);
    };
  }

  buildZoom() {
    const box = element(this.plot, "div", {
      class: "zoom", role: "group", "aria-label": "Ausschnitt",
    });
    const button = (sign, words, action) => {
      const node = element(box, "button", { type: "button", "aria-label": words }, sign);
      node.onclick = action;
      return node;
    };
    this.reset = button("Zurücksetzen", "Zurücksetzen", () => this.zoom(0));
    button("+", "Vergrößern", () => this.zoom(1.6));
    button("\u2212", "Verkleinern", () => this.zoom(1 / 1.6));
  }

  // ---- drawing for every data and period ----

  refresh() {
    const { data } = this;
    const words = `${data.title}. ${data.alt}`;
    this.svg.setAttribute("aria-label", words);
    this.locate();
    this.names = this.shown.map((i, k) => data.names[this.column[k]] ?? this.geometry.names[i]);
    this.listNames();
    const single = data.periods.length < 2;
    for (const node of [this.slider, this.earlier, this.later]) node.hidden = single;
    this.slider.max = data.periods.length - 1;
    this.note.textContent = data.stage ? "" : data.note;  // on the stage it stands in the foot
    this.buildLegend();
    this.applyView();
    this.paint();
  }

  // Four hundred options cost more than painting does: only where the names are others.
  listNames() {
    const listed = this.names.join("\n");
    if (!this.options || this.options.dataset.listed === listed) return;
    this.options.dataset.listed = listed;
    this.options.replaceChildren(...[...this.names].sort(new Intl.Collator("de").compare)
      .map((name) => Object.assign(document.createElement("option"), { value: name })));
  }

  buildLegend() {
    const { data, legend } = this;
    legend.replaceChildren();
    const head = element(legend, "div", { class: "head" });
    element(head, "span", {}, data.legendTitle);
    element(head, "span", {}, data.areas);
    if (data.circles) this.buildSizes();
    const list = element(legend, "ul");
    this.counts = {};
    const row = (key, label, attributes) => {
      const item = element(list, "li");
      const swatch = element(item, "svg", { class: "swatch", "aria-hidden": "true" });
      const shape = data.circles && +key < FIRST_STATUS
        ? ["circle", { cx: "50%", cy: "50%", r: "40%" }]
        : ["rect", { width: "100%", height: "100%", rx: 2 }];
      element(swatch, shape[0], { ...shape[1], ...attributes });
      element(item, "span", {}, label);
      if (key !== "own") this.counts[key] = element(item, "span", { class: "count" });
    };
    data.classes.forEach(([label, colour], code) => row(code, label, { fill: colour }));
    const codes = new Set(this.shown.flatMap((_, k) =>
      data.periods.map((_, period) => this.code(k, period))));
    const occurring = new Set([...codes].map((code) => data.statuses[code]?.[0]));
    for (const [look, label] of data.looks) {
      // what is rare is explained only where it occurs; where space is short, so is the rest
      const used = occurring.has(look);
      const explained = USUAL.includes(look) && !data.stage && !data.compact && !data.beside;
      if (used || explained) row(look, label, { fill: `url(#legend-${look})` });
    }
    if (data.ownLabel && this.own.length) row("own", data.ownLabel, { class: "own" });
  }

  buildSizes() {
    const { sizes } = this.data.circles;
    if (!sizes.length) return;
    const radii = sizes.map((size) => this.radius(size));
    const edge = 2;
    const line = this.data.stage ? 30 : 20;
    const width = 2 * radii[0] + edge;
    const height = Math.max(2 * radii[0], sizes.length * line) + edge;
    const svg = element(this.legend, "svg", {
      class: "sizes", height, role: "img",
      "aria-label": "Kreisgrößen: " + sizes.map((size) => this.text(size)).join(", "),
    });
    sizes.forEach((size, n) => {
      const top = height - edge - 2 * radii[n];
      const y = Math.max(n * line, height - sizes.length * line) + line / 2;
      element(svg, "circle", { cx: width / 2, cy: top + radii[n], r: radii[n] });
      element(svg, "path", { d: `M${width / 2} ${top}L${width + 6} ${y}h8` });
      element(svg, "text", { x: width + 18, y, "dominant-baseline": "central" }, this.text(size));
    });
  }

  paint() {
    const { data } = this;
    const counts = Object.fromEntries(Object.keys(this.counts).map((key) => [key, 0]));
    this.regions.forEach((region, k) => {
      const code = this.code(k);
      const look = data.statuses[code]?.[0];
      counts[look ?? code] += 1;
      const colour = data.circles ? data.colours.ground : data.classes[code]?.[1];
      const fill = look ? `url(#${look})` : colour;
      if (this.fills[k] !== fill) region.setAttribute("fill", (this.fills[k] = fill));
      if (data.stage) region.dataset.told = [this.names[k], this.label, this.valueText(k)].join("\n");
      else region.setAttribute("aria-label", this.describe(k));
    });
    this.own.forEach((k, n) => this.ownFills[n].setAttribute("fill", this.fills[k]));
    for (const [key, node] of Object.entries(this.counts)) {
      node.textContent = format(counts[key], 0, "");
    }
    this.slider.value = this.period;
    this.slider.setAttribute("aria-valuetext", this.label);
    this.periodLabel.textContent = this.label;
    this.earlier.disabled = this.period === 0;
    this.later.disabled = this.period === data.periods.length - 1;
    this.paintCircles();
    this.listEnds();
    if (this.marked !== undefined) this.fillTip();
  }

  // On the stage nobody points at a region: the highest and lowest values say which is which, as
  // many of them as there is room for.
  listEnds(listed = LISTED) {
    if (!this.ends) return;
    const known = this.shown.map((_, k) => k).filter((k) => this.value(k) !== null)
      .sort((a, b) => this.value(b) - this.value(a));
    const short = known.length <= 2 * listed;
    const ends = short ? [["Werte", known, []]] : [
      ["Höchste Werte", known.slice(0, listed), known.slice(listed)],
      ["Niedrigste Werte", known.slice(-listed), known.slice(0, -listed)],
    ];
    // where many share the highest or lowest value, some of them say nothing
    const telling = ends.filter(([, places, others]) => places.length &&
      !others.some((k) => places.every((place) => this.value(place) === this.value(k))));
    const told = telling.flatMap(([, places]) => places);
    const own = this.own.filter((k) => !told.includes(k));
    if (own.length && own.length < LISTED) telling.unshift([this.data.ownLabel, own]);
    this.ends.replaceChildren();
    for (const [heading, places] of telling) {
      element(this.ends, "p", {}, heading);
      const list = element(this.ends, "ul");
      for (const k of places) {
        const item = element(list, "li", this.own.includes(k) ? { class: "own" } : {});
        element(item, "span", {}, this.names[k]);
        element(item, "span", {}, this.valueText(k, this.data.shortSuffix));
      }
    }
    if (!this.ends.lastElementChild) return;
    const { bottom } = this.ends.lastElementChild.getBoundingClientRect();
    const taken = bottom - this.ends.firstElementChild.getBoundingClientRect().top;
    const room = this.data.height * Math.min(innerWidth / 1280, innerHeight / 720);
    if (listed > 1 && taken > room) this.listEnds(listed - 1);
  }

  paintCircles() {
    for (const [k, circle] of this.circles) {
      const value = this.value(k) ?? 0;
      circle.setAttribute("r", this.radius(value) * this.unit);
      circle.setAttribute("fill", this.data.classes[this.code(k)]?.[1] ?? "none");
    }
  }

  radius(value) {
    const largest = this.data.stage ? 36 : 26;
    return largest * Math.sqrt(Math.abs(value) / (this.data.circles.largest || 1));
  }

  // ---- what a region says ----

  code(k, period = this.period) {
    const column = this.column[k];
    return column === undefined ? 255 : this.codes[period * this.columns.size + column];
  }

  value(k, period = this.period) {
    if (this.code(k, period) >= FIRST_STATUS) return null;
    const column = this.column[k];
    return this.values[period * this.columns.size + column];
  }

  text(value, suffix = this.data.suffix) {
    const plus = this.data.signed && value > 0 ? "+" : "";
    return plus + format(value, this.data.decimals, suffix);
  }

  valueText(k, suffix) {
    const value = this.value(k);
    if (value !== null) return this.text(value, suffix);
    const reason = this.data.statuses[this.code(k)][1];
    const then = this.data.then[this.geometry.ids[this.shown[k]]]?.[this.period];
    return then ? `${reason}: ${then}` : reason;
  }

  describe(k) {
    const label = !this.data.circles && this.data.classes[this.code(k)]?.[0];
    return `${this.names[k]}: ${this.valueText(k)}` + (label ? `, Klasse ${label}` : "") +
      (this.own.includes(k) ? ", umrandet" : "");
  }

  // ---- acting ----

  choose(period, finished) {
    this.period = Math.min(Math.max(period, 0), this.data.periods.length - 1);
    this.label = this.data.periods[this.period];
    this.paint();
    if (!finished) return;
    this.choices += 1;
    const message = { label: this.label, number: this.choices };
    clearTimeout(this.timer); // one message for a quick series of steps
    this.timer = setTimeout(() => this.send("period", message), QUIET);
  }

  listen() {
    const { svg } = this;
    const region = (event) => event.target.dataset?.k && +event.target.dataset.k;
    svg.onpointermove = (event) => {
      if (this.drag(event)) return;
      const k = region(event);
      if (k === undefined) this.mark(this.focused);
      else this.mark(k, event);
    };
    svg.onpointerleave = () => this.mark(this.focused);
    svg.onpointerdown = (event) => {
      this.grip = { x: event.clientX, y: event.clientY, view: { ...this.view }, moved: false };
    };
    svg.onpointerup = svg.onpointercancel = () => {
      this.dragged = this.grip?.moved;
      this.grip = null;
    };
    svg.onclick = (event) => {
      const k = region(event);
      if (k === undefined || this.dragged) return;
      this.focus(k);
      this.pick(k);
    };
    svg.addEventListener("focusin", (event) => {
      this.focused = region(event);
      if (this.focused !== undefined) this.bringIntoView(this.focused);
      this.mark(this.focused);
    });
    svg.addEventListener("focusout", () => {
      this.focused = undefined;
      this.mark(undefined);
    });
    svg.onkeydown = (event) => this.key(event);
    if (this.card) this.card.onpointerover = (event) => this.pointAtList(event);
  }

  // On the stage the loupe of the page tells the values; the map rings the region.
  beRinged() {
    this.svg.addEventListener("point", (event) => this.ringAround(+event.target.dataset.k));
    this.svg.addEventListener("unpoint", () => this.ringAround(undefined));
  }

  // The list beside the map names the same regions: what is pointed at in one stands out in both.
  get card() {
    return this.host.getRootNode().host?.closest('[class*="st-key-card"]');
  }

  pointAtList(event) {
    const row = event.target.closest?.(".bb-table tbody tr");
    if (!row && !this.listed) return;
    const k = row ? this.names.indexOf(row.cells[1]?.textContent) : -1;
    this.listed = k >= 0;
    this.mark(k >= 0 ? k : this.focused);
  }

  markInList(k) {
    for (const row of this.card?.querySelectorAll(".bb-table tbody tr") ?? []) {
      const same = k !== undefined && row.cells[1]?.textContent === this.names[k];
      row.classList.toggle("bb-marked", same);
    }
  }

  key(event) {
    const k = this.active;
    const goals = { Home: 0, End: this.shown.length - 1 };
    const actions = {
      Enter: () => this.pick(k), " ": () => this.pick(k), Escape: () => this.mark(undefined),
      "+": () => this.zoom(1.6), "-": () => this.zoom(1 / 1.6),
    };
    const goal = goals[event.key] ??
      (event.key in DIRECTIONS ? this.neighbour(k, ...DIRECTIONS[event.key]) : undefined);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (goal === undefined && !actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (goal === undefined) actions[event.key]();
    else this.focus(goal);
  }

  // The nearest region in a direction; being off the line costs twice as much as distance.
  neighbour(k, dx, dy) {
    const [x, y] = this.point(k);
    let [best, least] = [k, Infinity];
    this.shown.forEach((_, other) => {
      const [ox, oy] = this.point(other);
      const along = (ox - x) * dx + (oy - y) * dy;
      const cost = along + 2 * Math.abs((ox - x) * dy + (oy - y) * dx);
      if (along > 0 && cost < least) [best, least] = [other, cost];
    });
    return best;
  }

  point(k) {
    return this.geometry.points[this.shown[k]];
  }

  focus(k) {
    this.regions[this.active].setAttribute("tabindex", -1);
    this.active = k;
    this.regions[k].setAttribute("tabindex", 0);
    this.regions[k].focus();
  }

  pick(k) {
    this.send("picked", this.geometry.ids[this.shown[k]]);
  }

  find(words) {
    const sought = words.trim().toLocaleLowerCase("de");
    const names = this.names.map((name) => name.toLocaleLowerCase("de"));
    const tests = [(n) => n === sought, (n) => n.startsWith(sought), (n) => n.includes(sought)];
    const k = tests.map((test) => names.findIndex(test)).find((place) => place >= 0);
    this.found.textContent = k === undefined ? "Kein Gebiet mit diesem Namen auf der Karte." : "";
    if (sought && k !== undefined) this.focus(k);
  }

  // ---- marking ----

  ringAround(k) {
    const [left, top, right, bottom] = k === undefined ? [] : this.geometry.boxes[this.shown[k]];
    const tiny = k !== undefined && Math.max(right - left, bottom - top) < TINY * this.unit;
    for (const node of this.ring) {
      node.setAttribute("d", k === undefined ? "" : this.geometry.paths[this.shown[k]]);
    }
    for (const node of this.finder) {
      node.setAttribute("cx", tiny ? (left + right) / 2 : 0);
      node.setAttribute("cy", tiny ? (top + bottom) / 2 : 0);
      node.setAttribute("r", tiny ? TINY * 0.7 * this.unit : 0);
    }
  }

  mark(k, event) {
    this.marked = k;
    this.ringAround(k);
    this.tip.hidden = k === undefined;
    this.markInList(k);
    if (k === undefined) return;
    this.fillTip();
    const plot = this.plot.getBoundingClientRect();
    const [x, y] = event
      ? [event.clientX - plot.left, event.clientY - plot.top] : this.pixels(...this.point(k));
    const beside = x > plot.width / 2 ? x - this.tip.offsetWidth - 16 : x + 16;
    this.tip.style.left = `${Math.max(beside, 0)}px`;
    this.tip.style.top = `${Math.max(y - this.tip.offsetHeight - 12, 0)}px`;
  }

  fillTip() {
    this.tip.replaceChildren();
    element(this.tip, "strong", {}, this.names[this.marked]);
    element(this.tip, "span", {}, this.valueText(this.marked));
    element(this.tip, "small", {}, this.label);
  }

  // ---- the part of the map that is seen ----

  homeView() {
    const boxes = this.shown.map((i) => this.geometry.boxes[i]);
    const [x, y] = [0, 1].map((n) => Math.min(...boxes.map((box) => box[n])));
    const [w, h] = [2, 3].map((n) => Math.max(...boxes.map((box) => box[n])) - [x, y][n - 2]);
    const margin = 0.015 * Math.max(w, h);
    return { x: x - margin, y: y - margin, w: w + 2 * margin, h: h + 2 * margin };
  }

  zoom(factor) {
    const { home, view } = this;
    const w = factor ? Math.min(Math.max(view.w / factor, home.w / DEEPEST_ZOOM), home.w) : home.w;
    const h = w * home.h / home.w;
    const [x, y] = this.focused === undefined
      ? [view.x + view.w / 2, view.y + view.h / 2] : this.point(this.focused);
    this.moveTo({ x: x - w / 2, y: y - h / 2, w, h });
  }

  moveTo({ x, y, w, h }) {
    const { home } = this;
    const within = (start, size, from, all) => Math.min(Math.max(start, from), from + all - size);
    this.view = { x: within(x, w, home.x, home.w), y: within(y, h, home.y, home.h), w, h };
    this.applyView();
  }

  drag(event) {
    if (!this.grip || this.view.w === this.home.w) return false;
    const [dx, dy] = [event.clientX - this.grip.x, event.clientY - this.grip.y];
    this.grip.moved ||= Math.hypot(dx, dy) > 4;
    const { x, y, w, h } = this.grip.view;
    if (this.grip.moved) this.moveTo({ x: x - dx * this.unit, y: y - dy * this.unit, w, h });
    return this.grip.moved;
  }

  bringIntoView(k) {
    const [x, y] = this.point(k);
    const { view } = this;
    const outside = x < view.x || y < view.y || x > view.x + view.w || y > view.y + view.h;
    if (outside) this.moveTo({ ...view, x: x - view.w / 2, y: y - view.h / 2 });
  }

  pixels(x, y) {
    const { view, unit, size } = this;
    return [(x - view.x) / unit + (size.w - view.w / unit) / 2,
      (y - view.y) / unit + (size.h - view.h / unit) / 2];
  }

  applyView() {
    const { x, y, w, h } = this.view;
    this.size = { w: this.svg.clientWidth || 1, h: this.svg.clientHeight || 1 };
    this.unit = Math.max(w / this.size.w, h / this.size.h); // map units per pixel
    this.svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    // patterns and circles keep their size on the screen
    for (const pattern of this.patterns) {
      pattern.setAttribute("patternTransform", `scale(${this.unit})`);
    }
    this.paintCircles();
    const zoomed = w < this.home.w;
    this.plot.classList.toggle("zoomed", zoomed);
    if (this.reset) this.reset.hidden = !zoomed;
    if (this.marked !== undefined) this.mark(this.marked);
  }
}
