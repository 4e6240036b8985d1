/** The print pack begins once while a visit is open, and ends after it was left. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.mock("../../src/app/documents/pack/pack.ts", () => ({
  keptPack: () => Promise.resolve(kept.pack),
}));
vi.resetModules(); // an earlier file of the same worker may have loaded it with the real pack
const { endWorker, hold, warmUp, workerOfPack } =
  await import("../../src/app/documents/pack/worker.ts");

/** Longer than a page that opens is left alone, and than a worker is kept for nobody. */
const LONG_MS = 61_000;
const page = { visibilityState: "visible", look: (): void => undefined };
const kept = vi.hoisted(() => ({ pack: {} as object | null }));
let workers: FakeWorker[] = [];

class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  isEnded = false;

  constructor() {
    workers.push(this);
    queueMicrotask(() => this.onmessage?.({ data: { ready: true } }));
  }

  terminate(): void {
    this.isEnded = true;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  kept.pack = {};
  workers = [];
  page.visibilityState = "visible";
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("document", {
    get visibilityState() {
      return page.visibilityState;
    },
    addEventListener: (_: string, look: () => void) => (page.look = look),
    removeEventListener: () => (page.look = () => undefined),
  });
});

afterEach(async () => {
  await endWorker();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function later(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(LONG_MS);
}

test("a visit starts the pack once, not before its page had its time", async () => {
  const coolDown = warmUp();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(workers).toHaveLength(0);
  await later();
  expect(workers).toHaveLength(1);
  expect(await workerOfPack()).toBe(workers[0]);
  coolDown();
});

test("it ends a minute after the visit, unless its documents are looked at", async () => {
  const coolDown = warmUp();
  await later();
  coolDown();
  const release = hold();
  await later();
  expect(workers.map((one) => one.isEnded)).toEqual([false]);
  release();
  await later();
  expect(workers.map((one) => one.isEnded)).toEqual([true]);
});

test("out of sight it is given back, and begins anew in sight", async () => {
  const coolDown = warmUp();
  await later();
  page.visibilityState = "hidden";
  page.look();
  await later();
  expect(workers.map((one) => one.isEnded)).toEqual([true]);
  page.visibilityState = "visible";
  page.look();
  await later();
  expect(workers.map((one) => one.isEnded)).toEqual([true, false]);
  coolDown();
});

test("nothing starts without a pack, on little memory, or for a visit that was left", async () => {
  kept.pack = null;
  const coolDown = warmUp();
  await later();
  coolDown();
  kept.pack = {};
  vi.stubGlobal("navigator", { deviceMemory: 2 });
  warmUp();
  await later();
  vi.stubGlobal("navigator", {});
  warmUp()();
  await later();
  expect(workers).toHaveLength(0);
});
