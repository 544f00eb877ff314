// Which model? What is known of a function is held against the tasks; the models stand by what they did on those that match.
const BANDS = [[1, 1], [2, 2], [3, 5], [6, Infinity]];
const KNOWN = [
  ["linear", "linear"], ["polynomial", "polynomial"], ["periodic", "periodic"], ["rational", "a quotient"], ["exponential", "exponential"],
  ["logarithmic", "logarithmic"], ["sets", "of a set of elements"], ["jump", "with jumps"], ["kink", "with kinks"], ["smooth", "smooth: no jump, no kink"], ["positive", "never below 0"],
];
// Fewer families than these are thin evidence.
const ENOUGH = 5;

const isPositive = (task) => Boolean(task.truth) && Math.min(...line(task.truth, task.window)) >= -1e-3 * task.sd;
const isSmooth = (task) => !["jump", "kink", "piecewise", "integers"].some((each) => task.classes.includes(each) || task.kinds.includes(each));
const isKnown = (task, name) => (name === "smooth" ? isSmooth(task) : name === "positive" ? isPositive(task) : ofKind(task, name));

// Each condition with its words, and which is dropped first where too few tasks match.
function conditions(asked) {
  const found = [];
  for (const name of asked.known) found.push({ words: KNOWN.find(([each]) => each === name)[1], holds: (task) => isKnown(task, name), dropped: 4 });
  if (asked.inputs) {
    const band = BANDS.find(([low, high]) => asked.inputs >= low && asked.inputs <= high);
    const words = band[1] === Infinity ? `${band[0]} inputs and more` : band[0] === band[1] ? counted(band[0], "input") : `${band[0]} to ${band[1]} inputs`;
    found.push({ words, holds: (task) => task.inputs >= band[0] && task.inputs <= band[1], dropped: 3 });
  }
  if (asked.rows) found.push({ words: `${Math.ceil(asked.rows / 4)} to ${asked.rows * 4} rows`, holds: (task) => task.rows >= asked.rows / 4 && task.rows <= asked.rows * 4, dropped: 2 });
  if (asked.noise !== null) {
    const near = (share) => (asked.noise === 0 ? share === 0 : share >= asked.noise / 4 && share <= asked.noise * 4);
    found.push({ words: asked.noise ? `noise of ${percent(asked.noise / 4)} to ${percent(asked.noise * 4)} of sd(y)` : "no noise", holds: (task) => near(task.noise / task.sd), dropped: 1 });
  }
  return found;
}

const familiesOf = (tasks) => new Set(tasks.map((task) => task.family)).size;
const matching = (wanted) => TASKS.filter((task) => OF_MODEL[task.place].size && wanted.every((each) => each.holds(task)));

// The tasks that match all, and where they are too few those that match what is left when one after the other is dropped.
function evidence(asked) {
  const wanted = conditions(asked);
  const exact = matching(wanted);
  const kept = [...wanted].sort((a, b) => b.dropped - a.dropped);
  const dropped = [];
  while (familiesOf(matching(kept)) < ENOUGH && kept.length > 1) dropped.push(kept.pop());
  return { exact, tasks: matching(kept), dropped, wanted };
}

function read(chosen) {
  const value = (name) => (chosen.get(name) === null || chosen.get(name) === "" || !(Number(chosen.get(name)) >= 0) ? null : Number(chosen.get(name)));
  return {
    inputs: value("inputs"), rows: value("rows"), noise: value("noise") === null ? null : value("noise") / 100, outside: value("outside"), time: value("time"),
    known: (chosen.get("known") || "").split(",").filter((name) => KNOWN.some(([each]) => each === name)),
  };
}

// The share of a cell's seeds that do what is asked.
const goalOf = (asked) => (asked.outside > 1 ? reaching(asked.outside) : shareOf("inside"));

function ranked(asked, tasks) {
  const figure = goalOf(asked);
  const where = asked.outside > 1 ? "outside" : "inside";
  const costs = new Map((FRONT?.rows ?? []).map((row) => [row.contender.name, row]));
  const rows = MODELS.map((model) => ({ model, ...summary(tasks, model.name, figure), score: summary(tasks, model.name, scoreOf(where)).mean, row: costs.get(model.name) }))
    .filter((each) => each.tasks > 0 && !(asked.time !== null && (each.row?.fit ?? null) !== null && (each.row.cost ?? each.row.fit) > asked.time));
  const most = Math.max(...rows.map((each) => each.tasks));
  // Who was run on less than another is not placed above it by what it lacks.
  return rows.sort((a, b) => (b.tasks === most) - (a.tasks === most) || b.mean - a.mean || a.score - b.score);
}

