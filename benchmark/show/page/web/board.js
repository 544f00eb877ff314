// The board of a suite, or of what is chosen of it: standings, the heat map, and every cell with a search.
const CLASSES = [...new Set(TASKS.flatMap((task) => task.classes))].sort();
const KINDS = [...new Set(TASKS.flatMap((task) => task.kinds))].sort();
const FAMILIES = [...new Set(MODELS.map((model) => model.family))].sort();

const ofKind = (task, kind) => !kind || task.classes.includes(kind) || task.kinds.includes(kind);

// On how many of the tasks any model holds outside: a figure to cite, with the words for it.
function anything(tasks, named) {
  const ran = tasks.filter((task) => OF_MODEL[task.place].size);
  const held = ran.filter((task) => [...OF_MODEL[task.place].values()].some((cell) => cell.verdict.startsWith("holds outside")));
  const words = `On ${held.length} of ${counted(ran.length, "task")} of ${named} some model holds outside: ${percent(held.length / ran.length)}${rangeText(wilson(held.length / ran.length, ran.length))}.`;
  const cited = `${words} fnbench, ${counted(MODELS.length, "model")}; "holds outside" means that surely most seeds solve the inside and the outside to ${DATA.levels[DATA.middle]} of sd(y); the interval is Wilson's, 95 %.`;
  return element("details", {}, element("summary", {}, ran.length ? words : "No model was run on any of them."), element("p", {}, "To cite: ", element("q", {}, cited), " The address of this view leads back here."));
}

function standings(board, where, tasks, models, filtered) {
  const votes = tasks.filter((task) => !board.silent[where].includes(task.place));
  const rows = placed(board, where).filter((row) => models.has(row.contender.name)).map((row) => {
    if (!filtered) return { row, shares: row[where].shares, range: standing(where, row), score: row[where].score, tasks: row[where].tasks };
    const [shares, score] = [summary(votes, row.contender.name, shareOf(where)), summary(votes, row.contender.name, scoreOf(where))];
    return { row, shares: [null, shares.mean, null], range: shares.interval, score: score.mean, tasks: shares.applies, ran: shares.tasks };
  });
  const references = filtered ? [] : board.rows.filter((row) => row.contender.kind !== "model").map((row) => ({ row, shares: row[where].shares, range: null, score: row[where].score, tasks: row[where].tasks }));
  // Who was run on less than another is not placed above it by what it lacks.
  const most = Math.max(...rows.map((each) => each.ran ?? 0));
  if (filtered) rows.sort((a, b) => (b.ran === most) - (a.ran === most) || (a.score ?? Infinity) - (b.score ?? Infinity));
  const level = (place) => ({ title: `solved to ${DATA.levels[place]}`, value: (each) => each.shares[place], show: (each) => (place === DATA.middle ? shareText(each.shares[place], each.range) : percent(each.shares[place])) });
  const extra = (name, title, show) => (board.rows.some((row) => (row[name] ?? null) !== null) ? [{ title, value: ({ row }) => row[name], show: ({ row }) => show(row[name], row) }] : []);
  const pair = (name, title) => extra(`${name}_inside`, title, (value, row) => ((value ?? null) === null ? "" : `${percent(value)}, ${percent(row[`${name}_outside`])}`));
  return sortable({
    name: `${board.name || "board"}-${where}`, label: `standings ${where}`, rows: [...rows, ...references], className: ({ row }) => row.contender.kind,
    columns: [
      ...(filtered ? [] : [{ title: "place", text: true, show: ({ row }) => row[where].place, hint: "the places that it may hold" }]),
      { title: "model", text: true, value: ({ row }) => row.contender.name, show: ({ row }) => (row.contender.kind === "model" ? modelLink(row.contender.name) : element("span", { title: row.contender.title }, row.contender.name)) },
      ...(filtered ? [level(DATA.middle)] : DATA.levels.map((_, place) => level(place))),
      { title: "log score", value: ({ score }) => score, show: ({ score }) => score?.toFixed(2) },
      { title: "tasks", value: ({ tasks: n }) => n, show: ({ tasks: n, ran }) => `${n} of ${votes.length}${ran !== undefined && ran < most ? ", the others not run" : ""}` },
      ...extra("horizon", "median horizon", (value) => plain(value)),
      ...pair("covered", "95 % covers in, out"),
      ...extra("sure", "warns", (value, row) => ((value ?? null) === null ? "" : `${row.warns}/${value}`)),
      ...extra("expressed", "recovered", (value, row) => ((value ?? null) === null ? "" : `${row.exact}/${value}`)),
      { title: "fit s", value: ({ row }) => row.fit, show: ({ row }) => seconds(row, "fit") },
      { title: "fit / linear-net", value: ({ row }) => row.ratio, show: ({ row }) => ratio(row) },
      { title: "predict s", value: ({ row }) => row.predict, show: ({ row }) => seconds(row, "predict") },
      { title: "cost", value: ({ row }) => row.cost, show: ({ row }) => cost(row) },
    ],
  });
}

