// Adds to a page that is complete without it: moving the map, reading the chart, sorting tables.
"use strict";
(function () {
  const clockFormat = (function () {
    if (startMs === null || timeZone === null) return null;
    try {
      return new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    } catch (unknownZone) { return null; }
  })();
  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

  // Chart: the values of the last row not after the pointer, as in curve.csv.
  const rows = JSON.parse(document.getElementById("curve-data").textContent);
  const readout = document.getElementById("readout");
  document.querySelectorAll("svg.chart").forEach((svg) => {
    const d = svg.dataset, x0 = +d.x0, x1 = +d.x1, until = +d.until;
    const cursor = svg.querySelector(".cursor");
    if (!rows.length || !cursor) return;
    const curveY = (n) => +d.y0 + (n / +d.most) * (+d.y1 - +d.y0);
    const show = (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      const time = Math.max(0, Math.min(until, ((x - x0) / (x1 - x0)) * until));
      let low = 0, high = rows.length - 1;
      while (low < high) { const mid = (low + high + 1) >> 1; if (rows[mid][0] <= time) low = mid; else high = mid - 1; }
      const row = rows[low], px = x0 + (row[0] / until) * (x1 - x0);
      const line = cursor.querySelector("line");
      line.setAttribute("x1", px); line.setAttribute("x2", px);
      const dot = (name, n) => { const c = cursor.querySelector(name); c.setAttribute("cx", px); c.setAttribute("cy", curveY(n)); };
      dot(".arrived-dot", row[1]); dot(".bound-dot", row[2]);
      cursor.setAttribute("visibility", "visible");
      const minutes = Math.floor(row[0] / 60), after = Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
      const clock = clockFormat ? " (" + clockFormat.format(new Date(startMs + row[0] * 1000)).replace(",", "") + ")" : "";
      readout.textContent = after + " after time 0" + clock + ": " + grouped(row[1]) + " arrived, bound " + grouped(row[2]) + ", " + grouped(row[3]) + " departed";
    };
    svg.addEventListener("pointermove", show);
    svg.addEventListener("pointerdown", show);
    svg.addEventListener("pointerleave", () => cursor.setAttribute("visibility", "hidden"));
  });

  // Map: the view is a part of the sheet; marks keep their size on the screen, names show where there is room.
  const map = document.getElementById("map");
  if (map) {
    const grid = 8, whole = { x: 0, y: 0, w: map.viewBox.baseVal.width, h: map.viewBox.baseVal.height };
    let view = Object.assign({}, whole);
    const marks = Array.from(map.querySelectorAll(".m")), controls = document.querySelector(".controls");
    const bar = document.querySelector(".bar"), barLabel = bar.querySelector("span");
    const draw = () => {
      const wide = map.clientWidth || whole.w / grid;
      const zoom = (wide * grid) / view.w, scale = grid / zoom;
      map.setAttribute("viewBox", view.x + " " + view.y + " " + view.w + " " + view.h);
      for (const mark of marks) {
        if (mark.dataset.z !== undefined) {
          const shown = +mark.dataset.z <= zoom + 1e-6;
          mark.setAttribute("visibility", shown ? "visible" : "hidden");
          if (!shown) continue;
        }
        mark.setAttribute("transform", "translate(" + mark.dataset.x + " " + mark.dataset.y + ") scale(" + scale + ")");
      }
      const metresPerScreenPx = metresPerPx / zoom, most = (metresPerScreenPx * wide) / 4;
      const power = Math.pow(10, Math.floor(Math.log10(most)));
      const metres = [5, 2, 1].map((f) => f * power).find((m) => m <= most) || power;
      bar.style.width = metres / metresPerScreenPx + "px";
      barLabel.textContent = metres >= 1000 ? metres / 1000 + " km" : metres + " m";
    };
    const move = (next) => {
      next.w = Math.max(whole.w / 60, Math.min(whole.w, next.w));
      next.h = (next.w * whole.h) / whole.w;
      next.x = Math.max(0, Math.min(whole.w - next.w, next.x));
      next.y = Math.max(0, Math.min(whole.h - next.h, next.y));
      view = next;
      draw();
    };
    const zoomAt = (factor, rx, ry) => {
      const w = Math.max(whole.w / 60, Math.min(whole.w, view.w / factor)), h = (w * whole.h) / whole.w;
      move({ x: view.x + (view.w - w) * rx, y: view.y + (view.h - h) * ry, w, h });
    };
    const share = (event) => {
      const box = map.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    map.classList.add("live");
    controls.hidden = false;
    controls.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
      const factor = +button.dataset.zoom;
      if (factor === 0) move(Object.assign({}, whole)); else zoomAt(factor, 0.5, 0.5);
    }));
    map.addEventListener("wheel", (event) => {
      // The page scrolls until the reader has chosen the map.
      if (!event.ctrlKey && document.activeElement !== map) return;
      event.preventDefault();
      const [rx, ry] = share(event);
      zoomAt(Math.exp(-event.deltaY / 400), rx, ry);
    }, { passive: false });
    const fingers = new Map();
    const zoomed = () => view.w < whole.w - 1;
    const touch = () => { map.style.touchAction = zoomed() ? "none" : "pan-y"; };
    map.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, event); map.setPointerCapture(event.pointerId); });
    map.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const box = map.getBoundingClientRect();
      if (fingers.size === 2) {
        const other = Array.from(fingers.values()).find((f) => f.pointerId !== event.pointerId);
        const apart = (f) => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
        const [rx, ry] = share({ clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 });
        zoomAt(apart(event) / apart(before), rx, ry);
      } else {
        move(Object.assign({}, view, {
          x: view.x - ((event.clientX - before.clientX) / box.width) * view.w,
          y: view.y - ((event.clientY - before.clientY) / box.height) * view.h,
        }));
      }
      fingers.set(event.pointerId, event);
      touch();
    });
    for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, (event) => fingers.delete(event.pointerId));
    map.addEventListener("keydown", (event) => {
      const step = view.w / 8;
      const keys = {
        "+": () => zoomAt(1.5, 0.5, 0.5), "=": () => zoomAt(1.5, 0.5, 0.5), "-": () => zoomAt(1 / 1.5, 0.5, 0.5), "0": () => move(Object.assign({}, whole)),
        ArrowLeft: () => move(Object.assign({}, view, { x: view.x - step })), ArrowRight: () => move(Object.assign({}, view, { x: view.x + step })),
        ArrowUp: () => move(Object.assign({}, view, { y: view.y - step })), ArrowDown: () => move(Object.assign({}, view, { y: view.y + step })),
      };
      if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
    });
    window.addEventListener("resize", draw);
    window.addEventListener("beforeprint", () => move(Object.assign({}, whole)));
    touch();
    draw();
  }

  // Tables: a click on a header sorts, again turns round.
  document.querySelectorAll("table.sortable").forEach((table) => {
    const body = table.tBodies[0];
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      // Not a button element: those are not printed in a header that is repeated on the next sheet.
      const button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.textContent = head.textContent;
      head.replaceChildren(button);
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        Array.from(table.tHead.rows[0].cells).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => { const cell = row.cells[column]; return cell.dataset.k === undefined ? cell.textContent : +cell.dataset.k; };
        const compare = (a, b) => { const x = key(a), y = key(b); return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)); };
        Array.from(body.rows).sort((a, b) => (down ? -compare(a, b) : compare(a, b))).forEach((row) => body.appendChild(row));
      };
      button.addEventListener("click", sort);
      button.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(); }
      });
    });
  });
})();
