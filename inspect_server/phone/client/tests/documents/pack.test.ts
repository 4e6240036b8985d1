/** The print pack is whole on the phone or not there; nothing comes twice, or damaged. */

import { beforeEach, describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { sha256Hex } from "../../src/core/digests.ts";
import {
  BrokenOff,
  DamagedPack,
  fetchPack,
  keptPack,
  offeredPack,
  packOf,
  packState,
  removePack,
} from "../../src/app/documents/pack/pack.ts";

const PLACE = "/phone/pack/";

/** The browser's caches, as far as the pack needs them. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>();

  has(name: string): Promise<boolean> {
    return Promise.resolve(this.all.has(name));
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.all.delete(name));
  }

  match(address: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    return Promise.resolve(this.all.get(cacheName)?.get(address)?.clone());
  }

  open(name: string): Promise<object> {
    const rows = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, rows);
    return Promise.resolve({
      match: (address: string) => Promise.resolve(rows.get(address)?.clone()),
      delete: (address: string) => Promise.resolve(rows.delete(address)),
      keys: () => Promise.resolve([...rows.keys()].map((key) => ({ url: `https://x${key}` }))),
      put: (address: string, answer: Response) => {
        rows.set(address, answer);
        return Promise.resolve();
      },
    });
  }

  get addresses(): string[] {
    return [...(this.all.get("print-pack")?.keys() ?? [])];
  }
}

/** A server of a pack that can be changed and break off. */
class Office {
  readonly asked: string[] = [];
  files: Record<string, string>;
  sent: Record<string, string> = {};

  constructor(files: Record<string, string>) {
    this.files = files;
  }

  async manifest(): Promise<string> {
    const rows = Object.entries(this.files).map(async ([name, text]) => {
      const content = utf8(text);
      return [name, { bytes: content.length, sha256: await sha256Hex(content) }];
    });
    return JSON.stringify({ files: Object.fromEntries(await Promise.all(rows)) });
  }

  readonly fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const name = String(input).slice(PLACE.length);
    if (name === "manifest.json") return new Response(await this.manifest());
    this.asked.push(name);
    const text = { ...this.files, ...this.sent }[name];
    if (text === undefined || text === "broken") throw new TypeError("Failed to fetch");
    return new Response(text, { headers: { "Content-Type": "text/javascript" } });
  };
}

const FILES = { "worker.js": "work()", "pyodide/python.wasm": "wasm", "code.zip": "zipped" };
let caches: Caches;
let office: Office;

beforeEach(() => {
  caches = new Caches();
  office = new Office({ ...FILES });
  Object.assign(globalThis, { caches, fetch: office.fetch });
});

async function get(told: number[] = []): Promise<void> {
  const offered = await offeredPack(office.fetch);
  if (!offered) throw new TypeError("nothing is offered");
  await fetchPack(offered, (bytes) => told.push(bytes), undefined, office.fetch);
}

describe("the pack", () => {
  test("is fetched file by file, and is there once its manifest is", async () => {
    const told: number[] = [];
    await get(told);

    expect(await keptPack()).toEqual(await packOf(await office.manifest()));
    expect(told.at(-1)).toBe((await keptPack())?.size);
    expect(told).toEqual([...told].sort((one, other) => one - other));
    expect(caches.addresses.at(-1)).toBe(`${PLACE}manifest.json`);
    const worker = await caches.match(`${PLACE}worker.js`, { cacheName: "print-pack" });
    expect(worker?.headers.get("Content-Security-Policy")).toContain("'wasm-unsafe-eval'");
    expect(worker?.headers.get("Content-Type")).toBe("text/javascript");
  });

  test("goes on where it was broken off", async () => {
    office.sent = { "code.zip": "broken" };
    await expect(get()).rejects.toThrow(BrokenOff);
    const between = await packState();
    office.sent = {};
    office.asked.length = 0;
    await get();

    expect([between.kept, between.part]).toEqual([null, 10]);
    expect(office.asked).toEqual(["code.zip"]);
    expect((await packState()).kept).not.toBeNull();
  });

  test.each(["zippeD", "zipped and more"])("takes nothing that is damaged: %s", async (sent) => {
    office.sent = { "code.zip": sent };

    await expect(get()).rejects.toThrow(DamagedPack);
    expect(await keptPack()).toBeNull();
    expect(caches.addresses).not.toContain(`${PLACE}code.zip`);
  });

  test("that is cut is broken off", async () => {
    office.sent = { "code.zip": "zip" };

    await expect(get()).rejects.toThrow(BrokenOff);
  });

  test("is brought up to date with what changed, and what it has no more goes", async () => {
    await get();
    office.files = { "worker.js": "work()", "code.zip": "other" };
    office.asked.length = 0;
    const { kept, offered } = await packState();
    await get();

    expect(kept?.sha256).not.toBe(offered?.sha256);
    expect(office.asked).toEqual(["code.zip"]);
    expect(caches.addresses).toEqual(
      ["worker.js", "code.zip", "manifest.json"].map((name) => PLACE + name),
    );
  });

  test("is removed", async () => {
    await get();
    await removePack();

    expect(await packState()).toMatchObject({ kept: null, part: 0 });
  });
});

describe("what the office offers", () => {
  test.each([
    [(): Promise<Response> => Promise.resolve(new Response("", { status: 404 })), null],
    [(): Promise<Response> => Promise.resolve(new Response("", { status: 502 })), undefined],
    [(): Promise<Response> => Promise.reject(new TypeError("Failed to fetch")), undefined],
  ])("may be nothing, or not known (%#)", async (fetching, expected) => {
    expect(await offeredPack(fetching)).toBe(expected);
  });
});
