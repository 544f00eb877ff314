// A task: its formula and ranges, the curves of some models with the truth, error by distance, and all models on it.
const AT_FIRST = 4;

const path_ = (depth, path) => `${"../".repeat(depth)}${path}`;
// A file of the project, which lies above the folder of results where that is published.
function sourceLink(origin) {
  return DATA.published && /^(models|tasks|findings)\//.test(origin) ? element("a", { href: path_(1, origin) }, origin) : origin;
}

function drawCurve(host, values, task, cells) {
  const lines = cells.map((cell) => ({ cell, curve: cell.curve })).filter(({ curve }) => curve).map(({ cell, curve }) => ({ model: cell.model, ...curve }));
  const { xs } = task;
  if (xs.length < 2) {
    host.replaceChildren(element("p", {}, "This task has no slice to draw."));
    return;
  }
  const span = [xs[0], xs[xs.length - 1]];
  const truth = task.truth ? line(task.truth, task.window) : null;
  drawChart(host, {
    xs, range: span, lines, window: task.window, shade: task.shade, xLabel: task.label, dashed: truth && { kind: "truth", ys: truth },
    xTicks: ticks(...span, host.clientWidth < 420 ? 4 : 7).map((tick) => [tick, short(tick)]), yTicks: ticks(...task.window, 6),
    label: `Predictions on ${task.name}: ${cells.map((cell) => `${cell.model} ${cell.behaviour || cell.verdict}`).join(", ")}`,
    hover: (place) => valuesAt(values, `${task.label}: ${short(Number(xs[place].toPrecision(4)))}`, [
      ...(truth ? [["", "truth", plain(Number(truth[place].toPrecision(3)))]] : []), ...lines.map((each) => [each.model, each.model, plain(Number(each.median[place].toPrecision(3)))]),
    ]),
  });
}

function drawDistance(host, values, task, cells) {
  const { solved, lowest, highest } = DATA.scale;
  const near = (ys) => ys.map((value) => Math.min(Math.max(value, lowest), highest));
  const lines = cells.map((cell) => ({ cell, distance: cell.distance })).filter(({ distance }) => distance).map(({ cell, distance }) => ({
    model: cell.model, exact: distance.median.map((value) => (Number.isFinite(value) ? value : cell.failure || value)),
    median: near(distance.median), low: near(distance.low), high: near(distance.high),
  }));
  const xs = task.ladder.map((_, place) => place);
  const names = task.ladder.map((edge, place) => (place ? short(edge) : "in"));
  drawChart(host, {
    xs, range: [-0.5, xs.length - 0.5], lines, window: [lowest / 2, highest * 2], shade: [-0.5, 0.5], logarithmic: true,
    dashed: { kind: "limit", ys: xs.map(() => solved) }, xLabel: "up to this distance factor",
    xTicks: xs.map((place) => [place, names[place]]), yTicks: [1e-5, 1e-3, 1e-1, 10, 1000],
    label: `Error by distance on ${task.name}: ${cells.map((cell) => `${cell.model} horizon ${horizon(cell) || "none"}`).join(", ")}`,
    hover: (place) => valuesAt(values, place ? `shell up to ${names[place]}` : "inside", lines.map((each) => [each.model, each.model, plain(each.exact[place])])),
  });
}

function valuesAt(host, words, entries) {
  const parts = entries.map(([model, name, text]) => element("span", { class: "check" }, model ? sign(model) : null, `${name} ${text}`));
  host.replaceChildren(element("strong", {}, words), ...parts);
}

// Both charts of a task; they are drawn once they are in the page, since they ask how wide it is.
function charts(task, cells) {
  const [curve, distance] = [element("div", { class: "chart", id: "curve" }), element("div", { class: "chart", id: "distance" })];
  const values = element("div", { id: "values", role: "status", "aria-live": "polite" });
  const missing = cells.filter((cell) => !cell.curve).map((cell) => `${cell.model}: ${cell.failure || cell.verdict}`);
  if (missing.length) values.textContent = `Nothing to draw for ${missing.join(", ")}.`;
  const whole = element("div", {},
    element("div", { id: "charts" },
      element("figure", {}, element("figcaption", {}, `Median prediction along ${task.label}, band: ${DATA.band}`), curve),
      element("figure", {}, element("figcaption", {}, "RMSE / sd of y by distance factor, one step a shell"), distance)),
    element("p", { class: "hint" }, `Hover, or focus a chart and press the left and right arrow keys, to read its values. Dashed: the true function on the left, the ${DATA.levels[DATA.middle]} line on the right. Shaded: the training range.`), values);
  whole.draw = () => {
    drawCurve(curve, values, task, cells);
    drawDistance(distance, values, task, cells);
  };
  return whole;
}