const CELL_COLUMNS = [
  { title: "model", text: true, value: (cell) => cell.model, show: (cell) => (cell.contender.kind === "model" ? cellLink(cell, cell.model) : cell.model) },
  { title: "task", text: true, value: (cell) => cell.task.name, show: (cell) => taskLink(cell.task) },
  { title: "inside RMSE", value: errorValue("inside"), show: (cell) => errorText(cell, "inside") },
  { title: "outside RMSE", value: errorValue("outside"), show: (cell) => errorText(cell, "outside") },
  { title: "solved", value: (cell) => (cell.counted ? cell.solved.inside + cell.solved.outside : null), show: (cell) => (cell.counted ? `${cell.solved.inside}, ${cell.solved.outside} of ${cell.counted}` : "") },
  { title: "verdict", text: true, value: (cell) => cell.verdict || null, show: (cell) => cell.verdict },
  { title: "outside it", text: true, value: (cell) => cell.behaviour || null, show: (cell) => cell.behaviour },
  { title: "horizon", value: (cell) => cell.horizon, show: horizon },
  { title: "log score outside", value: (cell) => cell.scores.outside, show: (cell) => cell.scores.outside?.toFixed(2) },
  { title: "fit s", value: (cell) => cell.fit, show: (cell) => seconds(cell, "fit") },
  { title: "predict s", value: (cell) => cell.predict, show: (cell) => seconds(cell, "predict") },
];

function cellTable(name, cells, columns = CELL_COLUMNS) {
  return sortable({ name, label: "cells", rows: cells, columns, className: (cell) => cell.contender.kind });
}

// Every cell of some tasks, narrowed by words.
function searchedCells(tasks, models, chosen, remembered) {
  const host = element("div");
  const count = element("span", { class: "count", role: "status" });
  const input = element("input", { type: "search", placeholder: "sinc, relu, flat, failed ...", autocomplete: "off" });
  input.value = chosen.get("words") || "";
  const references = element("input", { type: "checkbox" });
  const all = tasks.flatMap((task) => CELLS[task.place]).filter((cell) => cell.contender.kind !== "model" || models.has(cell.model));
  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const cells = all.filter((cell) => (references.checked || cell.contender.kind === "model") && words.every((word) => cell.searched.includes(word)));
    count.textContent = counted(cells.length, "cell");
    host.replaceChildren(cellTable("cells", cells));
  };
  input.addEventListener("input", () => {
    remembered({ words: input.value });
    draw();
  });
  references.addEventListener("change", draw);
  draw();
  return [
    element("p", { class: "controls" }, element("label", { class: "field" }, element("span", {}, "Search"), input), element("label", { class: "check" }, references, "references too"), count),
    element("p", { class: "hint" }, "RMSE is the median over the seeds, in the task's own units, with its 95 % interval, 2 [1, 3], or with fewer than five seeds their range, 2 (1 to 3). A failed seed counts as the worst."), host,
  ];
}

function boardView({ parts, chosen }, redraw, remembered) {
  if (!FRONT) return [element("p", {}, "There is nothing to show yet.")];
  const board = BOARD.get(parts[1] ?? FRONT.name);
  if (!board) return [unknown("suite", parts[1], [...BOARD.keys()])];
  const [kind, family] = [chosen.get("kind") || "", chosen.get("family") || ""];
  const where = chosen.get("region") === "inside" ? "inside" : "outside";
  const tasks = board.tasks.filter((task) => ofKind(task, kind));
  const models = new Set(MODELS.filter((model) => !family || model.family === family).map((model) => model.name));
  const there = placed(board, where).map((row) => row.contender.name).filter((name) => models.has(name));
  const said = kind ? `Only tasks that are ${kind}: ${tasks.length} of ${board.tasks.length}. Places are not computed for a choice of tasks; the rows stand by their mean log score, with Wilson's interval, a family of tasks a draw.`
    : family ? "Places are those among all models." : board.order;
  return [
    element("div", { class: "controls" },
      choice("Suite", BOARDS.map((each) => [each.name, each.title ? `${each.name}: ${each.title}` : each.name || "all that is here"]), board.name, (name) => redraw({}, ["board", name]), { id: "suite" }),
      choice("Tasks", [["", "all"], ...CLASSES.map((each) => [each, each]), ...KINDS.map((each) => [each, `(${each})`])], kind, (value) => redraw({ kind: value }), { id: "kind" }),
      choice("Models", [["", "all families"], ...FAMILIES.map((each) => [each, each])], family, (value) => redraw({ family: value }), { id: "family" }),
      regionSwitch(where, (name) => redraw({ region: name }))),
    element("p", { class: "hint", id: "order" }, said),
    anything(tasks, kind ? `${kind} tasks of ${board.name}` : board.name || "these"),
    section(`${where === "outside" ? "Outside" : "Inside"} the training range`, standings(board, where, tasks, models, Boolean(kind)),
      element("p", { class: "hint" }, "Solved: the share of seeds with an RMSE of at most so much of the sd of y, and a fifth of the best line's, averaged over the tasks that vote, with its 95 % interval; outside it counts where the inside is solved too. Log score: log10(RMSE / RMSE of the constant), averaged; lower is better.")),
    section("Task by task", heatMap({ name: `${board.name}-heat-${where}`, tasks: byDifficulty(tasks, where), models: there, where })),
    section("Every cell", ...searchedCells(tasks, models, chosen, remembered)),
  ];
}
