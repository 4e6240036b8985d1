// Sets previews on a phone that has no network: the print pack in a worker of its own.
//
// A page starts it with `new Worker("/phone/pack/worker.js", { type: "module" })`, and is told
// {ready: true, manifest} or {error} once. Then it asks {id, question, pictures}: `question` is the
// JSON that set_preview of on_phone.py takes, `pictures` has JPEG files (ArrayBuffer) by the SHA-256
// of the original. The answer is {id, title, said_sha256, pdf} or {id, code, detail}; {id, error}
// is a mistake of the program.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const HOME = "/pack";
const text = new TextDecoder();

async function bytes(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${response.status}: ${name}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function sha256(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Start Python and lay the pack out; what is not what the manifest says starts nothing.
async function start() {
  const manifest = JSON.parse(text.decode(await bytes("manifest.json")));
  const files = new Map();
  for (const [name, said] of Object.entries(manifest.files)) {
    const content = await bytes(name);
    if ((await sha256(content)) !== said.sha256) throw new Error(`damaged: ${name}`);
    if (!name.startsWith("pyodide/")) files.set(name, content);
  }
  const python = await loadPyodide({ indexURL: "./pyodide/" });
  for (const [name, content] of files) {
    if (name.endsWith(".zip")) {
      python.unpackArchive(content, "zip", { extractDir: HOME });
    } else {
      python.FS.mkdirTree(`${HOME}/${name}`.replace(/\/[^/]*$/, ""));
      python.FS.writeFile(`${HOME}/${name}`, content);
    }
  }
  const answer = python.runPython(`
import sys
from pathlib import Path
sys.path.insert(0, "${HOME}")
from inspect_server.usecases.print_pack.on_phone import opened
_pack = opened(Path("${HOME}"))
lambda question, pictures: _pack.answer(
    question, {name: bytes(content.to_py()) for name, content in pictures.object_entries()}
)
`);
  return { answer, manifest };
}

function ask(answer, { question, pictures }) {
  const given = {};
  for (const [name, content] of Object.entries(pictures)) given[name] = new Uint8Array(content);
  const made = answer(question, given);
  const told = made.toJs({ dict_converter: Object.fromEntries });
  made.destroy();
  return told;
}

const started = start();
started.then(
  ({ manifest }) => postMessage({ ready: true, manifest }),
  (error) => postMessage({ error: error.message }),
);
onmessage = async ({ data }) => {
  try {
    const { answer } = await started;
    postMessage({ id: data.id, ...ask(answer, data) });
  } catch (error) {
    postMessage({ id: data.id, error: error.message });
  }
};
