/* The page around the verifier: takes the files, runs a worker, shows each check as it comes. */
"use strict";

(() => {
  const CLASSES = { 符合: "right", 不符: "wrong", 未查: "unchecked" };
  const verdict = document.getElementById("verdict");
  const table = document.getElementById("checks");
  const drop = document.getElementById("drop");
  const names = [...document.querySelectorAll("#names li")];
  const files = {};
  const script = new URL("sjc-verify.js", document.baseURI);
  let worker = null;

  function say(text, kind = "") {
    verdict.textContent = text;
    verdict.className = kind;
  }

  function showCheck({ what, verdict: found, detail }) {
    const row = table.tBodies[0].insertRow();
    row.className = CLASSES[found];
    for (const text of [found, what, detail]) row.insertCell().textContent = text;
    table.hidden = false;
  }

  function showReport(report) {
    const wrong = report.checks.filter((check) => check.verdict === "不符").length;
    if (wrong) say(`结论：不符，共 ${wrong} 处。`, "wrong");
    else if (report.isVoid) say("结论：已作废的抽取，已核查的部分全部符合。", "right");
    else {
      const level = report.levelName ? `保证等级 ${report.levelName}。` : "";
      say(`结论：已核查的部分全部符合。${level}`, "right");
    }
  }

  /* Pages opened from a disk may not start workers; then the same program runs in the page. */
  function start(given) {
    const here = () => setTimeout(() => showReport(SjcVerify.verify(given, showCheck)), 50);
    if (worker) worker.terminate();
    try {
      worker = new Worker(script);
    } catch {
      worker = null;
      here();
      return;
    }
    worker.onmessage = ({ data }) => (data.check ? showCheck(data.check) : showReport(data.report));
    worker.onerror = () => {
      worker.terminate();
      worker = null;
      table.tBodies[0].replaceChildren();
      here();
    };
    worker.postMessage(given);
  }

  async function take(list) {
    const unknown = [];
    const known = names.map((item) => item.dataset.name);
    for (const file of list) {
      if (!known.includes(file.name)) { unknown.push(file.name); continue; }
      try {
        files[file.name] = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      } catch {
        say(`${file.name} 无法读取，或不是 UTF-8 编码。`, "wrong");
        return;
      }
    }
    for (const item of names) item.classList.toggle("given", item.dataset.name in files);
    table.tBodies[0].replaceChildren();
    table.hidden = true;
    const missing = ["certificate.json", "pool.txt"].filter((name) => !(name in files));
    if (unknown.length) say(`不认识的文件：${unknown.join("、")}。请保持公布时的文件名。`, "wrong");
    else if (missing.length) say(`还缺 ${missing.join("、")}。`);
    else {
      say("正在核验……");
      start({ ...files });
    }
  }

  document.getElementById("files").addEventListener("change", (event) => {
    take([...event.target.files]).finally(() => { event.target.value = ""; });
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
})();
