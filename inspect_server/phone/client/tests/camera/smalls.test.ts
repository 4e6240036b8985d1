/** Small pictures are made once, a few at a time, lie sealed, and go with their photo. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Turns, smallDrawn, smallOf, smallSize } from "../../src/app/camera/viewing/smalls.ts";
import { utf8 } from "../../src/core/bytes.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { vaultName } from "../../src/store/schema.ts";
import { account, dumped, emptyBrowser, enrolled } from "../store/keeping.ts";

emptyBrowser();
let store: LocalStore;
const always = (): boolean => true;

beforeEach(async () => {
  store = await enrolled(await account());
});
afterEach(() => store.close());

async function photo(text: string): Promise<{ sha256: string; mime: string }> {
  const [replica] = await store.replicas();
  return { sha256: await store.addBlob(utf8(text), replica!.id, true), mime: "image/jpeg" };
}

function drawing(small = "small picture"): (picture: Blob) => Promise<Blob> {
  return () => Promise.resolve(new Blob([small], { type: "image/jpeg" }));
}

test("one is made once, sealed beside the original, and goes with it", async () => {
  const of = await photo("the original");
  const draw = vi.fn(drawing());
  const first = await smallOf(store, of, always, draw);
  const read = vi.spyOn(store, "blob");
  const second = await smallOf(store, of, always, draw);
  const sealed = await dumped(vaultName(store.vault));
  const original = await store.blob(of.sha256);
  await store.forgetBlob(of.sha256);

  expect(await (first as Blob).text()).toBe("small picture");
  expect(await (second as Blob).text()).toBe("small picture");
  expect([draw.mock.calls.length, read.mock.calls.length]).toEqual([1, 1]); // the test's own read
  expect(original).toEqual(utf8("the original"));
  expect(sealed).not.toContain(btoa("small picture").slice(0, 12));
  expect(await store.small(of.sha256)).toHaveLength(0);
});

test("of a file that went meanwhile nothing is kept", async () => {
  const of = await photo("gone");
  await store.forgetBlob(of.sha256);
  await store.addSmall(of.sha256, utf8("small"));

  expect(await store.small(of.sha256)).toHaveLength(0);
});

test("one that is not here, and one that cannot be shown, say so; nothing is kept", async () => {
  const of = await photo("heic");
  const unable = (): Promise<Blob> => Promise.reject(new Error("no decoder"));

  expect(await smallOf(store, { ...of, sha256: "0".repeat(64) }, always, drawing())).toBe("absent");
  expect(await smallOf(store, of, always, unable)).toBe("unseen");
  expect(await store.small(of.sha256)).toHaveLength(0);
});

test("where it cannot be kept it is shown all the same", async () => {
  const of = await photo("full");
  vi.spyOn(store, "addSmall").mockRejectedValue(new Error("no room"));

  expect(await smallOf(store, of, always, drawing())).toBeInstanceOf(Blob);
});

test("what is not saved yet is drawn small, as long as it is in the strip", async () => {
  const unable = (): Promise<Blob> => Promise.reject(new Error("no decoder"));
  const full = new Blob(["full"]);

  expect(await (await smallDrawn(full, always, drawing()))?.text()).toBe("small picture");
  expect(await smallDrawn(full, () => false, drawing())).toBeUndefined();
  expect(await smallDrawn(full, always, unable)).toBeUndefined();
});

test("two of three hundred are made at once; of a page that was left none any more", async () => {
  const turns = new Turns(2);
  let running = 0;
  let most = 0;
  let made = 0;
  let isWanted = true;
  const work = async (): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    made += 1;
    if (made === 100) isWanted = false;
    return made;
  };
  const all = await Promise.all(
    Array.from({ length: 300 }, () => turns.run(work, () => isWanted)),
  );

  expect([most, running]).toEqual([2, 0]);
  expect([100, 101]).toContain(made); // one beside the hundredth may have begun
  expect(all.filter((one) => one === undefined)).toHaveLength(300 - made);
  expect(await turns.run(() => Promise.resolve("next"), always)).toBe("next");
});

test("what fails holds nobody up", async () => {
  const turns = new Turns(1);
  const failing = turns.run(() => Promise.reject(new Error("damaged")), always);
  const next = turns.run(() => Promise.resolve("next"), always);

  await expect(failing).rejects.toThrow("damaged");
  expect(await next).toBe("next");
});

test.each([
  [[4000, 3000], [288, 216]],
  [[3000, 4000], [216, 288]],
  [[8000, 1000], [648, 81]],
  [[100, 50], [100, 50]],
  [[5000, 1], [648, 1]],
] as const)("a picture of %j is drawn as %j", ([width, height], small) => {
  expect(smallSize(width, height)).toEqual(small);
});