function proof(each, asked, tasks) {
  const figure = goalOf(asked);
  const cells = tasks.map((task) => cellOf(task, each.model.name)).filter(Boolean);
  const parts = cells.map((cell) => [figure(cell), cell]).sort(([a], [b]) => b - a);
  return element("details", {}, element("summary", {}, `${cells.filter((cell) => 2 * figure(cell) > 1).length} of ${counted(cells.length, "task")}`),
    element("p", { class: "evidence" }, ...parts.flatMap(([share, cell]) => [cellLink(cell, `${cell.task.name} ${cell.applies ? percent(share) : "n/a"}`), " "])));
}

function chosenModels(asked) {
  const { exact, tasks, dropped, wanted } = evidence(asked);
  if (!wanted.length && asked.outside === null && asked.time === null) return [element("p", {}, "Say what you know of your function; what you leave open does not count.")];
  const said = [`${counted(exact.length, "task")} of ${counted(familiesOf(exact), "family")} ${exact.length === 1 ? "matches" : "match"} ${wanted.length ? wanted.map((each) => each.words).join(", ") : "anything"}.`];
  if (dropped.length) said.push(`That is too thin, so the list is of the ${counted(tasks.length, "task")} that match without: ${dropped.map((each) => each.words).join("; ")}.`);
  if (familiesOf(tasks) < ENOUGH) said.push("The evidence is thin: trust the intervals, not the order.");
  const rows = ranked(asked, tasks);
  const goal = asked.outside > 1 ? `holds to ${asked.outside}` : "solved inside";
  return [
    element("p", { class: dropped.length || familiesOf(tasks) < ENOUGH ? "notice" : "hint", role: "status", id: "evidence" }, said.join(" ")),
    sortable({
      name: "choice", label: "models that may do", rows, columns: [
        { title: "", show: (each) => String(rows.indexOf(each) + 1) },
        { title: "model", text: true, value: (each) => each.model.name, show: (each) => modelLink(each.model.name) },
        { title: "", text: true, show: (each) => element("span", { class: "title" }, each.model.title) },
        { title: goal, value: (each) => each.mean, show: (each) => shareText(each.mean, each.interval), hint: "the share of seeds, averaged over families of tasks, with Wilson's 95 % interval, a family a draw" },
        { title: "log score", value: (each) => each.score, show: (each) => each.score?.toFixed(2) },
        { title: "of those that match all", show: (each) => percent(summary(exact, each.model.name, goalOf(asked)).mean) },
        { title: "evidence", text: true, show: (each) => proof(each, asked, tasks) },
        { title: "cost", show: (each) => (each.row ? cost(each.row) || seconds(each.row, "fit") : "") || "not timed" },
      ],
    }),
  ];
}

function chooseView({ chosen }, redraw, remembered) {
  const host = element("div", { id: "choice" });
  const draw = () => host.replaceChildren(...chosenModels(read(here().chosen)));
  const changed = (name) => (value) => {
    remembered({ [name]: value });
    draw();
  };
  const amount = (label, name, extra, unit = "") => {
    const input = element("input", { type: "number", min: 0, step: "any", name, ...extra });
    input.value = chosen.get(name) ?? "";
    input.addEventListener("input", () => changed(name)(input.value));
    return element("label", { class: "field" }, element("span", {}, label), element("span", {}, input, ` ${unit}`));
  };
  const boxes = KNOWN.map(([name, words]) => {
    const box = element("input", { type: "checkbox", value: name });
    box.checked = read(chosen).known.includes(name);
    box.addEventListener("change", () => changed("known")(boxes.map((each) => each.querySelector("input")).filter((each) => each.checked).map((each) => each.value).join(",")));
    return element("label", { class: "check" }, box, words);
  });
  const factors = [["", "no: inside is enough"], ...[1.05, 1.1, 1.25, 1.5, 2, 3, 4].map((edge) => [String(edge), `yes, to ${edge} times the range`])];
  draw();
  return [
    element("form", { class: "controls" },
      amount("Inputs", "inputs", { step: 1 }), amount("Rows", "rows", { step: 1 }), amount("Noise", "noise", {}, "% of sd(y)"),
      choice("Outside the range?", factors, chosen.get("outside") ?? "", changed("outside")), amount("Time for a fit", "time", {}, "s at 1,000 rows")),
    element("fieldset", {}, element("legend", {}, "Known of the function"), ...boxes), host,
  ];
}
