"use strict";
// Small helpers: elements, numbers in words. Everything that came from a plugin is set as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";
const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Words or a link that may take several lines of a table's cell.
const long = (words) => element("span", { class: "long" }, words);

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

// A tree of mathml.py: the letter of an element, and texts or trees in it.
const MATH = { r: "mrow", i: "mi", n: "mn", o: "mo", t: "mtext", f: "mfrac", p: "msup", b: "msub", q: "msqrt", l: "mtable", w: "mtr", d: "mtd" };
function mathml([name, ...children]) {
  const made = document.createElementNS(MATHML, MATH[name] ?? "mrow");
  made.append(...children.map((child) => (typeof child === "string" ? child : mathml(child))));
  return made;
}

function formula(task) {
  if (!task.mathml) return element("code", {}, task.formula);
  const made = document.createElementNS(MATHML, "math");
  made.setAttribute("display", "block");
  made.append(mathml(task.mathml));
  return element("div", { class: "formula", title: task.formula }, made);
}

// Four significant digits, as in leaderboard.md; a figure of a failed seed is a word already.
function plain(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1000) return String(Number(value.toPrecision(4)));
  if (size >= 1000 && size < 1e5) return Math.round(value).toLocaleString("en-US");
  return Number(value.toPrecision(4)).toExponential().replace("+", "");
}

// A whole number, from a half the even neighbour, as in leaderboard.md.
function halfToEven(value) {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 ? up - 1 : up;
}

const percent = (share) => (share === null || Number.isNaN(share) ? "" : `${halfToEven(100 * share)} %`);
const counted = (n, noun) => `${n.toLocaleString("en-US")} ${n === 1 ? noun : `${noun}s`.replace(/ys$/, "ies")}`;

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

// The edge of the ladder that a cell holds to.
function horizon(cell) {
  if (cell.horizon === null) return "";
  const { ladder } = cell.task;
  return (cell.horizon >= ladder[ladder.length - 1] ? "\u2265 " : "") + plain(cell.horizon);
}
