// What a phone does to set documents with no network; shared by Node and the browser's worker.

const text = new TextDecoder();

async function sha256(content) {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Start Python and lay out the print pack and the orders; `read` gives the bytes of a file.
export async function start(loadPyodide, indexURL, read) {
  const begun = performance.now();
  const python = await loadPyodide({ indexURL });
  const started = performance.now();
  const manifest = JSON.parse(text.decode(await read("pack/manifest.json")));
  for (const [name, { sha256: expected }] of Object.entries(manifest.files)) {
    const content = await read(`pack/${name}`);
    if ((await sha256(content)) !== expected) throw new Error(`damaged: ${name}`);
    if (name.endsWith(".zip")) {
      python.unpackArchive(content, "zip", { extractDir: "/pack" });
    } else {
      python.FS.mkdirTree(`/pack/${name}`.replace(/\/[^/]*$/, ""));
      python.FS.writeFile(`/pack/${name}`, content);
    }
  }
  python.unpackArchive(await read("orders.zip"), "zip", { extractDir: "/orders" });
  const seconds = { start: (started - begun) / 1000, unpack: (performance.now() - started) / 1000 };
  return { python, seconds };
}

// Carry the orders out; return what was made, how long all took, and the memory taken in MiB.
export function carryOut({ python, seconds }) {
  const begun = performance.now();
  const made = python.runPython(`
import json, sys
from pathlib import Path
sys.path += ["/pack", "/orders"]
from carrying_out import carried_out
json.dumps(carried_out(Path("/orders")))
`);
  const all = { ...seconds, carryOut: (performance.now() - begun) / 1000 };
  return { made: JSON.parse(made), seconds: all, heap: python._module.HEAPU8.length / 2 ** 20 };
}
