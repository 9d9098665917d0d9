// The loupe of the stage: names the value that is pointed at, in letters for the back row. A mouse
// points by itself; the key L takes the arrow keys for pointing until L or Esc gives them back.
// Whatever is drawn says what it has to tell: areas of class "hit" and shapes with a title of a
// drawing, regions of a map, rows of a table, key figures. Nothing is told here that the slide or
// its table does not hold.
"use strict";
(() => {
  const DIRECTIONS = {
    ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
  };
  const NEAR = 90; // pixels from a point of a line, within which a mouse means it
  const GAP = 18; // pixels between a mark and its label
  let label;
  let frame;
  let told; // the target in sight
  let byKeys = false;

  const onStage = () => new URLSearchParams(location.search).get("stage") === "1";
  const roots = () => [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
    .map((host) => host.shadowRoot).filter(Boolean);

  // ---- what can be pointed at ----

  // A browser would show a title small and late beside the label.
  const takeTitles = (svg) => {
    for (const title of svg.querySelectorAll(":not(text) > title")) {
      const [name, ...rest] = title.textContent.split(": ");
      title.parentElement.dataset.told = rest.length ? `${name}\n${rest.join(": ")}` : name;
      title.remove();
    }
  };

  // A column of a chart of lines has a point for each of its values.
  const pointsOf = (hit) => {
    const area = hit.getBoundingClientRect();
    const [left, top, width, height] =
      ["x", "y", "width", "height"].map((name) => Number(hit.getAttribute(name)));
    const x = area.left + (hit.dataset.at - left) * (area.width / width);
    const [heading, ...lines] = hit.dataset.told.split("\n");
    return hit.dataset.points.split(" ").map((place, i) => {
      if (place === "-") return null; // a value that is not there has no place
      const y = area.top + (place - top) * (area.height / height);
      const [name, ...value] = lines[i].split(": ");
      return { node: hit, name, x, y, lines: [name, heading, value.join(": ")], point: true };
    }).filter(Boolean);
  };

  const areaOf = (node, lines, own = false) => {
    const box = node.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    return { node, box, x, y, lines, own };
  };

  const rowOf = (row) => {
    const heads = [...row.closest("table").querySelectorAll("th")].map((one) => one.textContent);
    const cells = [...row.cells].map((cell) => cell.textContent);
    const values = cells.slice(1).map((cell, i) => cell && `${heads[i + 1]}: ${cell}`);
    return areaOf(row, [cells[0], ...values.filter(Boolean)], row.classList.contains("bb-own"));
  };

  const targetsOf = (node) => {
    if (node.dataset.points) return pointsOf(node);
    if (node.matches("tr")) return [rowOf(node)];
    if (node.matches(".bb-stage-figure")) {
      const texts = [...node.querySelectorAll("h2, .bb-figure-value, .bb-figure-note")];
      return [areaOf(node, texts.map((text) => text.textContent))];
    }
    return [areaOf(node, node.dataset.told.split("\n"), "own" in node.dataset)];
  };

  const nodes = () => {
    const found = [...document.querySelectorAll(
      ".bb-stage-table tbody tr:not([hidden]), .bb-stage-figure")];
    for (const root of roots()) {
      for (const svg of root.querySelectorAll(".drawing > svg")) {
        takeTitles(svg);
        const hits = svg.querySelectorAll(".hit");
        found.push(...(hits.length ? hits : svg.querySelectorAll("[data-told]")));
      }
      found.push(...root.querySelectorAll(".map .regions [data-told]"));
    }
    return found;
  };
  const targets = () => nodes().flatMap(targetsOf);

  // ---- showing ----

  const made = (name, parent = document.body) => {
    const box = parent.appendChild(document.createElement("div"));
    box.className = name;
    return box;
  };

  const hide = () => {
    if (!told) return;
    told.node.dispatchEvent(new CustomEvent("unpoint", { bubbles: true }));
    told = undefined;
    label.hidden = frame.hidden = true;
  };

  const show = (target) => {
    if (told && told.node !== target.node) hide();
    told = target;
    if (!label?.isConnected) {
      frame = made("bb-loupe-frame");
      label = made("bb-loupe");
      label.setAttribute("role", "status");
    }
    label.hidden = frame.hidden = false;
    const last = target.lines.length - 1;
    label.replaceChildren(...target.lines.filter(Boolean).map((line, i) => {
      const row = document.createElement("p");
      row.className = i === 0 ? "name" : i === last && last < 3 ? "value" : "";
      row.textContent = line;
      return row;
    }));
    const factor = Math.min(innerWidth / 1280, innerHeight / 720);
    const around = 13 * factor;
    const box = target.point
      ? { left: target.x - around, right: target.x + around, top: target.y - around,
        bottom: target.y + around }
      : target.box;
    frame.hidden = target.node.matches(".regions *"); // the map has a ring of its own
    frame.classList.toggle("point", Boolean(target.point));
    Object.assign(frame.style, {
      left: `${box.left}px`, top: `${box.top}px`,
      width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px`,
    });
    target.node.dispatchEvent(new CustomEvent("point", { bubbles: true }));
    place(box, GAP * factor);
  };

  // Beside what it names: right of it, left, below, above, wherever all of it has room.
  const place = (box, gap) => {
    const { offsetWidth: width, offsetHeight: height } = label;
    const within = (at, size, all) => Math.min(Math.max(at, 8), all - size - 8);
    const beside = within((box.top + box.bottom - height) / 2, height, innerHeight);
    const middle = within((box.left + box.right - width) / 2, width, innerWidth);
    const [left, top] = box.right + gap + width < innerWidth ? [box.right + gap, beside]
      : box.left - gap - width > 0 ? [box.left - gap - width, beside]
        : box.bottom + gap + height < innerHeight ? [middle, box.bottom + gap]
          : [middle, within(box.top - gap - height, height, innerHeight)];
    label.style.left = `${left}px`;
    label.style.top = `${top}px`;
  };

  // ---- the mouse ----

  addEventListener("pointermove", (event) => {
    if (!onStage() || byKeys) return;
    for (const root of roots()) root.querySelectorAll(".drawing > svg").forEach(takeTitles);
    const path = event.composedPath();
    const node = path.find((one) => one.matches?.(
      ".hit, .drawing [data-told], .regions [data-told], .bb-stage-table tbody tr, .bb-stage-figure"
    ));
    const far = (one) => Math.hypot(one.x - event.clientX, one.y - event.clientY);
    const found = node ? targetsOf(node).sort((a, b) => far(a) - far(b))[0] : undefined;
    if (found && (!found.point || far(found) < NEAR)) show(found);
    else hide();
  });

  // ---- the keys ----

  const end = () => {
    byKeys = false;
    document.documentElement.classList.remove("bb-loupe-on");
    hide();
  };

  const begin = () => {
    const all = targets();
    if (!all.length) return;
    byKeys = true;
    document.documentElement.classList.add("bb-loupe-on");
    const latest = Math.max(...all.map((one) => (one.point ? one.x : -Infinity)));
    const points = all.filter((one) => one.point && one.x === latest);
    show(points[0] ?? all.find((one) => one.own) ?? all[0]);
  };

  // The next in this direction; along a line to its next year.
  const step = ([dx, dy]) => {
    const all = targets().filter((one) => one.node !== told.node || one.name !== told.name);
    const along = (one) => (one.x - told.x) * dx + (one.y - told.y) * dy;
    const aside = (one) => Math.abs((one.x - told.x) * dy + (one.y - told.y) * dx);
    let ahead = all.filter((one) => along(one) > 0.5);
    if (told.point && dx) {
      const same = ahead.filter((one) => one.point && one.name === told.name);
      if (same.length) ahead = same;
    }
    if (told.point && dy) {
      const column = ahead.filter((one) => one.node === told.node);
      ahead = column.length ? column : ahead.filter((one) => aside(one) < along(one) / 2);
    }
    const cost = (one) => along(one) + 2 * aside(one);
    const next = ahead.sort((a, b) => cost(a) - cost(b))[0];
    if (next) show(next);
  };

  addEventListener("keydown", (event) => {
    const typing = event.composedPath()[0].closest?.("input, textarea, select, [role=combobox]");
    if (!onStage() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (byKeys && !told?.node.isConnected) end(); // another slide took the place of that one
    const { key } = event;
    if (key === "l" || key === "L") {
      if (byKeys) end();
      else begin();
    } else if (byKeys && key === "Escape") end();
    else if (byKeys && DIRECTIONS[key]) step(DIRECTIONS[key]);
    else {
      if (byKeys) end(); // any other key goes on with the meeting
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  addEventListener("resize", end);
  new MutationObserver(() => { if (told && !told.node.isConnected) end(); })
    .observe(document.documentElement, { childList: true, subtree: true });
})();
