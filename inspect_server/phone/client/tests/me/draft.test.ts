/** What is typed is put aside until it is saved; what was emptied is nothing any more. */

import { effectScope, nextTick, reactive } from "vue";
import type { EffectScope } from "vue";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDraft } from "../../src/app/session/draft.ts";
import type { Draft } from "../../src/app/session/draft.ts";
import { session } from "../../src/app/session/state.ts";
import { unsavedOn } from "../../src/app/pages/me/unsaved.ts";
import { Phone } from "../../src/capture/phone.ts";
import { TASK, account, emptyBrowser, enrolled } from "../store/keeping.ts";

emptyBrowser();
const KEY = `note:${TASK}`;
let phone: Phone;
let page: EffectScope;

beforeEach(async () => {
  phone = new Phone(await enrolled(await account()), "手机");
  session.phone = phone;
  page = effectScope();
});

afterEach(() => {
  page.stop();
  session.phone = null;
  phone.close();
});

function opened(): { form: { text: string }; draft: Draft } {
  const form = reactive({ text: "" });
  const draft = page.run(() => useDraft(KEY, form, () => !form.text.trim())) as Draft;
  return { form, draft };
}

/** Type, and leave the page: what is due to be put aside is at once. */
async function typed(form: { text: string }, text: string): Promise<void> {
  form.text = text;
  await nextTick();
  page.stop();
}

test("what was typed is there again, and counts as unsaved", async () => {
  await typed(opened().form, "企业无异议");
  await vi.waitFor(async () => expect(await unsavedOn(phone)).toHaveLength(1));
  page = effectScope();
  const { form, draft } = opened();

  expect(await draft.restore()).toBe(true);
  expect(form.text).toBe("企业无异议");
});

test("what was emptied is not put aside", async () => {
  await phone.store.putDraft(KEY, JSON.stringify({ text: "企业无异议" }));
  const { form, draft } = opened();
  await draft.restore();
  await typed(form, " ");

  await vi.waitFor(async () => expect(await unsavedOn(phone)).toEqual([]));
});

test("a blank one of an earlier version is cleared away when its page is opened", async () => {
  await phone.store.putDraft(KEY, JSON.stringify({ text: "" }));

  expect(await opened().draft.restore()).toBe(false);
  expect(await unsavedOn(phone)).toEqual([]);
});
