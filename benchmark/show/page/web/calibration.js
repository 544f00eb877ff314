// Published figures beside ours: each with its band, its verdict and what explains it, by the study that printed it.
const PRINTED = DATA.calibration.studies.flatMap((study) => study.figures.map((figure) => ({ ...figure, study })));

function figuresTable(name, rows) {
  return sortable({ name, label: "published figures", rows, columns: [
    { title: "figure", text: true, show: (row) => long(link(["calibration", row.name], {}, row.what)) },
    { title: "published", text: true, show: (row) => row.published }, { title: "ours", text: true, show: (row) => row.ours },
    { title: "band", text: true, show: (row) => row.band }, { title: "verdict", text: true, show: (row) => row.verdict }] });
}

function figurePart(figure) {
  const { study } = figure;
  const rows = [["published", [figure.published, figure.over].filter(Boolean).join(", ")], ["exact", figure.exact], ["ours", figure.ours],
    ["seeds", figure.seeds], ["band", figure.band], ["why this band", figure.why], ["verdict", figure.verdict]].filter(([, value]) => value);
  return [
    element("p", {}, link(["calibration"], {}, "All figures"), " \u203a ", study.name),
    sortable({ name: `${figure.name}-figure`, label: figure.what, rows, columns: [
      { title: "what", text: true, show: ([title]) => title }, { title: "value", text: true, show: ([, value]) => long(value) }] }),
    ...(figure.reason ? [element("p", {}, element("em", {}, "Why"), `: ${figure.reason}`)] : []),
    ...(figure.experiments.length ? [section("With one thing changed", sortable({ name: `${figure.name}-experiments`, label: "experiments", rows: figure.experiments, columns: [
      { title: "changed", text: true, show: ([changed]) => long(changed) }, { title: "ours", text: true, show: ([, ours]) => ours }, { title: "in the band", text: true, show: ([, , within]) => within }] }))] : []),
    element("p", {}, element("a", { href: study.source[1], rel: "noreferrer" }, study.source[0]), `, ${study.place}`),
    element("p", {}, element("em", {}, "Protocol"), `: ${study.protocol}`),
    element("p", {}, element("em", {}, "What differs here"), `: ${study.differs}`),
    section("Run it again", element("pre", {}, study.commands.join("\n"))),
  ];
}

function calibrationView({ parts }) {
  if (!PRINTED.length) return [element("p", {}, "No published figure was measured here.")];
  if (parts[1]) {
    const figure = PRINTED.find(({ name }) => name === parts[1]);
    return figure ? figurePart(figure) : [unknown("figure", parts[1], PRINTED.map(({ name }) => name))];
  }
  return [
    element("p", { class: "lead" }, "Figures that others have published, measured here, side by side. Both count as equal in a band that was written down before the run that is shown; of many, trial runs had been seen."),
    element("p", { class: "count", role: "status" }, `${counted(PRINTED.length, "figure")}: ${DATA.calibration.counts}`),
    ...DATA.calibration.studies.map((study) => section(`${study.name[0].toUpperCase()}${study.name.slice(1)}`, figuresTable(study.name, study.figures))),
    section("Run all of it again", element("pre", {}, DATA.calibration.command)),
  ];
}
