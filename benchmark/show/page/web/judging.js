// Figures over some tasks: every family of near copies weighs as much as another, and in it every task.
// A task that a model does not apply to counts as not solved, and as answered by the constant; what was not run is left out.
function weighed(tasks, model) {
  const families = new Map();
  for (const task of tasks) {
    const cell = cellOf(task, model);
    if (!cell) continue;
    if (!families.has(task.family)) families.set(task.family, []);
    families.get(task.family).push(cell);
  }
  return [...families.values()];
}

const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);

// A generator of whole numbers below n that gives the same ones each time: Park and Miller's.
function drawing(seed = 1) {
  let state = seed;
  return (n) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
}

const DRAWS = 400;
// The middle 95 % of the means of families drawn with replacement; of one family there is none.
function interval(values) {
  if (values.length < 2) return null;
  const draw = drawing();
  const means = Array.from({ length: DRAWS }, () => mean(values.map(() => values[draw(values.length)]))).sort((a, b) => a - b);
  return [means[Math.floor(0.025 * DRAWS)], means[Math.ceil(0.975 * DRAWS) - 1]];
}

// Wilson's 95 % interval of a share of n draws. Seeds of one task mostly agree, so that a family is hardly more than one draw.
function wilson(share, n) {
  if (!n) return null;
  const z = 1.959964;
  const [middle, half] = [share + (z * z) / (2 * n), z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))];
  return [Math.max(0, (middle - half) / (1 + (z * z) / n)), Math.min(1, (middle + half) / (1 + (z * z) / n))];
}

// What a model makes of some tasks, by a share of its cells' seeds: the mean, its interval, on how many tasks and families.
function summary(tasks, model, figure) {
  const families = weighed(tasks, model);
  const values = families.map((cells) => mean(cells.map(figure)));
  return {
    mean: mean(values), interval: wilson(mean(values), values.length), families: values.length,
    tasks: families.reduce((n, cells) => n + cells.length, 0), applies: families.flat().filter((cell) => cell.applies).length,
  };
}

const scoreOf = (where) => (cell) => cell.scores[where] ?? 0;
const shareOf = (where) => (cell) => cell.share(where);
// The share of a cell's seeds that hold to an edge of the task's ladder: as far as asked, or as far as it was looked.
function reaching(factor) {
  return (cell) => {
    if (!cell.counted) return 0;
    const edge = cell.task.ladder.findIndex((each) => each >= factor);
    const wanted = (edge < 0 ? cell.task.ladder.length - 1 : edge) + 1;
    return cell.seeds.filter((seed) => seed.status !== "not-applicable" && seed.edge >= wanted).length / cell.counted;
  };
}

const TURNS = 4000;
// How often turning the signs of the differences by chance, family by family, gives as large a mean; of few all turns are tried.
function turned(differences) {
  const n = differences.length;
  const found = Math.abs(differences.reduce((sum, each) => sum + each, 0)) - 1e-9;
  const all = n <= 12;
  const turns = all ? 2 ** n : TURNS;
  const draw = drawing();
  let asLarge = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    let sum = 0;
    for (let place = 0; place < n; place += 1) {
      const minus = all ? (turn >> place) & 1 : turn > 0 && draw(2);
      sum += minus ? -differences[place] : differences[place];
    }
    if (Math.abs(sum) >= found) asLarge += 1;
  }
  return asLarge / turns;
}

// Two models over the tasks that both were run on, in one region: below 0 the first is better.
function duel(tasks, first, second, where) {
  const both = tasks.filter((task) => cellOf(task, first) && cellOf(task, second));
  const score = scoreOf(where);
  const rows = both.map((task) => ({ task, difference: score(cellOf(task, first)) - score(cellOf(task, second)) }));
  const families = new Map();
  for (const row of rows) families.set(row.task.family, [...(families.get(row.task.family) || []), row.difference]);
  const differences = [...families.values()].map(mean);
  return { rows, mean: mean(differences), interval: interval(differences), p: differences.length ? turned(differences) : 1, families: differences.length };
}
