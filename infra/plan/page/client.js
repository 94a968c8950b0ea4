// What the page does when it is clicked or searched. It reads what the page brings along, and asks nobody.
const boxes = JSON.parse(document.getElementById("plan-data").textContent);
const picture = document.querySelector(".architecture");
const inside = document.getElementById("inside");
const title = inside.querySelector("h2");
const list = document.getElementById("resources");
const search = document.getElementById("search");
const found = document.getElementById("found");

const MOST = 300;

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const shapeOf = (id) => [...picture.querySelectorAll(".box")].find((shape) => shape.dataset.box === id);

function leaves(value, path, into) {
  const isObject = typeof value === "object" && value !== null;
  if (isObject && (value.$secret || value.$unknown))
    into.push([path, value.$secret ? "a secret" : "known after deployment", true]);
  else if (isObject && value.$resource) into.push([path, value.$resource, true]);
  else if (isObject && Object.keys(value).length > 0)
    for (const [key, inner] of Object.entries(value))
      leaves(inner, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key, into);
  else into.push([path, typeof value === "string" ? value : JSON.stringify(value), false]);
  return into;
}

function resourceElement({ name, type, marks, inputs, options }) {
  const summary = element(
    "summary",
    {},
    element("b", {}, name),
    element("code", {}, type),
    ...marks.map((mark) => element("i", {}, mark)),
  );
  const details = element("details", { class: "resource" }, summary);
  // Made when it is opened: there are hundreds.
  details.addEventListener(
    "toggle",
    () => {
      const rows = [...leaves(inputs, "", []), ...leaves(options, "option", [])].map(([path, text, mark]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, path || "–"),
          element("td", mark ? { class: "mark" } : {}, text),
        ),
      );
      details.append(element("table", {}, element("tbody", {}, ...rows)));
    },
    { once: true },
  );
  return details;
}

function show(heading, resources) {
  title.textContent = heading;
  list.replaceChildren(...resources.slice(0, MOST).map(resourceElement));
}

function choose(id) {
  const box = boxes.find((one) => one.id === id);
  if (!box) return;
  search.value = "";
  mark(new Set());
  for (const shape of picture.querySelectorAll(".chosen")) shape.classList.remove("chosen");
  shapeOf(id)?.classList.add("chosen");
  picture.classList.add("choosing");
  for (const arrow of picture.querySelectorAll(".arrow")) {
    arrow.classList.toggle("needs", arrow.dataset.from === id);
    arrow.classList.toggle("needed", arrow.dataset.to === id);
  }
  found.textContent = "";
  show(`${box.label} of ${box.stack}: ${box.resources.length}`, box.resources);
}

function mark(ids) {
  for (const shape of picture.querySelectorAll(".box"))
    shape.classList.toggle("hit", ids.has(shape.dataset.box));
}

function clear() {
  picture.classList.remove("choosing");
  for (const shape of picture.querySelectorAll(".chosen")) shape.classList.remove("chosen");
}

function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  clear();
  if (words.length === 0) {
    mark(new Set());
    found.textContent = "";
    show("Inside", []);
    return;
  }
  const hits = boxes.flatMap((box) =>
    box.resources
      .filter((resource) => {
        const all = `${box.stack} ${box.label} ${JSON.stringify(resource)}`.toLowerCase();
        return words.every((word) => all.includes(word));
      })
      .map((resource) => ({
        box: box.id,
        resource: { ...resource, name: `${box.stack} · ${resource.name}` },
      })),
  );
  mark(new Set(hits.map(({ box }) => box)));
  found.textContent = `${hits.length} found${hits.length > MOST ? `, the first ${MOST} shown` : ""}`;
  show(
    "Found",
    hits.map(({ resource }) => resource),
  );
}

picture.addEventListener("click", (event) => {
  const shape = event.target.closest(".box");
  if (!shape) {
    clear();
    return;
  }
  event.preventDefault();
  choose(shape.dataset.box);
});
search.addEventListener("input", () => find(search.value));
