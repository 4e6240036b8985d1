// Draws the codes by which a phone hands a file over. It reads the file in base64 from its standard
// input, and prints of each code its text and its modules, row by row, as JSON. Its argument is the
// folder of the phone's sources.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/capture/${name}.ts`).href);
const [{ framesOf }, { drawn }] = await Promise.all(["frames", "qr"].map(load));

const frames = await framesOf(Buffer.from(readFileSync(0, "utf8"), "base64"));
const codes = frames.map(async (text) => ({ text, modules: await drawn(text) }));
process.stdout.write(JSON.stringify(await Promise.all(codes)));