function facts(task) {
  const noise = task.noise ? `, noise of sd ${plain(task.noise)}` : "";
  return pairs([
    ["trained on", `${task.trained}, ${counted(task.rows, "row")}${noise}`], ["outside", task.outside], ["source", task.source],
    ["defined by", task.origin], ["kind", [...task.classes, ...task.kinds].join(", ")], ["inputs", task.inputs], ["sd of y", task.sd], ["distance factor", task.unit],
    ["suites", element("span", {}, ...BOARDS.filter((board) => board.tasks.includes(task)).flatMap((board) => [link(["board", board.name], {}, board.name), " "]))],
  ]);
}

function referenceRows(task) {
  return CELLS[task.place].filter((cell) => cell.contender.kind === "reference");
}

function taskView({ parts, chosen }, redraw) {
  const task = TASK.get(parts[1]);
  if (!task) return [unknown("task", parts[1] ?? "", [...TASK.keys()])];
  const models = [...OF_MODEL[task.place].values()].sort((a, b) => (a.scores.outside ?? 9) - (b.scores.outside ?? 9));
  const first = models.filter((cell) => cell.curve).slice(0, AT_FIRST).map((cell) => cell.model);
  const drawn = new Set(chosen.has("models") ? chosen.get("models").split(",") : first);
  const boxes = models.map((cell) => {
    const box = element("input", { type: "checkbox", value: cell.model });
    box.checked = drawn.has(cell.model);
    box.addEventListener("change", () => {
      if (box.checked) drawn.add(cell.model);
      else drawn.delete(cell.model);
      redraw({ models: [...drawn].join(",") }, null, box);
    });
    return element("label", { class: "check", title: cell.contender.title }, box, sign(cell.model), cell.model);
  });
  const picture = charts(task, models.filter((cell) => drawn.has(cell.model)));
  return [
    element("p", {}, `${task.title}.`), formula(task), facts(task),
    section("Curves", element("fieldset", { id: "models" }, element("legend", {}, "Models"), ...boxes), picture),
    section("All models on it", cellTable(task.name, [...models, ...referenceRows(task)], CELL_COLUMNS.filter((column) => column.title !== "task"))),
  ];
}

function tasksView({ chosen }, redraw, remembered) {
  const host = element("div");
  const input = element("input", { type: "search", placeholder: "periodic, feynman, log, 20 rows ...", autocomplete: "off" });
  input.value = chosen.get("words") || "";
  const searched = new Map(TASKS.map((task) => [task, [task.name, task.title, task.formula, `${task.rows} rows`, ...task.classes, ...task.kinds].join(" ").toLowerCase()]));
  const held = new Map(TASKS.map((task) => [task, [...OF_MODEL[task.place].values()].filter((cell) => solves(cell, "outside")).length]));
  const columns = [
    { title: "task", text: true, value: (task) => task.name, show: taskLink },
    { title: "formula", text: true, value: (task) => task.formula, show: (task) => element("code", { class: "cut" }, task.formula) },
    { title: "kind", text: true, value: (task) => task.classes.join(", ") || null, show: (task) => task.classes.join(", ") },
    { title: "inputs", value: (task) => task.inputs, show: (task) => plain(task.inputs) },
    { title: "rows", value: (task) => task.rows, show: (task) => plain(task.rows) },
    { title: "models", value: (task) => OF_MODEL[task.place].size, show: (task) => String(OF_MODEL[task.place].size) },
    { title: "solve it outside", value: (task) => held.get(task), show: (task) => String(held.get(task)) },
  ];
  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    host.replaceChildren(sortable({ name: "tasks", label: "tasks", columns, rows: TASKS.filter((task) => words.every((word) => searched.get(task).includes(word))) }));
  };
  input.addEventListener("input", () => {
    remembered({ words: input.value });
    draw();
  });
  draw();
  return [element("p", { class: "controls" }, element("label", { class: "field" }, element("span", {}, "Search"), input)), host];
}
