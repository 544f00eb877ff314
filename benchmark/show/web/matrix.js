// The matrix of the chosen suite: tasks down, models across, one error a cell, in the order of the board of that region.
const ROWS = 60;
const matrix = { region: "outside", shown: ROWS };
const SOLVED = "\u2713";

// Two digits of an error in units of the sd of y, or the word of what went wrong.
function brief(value) {
  if (typeof value === "string") return value;
  const near = Number(value.toPrecision(2));
  return near !== 0 && (near < 1e-3 || near >= 1e5) ? near.toExponential().replace("+", "") : String(near);
}

function solves(cell, region) {
  return cell.solved && 2 * cell.solved[region === "inside" ? 0 : 1] > cell.solved[2];
}

function matrixCell(task, model, region) {
  const cell = modelCell(task.name, model);
  if (!cell) return element("td", {}, "");
  const figures = cell[region];
  const value = figures && typeof figures[0] === "number" ? figures[0] / task.sd : figures && figures[0];
  const kind = !cell.solved ? null : solves(cell, region) ? "solved" : typeof value === "string" || value >= 1 ? "lost" : null;
  const text = !cell.solved ? "n/a" : value === null ? "" : brief(value) + (kind === "solved" ? ` ${SOLVED}` : "");
  return element("td", { class: kind, "data-task": task.name, "data-model": model, tabindex: -1 }, text);
}

function drawMatrix() {
  const { region } = matrix;
  const models = chosen.board.overall.filter((row) => row.kind === "model").sort((a, b) => a[region].order - b[region].order);
  const tasks = chosen.board.tasks.map((name) => TASKS.get(name)).filter((task) => models.some((row) => modelCell(task.name, row.model)));
  const head = element("tr", {}, element("th", { class: "text", scope: "col" }, "task"),
    ...models.map((row) => element("th", { scope: "col", title: row.title }, row.model)));
  const rows = tasks.slice(0, matrix.shown).map((task) => element("tr", {},
    element("th", { class: "text", scope: "row", title: `${task.title}: ${task.formula}` }, task.name),
    ...models.map((row) => matrixCell(task, row.model, region))));
  byId("matrix").tHead.replaceChildren(head);
  byId("matrix").tBodies[0].replaceChildren(...rows);
  byId("more-tasks").hidden = tasks.length <= matrix.shown;
  byId("matrix-count").textContent = `${tasks.length.toLocaleString("en-US")} tasks, ${models.length.toLocaleString("en-US")} models`;
  // One cell alone takes the focus of the tab key; the arrow keys go on from there.
  const first = byId("matrix").tBodies[0].querySelector("td");
  if (first) first.tabIndex = 0;
}

function cellAt(target) {
  const box = target.closest("td[data-task]");
  return box && modelCell(box.dataset.task, box.dataset.model);
}

function moveFocus(box, down, across) {
  const row = box.parentElement.parentElement.rows[box.parentElement.rowIndex - 1 + down];
  const next = row && row.cells[box.cellIndex + across];
  if (!next || next.tagName !== "TD") return;
  box.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

byId("matrix").addEventListener("click", (event) => {
  const cell = cellAt(event.target);
  if (cell) openCell(cell);
});
byId("matrix").addEventListener("keydown", (event) => {
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const box = event.target.closest("td");
  if (box && event.key in moves) {
    event.preventDefault();
    moveFocus(box, ...moves[event.key]);
  } else if (box && event.key === "Enter") {
    // Else the same key would press the button that closes the dialog.
    event.preventDefault();
    const cell = cellAt(box);
    if (cell) openCell(cell);
  }
});
for (const region of ["outside", "inside"]) {
  byId(`matrix-${region}`).addEventListener("change", () => {
    matrix.region = region;
    drawMatrix();
  });
}
byId("more-tasks").addEventListener("click", () => {
  matrix.shown += 5 * ROWS;
  drawMatrix();
});
