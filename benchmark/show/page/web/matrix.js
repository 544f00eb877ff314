// A heat map of tasks by models: a colour from the error, a mark where it is solved, words on hover and on focus.
// Seven steps from dark blue, solved, to pale and to brown: they differ in lightness, so that no colour need be told from another.
// So many tasks are drawn at first.
const ROWS = 100;
const EDGES = [0.01, 0.05, 0.2, 0.6, 1.2, 10];
const HEAT_WORDS = ["below 1 %", "to 5 %", "to 20 %", "to 60 %", "as the mean", "to ten times sd", "beyond"];

function heat(value) {
  if (value === null) return null;
  return typeof value === "string" ? EDGES.length : EDGES.filter((edge) => value > edge).length;
}

function solves(cell, where) {
  return 2 * cell.solved[where] > cell.counted;
}

// Two digits of an error in units of the sd of y, or the word of what went wrong.
function brieflySaid(value) {
  if (value === null || typeof value === "string") return value ?? "";
  const near = Number(value.toPrecision(2));
  return near !== 0 && (near < 1e-3 || near >= 1e5) ? near.toExponential().replace("+", "") : String(near);
}

function cellWords(cell, where) {
  if (!cell.applies) return `${cell.model} on ${cell.task.name}: does not apply`;
  const value = cell.nrmse(where);
  const error = typeof value === "number" ? `${brieflySaid(value)} sd of y ${where}` : `${brieflySaid(value)} ${where}`;
  return `${cell.model} on ${cell.task.name}: ${cell.verdict}, error ${error}${horizon(cell) ? `, horizon ${horizon(cell)}` : ""}`;
}

function heatCell(task, model, where) {
  const cell = cellOf(task, model);
  if (!cell) return element("td", { class: "unrun", "data-csv": "" });
  const value = cell.applies ? cell.nrmse(where) : null;
  const text = !cell.applies ? "\u2013" : solves(cell, where) ? "\u2713" : typeof value === "string" ? "!" : "";
  return element("td", {
    class: cell.applies ? `heat h${heat(value)}` : "heat none", tabindex: -1, title: cellWords(cell, where), "aria-label": cellWords(cell, where),
    "data-task": task.name, "data-model": model, "data-csv": cell.applies ? brieflySaid(value) : "n/a",
  }, text);
}

function legend() {
  return element("p", { class: "legend" }, "RMSE / sd of y:", ...HEAT_WORDS.map((words, place) => element("span", { class: "check" }, element("span", { class: `swatch heat h${place}` }), words)),
    element("span", {}, "\u2713 most seeds solve it"), element("span", {}, "! failed"), element("span", {}, "\u2013 does not apply"), element("span", {}, "blank: not run"));
}

// Tasks by class, then by how many of the models solve them; models by their order.
function heatMap({ name, tasks, models, where }) {
  const status = element("p", { class: "reading", role: "status", "aria-live": "polite" }, "Hover, or move with the arrow keys, to read a cell. Click or press Enter to open it.");
  const head = element("tr", {}, element("th", { class: "text", scope: "col" }, "task"),
    ...models.map((model) => element("th", { class: "turned", scope: "col", title: MODEL.get(model).title }, element("span", {}, modelLink(model)))));
  const rows = tasks.map((task) => () => element("tr", {},
    element("th", { class: "text", scope: "row", title: `${task.title}: ${task.formula}` }, taskLink(task)),
    ...models.map((model) => heatCell(task, model, where))));
  const table = element("table", { class: "matrix" }, element("thead", {}, head), element("tbody", {}, ...rows.slice(0, ROWS).map((row) => row())));
  const more = element("button", { type: "button" }, "Show more tasks");
  more.hidden = rows.length <= ROWS;
  more.addEventListener("click", () => {
    table.tBodies[0].append(...rows.slice(ROWS).map((row) => row()));
    more.hidden = true;
  });
  // One cell alone takes the focus of the tab key; the arrow keys go on from there.
  const first = table.querySelector("td.heat");
  if (first) first.tabIndex = 0;
  const read = (box) => {
    if (box?.dataset.task) status.textContent = box.title;
  };
  const open = (box) => {
    if (box?.dataset.task) location.hash = linkTo(["cell", box.dataset.task, box.dataset.model]);
  };
  table.addEventListener("pointerover", (event) => read(event.target.closest("td")));
  table.addEventListener("focusin", (event) => read(event.target.closest("td")));
  table.addEventListener("click", (event) => open(event.target.closest("td")));
  table.addEventListener("keydown", (event) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const box = event.target.closest("td");
    if (!box) return;
    if (event.key in moves) {
      event.preventDefault();
      moveFocus(table, box, ...moves[event.key]);
    } else if (event.key === "Enter") {
      open(box);
    }
  });
  const size = element("p", { class: "hint" }, `${counted(tasks.length, "task")}, ${counted(models.length, "model")}.`);
  return element("div", {}, legend(), element("div", { class: "scroll tall", role: "region", "aria-label": `heat map ${where}`, tabindex: 0 }, table), status, size,
    element("p", { class: "controls" }, more, downloadButton(name, () => table)));
}

function moveFocus(table, box, down, across) {
  const [rows, column] = [table.tBodies[0].rows, box.cellIndex];
  let [row, place] = [box.parentElement.sectionRowIndex + down, column + across];
  while (rows[row]?.cells[place] && !rows[row].cells[place].dataset.task) [row, place] = [row + down, place + across];
  const next = rows[row]?.cells[place];
  if (!next?.dataset.task) return;
  box.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

const difficulty = (task, where) => {
  const cells = [...OF_MODEL[task.place].values()];
  return mean(cells.map((cell) => cell.share(where))) ?? 0;
};

function byDifficulty(tasks, where) {
  const classes = [...new Set(TASKS.flatMap((task) => task.classes))];
  const rank = (task) => (task.classes.length ? classes.indexOf(task.classes[0]) : classes.length);
  const known = new Map(tasks.map((task) => [task, difficulty(task, where)]));
  return [...tasks].sort((a, b) => rank(a) - rank(b) || known.get(b) - known.get(a));
}
