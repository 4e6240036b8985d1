// Sets documents in Pyodide and prints as JSON what came of it.
// Arguments: the folder of Pyodide, and the folder in which pack/ and orders.zip lie.
import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { carryOut, start } from "./phone.mjs";

function offline() {
  throw new Error("there is no network");
}
globalThis.fetch = offline;
net.Socket.prototype.connect = offline;

const [pyodide, folder] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
  const read = (name) => new Uint8Array(readFileSync(path.join(folder, name)));
  console.log(JSON.stringify(carryOut(await start(loadPyodide, pyodide, read))));
} catch (error) {
  console.error(error.message); // what is uncaught would be shown with all of Pyodide's source
  process.exitCode = 1;
}
