// Two models: who wins where, by how much, and with which certainty.
function verdictOf(found, first, second, where) {
  if (!found.families) return `No task ${where} was met by both.`;
  const [better, worse] = found.mean < 0 ? [first, second] : [second, first];
  const size = `${Math.abs(found.mean).toFixed(2)}${found.interval ? ` [${found.interval.map((each) => each.toFixed(2)).join(", ")}] for ${first} less ${second}` : ""}`;
  const sure = found.p <= 0.05 ? `${better} is better than ${worse}` : `neither is surely better; ${better} has the better mean`;
  return `Over ${counted(found.families, "family")} of tasks ${sure}: mean difference of log scores ${size}; p = ${found.p < 0.001 ? "below 0.001" : found.p.toFixed(3)}, from signs turned by chance.`;
}

function duelSection(board, first, second, where) {
  const found = duel(voting(board, where), first, second, where);
  const wins = found.rows.filter((row) => row.difference < -0.05).length, losses = found.rows.filter((row) => row.difference > 0.05).length;
  const said = (name) => (row) => {
    const cell = cellOf(row.task, name);
    return cellLink(cell, cell.applies ? `${brieflySaid(cell.nrmse(where))}${solves(cell, where) ? " \u2713" : ""}` : "n/a");
  };
  const value = (name) => (row) => {
    const nrmse = cellOf(row.task, name).nrmse(where);
    return typeof nrmse === "string" ? Infinity : nrmse;
  };
  return section(`${where === "outside" ? "Outside" : "Inside"} the training range`,
    element("p", { class: "verdict" }, verdictOf(found, first, second, where)),
    element("p", {}, `${first} is ahead on ${wins}, ${second} on ${losses}, and on ${found.rows.length - wins - losses} of ${counted(found.rows.length, "task")} they are within 12 % of each other.`),
    sortable({
      name: `${first}-${second}-${where}`, label: `tasks ${where}`, rows: [...found.rows].sort((a, b) => a.difference - b.difference), columns: [
        { title: "task", text: true, value: (row) => row.task.name, show: (row) => taskLink(row.task) },
        { title: "kind", text: true, value: (row) => row.task.classes[0] ?? null, show: (row) => row.task.classes.join(", ") },
        { title: first, value: value(first), show: said(first) }, { title: second, value: value(second), show: said(second) },
        { title: "difference of log scores", value: (row) => row.difference, show: (row) => row.difference.toFixed(2), hint: `below 0 ${first} is better; -1 is an error ten times smaller` },
      ],
    }));
}

function compareView({ parts, chosen }, redraw) {
  if (MODELS.length < 2) return [element("p", {}, "There are no two models to compare.")];
  const [first, second] = [parts[1] || MODELS[0].name, parts[2] || MODELS[1].name];
  for (const name of [first, second]) if (!MODEL.has(name)) return [unknown("model", name, [...MODEL.keys()])];
  const board = BOARD.get(chosen.get("suite") ?? FRONT.name) ?? FRONT;
  const names = MODELS.map((model) => [model.name, model.name]).sort(([a], [b]) => a.localeCompare(b));
  return [
    element("div", { class: "controls" },
      choice("Model", names, first, (name) => redraw({}, ["compare", name, second]), { id: "first" }), choice("against", names, second, (name) => redraw({}, ["compare", first, name]), { id: "second" }),
      choice("on", BOARDS.map((each) => [each.name, each.name || "all that is here"]), board.name, (name) => redraw({ suite: name }), { id: "suite" })),
    element("p", {}, modelLink(first), `: ${MODEL.get(first).title}. `, modelLink(second), `: ${MODEL.get(second).title}.`),
    duelSection(board, first, second, "outside"), duelSection(board, first, second, "inside"),
    element("p", { class: "hint" }, "Errors are the median RMSE over the seeds, in sd of y; \u2713: most seeds solve it. A task that a model does not apply to counts as answered by the constant. Every family of near copies weighs as much as another."),
  ];
}
