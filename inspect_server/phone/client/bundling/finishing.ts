/**
 * What is done to the bundle once Vite has written it: the service worker is told which files make
 * up this version, copies are compressed, and a manifest says what was made of what.
 */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

const MANIFEST = "manifest.json";
const LICENCES = "licences.md";
/** What the service worker's source has in the place of the files, and of its own SHA-256. */
const FILES = "__PHONE_FILES__";
const WORKER = "__PHONE_WORKER__";
const COMPRESSED = /\.(?:css|html|js|md|svg|webmanifest)$/u;
/** Of the client's folder, what nothing is built from. */
const NO_SOURCE = new Set(["node_modules", "tests", "tsconfig.tests.json", "vitest.config.ts"]);
/** Bytes 4 to 9 of a gzip file: no time, greatest compression, no system. */
const GZIP_HEADER = [0, 0, 0, 0, 2, 255];

/** Return the plugin that finishes the bundle of the client in `root`. */
export function finished(root: string, worker: string): Plugin {
  let folder = "";
  return {
    name: "phone:finished",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: "post",
      sequential: true,
      handler() {
        tellWorker(folder, worker);
        compress(folder);
        const sources = hashes(root, filesOf(root, NO_SOURCE));
        const outputs = hashes(folder, filesOf(folder));
        const body = JSON.stringify({ sources, outputs }, null, 1);
        writeFileSync(join(folder, MANIFEST), `${body}\n`);
      },
    },
  };
}

/** Tell the service worker the files of this version, each with its SHA-256, and its own. */
function tellWorker(folder: string, worker: string): void {
  const served = filesOf(folder).filter((name) => name !== worker && name !== LICENCES);
  const code = readFileSync(join(folder, worker), "utf8");
  const told = { [FILES]: Object.entries(hashes(folder, served)), [WORKER]: sha256(code) };
  const whole = Object.entries(told).reduce((text, [name, value]) => {
    const parts = text.split(name);
    if (parts.length !== 2) throw new Error(`${worker} names ${name} ${parts.length - 1} times`);
    return parts.join(JSON.stringify(value));
  }, code);
  writeFileSync(join(folder, worker), whole);
}

function compress(folder: string): void {
  for (const name of filesOf(folder)) {
    if (!COMPRESSED.test(name)) continue;
    const content = readFileSync(join(folder, name));
    const short = brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    });
    writeFileSync(join(folder, `${name}.br`), short);
    const zipped = gzipSync(content, { level: 9, memLevel: 9, windowBits: 15 });
    zipped.set(GZIP_HEADER, 4);
    writeFileSync(join(folder, `${name}.gz`), zipped);
  }
}

function hashes(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Return the paths of all files in a folder, sorted, without hidden ones. */
function filesOf(folder: string, without: ReadonlySet<string> = new Set()): string[] {
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || without.has(entry.name)) return [];
    if (!entry.isDirectory()) return [entry.name];
    return filesOf(join(folder, entry.name)).map((name) => `${entry.name}/${name}`);
  });
  return found.sort((one, other) => (one < other ? -1 : 1));
}
