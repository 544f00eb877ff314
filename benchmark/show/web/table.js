// The overall table, and the table of every cell: sorted, searched, and opened by a click or Enter.
// A failed seed is worse than any number.
const weight = (figures) => figures && (typeof figures[0] === "string" ? Infinity : figures[0]);
const COLUMNS = [
  { key: "model", title: "model", text: true },
  { key: "task", title: "task", text: true },
  { key: "inside", title: "inside RMSE", number: (cell) => weight(cell.inside) },
  { key: "outside", title: "outside RMSE", number: (cell) => weight(cell.outside) },
  { key: "solved", title: "solved", number: (cell) => cell.solved && cell.solved[0] + cell.solved[1], show: (cell) => `${cell.solved[0]}, ${cell.solved[1]} of ${cell.solved[2]}` },
  { key: "verdict", title: "verdict", text: true },
  { key: "behaviour", title: "outside it", text: true },
  { key: "horizon", title: "horizon", number: (cell) => cell.horizon, show: horizon },
  { key: "scores", title: "log score outside", number: (cell) => cell.scores[1], show: (cell) => cell.scores[1].toFixed(2) },
  { key: "fit", title: "fit s", number: (cell) => cell.fit, show: (cell) => seconds(cell, "fit") },
  { key: "predict", title: "predict s", number: (cell) => cell.predict, show: (cell) => seconds(cell, "predict") },
];
const PAGE = 200;
const table = { sorted: null, descending: false, shown: PAGE };

function errorText(figures, spread) {
  if (!figures) return "";
  // Where the best seed of them failed, all has been said.
  if (!spread || figures.length < 2 || typeof figures[1] === "string") return plain(figures[0]);
  const [low, high] = [plain(figures[1]), plain(figures[2])];
  const interval = element("span", { class: "interval" }, spread === "range" ? ` (${low} to ${high})` : ` [${low}, ${high}]`);
  const whole = document.createDocumentFragment();
  whole.append(plain(figures[0]), interval);
  return whole;
}

function content(cell, column) {
  if (column.show) return column.number(cell) === null ? "" : column.show(cell);
  if (column.text) return cell[column.key];
  return errorText(cell[column.key], cell.spread);
}

// What is missing stands last, whichever way the rest is sorted.
function compare(column, descending) {
  const value = column.text ? (cell) => cell[column.key] || null : column.number;
  return (left, right) => {
    const [a, b] = [value(left) ?? null, value(right) ?? null];
    if (a === null || b === null) return (a === null) - (b === null);
    const order = column.text ? a.localeCompare(b, "en", { numeric: true }) : Math.sign(a - b) || 0;
    return descending ? -order : order;
  };
}

function matching() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const withReferences = byId("references").checked;
  const tasks = new Set(chosen.board.tasks);
  return DATA.cells.filter((cell) => {
    if (!tasks.has(cell.task)) return false;
    if (cell.kind === "reference" && !withReferences) return false;
    return words.every((word) => cell.searched.includes(word));
  });
}

function drawCells() {
  const column = COLUMNS.find((each) => each.key === table.sorted);
  const cells = matching();
  if (column) cells.sort(compare(column, table.descending));
  const rows = cells.slice(0, table.shown).map((cell) => {
    const parts = COLUMNS.map((each, place) =>
      element(place ? "td" : "th", { class: each.text ? "text" : null, scope: place ? null : "row" }, content(cell, each)));
    const row = element("tr", { tabindex: 0, class: cell.kind, "data-task": cell.task, "data-model": cell.model }, ...parts);
    row.addEventListener("click", () => openCell(cell));
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        openCell(cell);
      }
    });
    return row;
  });
  byId("cells").tBodies[0].replaceChildren(...rows);
  byId("count").textContent = `${cells.length.toLocaleString("en-US")} cells`;
  byId("more").hidden = cells.length <= table.shown;
  for (const heading of byId("cells").tHead.querySelectorAll("th")) {
    const mine = heading.dataset.key === table.sorted;
    heading.setAttribute("aria-sort", mine ? (table.descending ? "descending" : "ascending") : "none");
  }
}

function drawHeadings() {
  const headings = COLUMNS.map((column) => {
    const button = element("button", { type: "button" }, column.title);
    button.addEventListener("click", () => {
      table.descending = table.sorted === column.key && !table.descending;
      table.sorted = column.key;
      drawCells();
    });
    return element("th", { scope: "col", class: column.text ? "text" : null, "data-key": column.key }, button);
  });
  byId("cells").tHead.replaceChildren(element("tr", {}, ...headings));
}

const percent = (share) => (share === null ? "" : `${Math.round(100 * share)} %`);

// The first columns are words, the next one is the title of a model, and all that follow are numbers.
function wholeTable(words, titles, rows, texts) {
  const kind = (place) => (place === words ? "text title" : place < words ? "text" : null);
  const head = element("tr", {}, ...titles.map((title, i) => element("th", { scope: "col", class: kind(i) }, title)));
  const body = rows.map((row) => element("tr", { class: row.kind }, ...texts(row).map((text, i) => element("td", { class: kind(i) }, text))));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
}

function drawBoard(region) {
  const titles = ["place", "model", "", ...DATA.levels.map((level) => `solved to ${level}`), "log score", "tasks"];
  const rows = [...chosen.board.overall].sort((a, b) => a[region].order - b[region].order);
  byId(`${region}-board`).replaceChildren(wholeTable(2, titles, rows, (row) => {
    const { place, shares, score, tasks } = row[region];
    return [place, row.model, row.title, ...shares.map(percent), score === null ? "" : score.toFixed(2), `${tasks} of ${chosen.board.votes[region]}`];
  }));
}

function drawOverall() {
  byId("order").textContent = chosen.board.order;
  drawBoard("outside");
  drawBoard("inside");
  const models = chosen.board.overall.filter((row) => row.kind === "model");
  const titles = ["model", "", "fit s", "fit / linear-net", "predict s", "cost"];
  byId("costs").replaceChildren(wholeTable(1, titles, models, (row) =>
    [row.model, row.title, seconds(row, "fit"), ratio(row), seconds(row, "predict"), cost(row)]));
}
