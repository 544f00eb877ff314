// Everything that is kept of one cell, in a dialog: all seeds, settings, versions, reasons.
function pairs(entries) {
  const parts = entries.filter(([, value]) => value !== null && value !== "").flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, typeof value === "number" ? plain(value) : String(value)),
  ]);
  return element("dl", {}, ...parts);
}

function seedTable(cell) {
  const quantities = [...new Set(cell.seeds.flatMap((seed) => Object.keys(seed.quantities)))];
  const edges = TASKS.get(cell.task).ladder.slice(1).map((edge) => `to ${plain(edge)}`);
  const titles = ["seed", "status", "inside", "outside", ...edges, ...quantities, "reason"];
  const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
  const rows = cell.seeds.map((seed) => {
    const shells = edges.map((_, place) => plain(seed.shells[place]));
    const measured = quantities.map((name) => plain(seed.quantities[name]));
    const texts = [String(seed.seed), seed.status, plain(seed.inside), plain(seed.outside), ...shells, ...measured];
    const parts = texts.map((text) => element("td", {}, text));
    return element("tr", {}, ...parts, element("td", { class: "long" }, seed.reason));
  });
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "every seed" },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

function openCell(cell) {
  const task = TASKS.get(cell.task);
  const parts = [
    element("h2", { id: "cell-title" }, `${cell.model} on ${cell.task}`),
    pairs([
      ["task", task.title], ["formula", task.formula], ["trained on", task.trained], ["outside", task.outside],
      ["model", cell.title], ["source", cell.source], ["defined in", cell.origin], ["verdict", cell.verdict],
      ["seeds that solve the inside, and both regions", cell.solved && `${cell.solved[0]}, ${cell.solved[1]} of ${cell.solved[2]}`],
      ["outside it", cell.behaviour], ["horizon", horizon(cell) && `${horizon(cell)} ${task.unit}`.trim()],
      ["log score inside", cell.scores[0]], ["log score outside", cell.scores[1]],
      ["fit seconds", seconds(cell, "fit")], ["predict seconds", seconds(cell, "predict")], ...Object.entries(cell.quantities),
    ]),
  ];
  if (cell.kind === "reference") {
    parts.push(pairs([["inside RMSE", cell.inside[0]], ["outside RMSE", cell.outside[0]]]));
  } else if (cell.packed) {
    parts.push(pairs([["inside RMSE", cell.inside && cell.inside[0]], ["outside RMSE", cell.outside && cell.outside[0]]]));
    parts.push(element("p", { class: "hint" }, "This page holds no more of this cell. Its interval stands in leaderboard.csv, its "
      + `seeds, settings and versions in the folder of the suite, in ${cell.model}.csv and ${cell.model}.json.`));
  } else {
    parts.push(element("h3", {}, "Seeds"), seedTable(cell));
    parts.push(element("h3", {}, "Settings"), Object.keys(cell.settings).length
      ? pairs(Object.entries(cell.settings).map(([name, value]) => [name, String(value)])) : element("p", {}, "none recorded"));
    if (Object.keys(cell.notes).length) parts.push(element("h3", {}, "Notes"), pairs(Object.entries(cell.notes)));
    parts.push(element("h3", {}, "Made with"), pairs([["machine", cell.machine], ["commit", cell.commit],
      ["task version", String(cell.versions[0])], ["model version", String(cell.versions[1])], ...Object.entries(cell.packages)]));
  }
  byId("cell-body").replaceChildren(...parts);
  byId("cell").showModal();
  byId("cell").scrollTop = 0;
}

byId("close").addEventListener("click", () => byId("cell").close());
// A click beside the dialog closes it, as people expect.
byId("cell").addEventListener("click", (event) => {
  if (event.target === byId("cell")) byId("cell").close();
});
