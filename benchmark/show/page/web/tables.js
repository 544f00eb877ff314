// Tables that sort by a click on a heading, show a part and more when asked, and can be taken home as CSV.
const PART = 200;

// What is missing stands last, whichever way the rest is sorted.
function ordered(rows, column, descending) {
  const compare = (left, right) => {
    const [a, b] = [column.value(left) ?? null, column.value(right) ?? null];
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : Math.sign(a - b) || 0;
    return descending ? -order : order;
  };
  return [...rows].sort(compare);
}

function csvOf(table) {
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${[...table.rows].map((row) => [...row.cells].map((cell) => quoted((cell.dataset.csv ?? cell.textContent).trim())).join(",")).join("\n")}\n`;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  element("a", { href: address, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function downloadButton(name, table) {
  const button = element("button", { type: "button", class: "download" }, "Download as CSV");
  button.addEventListener("click", () => download(name, csvOf(table())));
  return button;
}

const scrolling = (label, ...children) => element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, ...children);

// spec: name, label, columns [{title, text, value(row), show(row), hint}], rows, sorted (place of a column), descending, className(row)
function sortable(spec) {
  const state = { sorted: spec.sorted ?? -1, descending: spec.descending ?? false, shown: PART };
  const table = element("table", {}, element("thead"), element("tbody"));
  const more = element("button", { type: "button" }, "Show more");
  const kind = (column) => (column.text ? "text" : null);
  const headings = spec.columns.map((column, place) => {
    const button = element("button", { type: "button" }, column.title);
    button.addEventListener("click", () => {
      state.descending = state.sorted === place && !state.descending;
      state.sorted = place;
      draw();
    });
    return element("th", { scope: "col", class: kind(column), title: column.hint ?? null }, column.value ? button : column.title);
  });
  table.tHead.append(element("tr", {}, ...headings));
  function draw() {
    const rows = state.sorted < 0 ? spec.rows : ordered(spec.rows, spec.columns[state.sorted], state.descending);
    table.tBodies[0].replaceChildren(...rows.slice(0, state.shown).map((row) => element("tr", { class: spec.className ? spec.className(row) : null },
      ...spec.columns.map((column, place) => element(place ? "td" : "th", { class: kind(column), scope: place ? null : "row" }, column.show(row) ?? "")))));
    headings.forEach((heading, place) => heading.setAttribute("aria-sort", place !== state.sorted ? "none" : state.descending ? "descending" : "ascending"));
    more.hidden = rows.length <= state.shown;
  }
  more.addEventListener("click", () => {
    state.shown += 5 * PART;
    draw();
  });
  draw();
  return element("div", { class: "table" }, scrolling(spec.label, table), element("p", { class: "controls" }, more, downloadButton(spec.name, () => table)));
}

function errorText(cell, where) {
  const figures = cell.errors[where];
  if (!figures) return "";
  const said = (value) => (Number.isFinite(value) ? plain(value) : cell.failure);
  // Where the best seed of them failed, all has been said.
  if (!cell.spread || figures[1] === null || !Number.isFinite(figures[1])) return said(figures[0]);
  const [low, high] = [said(figures[1]), said(figures[2])];
  const whole = document.createDocumentFragment();
  whole.append(said(figures[0]), element("span", { class: "interval" }, cell.spread === "range" ? ` (${low} to ${high})` : ` [${low}, ${high}]`));
  return whole;
}

// A failed seed is worse than any number.
const errorValue = (where) => (cell) => (cell.errors[where] ? cell.errors[where][0] : null);

function pairs(entries) {
  const parts = entries.filter(([, value]) => value !== null && value !== undefined && value !== "").flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, typeof value === "number" ? plain(value) : value),
  ]);
  return element("dl", {}, ...parts);
}

function choice(label, options, value, changed, extra = {}) {
  const select = element("select", extra, ...options.map(([name, words]) => element("option", { value: name }, words)));
  select.value = value;
  select.addEventListener("change", () => changed(select.value));
  return element("label", { class: "field" }, element("span", {}, label), select);
}

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}
