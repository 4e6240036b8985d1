/** A new version comes between visits, and takes no page away from somebody who works in it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emptyLocalStorage } from "../local-storage.ts";

const ME = "0198aaaa-0000-4000-8000-00000000000a";
const OTHER = "0198aaaa-0000-4000-8000-00000000000b";
const TASK = "0198aaaa-0000-4000-8000-000000000001";
const NOW = Date.parse("2026-03-02T01:00:00Z");

type Updating = typeof import("../../src/app/session/device/updating.ts");
let updating: Updating;
let told: string[];
let reloads: number;
let isOpen: boolean;
let held: { name: string }[];
let waiting: object | null;
let asked: number;
let pages: EventTarget;
let page: EventTarget;

/** A worker that notes what it is told. */
function worker(name: string): object {
  return { postMessage: (said: string) => told.push(`${name}: ${said}`) };
}

beforeEach(async () => {
  [told, reloads, isOpen, held, waiting, asked] = [[], 0, false, [], null, 0];
  [pages, page] = [new EventTarget(), new EventTarget()];
  vi.useFakeTimers({ now: NOW });
  emptyLocalStorage();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("location", { reload: () => (reloads += 1) });
  const registration = Object.assign(new EventTarget(), {
    active: worker("active"),
    update: () => Promise.resolve((asked += 1)),
  });
  Object.defineProperty(registration, "waiting", { get: () => waiting });
  vi.stubGlobal("navigator", {
    locks: { query: async () => ({ held }) },
    serviceWorker: Object.assign(pages, {
      getRegistration: async () => registration,
      register: async () => registration,
    }),
  });
  vi.resetModules();
  updating = await import("../../src/app/session/device/updating.ts");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function started(): Promise<void> {
  updating.keepUpToDate(() => isOpen, Promise.resolve());
  await vi.advanceTimersByTimeAsync(1000);
}

async function activated(): Promise<void> {
  pages.dispatchEvent(new MessageEvent("message", { data: "activated" }));
  await vi.advanceTimersByTimeAsync(1000);
}

test("at its start the app lets in whatever is waiting, or already active", async () => {
  await started();
  waiting = worker("waiting");
  await updating.update();

  expect(told).toEqual(["active: activate", "active: tidy", "waiting: activate"]);
});

test.each([
  ["lets in what is waiting all the same", true, ["active: activate", "active: tidy"]],
  ["waits where nothing was kept before", false, []],
])("while registering takes long it %s", async (_, isKnown, early) => {
  const { serviceWorker } = navigator;
  const found = await serviceWorker.register("");
  const slow = new Promise((tell) => setTimeout(() => tell(found), 5000));
  Object.assign(serviceWorker, {
    getRegistration: async () => (isKnown ? found : undefined),
    register: () => slow,
  });
  await started();
  const atStart = [...told];
  await vi.advanceTimersByTimeAsync(5000);

  expect([atStart, told]).toEqual([early, ["active: activate", "active: tidy"]]);
});

test("nothing is registered, and nothing let in, before the first page was painted", async () => {
  let show = (): void => undefined;
  updating.keepUpToDate(() => isOpen, new Promise<void>((resolve) => (show = resolve)));
  await vi.advanceTimersByTimeAsync(1000);
  const before = [...told];
  show();
  await vi.advanceTimersByTimeAsync(1000);

  expect([before, told]).toEqual([[], ["active: activate", "active: tidy"]]);
});

test("what the officer asks for leaves the files of windows that are at work", async () => {
  await started();
  told.length = 0;
  isOpen = true;
  await updating.update(true);

  expect(told).toEqual(["active: activate"]);
});

test("a page that lacks a part loads itself anew where another version took over", async () => {
  await started();
  isOpen = true;
  page.dispatchEvent(new Event("vite:preloadError"));
  const before = reloads;
  await activated();
  page.dispatchEvent(new Event("vite:preloadError"));

  expect([before, reloads]).toEqual([0, 1]);
});

test("a window in which nothing is open loads what came", async () => {
  await started();
  await activated();

  expect(reloads).toBe(1);
});

test("a window in which an account is open keeps what is written, and offers it", async () => {
  await started();
  isOpen = true;
  await activated();
  const [kept, offered] = [reloads, updating.isNewer.value];
  await updating.update();
  const still = reloads;
  await updating.update(true);

  expect([kept, offered, still, reloads]).toEqual([0, true, 0, 1]);
});

test("once it is locked the window loads what came meanwhile", async () => {
  await started();
  isOpen = true;
  await activated();
  isOpen = false;
  await updating.update();

  expect(reloads).toBe(1);
});

test("during a visit nothing is let in and nothing is loaded, also when asked to", async () => {
  await started();
  told.length = 0;
  updating.noteVisit(ME, TASK, new Date(NOW).toISOString());
  await updating.update();
  await updating.update(true);
  await activated();

  expect([told, reloads]).toEqual([[], 0]);
  updating.noteVisit(ME, TASK, "");
  await updating.update();
  expect(reloads).toBe(1);
});

test("a lock in one window does not disturb another one that is open", async () => {
  await started();
  told.length = 0;
  held = [{ name: `inspect-phone-${OTHER}` }];
  const locked = updating.update();
  await vi.advanceTimersByTimeAsync(1000);
  await locked;
  expect(told).toEqual([]);

  const closing = updating.update();
  held = [];
  await vi.advanceTimersByTimeAsync(1000);
  await closing;
  expect(told).toEqual(["active: activate", "active: tidy"]);
});

test("what is asked for is loaded by whoever asked", async () => {
  await started();
  isOpen = true;
  held = [{ name: `inspect-phone-${ME}` }];
  waiting = worker("waiting");
  await updating.update(true);
  await activated();

  expect(told).toContain("waiting: activate");
  expect(reloads).toBe(1);
});

test("a newer version is asked for by the hour, and by syncs each quarter at most", async () => {
  const minutes = async (count: number): Promise<void> => {
    await vi.advanceTimersByTimeAsync(count * 60_000);
    await updating.lookForNewer();
  };
  await updating.lookForNewer(); // before there is anything to ask
  await started();
  await minutes(5);
  expect(asked).toBe(0); // starting asked
  await minutes(11);
  await minutes(1);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(3 * 60 * 60_000);
  expect(asked).toBe(4);
});

test("of two accounts on a phone neither ends the other one's visit", () => {
  updating.noteVisit(ME, TASK, new Date(NOW).toISOString());
  updating.noteVisit(OTHER, TASK, "");

  expect(updating.isInVisit()).toBe(true);
  expect(updating.isInVisit(NOW + 25 * 60 * 60 * 1000)).toBe(false);
});
