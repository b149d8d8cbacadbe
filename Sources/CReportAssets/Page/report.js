"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  // Theme: automatic, light, dark; kept where the browser lets a file keep something.
  const themes = ["automatic", "light", "dark"];
  const themeButton = document.getElementById("theme");
  const kept = { get() { try { return localStorage.getItem("superionic-theme"); } catch { return null; } }, set(v) { try { localStorage.setItem("superionic-theme", v); } catch { } } };
  function setTheme(theme) {
    if (theme === "automatic") delete root.dataset.theme; else root.dataset.theme = theme;
    themeButton.textContent = "Theme: " + theme;
  }
  setTheme(themes.includes(kept.get()) ? kept.get() : "automatic");
  themeButton.addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme || "automatic") + 1) % themes.length];
    setTheme(next);
    kept.set(next);
  });

  // Tooltips: the titles of marks, shown at once; without script the browser shows them after a while.
  const tip = document.getElementById("tip");
  function hideTip() { tip.hidden = true; }
  document.addEventListener("pointerover", (event) => {
    const mark = event.target;
    if (!(mark instanceof SVGElement) || mark.tagName === "svg") return hideTip();
    if (mark.dataset.tip === undefined) {
      const title = mark.querySelector(":scope > title");
      if (!title) return hideTip();
      mark.dataset.tip = title.textContent;
      title.remove();
    }
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const place = mark.getBoundingClientRect();
    const left = Math.min(Math.max(4, event.clientX + 12), window.innerWidth - tip.offsetWidth - 4);
    const above = place.top - tip.offsetHeight - 6;
    tip.style.left = left + "px";
    tip.style.top = (above > 4 ? above : Math.min(place.bottom + 6, window.innerHeight - tip.offsetHeight - 4)) + "px";
  });
  document.addEventListener("scroll", hideTip, true);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

  function element(name, text, attributes) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
    return made;
  }

  // A ranking of any length: the rows in view are made, the rest is two gaps.
  class Ranking {
    constructor(box) {
      this.box = box;
      this.name = box.dataset.name;
      this.data = JSON.parse(document.getElementById(box.dataset.source).textContent);
      this.columns = this.data.columns;
      this.shown = this.columns.filter((column) => column.shown);
      this.order = Uint32Array.from({ length: this.data.count }, (_, k) => k);
      this.sorted = { column: this.columns[0], descending: false };
      this.selected = -1;
      this.scroller = box.querySelector(".rows");
      this.table = box.querySelector("table");
      this.body = box.querySelector("tbody");
      this.detail = box.querySelector(".detail");
      this.counter = box.querySelector(".count");
      this.search = box.querySelector("input[type=search]");
      this.rowHeight = 32;
      this.first = -1;
      this.makeHeadings();
      this.table.setAttribute("aria-rowcount", this.data.count + 1);
      this.table.setAttribute("role", "grid");
      this.scroller.removeAttribute("tabindex");
      this.scroller.addEventListener("scroll", () => { if (!this.waiting) { this.waiting = true; requestAnimationFrame(() => { this.waiting = false; this.draw(); }); } });
      window.addEventListener("resize", () => this.draw(true));
      let timer;
      this.search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.filter(), 80); });
      this.body.addEventListener("click", (event) => {
        const row = event.target.closest("tr.row");
        if (row) this.open(Number(row.dataset.place), event.target.closest("a") === null);
      });
      this.body.addEventListener("keydown", (event) => this.key(event));
      window.addEventListener("beforeprint", () => this.print());
      window.addEventListener("afterprint", () => this.draw(true));
      window.addEventListener("hashchange", () => this.follow());
      this.count();
      this.draw(true);
      this.follow();
    }

    makeHeadings() {
      this.headings = [...this.table.querySelectorAll("thead th")];
      this.headings.forEach((heading, k) => {
        const button = element("button", heading.textContent, { type: "button" });
        heading.textContent = "";
        heading.append(button);
        heading.setAttribute("aria-sort", k === 0 ? "ascending" : "none");
        button.addEventListener("click", () => this.sort(this.shown[k], k));
      });
    }

    text(column, row) {
      if (column.numbers) return this.number(column.numbers[row], column.decimals);
      return column.levels ? column.levels[column.codes[row]] : column.texts[row];
    }

    number(value, decimals) {
      if (value === null) return "–";
      if (decimals !== null) return value.toFixed(decimals).replace(/^-(?=0\.?0*$)/, "");
      return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));
    }

    // What a column is sorted by: numbers as they are, texts by their place in the alphabet.
    keys(column) {
      if (column.keys) return column.keys;
      const n = this.data.count;
      if (column.numbers) {
        column.keys = Float64Array.from(column.numbers, (value) => value === null ? NaN : value);
      } else {
        const texts = column.levels || column.texts;
        const places = Uint32Array.from(texts.keys()).sort((a, b) => texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : 0);
        const ranks = new Float64Array(texts.length);
        let rank = 0;
        places.forEach((place, k) => { if (k > 0 && texts[place] !== texts[places[k - 1]]) rank += 1; ranks[place] = texts[place] === "" ? NaN : rank; });
        column.keys = column.levels ? Float64Array.from({ length: n }, (_, k) => ranks[column.codes[k]]) : ranks;
      }
      return column.keys;
    }

    sort(column, k) {
      const descending = this.sorted.column === column ? !this.sorted.descending : false;
      this.sorted = { column, descending };
      this.headings.forEach((heading, i) => heading.setAttribute("aria-sort", i === k ? (descending ? "descending" : "ascending") : "none"));
      this.arrange();
      this.scroller.scrollTop = 0;
      this.draw(true);
    }

    // Missing values stand last either way; ties keep their ranks.
    arrange() {
      const keys = this.keys(this.sorted.column), sign = this.sorted.descending ? -1 : 1;
      this.order.sort((a, b) => {
        const x = keys[a], y = keys[b];
        if (x === y) return a - b;
        if (x !== x) return y !== y ? a - b : 1;
        if (y !== y) return -1;
        return x < y ? -sign : sign;
      });
    }

    haystack() {
      if (this.stack) return this.stack;
      const texts = this.columns.filter((column) => !column.numbers);
      this.stack = Array.from({ length: this.data.count }, (_, row) => texts.map((column) => this.text(column, row)).join("\n").toLowerCase());
      return this.stack;
    }

    filter() {
      const words = this.search.value.toLowerCase().split(/\s+/).filter((word) => word !== "" && word !== "-" && word !== "−");
      const wanted = words.filter((word) => !/^[-−]/.test(word)), unwanted = words.filter((word) => /^[-−]/.test(word)).map((word) => word.slice(1));
      if (words.length === 0) {
        this.order = Uint32Array.from({ length: this.data.count }, (_, k) => k);
      } else {
        const stack = this.haystack(), kept = [];
        for (let row = 0; row < stack.length; row++) {
          const text = stack[row];
          if (wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word))) kept.push(row);
        }
        this.order = Uint32Array.from(kept);
      }
      this.arrange();
      this.count();
      this.scroller.scrollTop = 0;
      this.draw(true);
    }

    count() {
      const n = this.order.length, all = this.data.count;
      this.counter.textContent = n === all ? all.toLocaleString("en") + " candidates" : n.toLocaleString("en") + " of " + all.toLocaleString("en") + " candidates";
      this.table.setAttribute("aria-rowcount", n + 1);
    }

    makeRow(place) {
      const row = this.order[place], rank = row + 1;
      const made = element("tr", null, { class: "row", "aria-rowindex": place + 2, tabindex: place === this.focus ? 0 : -1, "aria-selected": row === this.selected });
      made.dataset.place = place;
      this.shown.forEach((column, k) => {
        const cell = element("td");
        if (column.numbers) cell.className = "number";
        const text = this.text(column, row);
        if (k === 0) cell.append(element("a", text, { href: "#" + this.name + "-" + rank, tabindex: -1 })); else cell.textContent = text;
        if (text.length > 30) cell.title = text;
        made.append(cell);
      });
      return made;
    }

    gap(rows) {
      const made = element("tr", null, { class: "gap", "aria-hidden": "true" });
      const cell = element("td", null, { colspan: this.shown.length });
      cell.style.height = rows * this.rowHeight + "px";
      made.append(cell);
      return made;
    }

    draw(force) {
      const n = this.order.length, seen = Math.ceil(this.scroller.clientHeight / this.rowHeight);
      let first = Math.max(0, Math.floor(this.scroller.scrollTop / this.rowHeight) - 10);
      first -= first % 2;
      const last = Math.min(n, first + seen + 24);
      if (!force && first === this.first) return;
      this.first = first;
      const active = document.activeElement, hadFocus = this.body.contains(active);
      if (this.focus === undefined || this.focus >= n) this.focus = 0;
      // The row that Tab reaches is always one that is made.
      if (!hadFocus && (this.focus < first || this.focus >= last)) this.focus = Math.min(first + 10, Math.max(0, n - 1));
      const rows = document.createDocumentFragment();
      if (first > 0) rows.append(this.gap(first));
      for (let place = first; place < last; place++) rows.append(this.makeRow(place));
      if (last < n) rows.append(this.gap(n - last));
      if (n === 0) { const none = element("tr"); none.append(element("td", "No candidate matches.", { colspan: this.shown.length })); rows.append(none); }
      this.body.replaceChildren(rows);
      const made = this.body.querySelector("tr.row");
      if (made && Math.abs(made.offsetHeight - this.rowHeight) > 0.5 && !this.settled) { this.settled = true; this.rowHeight = made.getBoundingClientRect().height; return this.draw(true); }
      if (hadFocus) this.rowAt(this.focus)?.focus({ preventScroll: true });
    }

    rowAt(place) { return this.body.querySelector('tr[data-place="' + place + '"]'); }

    reveal(place, focus) {
      const head = this.table.tHead.offsetHeight, top = place * this.rowHeight, room = this.scroller.clientHeight - head - this.rowHeight;
      if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
      else if (top > this.scroller.scrollTop + room - this.rowHeight) this.scroller.scrollTop = top - room + this.rowHeight;
      this.focus = place;
      this.draw(true);
      if (focus) this.rowAt(place)?.focus({ preventScroll: true });
    }

    key(event) {
      const row = event.target.closest("tr.row");
      if (!row) return;
      const place = Number(row.dataset.place), last = this.order.length - 1, page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 2);
      const to = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0, End: last }[event.key];
      if (to !== undefined) { event.preventDefault(); this.reveal(Math.min(Math.max(to, 0), last), true); }
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.open(place, true); }
    }

    open(place, writeAddress) {
      const row = this.order[place];
      this.selected = row;
      this.focus = place;
      if (writeAddress) history.replaceState(null, "", "#" + this.name + "-" + (row + 1));
      this.draw(true);
      this.describe(row);
    }

    // #ranking-12 opens the row of rank 12.
    follow() {
      const match = location.hash.match(/^#(.+)-(\d+)$/);
      if (!match || match[1] !== this.name) return;
      const row = Number(match[2]) - 1;
      if (row < 0 || row >= this.data.count || row === this.selected) return;
      let place = this.order.indexOf(row);
      if (place < 0) { this.search.value = ""; this.filter(); place = this.order.indexOf(row); }
      this.box.scrollIntoView({ block: "start" });
      this.reveal(place, false);
      this.open(place, false);
    }

    describe(row) {
      const parts = [element("h3", this.text(this.columns[1], row), { id: this.name + "-detail" })];
      const list = element("dl");
      for (const column of this.columns) {
        const text = this.text(column, row);
        if (column === this.columns[1] || text === "" || text === "–") continue;
        const pair = element("div");
        pair.append(element("dt", column.title), element("dd", text));
        list.append(pair);
      }
      parts.push(list);
      const known = this.data.neighbours, nearest = known ? known.nearest[row] : [];
      if (nearest.length > 0) {
        const region = element("div", null, { class: "scroll", role: "region", tabindex: "0", "aria-label": "Nearest measured compositions" });
        const table = element("table"), head = element("thead"), titles = element("tr"), body = element("tbody");
        table.append(element("caption", "Nearest measured compositions; the distance is the sum of absolute differences of atomic fractions, 0 to 2"));
        ["formula", "distance", known.quantity, "source"].forEach((title, k) => titles.append(element("th", title, { scope: "col", class: k === 1 || k === 2 ? "number" : "" })));
        head.append(titles);
        nearest.forEach((index, k) => {
          const line = element("tr"), source = element("td");
          if (known.addresses[index]) source.append(element("a", known.sources[index], { href: known.addresses[index], rel: "noreferrer noopener" })); else source.textContent = known.sources[index];
          line.append(element("td", known.formulas[index]), element("td", known.distances ? known.distances[row][k].toFixed(3) : "", { class: "number" }), element("td", known.values[index], { class: "number" }), source);
          body.append(line);
        });
        table.append(head, body);
        region.append(table);
        parts.push(region);
      }
      const reasons = this.contributions(row);
      if (reasons) parts.push(reasons);
      this.detail.replaceChildren(...parts);
    }

    // What families of descriptors add to a prediction: the largest few one by one, the rest together.
    contributions(row) {
      const known = this.data.contributions;
      if (!known) return null;
      if (row >= known.bases.length) return element("p", "What families of descriptors add was computed for the first " + known.bases.length.toLocaleString("en") + " rows.", { class: "help" });
      if (known.bases[row] === null) return element("p", "The model " + known.model + " cannot read this row.", { class: "help" });
      const few = 8, effects = known.effects[row], names = known.members[row].map((code) => known.families[code]);
      const lines = names.slice(0, few).map((name, k) => [name, effects[k]]);
      if (names.length > few) lines.push([names.length - few + " others together", effects.slice(few).reduce((sum, one) => sum + one, 0)]);
      const sum = effects.reduce((sum, one) => sum + one, known.bases[row]), largest = Math.max(...lines.map((line) => Math.abs(line[1])), 1e-12);
      const region = element("div", null, { class: "scroll", role: "region", tabindex: "0", "aria-label": "What families of descriptors add" });
      const table = element("table", null, { class: "contributions" }), head = element("thead"), titles = element("tr"), body = element("tbody"), foot = element("tfoot");
      table.append(element("caption", "What families of descriptors add to " + known.quantity + " by the model " + known.model + ", beginning with what it predicts for usual materials"));
      titles.append(element("th", "family", { scope: "col" }), element("th", "adds", { scope: "col", class: "number" }), element("th", "less – more", { scope: "col", class: "bars" }));
      head.append(titles);
      const line = (name, text, effect) => {
        const made = element("tr"), cell = element("td", null, { class: "bars" });
        if (effect !== undefined) cell.append(this.bar(effect / largest));
        made.append(element("th", name, { scope: "row" }), element("td", text, { class: "number" }), cell);
        return made;
      };
      const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
      body.append(line("usual materials", known.bases[row].toFixed(2).replace("-", "−")), ...lines.map(([name, effect]) => line(name, signed(effect), effect)));
      foot.append(line("predicted", sum.toFixed(2).replace("-", "−")));
      table.append(head, body, foot);
      region.append(table);
      return region;
    }

    // A bar from the middle, to the left for less and to the right for more; share is between -1 and 1.
    bar(share) {
      const made = (name, attributes) => { const one = document.createElementNS("http://www.w3.org/2000/svg", name); for (const key in attributes) one.setAttribute(key, attributes[key]); return one; };
      const half = 80, width = Math.abs(share) * half;
      const svg = made("svg", { width: 2 * half, height: 12, viewBox: "0 0 " + 2 * half + " 12", "aria-hidden": "true", class: "bar" });
      svg.append(made("line", { x1: half, x2: half, y1: 0, y2: 12 }), made("rect", { x: share < 0 ? half - width : half, y: 2, width, height: 8, class: share < 0 ? "less" : "more" }));
      return svg;
    }

    // On paper the first rows of the present order, all at once.
    print() {
      this.first = -1;
      const rows = document.createDocumentFragment();
      for (let place = 0; place < Math.min(this.order.length, 50); place++) rows.append(this.makeRow(place));
      this.body.replaceChildren(rows);
    }
  }

  const start = performance.now();
  for (const box of document.querySelectorAll(".ranking")) box.superionicRanking = new Ranking(box);
  root.dataset.ready = (performance.now() - start).toFixed(1);
})();
