/** A browser around the service worker: its caches, its server, and the events that it gets. */

import { createHash } from "node:crypto";
import { vi } from "vitest";

const ORIGIN = "https://office.example";
const START = `${ORIGIN}/phone/`;
/** Not named in an import, as its types are those of a worker. */
const SOURCE = new URL("../../src/worker/sw.ts", import.meta.url).pathname;

interface Waited {
  readonly done: Promise<unknown>[];
  answer?: Promise<Response>;
}

/** What browsers keep for one origin. */
class Caches {
  readonly named = new Map<string, Map<string, Response>>();

  keys = async (): Promise<string[]> => [...this.named.keys()];
  has = async (name: string): Promise<boolean> => this.named.has(name);
  delete = async (name: string): Promise<boolean> => this.named.delete(name);

  async open(name: string): Promise<{ put(address: string, answer: Response): Promise<void> }> {
    const cache = this.named.get(name) ?? new Map<string, Response>();
    this.named.set(name, cache);
    return { put: async (address, answer) => void cache.set(address, answer) };
  }

  async match(address: string, { cacheName = "" } = {}): Promise<Response | undefined> {
    const names = cacheName === "" ? await this.keys() : [cacheName];
    return names.map((name) => this.named.get(name)?.get(address)).find(Boolean)?.clone();
  }
}

/** One phone's browser; workers are started in it one after the other. */
export class Browser {
  readonly caches = new Caches();
  readonly told: unknown[] = [];
  /** What the server sends, by path; what is missing cannot be reached. */
  files: Record<string, string> = {};
  headers: Record<string, string> = {};
  /** What the browser's own cache gives out as what the server still has, by path. */
  stale: Record<string, string> = {};
  asked: string[] = [];
  /** What the browser says of other versions that it has: one being fetched, one that waits. */
  readonly others: { installing: object | null; waiting: object | null } = {
    installing: null,
    waiting: null,
  };
  #listeners = new Map<string, (event: unknown) => void>();

  /** Run a worker that was built around files, as a browser does after each start. */
  async start(files: Readonly<Record<string, string>>, code = "one"): Promise<void> {
    this.#listeners = new Map();
    const listed = Object.entries(files).map(([path, text]) => [path, sha256(text)]);
    vi.resetModules();
    vi.stubGlobal("__PHONE_FILES__", listed);
    vi.stubGlobal("__PHONE_WORKER__", code);
    vi.stubGlobal("caches", this.caches);
    vi.stubGlobal("fetch", (asked: string | Request, how?: RequestInit) => {
      return this.#fetch(asked, how);
    });
    vi.stubGlobal("self", {
      location: new URL("sw.js", START),
      registration: this.others,
      clients: {
        claim: async () => undefined,
        matchAll: async () => [{ postMessage: (said: unknown) => this.told.push(said) }],
      },
      skipWaiting: async () => undefined,
      addEventListener: (kind: string, listen: (event: unknown) => void) =>
        this.#listeners.set(kind, listen),
    });
    await import(/* @vite-ignore */ SOURCE);
  }

  /** Let the server have files. */
  serve(files: Readonly<Record<string, string>>): void {
    const entries = Object.entries(files);
    this.files = Object.fromEntries(
      entries.map(([path, text]) => [path === "index.html" ? "" : path, text]),
    );
  }

  async install(): Promise<void> {
    await this.#send("install", {});
  }

  async say(data: unknown): Promise<void> {
    await this.#send("message", { data });
  }

  /** Return what a page gets that asks for a path of the app. */
  async get(path: string): Promise<Response> {
    const mode = path === "" ? "navigate" : "no-cors";
    const request = { method: "GET", mode, cache: "default", url: START + path };
    const answered = await this.#send("fetch", { request });
    if (answered === undefined) throw new Error("the worker left it to the network");
    return answered;
  }

  async #send(kind: string, event: object): Promise<Response | undefined> {
    const waited: Waited = { done: [] };
    this.#listeners.get(kind)?.({
      ...event,
      waitUntil: (work: Promise<unknown>) => waited.done.push(work),
      respondWith: (answer: Promise<Response>) => (waited.answer = answer),
    });
    await Promise.all(waited.done);
    return await waited.answer;
  }

  async #fetch(asked: string | Request, how: RequestInit = {}): Promise<Response> {
    const address = typeof asked === "string" ? asked : asked.url;
    const path = new URL(address, ORIGIN).pathname.slice("/phone/".length);
    this.asked.push(path);
    const kept = how.cache === "reload" ? undefined : this.stale[path];
    const text = kept ?? this.files[path];
    if (text === undefined) throw new TypeError("Failed to fetch");
    return new Response(text, { headers: this.headers });
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
