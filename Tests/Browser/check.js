// Appended to a copy of a report by check.sh: looks for what a person would stumble over and writes the
// findings into the page, one a line.
(() => {
  const findings = [], facts = [];
  const round = (value) => Math.round(value * 10) / 10;
  const name = (text) => JSON.stringify(text.textContent);

  // Texts of charts that lie over each other, or run out of their chart.
  for (const svg of document.querySelectorAll("svg")) {
    const title = svg.getAttribute("aria-label"), frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() !== "").map((text) => ({ text, box: text.getBoundingClientRect() }));
    texts.forEach(({ text, box }, i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) findings.push(`cut off in "${title}": ${name(text)}`);
      for (const other of texts.slice(i + 1)) {
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Boxes hold the room of ascenders and descenders, so a little is no overlap of letters.
        if (width > 1 && height > 0.3 * Math.min(box.height, other.box.height)) findings.push(`overlap in "${title}": ${name(text)} and ${name(other.text)} by ${round(width)} x ${round(height)}`);
      }
    });
    if (!svg.querySelector(":scope > title") || !svg.querySelector(":scope > desc")) findings.push(`no title or description: ${title}`);
  }

  // The page itself.
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) findings.push(`the page is ${wide} px wider than the window`);
  for (const cell of document.querySelectorAll("dd, td, p, h1, h2, h3, figcaption, nav a")) {
    if (cell.closest(".rows")) continue;
    const box = cell.getBoundingClientRect(), clip = cell.closest(".scroll");
    if (!clip && box.right > document.documentElement.clientWidth + 1 && !cell.closest("nav")) findings.push(`beyond the window: ${name(cell).slice(0, 60)}`);
  }

  // What screen readers and keyboards need.
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  ids.filter((id, k) => ids.indexOf(id) !== k).forEach((id) => findings.push(`two elements have the id ${id}`));
  for (const link of document.querySelectorAll('a[href^="#"]')) if (!/-\d+$/.test(link.hash) && !document.getElementById(link.hash.slice(1))) findings.push(`a link leads nowhere: ${link.hash}`);
  for (const table of document.querySelectorAll("table")) if (!table.caption || table.caption.textContent.trim() === "") findings.push("a table has no caption");
  for (const input of document.querySelectorAll("input")) if (input.labels.length === 0) findings.push("an input has no label");
  for (const landmark of ["header", "nav", "main", "footer"]) if (!document.querySelector(landmark)) findings.push(`no ${landmark}`);
  for (const region of document.querySelectorAll("[role=region]")) if (!region.getAttribute("aria-label")) findings.push("a region has no name");
  let level = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) findings.push(`a heading skips a level: ${heading.textContent}`);
    level = next;
  }

  // Contrast of texts to the page, by the formula of WCAG 2.
  const channel = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = (color) => { const [r, g, b] = color.match(/[\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const page = getComputedStyle(document.body).backgroundColor;
  const low = new Set();
  for (const one of document.querySelectorAll("p, td, th, dt, dd, caption, figcaption, a, svg text:not(.on-mark)")) {
    const style = getComputedStyle(one), ink = one instanceof SVGElement ? style.fill : style.color;
    if (contrast(ink, page) < 4.5) low.add(`${one.tagName.toLowerCase()} ${ink} on ${page}`);
  }
  low.forEach((text) => findings.push(`contrast below 4.5: ${text}`));

  // The ranking: how long it takes to show, sort and search, and whether it does so rightly.
  facts.push(`script ready in ${document.documentElement.dataset.ready} ms, ${Math.round(performance.now())} ms after the navigation began`);
  for (const box of document.querySelectorAll(".ranking")) {
    const ranking = box.superionicRanking, n = ranking.data.count;
    const timed = (what, work) => { const start = performance.now(); work(); box.offsetHeight; facts.push(`${what}: ${round(performance.now() - start)} ms`); };
    const made = () => box.querySelectorAll("tbody tr.row").length;
    facts.push(`${n} rows, of which ${made()} are made`);
    ranking.shown.forEach((column, k) => {
      const button = ranking.headings[k].querySelector("button");
      for (const direction of ["first", "second"]) {
        timed(`sort by ${column.title}, ${direction} time`, () => button.click());
        const sort = ranking.headings[k].getAttribute("aria-sort"), keys = ranking.keys(column);
        if (ranking.headings.filter((heading) => heading.getAttribute("aria-sort") !== "none").length !== 1) findings.push("aria-sort stands at another number than one");
        for (let i = 1; i < n; i++) {
          const a = keys[ranking.order[i - 1]], b = keys[ranking.order[i]];
          if (Number.isNaN(a) ? !Number.isNaN(b) : sort === "ascending" ? a > b : a < b) { findings.push(`${column.title} is not ${sort} at ${i}`); break; }
        }
      }
    });
    ranking.headings[0].querySelector("button").click();
    if (ranking.sorted.descending) ranking.headings[0].querySelector("button").click();
    const search = (text) => { ranking.search.value = text; ranking.filter(); };
    timed("search, first time", () => search("Li"));
    timed("search, again", () => search("s -cl"));
    const cells = (row) => ranking.columns.filter((column) => !column.numbers).map((column) => ranking.text(column, row)).join("\n").toLowerCase();
    if (![...ranking.order].every((row) => cells(row).includes("s") && !cells(row).includes("cl"))) findings.push("the search keeps what it should not");
    timed("search without a match", () => search("no such candidate"));
    if (n > 0 && ranking.order.length !== 0) findings.push("an impossible search finds something");
    search("");
    timed("scroll to the end", () => { ranking.scroller.scrollTop = ranking.scroller.scrollHeight; ranking.draw(true); });
    const last = [...box.querySelectorAll("tbody tr.row")].pop();
    if (last && Number(last.getAttribute("aria-rowindex")) !== n + 1) findings.push(`the last row is ${last.getAttribute("aria-rowindex")} of ${n + 1}`);
    if (made() > 120) findings.push(`${made()} rows are made at once`);
    if (n > 0) {
      const rank = Math.min(n, 777);
      timed("open a row by its address", () => { location.hash = `#${ranking.name}-${rank}`; ranking.follow(); });
      const chosen = box.querySelector('tr[aria-selected="true"]');
      if (!chosen || chosen.querySelector("a").textContent !== String(rank)) findings.push("the address does not open its row");
      const press = (key) => (document.activeElement.closest("tr") || chosen).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      ranking.reveal(0, true);
      press("ArrowDown");
      if (n > 1 && document.activeElement.dataset.place !== "1") findings.push("the arrow key does not move to the next row");
      press("End");
      if (Number(document.activeElement.dataset.place) !== n - 1) findings.push("the End key does not move to the last row");
      press("Home");
      press("Enter");
      if (!box.querySelector(".detail h3").textContent.includes(ranking.text(ranking.columns[1], 0))) findings.push("Enter does not open the details");
      const known = ranking.data.contributions;
      if (known) {
        const table = box.querySelector(".detail table.contributions"), number = (cell) => Number(cell.textContent.replace("\u2212", "-"));
        if (!table) findings.push("the first row has no contributions");
        else {
          const lines = [...table.querySelectorAll("tbody td.number, tfoot td.number")].map(number), sum = lines.pop(), parts = lines.reduce((a, b) => a + b, 0);
          if (Math.abs(sum - parts) > 0.005 * (lines.length + 1)) findings.push(`contributions sum to ${parts}, not to ${sum}`);
          const mean = ranking.columns.find((column) => column.title === known.model);
          if (known.ranked && mean && mean.numbers && Math.abs(sum - mean.numbers[0]) > 0.006) findings.push(`contributions end at ${sum}, the prediction is ${mean.numbers[0]}`);
        }
        facts.push(`contributions of ${known.bases.length} rows`);
        if (known.bases.length < n) {
          ranking.open(known.bases.length, false);
          if (!box.querySelector(".detail").textContent.includes("was computed for the first")) findings.push("a row without contributions does not say so");
        }
      }
      ranking.print();
      if (made() !== Math.min(n, 50)) findings.push("printing shows another number of rows");
      ranking.draw(true);
    }
  }
  if (document.querySelector("script[src], link[href], img[src^=http], iframe")) findings.push("something is loaded from elsewhere");

  const report = document.createElement("pre");
  report.id = "findings";
  report.textContent = "\n" + facts.map((fact) => `fact: ${fact}`).concat(findings.map((finding) => `finding: ${finding}`), "checked").join("\n") + "\n";
  document.body.append(report);
})();
