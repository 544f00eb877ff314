// Ties the parts together: the chosen task and models, the theme, the search.
const NONE = { name: "", title: "", order: "", votes: { inside: 0, outside: 0 }, tasks: DATA.tasks.map((task) => task.name), overall: [] };
const BOARDS = DATA.boards.length ? DATA.boards : [NONE];
const AT_FIRST = 6;
const chosen = { board: BOARDS[0], task: null, models: new Set(MODELS.slice(0, AT_FIRST).map((model) => model.name)) };

function valuesAt(words, entries) {
  const parts = entries.map(([model, name, text]) => element("span", { class: "check" }, model ? sign(model) : null, `${name} ${text}`));
  byId("values").replaceChildren(element("strong", {}, words), ...parts);
}

function drawCurve(task, cells) {
  const lines = cells.filter((cell) => cell.curve).map((cell) => ({ model: cell.model, ...cell.curve }));
  const host = byId("curve");
  const banded = cells.some((cell) => cell.curve && !cell.packed);
  byId("curve-title").textContent = `Median prediction along ${task.label}${banded ? `, band: ${DATA.band}` : ""}`;
  const xs = task.position;
  if (xs.length < 2) {
    host.replaceChildren(element("p", {}, "This task has no slice to draw."));
    return;
  }
  const range = [xs[0], xs[xs.length - 1]];
  drawChart(host, {
    xs, range, lines, window: task.window, shade: task.shade, xLabel: task.label,
    dashed: task.truth && { kind: "truth", ys: task.truth },
    xTicks: ticks(...range, host.clientWidth < 420 ? 4 : 7).map((tick) => [tick, short(tick)]),
    yTicks: ticks(...task.window, 6),
    label: `Predictions on ${task.name}: ${cells.map((cell) => `${cell.model} ${cell.behaviour || cell.verdict}`).join(", ")}`,
    hover: (place) => valuesAt(`${task.label}: ${short(xs[place])}`, [
      ...(task.truth ? [["", "truth", plain(task.truth[place])]] : []),
      ...lines.map((line) => [line.model, line.model, plain(line.median[place])]),
    ]),
  });
}

function drawDistance(task, cells) {
  const { solved, lowest, highest, worst } = DATA.scale;
  const near = (ys) => ys.map((value) => Math.min(Math.max(value, lowest), highest));
  // A failed seed counts as the worst.
  const said = (cell) => cell.distance.median.map((value) => (cell.failure && value >= worst ? cell.failure : value));
  const lines = cells.filter((cell) => cell.distance).map((cell) => ({
    model: cell.model, exact: said(cell), median: near(cell.distance.median), low: near(cell.distance.low), high: near(cell.distance.high),
  }));
  byId("distance-title").textContent = "RMSE / sd of y by distance factor, one step a shell";
  const xs = task.ladder.map((_, place) => place);
  const names = task.ladder.map((edge, place) => (place ? short(edge) : "in"));
  drawChart(byId("distance"), {
    xs, range: [-0.5, xs.length - 0.5], lines, window: [lowest / 2, highest * 2], shade: [-0.5, 0.5], logarithmic: true,
    dashed: { kind: "limit", ys: xs.map(() => solved) }, xLabel: "up to this distance factor",
    xTicks: xs.map((place) => [place, names[place]]), yTicks: [1e-5, 1e-3, 1e-1, 10, 1000],
    label: `Error by distance on ${task.name}: ${cells.map((cell) => `${cell.model} horizon ${horizon(cell) || "none"}`).join(", ")}`,
    hover: (place) => valuesAt(place ? `shell up to ${names[place]}` : "inside", lines.map((line) => [line.model, line.model, plain(line.exact[place])])),
  });
}

