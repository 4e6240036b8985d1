/* The page around the verifier: takes the files, runs a worker, shows each check as it comes. */
"use strict";

(() => {
  const CLASSES = { 符合: "right", 不符: "wrong", 未查: "unchecked" };
  const verdict = document.getElementById("verdict");
  const table = document.getElementById("checks");
  const own = document.getElementById("own");
  const drop = document.getElementById("drop");
  const names = [...document.querySelectorAll("#names li")];
  const files = {};
  const script = new URL("sjc-verify.js", document.baseURI);
  let worker = null, unused = "";

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

  function showOwn(sentences) {
    own.hidden = !sentences.length;
    own.querySelector("ul").replaceChildren(...sentences.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }

  function showReport(report) {
    showOwn(report.said);
    const wrong = report.checks.filter((check) => check.verdict === "不符").length;
    if (wrong) say(`结论：不符，共 ${wrong} 处。${unused}`, "wrong");
    else if (report.isVoid) say(`结论：已作废的抽取，已核查的部分全部符合。${unused}`, "right");
    else {
      const level = report.levelName ? `保证等级 ${report.levelName}。` : "";
      say(`结论：已核查的部分全部符合。${level}${unused}`, "right");
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

  /* A proof is known by what it says of itself: its file is named after the enterprise. */
  function isProof(text) {
    try {
      return SjcForms.parse(text.replace(/^\ufeff/, "")).kind === SjcProof.KIND;
    } catch {
      return false;
    }
  }

  async function take(list) {
    const unknown = [];
    const known = names.map((item) => item.dataset.name);
    for (const file of list) {
      const isKnown = known.includes(file.name);
      if (!isKnown && !/\.json$/i.test(file.name)) { unknown.push(file.name); continue; }
      try {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
        if (isKnown) files[file.name] = text;
        else if (isProof(text)) files["proof.json"] = text;
        else unknown.push(file.name);
      } catch {
        say(`${file.name} 无法读取，或不是 UTF-8 编码。`, "wrong");
        return;
      }
    }
    for (const item of names) item.classList.toggle("given", item.dataset.name in files);
    table.tBodies[0].replaceChildren();
    table.hidden = true;
    showOwn([]);
    const needed = "proof.json" in files ? ["certificate.json"] : ["certificate.json", "pool.txt"];
    const missing = needed.filter((name) => !(name in files));
    unused = unknown.length ? `没有用到 ${unknown.join("、")}。` : "";
    if (missing.length && unused) {
      say(`不认识的文件：${unknown.join("、")}。请保持公布时的文件名。还缺 ${missing.join("、")}。`, "wrong");
    } else if (missing.length) say(`还缺 ${missing.join("、")}。`);
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
