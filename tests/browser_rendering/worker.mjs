// A browser's worker: says when everything is loaded; then, told to, carries the orders out.
import { carryOut, start } from "./phone.mjs";
import { loadPyodide } from "./pyodide/pyodide.mjs";

async function read(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${response.status}: ${name}`);
  return new Uint8Array(await response.arrayBuffer());
}

function told(work) {
  return async () => {
    try {
      postMessage(await work());
    } catch (error) {
      postMessage({ error: error.message });
    }
  };
}

let ready;
onmessage = told(() => carryOut(ready));
told(async () => {
  ready = await start(loadPyodide, "./pyodide/", read);
  return { ready: true };
})();
