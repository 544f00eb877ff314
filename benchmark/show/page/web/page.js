// Ties the views together: the address decides what is shown; the header leads to each, and finds a name.
const VIEWS = {
  start: { title: () => "fnbench", draw: startView },
  choose: { title: () => "Which model?", draw: chooseView },
  board: { title: ({ parts }) => `Board ${parts[1] ?? FRONT?.name ?? ""}`, draw: boardView },
  tasks: { title: () => "Tasks", draw: tasksView },
  task: { title: ({ parts }) => parts[1] ?? "Task", draw: taskView },
  cell: { title: ({ parts }) => `${parts[2] ?? ""} on ${parts[1] ?? ""}`, draw: cellView },
  model: { title: ({ parts }) => parts[1] ?? "Model", draw: modelView },
  compare: { title: () => "Compare two models", draw: compareView },
  calibration: { title: ({ parts }) => PRINTED.find(({ name }) => name === parts[1])?.what ?? "Calibration", draw: calibrationView },
  answers: { title: ({ parts }) => DATA.answers.find(({ name }) => name === parts[1])?.question ?? "Answers", draw: answersView },
};
const TABS = { start: "start", choose: "choose", board: "board", tasks: "tasks", task: "tasks", cell: "tasks", model: "board", compare: "compare", answers: "answers", calibration: "calibration" };

function show(focused) {
  const state = here();
  const name = state.parts.length ? state.parts[0] : "start";
  const view = VIEWS[name];
  // The other choices stay as they are; an empty one goes.
  const remembered = (changes, parts = null) => {
    const now = here();
    remember(parts ?? now.parts, { ...Object.fromEntries(now.chosen), ...changes });
  };
  const redraw = (changes, parts = null) => {
    const { id, name: named, value } = document.activeElement;
    remembered(changes, parts);
    show(false);
    const again = (id && byId(id)) || (named && document.querySelector(`[name="${CSS.escape(named)}"][value="${CSS.escape(value)}"]`)) || (value && document.querySelector(`#models input[value="${CSS.escape(value)}"]`));
    if (again) again.focus();
  };
  const title = view ? view.title(state) : "Not here";
  const heading = element("h2", { tabindex: -1, id: "title" }, title);
  const body = view ? view.draw(state, redraw, remembered) : [unknown("view", name, Object.keys(VIEWS))];
  byId("view").replaceChildren(...(name === "start" ? [] : [heading]), ...body);
  document.title = name === "start" ? "fnbench: which model learns which simple function" : `${title} \u00b7 fnbench`;
  for (const tab of document.querySelectorAll("nav a")) {
    if (tab.dataset.view === TABS[name]) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  for (const part of byId("view").querySelectorAll("div")) if (part.draw) part.draw();
  if (focused) {
    window.scrollTo(0, 0);
    (name === "start" ? byId("view") : heading).focus({ preventScroll: true });
  }
}

const THEMES = [["", "system"], ["dark", "dark"], ["light", "light"]];
byId("theme").addEventListener("click", () => {
  const now = THEMES.findIndex(([name]) => name === (document.documentElement.dataset.theme || ""));
  const [name, words] = THEMES[(now + 1) % THEMES.length];
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  byId("theme").textContent = `Theme: ${words}`;
});

// A name of a model or a task leads to it; any other words are looked for among the answers.
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = byId("found").value.trim();
  if (!words) return;
  const kind = MODEL.has(words) ? "model" : TASK.has(words) ? "task" : null;
  location.hash = kind ? linkTo([kind, words]) : linkTo(["answers"], { words });
});
byId("names").append(...MODELS.map((model) => element("option", { value: model.name }, model.title)), ...TASKS.map((task) => element("option", { value: task.name }, task.title)));
byId("notices").replaceChildren(...DATA.notices.map((notice) => element("p", { class: "notice" }, notice)));
window.addEventListener("hashchange", () => show(true));
let width = window.innerWidth;
window.addEventListener("resize", () => {
  // Phones report a resize when their address bar slides away.
  if (window.innerWidth !== width) show(false);
  width = window.innerWidth;
});
show(false);
document.documentElement.dataset.ready = "yes";
