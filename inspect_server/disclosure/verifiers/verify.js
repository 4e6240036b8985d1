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
  const certificates = new Set(); // of all draws given since the page was opened, each version
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

  /* What is not named as it was published is known by what it says of itself. */
  function read(text) {
    try {
      return SjcForms.parse(text.replace(/^\ufeff/, ""));
    } catch {
      return {};
    }
  }

  function commitOf(text) {
    return String(text === undefined ? "" : read(text).commit);
  }

  /* Another certificate begins another draw: what was given for the one before is put away. */
  function begin(given) {
    const text = given["certificate.json"], before = files["certificate.json"];
    if (text === undefined) return;
    if (before !== undefined && commitOf(before) !== commitOf(text)) {
      for (const name of Object.keys(files)) delete files[name];
    }
    certificates.add(text);
  }

  function others() {
    const found = [...certificates].filter((text) => text !== files["certificate.json"]);
    return found.length ? { others: found } : {};
  }

  async function take(list) {
    const unknown = [], given = {};
    const known = names.map((item) => item.dataset.name);
    for (const file of list) {
      const isKnown = known.includes(file.name);
      if (!isKnown && !/\.json$/i.test(file.name)) { unknown.push(file.name); continue; }
      try {
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        const text = decoder.decode(await file.arrayBuffer());
        const { kind, commit_body: body } = isKnown ? {} : read(text);
        if (isKnown) given[file.name] = text;
        else if (kind === SjcProof.KIND) given["proof.json"] = text;
        else if (body) certificates.add(text);
        else unknown.push(file.name);
      } catch {
        say(`${file.name} 无法读取，或不是 UTF-8 编码。`, "wrong");
        return;
      }
    }
    begin(given);
    Object.assign(files, given);
    for (const item of names) item.classList.toggle("given", item.dataset.name in files);
    table.tBodies[0].replaceChildren();
    table.hidden = true;
    showOwn([]);
    const needed = "proof.json" in files ? ["certificate.json"] : ["certificate.json", "pool.txt"];
    const missing = needed.filter((name) => !(name in files));
    unused = unknown.length ? `没有用到 ${unknown.join("、")}。` : "";
    if (missing.length && unknown.some((name) => /\.zip$/i.test(name))) {
      say(`${unknown.join("、")} 是压缩包，请先解压，再一次选择或者拖入其中的全部文件。`, "wrong");
    } else if (missing.length && unused) {
      say(`不认识的文件：${unknown.join("、")}。请保持公布时的文件名。还缺 ${missing.join("、")}。`, "wrong");
    } else if (missing.length) say(`还缺 ${missing.join("、")}。`);
    else {
      say("正在核验……");
      start({ ...files, ...others() });
    }
  }

  document.getElementById("files").addEventListener("change", (event) => {
    take([...event.target.files]).finally(() => { event.target.value = ""; });
  });
  /* On the whole page: beside the box the browser would leave it and open the file. */
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, () => drop.classList.remove("over"));
  }
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  document.getElementById("back").hidden = !location.protocol.startsWith("http"); // a copy on a disk has no site
})();
