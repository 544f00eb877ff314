// The tasks, models, boards and cells of the data. A cell reads its seeds, curves and facts when they are asked for.
const DATA = JSON.parse(byId("data").textContent);
const CONTENDERS = DATA.contenders.map((contender, place) => ({ ...contender, place }));
const MODELS = CONTENDERS.filter((contender) => contender.kind === "model");
const MODEL = new Map(MODELS.map((model) => [model.name, model]));
const TASKS = DATA.tasks.map((task, place) => ({ ...task, place, xs: shares(task.at).map((share) => task.ends[0] + share * (task.ends[1] - task.ends[0])) }));
const TASK = new Map(TASKS.map((task) => [task.name, task]));
const REGIONS = DATA.regions;
const FIGURES = { contender: 0, verdict: 2, behaviour: 4, failure: 6, inside: 8, both: 10, counted: 12, errors: 14, ends: 22, scores: 34, horizon: 38, fit: 39, predict: 42, flags: 45 };

// One model on one task, or one reference of it.
class Cell {
  constructor(task, figures, nth) {
    const word = (place) => DATA.verdicts[whole(figures, place, 2)];
    this.task = task;
    this.contender = CONTENDERS[whole(figures, FIGURES.contender, 2)];
    this.verdict = word(FIGURES.verdict);
    this.behaviour = word(FIGURES.behaviour);
    this.failure = word(FIGURES.failure);
    // Seeds that solve the inside, and both regions, of those that count.
    this.solved = { inside: whole(figures, FIGURES.inside, 2), outside: whole(figures, FIGURES.both, 2) };
    this.counted = whole(figures, FIGURES.counted, 2);
    const error = (nth_) => {
      const value = number(figures, FIGURES.errors + 4 * nth_);
      return value === null ? null : [value, ...[0, 3].map((far) => brief(figures, FIGURES.ends + 6 * nth_ + far))];
    };
    this.errors = { inside: error(0), outside: error(1) };
    const score = (place) => (whole(figures, place, 2) ? (whole(figures, place, 2) - 1) / 800 - 3 : null);
    this.scores = { inside: score(FIGURES.scores), outside: score(FIGURES.scores + 2) };
    const edge = whole(figures, FIGURES.horizon, 1);
    this.horizon = edge ? [0, ...task.ladder][edge - 1] : null;
    this.fit = brief(figures, FIGURES.fit);
    this.predict = brief(figures, FIGURES.predict);
    const flags = whole(figures, FIGURES.flags, 1);
    this.elsewhere = flags % 2 === 1;
    this.spread = DATA.spreads[flags >> 1];
    this.nth = nth;
  }

  get model() { return this.contender.name; }

  get applies() { return this.counted > 0 || this.contender.kind === "reference"; }

  // The median RMSE / sd of y of a region: a number, the word of a failure, or null.
  nrmse(region) {
    const error = this.errors[region];
    return error === null ? null : Number.isFinite(error[0]) ? error[0] / this.task.sd : this.failure;
  }

  // The share of its seeds that solve a region, 0 where the model does not apply.
  share(region) { return this.counted ? this.solved[region] / this.counted : 0; }

  get curve() {
    const text = DATA.cells.curves[this.task.place][this.nth];
    return text ? banded(text, this.task.window) : null;
  }

  // RMSE / sd by distance; a failed seed counts as the worst.
  get distance() {
    const text = DATA.cells.distances[this.task.place][this.nth];
    const n = text.length / 6;
    const part = (first) => Array.from({ length: n }, (_, place) => tiny(text, 2 * (first + place)));
    return n ? { median: part(0), low: part(n), high: part(2 * n) } : null;
  }

  get seeds() {
    this.kept ??= this.read();
    return this.kept;
  }

  read() {
    const [text, named] = DATA.cells.seeds[this.task.place][this.nth].split(".").reverse();
    const found = [];
    for (let at = 0; at < text.length;) {
      const status = DATA.statuses[whole(text, at, 1)];
      const seed = named === undefined ? found.length : whole(named, 2 * found.length, 2);
      const reason = status === "ok" ? "" : DATA.words[whole(text, at + 8, 3)];
      found.push({ seed, status, inside: brief(text, at + 1), outside: brief(text, at + 4), edge: whole(text, at + 7, 1), reason });
      at += status === "ok" ? 8 : 11;
    }
    return found;
  }

  // Settings, notes and what it was made with, as [name, value]: those of its model, less and more its own.
  get facts() {
    const read = (text) => Array.from({ length: text.length / 3 }, (_, place) => DATA.words[whole(text, 3 * place, 3)]);
    const [more, less] = DATA.cells.made[this.task.place][this.nth].split(".");
    const lacks = new Set(read(less || ""));
    const all = [...read(DATA.shared[this.model]).filter((each) => !lacks.has(each)), ...read(more)];
    const of = (kind) => all.filter((each) => each[0] === kind).map((each) => each.slice(1).split("\t"));
    return { settings: of("s"), notes: of("n"), made: of("m") };
  }

  get searched() {
    return [this.task.name, this.task.title, this.model, this.contender.title, this.verdict, this.behaviour, this.failure].join(" ").toLowerCase();
  }
}

// All cells of each task: its models first, as their texts lie; then its references.
const CELLS = TASKS.map((task) => DATA.cells.figures[task.place].map((figures, nth) => new Cell(task, figures, nth)));
const OF_MODEL = CELLS.map((cells) => new Map(cells.filter((cell) => cell.contender.kind === "model").map((cell) => [cell.model, cell])));
const cellOf = (task, model) => OF_MODEL[task.place].get(model);

function region(row, place) {
  const { region: names } = DATA.columns;
  const values = row.slice(DATA.columns.row.length + place * names.length);
  const found = Object.fromEntries(names.map((name, nth) => [name, values[nth]]));
  return { ...found, shares: names.filter((name) => name.startsWith("share_")).map((name) => found[name]) };
}

const BOARDS = DATA.boards.map((board) => ({
  ...board,
  tasks: board.tasks.map((place) => TASKS[place]),
  rows: board.rows.map((row) => ({
    ...Object.fromEntries(DATA.columns.row.map((name, nth) => [name, row[nth]])),
    ...Object.fromEntries(REGIONS.map((name, place) => [name, region(row, place)])),
    contender: CONTENDERS[row[0]],
  })),
}));
const BOARD = new Map(BOARDS.map((board) => [board.name, board]));

// Eight colours, and another dash for every eight models more.
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "1 2", "12 4"];
const colour = (model) => `c${MODEL.get(model).place % 8}`;
const dash = (model) => DASHES[Math.floor(MODEL.get(model).place / 8) % DASHES.length];

function sign(model) {
  const made = shape("svg", { class: "sign", viewBox: "0 0 26 10", "aria-hidden": "true" });
  made.append(shape("line", { class: `line ${colour(model)}`, x1: 0, x2: 26, y1: 5, y2: 5, "stroke-dasharray": dash(model), "stroke-width": 3 }));
  return made;
}
