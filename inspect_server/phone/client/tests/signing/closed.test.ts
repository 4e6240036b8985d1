/** A record that the office has closed is shown, and nothing is added to it on the phone. */

import { renderToString } from "vue/server-renderer";
import { createSSRApp, effectScope, h, shallowRef } from "vue";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import FeedbackStep from "../../src/app/pages/visit/FeedbackStep.vue";
import SignerCard from "../../src/app/pages/visit/signing/SignerCard.vue";
import { useClosed } from "../../src/app/pages/visit/closing.ts";
import { signerRows } from "../../src/app/session/signing.ts";
import type { SignerRow } from "../../src/app/session/signing.ts";
import { isInVisit } from "../../src/app/session/device/updating.ts";
import { session } from "../../src/app/session/state.ts";
import { useVisitRecord } from "../../src/app/session/visit.ts";
import type { SeenVisit } from "../../src/app/session/visit.ts";
import { FEEDBACK } from "../../src/app/words/visit.ts";
import { SIGNING } from "../../src/app/words/signing.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { emptyLocalStorage } from "../local-storage.ts";
import { STROKES, holding } from "../capture/team.ts";
import { FORM, TASK, emptyBrowser, show } from "../store/keeping.ts";

emptyBrowser();
let phone: Phone;

beforeEach(async () => {
  ({ phone } = await holding(1));
  emptyLocalStorage();
});
afterEach(() => {
  session.phone = null;
  session.isClosed = false;
  vi.unstubAllGlobals();
});

function visitOf(state: string): SeenVisit {
  const task = { id: TASK, state, forms: [], team: [], others: [], scheme: {} };
  const record = { items: new Map(), signatures: new Map(), conflicts: [] };
  return { task, record, user: "", notes: [], participants: [] } as unknown as SeenVisit;
}

test.each([
  ["record_closed", "记录已办结"],
  ["documents_issued", "记录已办结，文书已制作"],
  ["ended", "检查已终止"],
])("%s is told, and nothing is written until the office opens it again", (state, title) => {
  const visit = shallowRef<SeenVisit | undefined>();
  const scope = effectScope();
  const closed = scope.run(() => useClosed(() => visit.value));
  expect(session.writes).toBe(true);

  visit.value = visitOf(state);
  expect(closed?.value?.title).toBe(title);
  expect(session.writes).toBe(false);
  visit.value = visitOf("under_way");
  expect(closed?.value).toBeUndefined();
  expect(session.writes).toBe(true);

  visit.value = visitOf(state);
  scope.stop();
  expect(session.writes).toBe(true); // other pages are not this record's
});

test("another window writes nothing, and says so, whatever the record is", () => {
  session.isWriter = false;
  expect(session.writes).toBe(false);
  session.isWriter = true;
  expect(session.writes).toBe(true);
});

describe("of a closed record", () => {
  test("nobody is asked to sign again", async () => {
    await phone.sign(TASK, "enterprise", "钱大", STROKES);
    const rows = signerRows(await phone.record(TASK), "record");
    const row = rows.find((one) => one.signer === "enterprise") as SignerRow;
    const card = (): Promise<string> => {
      const of = { row, visit: visitOf("record_closed"), overview: undefined };
      return renderToString(createSSRApp({ render: () => h(SignerCard, of) }));
    };
    expect(await card()).toContain(SIGNING.signAgain);

    session.isClosed = true;
    const shown = await card();
    expect(shown).not.toContain(SIGNING.signAgain);
    expect(shown).toContain("钱大");
  });

  test("nothing is said any more", async () => {
    const page = (): Promise<string> => {
      const of = { visit: visitOf("record_closed"), phone };
      return renderToString(createSSRApp({ render: () => h(FeedbackStep, of) }));
    };
    expect(await page()).toContain(FEEDBACK.add);
    session.isClosed = true;
    expect(await page()).not.toContain(FEEDBACK.add);
  });

  test("the visit is over, also where it was not ended here: a new version may come", async () => {
    const task = { number: "1", form_set: FORM, enterprise_id: "", team: [], state: "under_way" };
    const id = `task/${TASK}`;
    await show(phone.store, { [id]: { id: TASK, ...task } });
    await phone.startVisit(TASK, { place: "一号车间" });
    session.phone = phone;
    const looked = async (): Promise<SeenVisit> => {
      const scope = effectScope();
      const visit = scope.run(() => useVisitRecord(() => TASK));
      await vi.waitUntil(() => visit?.value);
      scope.stop();
      return visit?.value as SeenVisit;
    };
    const began = Date.parse((await looked()).arrivals.get(await phone.user())?.wall ?? "");
    expect(isInVisit(began)).toBe(true);

    await show(phone.store, { [id]: { id: TASK, ...task, state: "record_closed" } });
    await looked();
    expect(isInVisit(began)).toBe(false);
  });
});
