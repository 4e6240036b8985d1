/** What would be lost with an account without ever having been saved. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unsaved } from "../../src/app/camera/unsaved.ts";
import { beginning, shotOf } from "../../src/app/camera/shots.ts";
import { amountOf, unsavedOn } from "../../src/app/pages/me/unsaved.ts";
import { arrivalDraft } from "../../src/app/session/draft.ts";
import { Phone } from "../../src/capture/phone.ts";
import { OTHER_TASK, TASK, account, emptyBrowser, enrolled, show } from "../store/keeping.ts";

emptyBrowser();
let phone: Phone;

beforeEach(async () => {
  const store = await enrolled(await account());
  const body = { id: TASK, scheme: { enterprise: "木业" } };
  await show(store, { [`task/${TASK}`]: body });
  phone = new Phone(store, "手机");
});
afterEach(() => {
  phone.close();
  vi.unstubAllGlobals();
});

test("shots, films and forms are told by task; what can be had again is not", async () => {
  const strip = new Unsaved(phone.store, TASK, { kind: "image", item: "answer/1", finding: "" });
  vi.stubGlobal("URL", { createObjectURL: () => "blob:shot" });
  const estimate = () => Promise.resolve({ usage: 0, quota: 4e9 });
  const storage = { estimate, persisted: () => Promise.resolve(true) };
  vi.stubGlobal("navigator", { locks: navigator.locks, storage });
  await strip.keep(shotOf(new Blob(["jpeg"], { type: "image/jpeg" }), undefined));
  const film = strip.film(beginning(undefined, "video/webm"));
  film.add(new Blob(["piece"]));
  await film.written;
  await phone.store.putDraft(arrivalDraft(TASK), "{}");
  await phone.store.putDraft(`finding/${OTHER_TASK}/answer/1`, "{}");
  await phone.store.putDraft(`document/shown/${TASK}/record/a4`, "{}");
  const found = await unsavedOn(phone);

  expect(found).toEqual([
    { task: TASK, enterprise: "木业", taken: 2, forms: 1 },
    { task: OTHER_TASK, enterprise: "", taken: 0, forms: 1 },
  ]);
  expect(amountOf(found)).toBe(4);
});

test("of what was saved nothing is left to tell", async () => {
  await phone.store.putDraft(arrivalDraft(TASK), "{}");
  await phone.store.deleteDraft(arrivalDraft(TASK));

  expect(await unsavedOn(phone)).toEqual([]);
});
