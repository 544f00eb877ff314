// The first view: what this is, three figures, the best five, and the suite that most people come for as a heat map.
const FIRST = 5;
const [FRONT] = BOARDS;

// A switch between the two regions, which stays in the address.
function regionSwitch(where, changed) {
  const radio = (name) => {
    const input = element("input", { type: "radio", name: "region", value: name });
    input.checked = name === where;
    input.addEventListener("change", () => changed(name));
    return element("label", { class: "check" }, input, `${name} the training range`);
  };
  return element("div", { class: "controls", role: "radiogroup", "aria-label": "region" }, radio("outside"), radio("inside"));
}

const rangeText = (range) => (range ? ` [${percent(range[0]).replace(" %", "")}, ${percent(range[1])}]` : "");

function shareText(mean_, range) {
  const made = document.createDocumentFragment();
  made.append(percent(mean_), element("span", { class: "interval" }, rangeText(range)));
  return made;
}

const voting = (board, where) => board.tasks.filter((task) => !board.silent[where].includes(task.place));
const placed = (board, where) => board.rows.filter((row) => row.contender.kind === "model").sort((a, b) => a[where].order - b[where].order);

function standing(where, row) {
  const { low, high } = row[where];
  return low === null ? null : [low, high];
}

function bestFive(board, where) {
  return sortable({
    name: `best-${where}`, label: `the best ${FIRST} ${where}`, rows: placed(board, where).slice(0, FIRST),
    columns: [
      { title: "place", text: true, show: (row) => row[where].place, hint: "the places that it may hold: a range where the evidence gives no single one" },
      { title: "model", text: true, show: (row) => modelLink(row.contender.name) },
      { title: `solved to ${DATA.levels[DATA.middle]}`, show: (row) => shareText(row[where].shares[DATA.middle], standing(where, row)) },
      { title: "log score", show: (row) => row[where].score?.toFixed(2) },
      { title: "cost", show: cost },
    ],
  });
}

function figure(value, words) {
  return element("p", { class: "figure" }, element("strong", {}, value), element("span", {}, words));
}

function startView({ chosen }, redraw) {
  if (!FRONT) return [element("p", {}, "There is nothing to show yet.")];
  const where = chosen.get("region") === "inside" ? "inside" : "outside";
  const models = placed(FRONT, where);
  const held = FRONT.tasks.filter((task) => [...OF_MODEL[task.place].values()].some((cell) => 2 * cell.solved.outside > cell.counted)).length;
  const cells = CELLS.flat().filter((cell) => cell.contender.kind === "model");
  const more = [["answers", "Why can my network not learn it?"], ["choose", "Which model do I take?"], ["board", "Who stands where?"], ["compare", "Which of two?"]];
  return [
    element("p", { class: "lead" }, "Simple functions, every kind of model, many seeds. How well is a function learned inside the training range, how far outside does it hold, and what does it cost?"),
    element("p", { class: "controls" }, ...more.map(([view, words]) => link([view], {}, element("span", { class: "button" }, words)))),
    element("div", { class: "figures" },
      figure(`${MODELS.length} models, ${TASKS.length} tasks`, `${counted(cells.length, "cell")} with ${counted(cells.reduce((n, cell) => n + cell.counted, 0), "seed")} trained and scored`),
      figure(`${held} of ${FRONT.tasks.length} tasks`, `of ${FRONT.name || "these"} are solved outside the training range by most seeds of any model`),
      figure(percent(Math.max(...models.map((row) => row.outside.shares[DATA.middle] ?? 0))), `is the largest share of seeds that one model solves outside to ${DATA.levels[DATA.middle]} of sd(y)`)),
    regionSwitch(where, (name) => redraw({ region: name })),
    section(`The first ${FIRST} of ${models.length} models ${where} the training range`, bestFive(FRONT, where), element("p", {}, link(["board", FRONT.name], { region: where }, "The whole board"))),
    section(`Suite ${FRONT.name || "of what is here"}: ${where}`, heatMap({ name: `heat-${where}`, tasks: byDifficulty(FRONT.tasks, where), models: models.map((row) => row.contender.name), where })),
  ];
}
