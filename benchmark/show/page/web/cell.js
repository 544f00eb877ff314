// Everything that is kept of one cell, and all that is known of one model.
function seedTable(cell) {
  const edge = (seed) => (seed.status === "ok" && seed.edge ? plain(cell.task.ladder[seed.edge - 1]) : "");
  return sortable({
    name: `${cell.model}-${cell.task.name}`, label: "every seed", rows: cell.seeds,
    columns: [
      { title: "seed", value: (seed) => seed.seed, show: (seed) => String(seed.seed) },
      { title: "status", text: true, value: (seed) => seed.status, show: (seed) => seed.status },
      { title: "inside RMSE", value: (seed) => seed.inside, show: (seed) => plain(seed.inside) },
      { title: "outside RMSE", value: (seed) => seed.outside, show: (seed) => plain(seed.outside) },
      { title: "holds to", value: (seed) => seed.edge, show: edge },
      { title: "reason", text: true, show: (seed) => long(seed.reason) },
    ],
  });
}

// Where the record of a cell lies, seen from the page.
function recordLink(cell) {
  const suites = BOARDS.filter((board) => board.name && board.tasks.includes(cell.task)).map((board) => board.name);
  if (!DATA.published || !suites.length) return `records/${cell.task.name}/${cell.model}.json`;
  const path = `${suites.includes(DATA.core) ? DATA.core : "all"}/${cell.model}.csv`;
  return element("a", { href: path }, path);
}

function modelFacts(model) {
  return [["what it is", model.title], ["family", link(["board"], { family: model.family }, model.family)], ["source", model.source], ["defined in", sourceLink(model.origin)]];
}

function cellView({ parts }) {
  const task = TASK.get(parts[1]);
  if (!task) return [unknown("task", parts[1] ?? "", [...TASK.keys()])];
  if (!MODEL.has(parts[2])) return [unknown("model", parts[2] ?? "", [...MODEL.keys()])];
  const cell = cellOf(task, parts[2]);
  if (!cell) return [element("p", {}, `${parts[2]} was not run on ${task.name}. `, taskLink(task))];
  const { settings, notes, made } = cell.facts;
  const clamps = referenceRows(task).map((each) => `${each.model} ${plain(each.errors.inside?.[0])} / ${plain(each.errors.outside?.[0])}`).join("; ");
  const error = (where) => element("span", {}, errorText(cell, where));
  return [
    element("p", {}, taskLink(task), `: ${task.title}. `, modelLink(cell.model), `: ${cell.contender.title}.`), formula(task),
    pairs([
      ["verdict", cell.verdict], ["seeds that solve the inside, and both regions", cell.counted ? `${cell.solved.inside}, ${cell.solved.outside} of ${cell.counted}` : ""],
      ["inside RMSE", error("inside")], ["outside RMSE", error("outside")], ["outside it", cell.behaviour], ["horizon", horizon(cell) && `${horizon(cell)} ${task.unit}`.trim()],
      ["log score inside", cell.scores.inside], ["log score outside", cell.scores.outside], ["fit seconds", seconds(cell, "fit")], ["predict seconds", seconds(cell, "predict")],
      ["references, inside / outside", clamps], ["record", recordLink(cell)],
    ]),
    section("Curves", charts(task, [cell]), element("p", {}, link(["task", task.name], { models: cell.model }, "with other models"))),
    section("Seeds", seedTable(cell), element("p", { class: "hint" }, "Errors to three digits; the record has all of them, and the error in every shell.")),
    ...(notes.length ? [section("What it found and noted", pairs(notes))] : []),
    section("Settings", settings.length ? pairs(settings) : element("p", {}, "none recorded")),
    section("Made with", pairs([...made, ...modelFacts(cell.contender)])),
    section("The task", facts(task)),
  ];
}

function modelView({ parts }) {
  const model = MODEL.get(parts[1]);
  if (!model) return [unknown("model", parts[1] ?? "", [...MODEL.keys()])];
  const cells = CELLS.flat().filter((cell) => cell.contender === model);
  const boards = BOARDS.map((board) => ({ board, row: board.rows.find((row) => row.contender === model) })).filter(({ row }) => row);
  const where = boards.length ? boards[0].board.name : "";
  const classes = CLASSES.map((name) => ({ name, tasks: TASKS.filter((task) => task.classes.includes(name)) })).filter(({ tasks }) => tasks.some((task) => cellOf(task, model.name)));
  const share = (region_) => ({ title: `solved ${region_}`, value: ({ tasks }) => summary(tasks, model.name, shareOf(region_)).mean, show: ({ tasks }) => {
    const found = summary(tasks, model.name, shareOf(region_));
    return shareText(found.mean, found.interval);
  } });
  return [
    pairs(modelFacts(model)),
    element("p", {}, link(["compare", model.name, placed(FRONT, "outside").map((row) => row.contender.name).find((name) => name !== model.name) ?? ""], { suite: where }, "Compare it with another model")),
    section("Where it stands", sortable({ name: `${model.name}-boards`, label: "boards", rows: boards, columns: [
      { title: "suite", text: true, value: ({ board }) => board.name, show: ({ board }) => link(["board", board.name], {}, board.name || "all that is here") },
      ...["outside", "inside"].flatMap((name) => [
        { title: `place ${name}`, text: true, show: ({ row }) => row[name].place },
        { title: `solved ${name}`, value: ({ row }) => row[name].shares[DATA.middle], show: ({ row }) => percent(row[name].shares[DATA.middle]) }]),
      { title: "of models", show: ({ board }) => String(placed(board, "outside").length) },
    ] })),
    section("By kind of function", sortable({ name: `${model.name}-kinds`, label: "kinds", rows: classes, columns: [
      { title: "kind", text: true, value: ({ name }) => name, show: ({ name }) => link(["board", BOARD.has("all") ? "all" : where], { kind: name }, name) },
      share("outside"), share("inside"), { title: "tasks", value: ({ tasks }) => tasks.length, show: ({ tasks }) => `${tasks.filter((task) => cellOf(task, model.name)).length} of ${tasks.length}` },
    ] })),
    section("Every cell", cellTable(model.name, cells, CELL_COLUMNS.filter((column) => column.title !== "model").map((column) => (column.title === "task" ? { ...column, show: (cell) => cellLink(cell, cell.task.name) } : column)))),
  ];
}