function drawCharts() {
  const task = TASKS.get(chosen.task);
  byId("charts").hidden = !task;
  byId("values").replaceChildren();
  if (!task) {
    byId("facts").textContent = "This page draws no curves of these tasks. What was predicted on them stands in the folder of the suite, in <model>.npz.";
    return;
  }
  const noise = task.noise ? `, noise of sd ${plain(task.noise)}` : "";
  byId("facts").textContent = `${task.title}: ${task.formula}. Trained on ${task.trained}, ${task.rows.toLocaleString("en-US")} rows${noise}; outside: ${task.outside}. Source: ${task.source}.`;
  const cells = MODELS.filter((model) => chosen.models.has(model.name)).map((model) => modelCell(task.name, model.name)).filter(Boolean);
  drawCurve(task, cells);
  drawDistance(task, cells);
  const missing = cells.filter((cell) => !cell.curve).map((cell) => `${cell.model}: ${cell.failure || cell.verdict}`);
  const unrun = MODELS.filter((model) => chosen.models.has(model.name) && !modelCell(task.name, model.name)).map((model) => `${model.name}: not run`);
  if (missing.length || unrun.length) byId("values").textContent = `Nothing to draw for ${[...missing, ...unrun].join(", ")}.`;
}

// The tasks of the chosen suite that have curves.
function drawTasks() {
  const tasks = chosen.board.tasks.map((name) => TASKS.get(name)).filter((task) => task.window);
  byId("task").replaceChildren(...tasks.map((task) => element("option", { value: task.name }, `${task.name}: ${task.title}`)));
  byId("task").disabled = !tasks.length;
  if (!tasks.some((task) => task.name === chosen.task)) chosen.task = tasks.length ? tasks[0].name : null;
  if (chosen.task) byId("task").value = chosen.task;
}

function drawSuite() {
  table.shown = PAGE;
  drawOverall();
  drawMatrix();
  drawCells();
  drawTasks();
  drawCharts();
}

function drawChoices() {
  byId("suites").hidden = BOARDS.length < 2;
  byId("suite").replaceChildren(...BOARDS.map((board) => element("option", { value: board.name }, board.title ? `${board.name}: ${board.title}` : board.name)));
  byId("suite").addEventListener("change", (event) => {
    chosen.board = BOARDS.find((board) => board.name === event.target.value);
    matrix.shown = ROWS;
    drawSuite();
  });
  byId("task").addEventListener("change", (event) => {
    chosen.task = event.target.value;
    drawCharts();
  });
  for (const model of MODELS) {
    const box = element("input", { type: "checkbox", value: model.name });
    box.checked = chosen.models.has(model.name);
    box.addEventListener("change", () => {
      if (box.checked) chosen.models.add(model.name);
      else chosen.models.delete(model.name);
      drawCharts();
    });
    byId("models").append(element("label", { class: "check", title: model.title }, box, sign(model.name), model.name));
  }
}

const THEMES = [["", "as the system"], ["dark", "dark"], ["light", "light"]];
byId("theme").addEventListener("click", () => {
  const now = THEMES.findIndex(([name]) => name === (document.documentElement.dataset.theme || ""));
  const [name, words] = THEMES[(now + 1) % THEMES.length];
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  byId("theme").textContent = `Theme: ${words}`;
});

for (const cell of DATA.cells) {
  const reasons = (cell.seeds || []).map((seed) => `${seed.status} ${seed.reason}`);
  cell.searched = [cell.task, cell.model, cell.title, cell.verdict, cell.behaviour, ...new Set(reasons)].join(" ").toLowerCase();
}
byId("notices").replaceChildren(...DATA.notices.map((notice) => element("p", { class: "notice" }, notice)));
drawHeadings();
drawChoices();
drawSuite();
for (const event of ["input", "change"]) {
  for (const id of ["search", "references"]) {
    byId(id).addEventListener(event, () => {
      table.shown = PAGE;
      drawCells();
    });
  }
}
byId("more").addEventListener("click", () => {
  table.shown += 5 * PAGE;
  drawCells();
});
let width = window.innerWidth;
window.addEventListener("resize", () => {
  // Phones report a resize when their address bar slides away.
  if (window.innerWidth !== width) drawCharts();
  width = window.innerWidth;
});
