/** What was taken and not saved outlives a lock, sealed, and is gone once it is saved or let go. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginning, shotAgain, shotOf } from "../../src/app/camera/shots.ts";
import { Unsaved } from "../../src/app/camera/unsaved.ts";
import { Idle, working } from "../../src/app/session/device/idle.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { vaultName } from "../../src/store/schema.ts";
import { TASK, account, dumped, emptyBrowser, enrolled, windowOf } from "../store/keeping.ts";
import type { Account } from "../store/keeping.ts";

const NOW = Date.parse("2026-03-02T09:00:00+08:00");
const HERE = { latitude: "34.5", longitude: "119.2", accuracy_m: "8.0", datum: "WGS-84" };
const WHAT = { kind: "image", item: "answer/1", finding: "" } as const;

emptyBrowser();
let of: Account;
let store: LocalStore;

beforeEach(async () => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:shot", revokeObjectURL: () => undefined });
  of = await account();
  store = await enrolled(of);
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function jpeg(text: string): Blob {
  return new Blob([text], { type: "image/jpeg" });
}

test("after a lock the camera of the same item has it again, with place and time", async () => {
  const before = new Unsaved(store, TASK, WHAT);
  const drawn = { ...shotOf(jpeg("second"), HERE, NOW + 1000), isOld: true };
  await Promise.all([before.keep(drawn), before.keep(shotOf(jpeg("first"), undefined, NOW))]);
  await before.keep({ ...drawn, marks: [] });
  const sealed = await dumped(vaultName(of.id));
  store.close();
  store = await windowOf(of);
  const again = await new Unsaved(store, TASK, WHAT).restored(shotAgain);
  const other = { ...WHAT, item: "answer/2" };
  const elsewhere = await new Unsaved(store, TASK, other).restored(shotAgain);

  expect(await Promise.all(again.map((shot) => shot.content.text()))).toEqual(["first", "second"]);
  expect(again[1]).toMatchObject({ place: HERE, isOld: true, mime: "image/jpeg", marks: [] });
  expect(again.map((shot) => Date.parse(shot.taken) - NOW)).toEqual([0, 1000]);
  expect(again[0]?.key).not.toBe(again[1]?.key);
  expect(elsewhere).toEqual([]);
  expect(sealed).not.toContain(btoa("second").slice(0, 6));
});

test("what is taken while the earlier is still being read stands in the strip once", async () => {
  await new Unsaved(store, TASK, WHAT).keep(shotOf(jpeg("before"), HERE, NOW));
  const strip = new Unsaved(store, TASK, WHAT);
  await strip.keep(shotOf(jpeg("fresh"), HERE, NOW + 1000));
  const film = strip.film(beginning(HERE, "video/webm", NOW + 2000));
  film.add(jpeg("of a film"));
  await film.written;
  const restored = await strip.restored(shotAgain);

  expect(await Promise.all(restored.map((shot) => shot.content.text()))).toEqual(["before"]);
});

test("what was saved or let go does not come back", async () => {
  const strip = new Unsaved(store, TASK, WHAT);
  const [saved, left] = [shotOf(jpeg("a"), HERE, NOW), shotOf(jpeg("b"), HERE, NOW)];
  void strip.keep(saved);
  void strip.keep(left);
  await strip.forget(saved);
  const next = new Unsaved(store, TASK, WHAT);
  const [restored] = await next.restored(shotAgain);
  expect(await restored?.content.text()).toBe("b");
  if (restored) await next.forget(restored);

  expect(await store.drafts()).toEqual([]);
});

test("where nothing more can be kept the strip goes on", async () => {
  vi.spyOn(store, "putDraft").mockRejectedValue(new Error("no room"));
  const strip = new Unsaved(store, TASK, WHAT);

  await expect(strip.keep(shotOf(jpeg("a"), HERE, NOW))).resolves.toBe(false);
});

test("a film that is being made is work: the phone does not lock meanwhile", () => {
  const events = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) {
    vi.stubGlobal(name, events[name].bind(events));
  }
  let now = NOW;
  let locks = 0;
  const idle = new Idle(1, () => (locks += 1), () => now);
  for (let n = 0; n < 4; n += 1) {
    now += 40_000;
    working();
    idle.look();
  }
  const during = locks;
  now += 60_000;
  idle.look();

  expect([during, locks]).toEqual([0, 1]);
});
