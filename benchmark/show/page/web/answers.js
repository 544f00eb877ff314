// The findings: questions that people asked, each settled by experiment, with its evidence and the command that runs it again.
const SUBJECTS = [...new Set(DATA.answers.map((each) => each.subject))];
const SYMPTOMS = [...new Set(DATA.answers.flatMap((each) => each.symptoms))].sort();

const sourceWords = ({ source: [title, url] }) => element("a", { href: url, rel: "noreferrer" }, title);

function answerPart(each) {
  const evidence = each.missing.length ? [element("p", {}, `Missing: ${each.missing.join(", ")}.`)] : [
    sortable({ name: `${each.name}-statements`, label: "statements", rows: each.checks, columns: ["statement", "measured", "holds"].map((title, place) => ({ title, text: true, show: (row) => long(row[place]) })) }),
    sortable({ name: `${each.name}-evidence`, label: "evidence", rows: each.figures, columns: [
      { title: "evidence", text: true, show: (row) => long(row[0]) }, { title: "median", show: (row) => row[1] },
      { title: "95 % interval", show: (row) => `${row[2]} to ${row[3]}` }, { title: "seeds", show: (row) => row[4] }] }),
  ];
  return [
    element("p", { class: "answer" }, element("strong", {}, `${each.short[0].toUpperCase()}${each.short.slice(1)}.`), ` ${each.sentence}`),
    element("p", {}, element("em", {}, "Claim"), ` (${each.raised ? "raised by " : ""}`, sourceWords(each), "), ", element("strong", {}, each.verdict), `: ${each.claim}`),
    ...(each.note ? [element("p", {}, element("em", {}, "As it was run"), `: ${each.note}`)] : []),
    ...(each.picture ? [element("figure", {}, element("img", { src: `data:image/svg+xml,${encodeURIComponent(each.picture)}`, alt: `${each.alt}. The numbers stand in the tables below.`, loading: "lazy" }))] : []),
    ...evidence,
    ...(each.see ? [element("p", {}, `See also ${each.see}.`)] : []),
    section("Run it again", element("pre", {}, each.commands.join("\n"))),
  ];
}

function answersView({ parts, chosen }, redraw, remembered) {
  if (!DATA.answers.length) return [element("p", {}, "No finding has its cells here.")];
  if (parts[1]) {
    const each = DATA.answers.find(({ name }) => name === parts[1]);
    if (!each) return [unknown("answer", parts[1], DATA.answers.map(({ name }) => name))];
    return [element("p", {}, link(["answers"], {}, "All answers"), " \u203a ", link(["answers"], { subject: each.subject }, each.subject)), ...answerPart(each)];
  }
  const host = element("div");
  const input = element("input", { type: "search", placeholder: "ReLU, outside, loss ...", autocomplete: "off", id: "words" });
  input.value = chosen.get("words") || "";
  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [subject, symptom] = [here().chosen.get("subject"), here().chosen.get("symptom")];
    const text = (each) => [each.question, each.short, each.sentence, each.claim, each.subject, ...each.symptoms, each.source[0], ...each.checks.flat()].join(" ").toLowerCase();
    const found = DATA.answers.filter((each) => (!subject || each.subject === subject) && (!symptom || each.symptoms.includes(symptom)) && words.every((word) => text(each).includes(word)));
    host.replaceChildren(element("p", { class: "count", role: "status" }, counted(found.length, "answer")),
      ...found.map((each) => element("article", {}, element("h3", {}, link(["answers", each.name], {}, each.question)),
        element("p", {}, element("strong", {}, `${each.short[0].toUpperCase()}${each.short.slice(1)}.`), ` ${each.sentence}`),
        element("p", { class: "hint" }, `${each.subject} \u00b7 ${each.symptoms.join(", ")} \u00b7 claim ${each.verdict}`))));
  };
  const changed = (name) => (value) => {
    remembered({ [name]: value });
    draw();
  };
  input.addEventListener("input", () => changed("words")(input.value));
  draw();
  return [
    element("div", { class: "controls" }, element("label", { class: "field" }, element("span", {}, "Search"), input),
      choice("Subject", [["", "any"], ...SUBJECTS.map((each) => [each, each])], chosen.get("subject") ?? "", changed("subject")),
      choice("What you see", [["", "anything"], ...SYMPTOMS.map((each) => [each, each])], chosen.get("symptom") ?? "", changed("symptom"))), host,
  ];
}
