"use strict";
// Small helpers: elements, numbers in words, the data. Everything that came from a plugin is set as text, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

// Four significant digits, as in leaderboard.md; a figure of a failed seed is a word already.
function plain(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1000) return String(Number(value.toPrecision(4)));
  if (size >= 1000 && size < 1e5) return Math.round(value).toLocaleString("en-US");
  return value.toExponential(3).replace("+", "");
}

// A star marks the figures of another machine.
function seconds(row, phase) {
  const value = row[phase];
  if (value === null || value === undefined) return "";
  return (value < 10 ? String(Number(value.toPrecision(2))) : value.toFixed(0)) + (row.elsewhere ? "*" : "");
}

function ratio(row) {
  if (row.ratio === null) return "";
  const words = row.ratio < 10 ? String(Number(row.ratio.toPrecision(2))) : Math.round(row.ratio).toLocaleString("en-US");
  return `${words}x${row.elsewhere ? "*" : ""}`;
}

// Seconds at 1,000 rows of 2 features, and the powers that they grow with.
function cost(row) {
  const measured = seconds(row, "cost");
  return [measured && `${measured} s`, row.growth].filter(Boolean).join(", ");
}

const TASKS = new Map(DATA.tasks.map((task) => [task.name, task]));
const MODELS = DATA.models;
const SIGNS = new Map(MODELS.map((model, place) => [model.name, place]));

// A packed cell, as page_cells.py writes it, with the fields of a whole one; seeds and settings are not in this file.
function unpacked(task, figures) {
  const [contender, inside, outside, solvedInside, solvedBoth, counted, verdict, behaviour, horizon, ...rest] = figures;
  const [scoreInside, scoreOutside, fit, predict, elsewhere, curve, distance] = rest;
  const { kind, name, title } = DATA.contenders[contender];
  // Below 0 stands the number of a word: why there is no error.
  const error = (value) => (value === null ? null : [value < 0 ? DATA.words[-1 - value] : value]);
  const line = (ys) => ({ median: ys, low: ys, high: ys });
  const [low, high] = task.window || [0, 1];
  const failures = [inside, outside].filter((value) => value < 0 && value !== null);
  return {
    task: task.name, model: name, kind, title, source: "", origin: "", packed: true, quantities: {}, spread: "",
    inside: error(inside), outside: error(outside), verdict: DATA.words[verdict], behaviour: DATA.words[behaviour],
    failure: failures.length ? DATA.words[-1 - failures[0]] : "",
    solved: counted ? [solvedInside, solvedBoth, counted] : null, horizon, scores: [scoreInside, scoreOutside],
    fit, predict, elsewhere: Boolean(elsewhere),
    curve: curve ? line(curve.map((step) => low + (step / DATA.scale.steps) * (high - low))) : null,
    distance: distance ? line(distance) : null,
  };
}

for (const [name, rows] of Object.entries(DATA.figures)) {
  for (const figures of rows) DATA.cells.push(unpacked(TASKS.get(name), figures));
}
const CELLS = new Map(DATA.cells.map((cell) => [`${cell.task}/${cell.model}/${cell.kind}`, cell]));
const modelCell = (task, model) => CELLS.get(`${task}/${model}/model`);
const colour = (model) => `c${SIGNS.get(model) % 8}`;
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "1 2", "12 4"];
// Eight colours, and another dash for every eight models more.
const dash = (model) => DASHES[Math.floor(SIGNS.get(model) / 8) % DASHES.length];

function horizon(cell) {
  if (cell.horizon === null) return "";
  const ladder = TASKS.get(cell.task).ladder;
  return (cell.horizon >= ladder[ladder.length - 1] ? "\u2265 " : "") + plain(cell.horizon);
}

function sign(model) {
  const made = shape("svg", { class: "sign", viewBox: "0 0 26 10", "aria-hidden": "true" });
  made.append(shape("line", { class: `line ${colour(model)}`, x1: 0, x2: 26, y1: 5, y2: 5, "stroke-dasharray": dash(model), "stroke-width": 3 }));
  return made;
}
