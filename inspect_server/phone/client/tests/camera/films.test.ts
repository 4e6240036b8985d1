/** A film that the system tore off in the middle is there again up to its last piece. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginning, shotAgain, shotOf } from "../../src/app/camera/shots.ts";
import { Unsaved } from "../../src/app/camera/unsaved.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { vaultName } from "../../src/store/schema.ts";
import { fullAfter } from "../store/failing.ts";
import { TASK, account, dumped, emptyBrowser, enrolled, windowOf } from "../store/keeping.ts";
import type { Account } from "../store/keeping.ts";

const NOW = Date.parse("2026-03-02T09:00:00+08:00");
const HERE = { latitude: "34.5", longitude: "119.2", accuracy_m: "8.0", datum: "WGS-84" };
const WHAT = { kind: "image", item: "", finding: "finding/1" } as const;
const BEGUN = beginning(HERE, "video/mp4;codecs=avc1.42E01F,mp4a.40.2", NOW);
const PLENTY = 4e9;

emptyBrowser();
let of: Account;
let store: LocalStore;
let left = PLENTY;

beforeEach(async () => {
  left = PLENTY;
  vi.stubGlobal("URL", { createObjectURL: () => "blob:shot", revokeObjectURL: () => undefined });
  const estimate = () => Promise.resolve({ usage: 0, quota: left });
  const persisted = () => Promise.resolve(true);
  vi.stubGlobal("navigator", { locks: navigator.locks, storage: { estimate, persisted } });
  of = await account();
  store = await enrolled(of);
});
afterEach(() => {
  store.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function strip(): Unsaved {
  return new Unsaved(store, TASK, WHAT);
}

async function reopened(): Promise<void> {
  store.close();
  store = await windowOf(of);
}

async function names(): Promise<readonly string[]> {
  return (await store.drafts()).map((name) => name.split(":")[0] as string);
}

test("killed in the middle: the camera of the same finding has what was recorded", async () => {
  const film = strip().film(BEGUN);
  for (const piece of ["head ", "one ", "", "two"]) film.add(new Blob([piece]));
  await film.written;
  const sealed = await dumped(vaultName(of.id));
  await reopened();
  const elsewhere = await new Unsaved(store, TASK, { ...WHAT, finding: "x" }).restored(shotAgain);
  const [again, ...more] = await strip().restored(shotAgain);
  const once = await strip().restored(shotAgain);

  expect(await again?.content.text()).toBe("head one two");
  expect(again).toMatchObject({ mime: "video/mp4", place: HERE, isOld: false, marks: [] });
  expect(Date.parse(again?.taken ?? "") - NOW).toBe(0);
  expect([more, elsewhere]).toEqual([[], []]);
  expect(once).toHaveLength(1);
  expect(await names()).toEqual(["shot"]);
  expect(sealed).not.toContain(btoa("head one").slice(0, 6));
});

test("a film that came to its end is kept once, and its pieces are gone", async () => {
  const film = strip().film(BEGUN);
  film.add(new Blob(["one"]));
  const whole = shotOf(new Blob(["one"], { type: "video/mp4" }), HERE, NOW);
  const kept = strip();
  await kept.keepFilm(whole, film);
  const before = await names();
  await kept.forget(whole);

  expect(before).toEqual(["shot"]);
  expect(await names()).toEqual([]);
});

test("killed between keeping it and letting its pieces go it is there once", async () => {
  const film = strip().film(BEGUN);
  film.add(new Blob(["one"]));
  await film.written;
  vi.spyOn(film, "forget").mockResolvedValue();
  await strip().keepFilm(shotOf(new Blob(["one"], { type: "video/mp4" }), HERE, NOW), film);
  await reopened();
  const again = await strip().restored(shotAgain);

  expect(again).toHaveLength(1);
  expect(await names()).toEqual(["shot"]);
});

test("a piece that is damaged ends the film; what is before it stays", async () => {
  const film = strip().film(BEGUN);
  for (const piece of ["one ", "two ", "three"]) film.add(new Blob([piece]));
  await film.written;
  const second = (await store.drafts()).find((name) => name.endsWith(":00002")) as string;
  await store.deleteDraft(second);

  const [again] = await strip().restored(shotAgain);

  expect(await again?.content.text()).toBe("one ");
  expect(await names()).toEqual(["shot"]);
});

test("a film that breaks off while the camera is open is there up to then", async () => {
  const kept = strip();
  const film = kept.film(BEGUN);
  film.add(new Blob(["one "]));
  film.add(new Blob(["two"]));
  const rest = await kept.rest(film, shotAgain);
  if (rest) await kept.keepFilm(rest, film);

  expect(await rest?.content.text()).toBe("one two");
  expect(await kept.rest(kept.film(BEGUN), shotAgain)).toBeUndefined();
  expect((await names()).filter((name) => name === "shot")).toHaveLength(1);
});

test("a film of which nothing came leaves nothing", async () => {
  await strip().film(BEGUN).written;

  expect(await strip().restored(shotAgain)).toEqual([]);
  expect(await names()).toEqual([]);
});

test("where there is little room only the film in memory counts", async () => {
  left = 10_000_000;
  const film = strip().film(BEGUN);
  film.add(new Blob(["one"]));
  await film.written;

  expect(await names()).toEqual([]);
});

test("where the room ends in the middle the pieces give way to the film itself", async () => {
  const film = strip().film(BEGUN);
  film.add(new Blob(["one"]));
  await film.written;
  const freed = fullAfter(0, "thrown");
  film.add(new Blob(["two"]));
  await film.written;
  freed();
  film.add(new Blob(["three"]));
  await film.written;

  expect(await names()).toEqual([]);
});
