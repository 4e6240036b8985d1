// The least that can be done: the same questions with the same buttons, without any framework.

const RESULTS = { pass: "符合", fail: "不符合", not_applicable: "不适用", not_checked: "未检查" };
const main = document.querySelector("main");
const database = opened();
let lists = {};

for (const length of [40, 200]) {
  const button = element("button", { type: "button", id: `open-${length}` }, `打开 ${length} 项`);
  button.addEventListener("click", () => show(lists[length]));
  main.append(button);
}
lists = await (await fetch("checklists.json")).json();

function show(sections) {
  main.replaceChildren(...sections.map(section));
  main.addEventListener("click", answer);
}

function section({ title, items }) {
  const count = element("span", { class: "count" }, `0/${items.length}`);
  const head = element("h2", {}, title, count);
  return element("section", {}, head, ...items.map(card));
}

function card({ code, mark, focus, question, hint }) {
  const words = element("span", {}, element("b", {}, code), " ");
  if (mark) words.append(element("i", { role: "img", "aria-label": mark }, mark), " ");
  if (focus) words.append(element("span", {}, "重点"), " ");
  words.append(question);
  const id = `ask/${code}`;
  const head = element("button", { type: "button", id, class: "ask-head", "aria-expanded": "false" }, words);
  const answers = element("fieldset", { "aria-labelledby": id });
  for (const [value, name] of Object.entries(RESULTS)) {
    answers.append(element("button", { type: "button", value, "aria-pressed": "false" }, name));
  }
  const parts = hint ? [head, element("p", {}, hint), answers] : [head, answers];
  return element("article", { class: "ask", "data-code": code }, ...parts);
}

async function answer({ target }) {
  if (target.closest("fieldset") === null || target.value === "") return;
  for (const one of target.parentElement.children) {
    one.setAttribute("aria-pressed", String(one === target));
  }
  const around = target.closest("section");
  const answered = around.querySelectorAll('[aria-pressed="true"]').length;
  around.querySelector(".count").textContent = `${answered}/${around.querySelectorAll(".ask").length}`;
  const change = (await database).transaction("answers", "readwrite", { durability: "strict" });
  change.objectStore("answers").put(target.value, target.closest("article").dataset.code);
}

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("plain");
    asked.onupgradeneeded = () => asked.result.createObjectStore("answers");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
