// What is shown stands in the address after "#": #/view/part/part?name=value. Each can be pasted, and back leads to the one before.
function linkTo(parts, chosen = {}) {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  const path = parts.map(encodeURIComponent).join("/");
  return `#/${path}${[...query].length ? `?${query}` : ""}`;
}

function here() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const read = (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  return { parts: path.split("/").filter(Boolean).map(read), chosen: new URLSearchParams(query || "") };
}

// The same view with other choices: no new step for the back button.
function remember(parts, chosen) {
  history.replaceState(null, "", linkTo(parts, chosen));
}

const link = (parts, chosen, ...children) => element("a", { href: linkTo(parts, chosen) }, ...children);
const taskLink = (task) => link(["task", task.name], {}, task.name);
function modelLink(model) {
  const made = link(["model", model], {}, model);
  made.title = MODEL.get(model)?.title ?? "";
  return made;
}
const cellLink = (cell, ...children) => link(["cell", cell.task.name, cell.model], {}, ...(children.length ? children : [`${cell.model} on ${cell.task.name}`]));

// What is said where an address names something that is not there.
function unknown(kind, name, known) {
  const words = [`There is no ${kind} `, element("code", {}, name), ". "];
  const near = known.filter((each) => each.includes(name) || name.includes(each)).slice(0, 8);
  return element("p", { class: "notice", role: "alert" }, ...words, near.length ? `Near it: ${near.join(", ")}.` : `There are ${known.slice(0, 12).join(", ")}${known.length > 12 ? " and more" : ""}.`);
}
