/** Whoever signs signs what was on the screen, and is told when there is more. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";
import type { EffectScope } from "vue";
import { useShown } from "../../src/app/pages/visit/signing/shown.ts";
import type { Shown } from "../../src/app/pages/visit/signing/shown.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { FINDING, STROKES, exchange, withTwo } from "../capture/team.ts";
import { TASK } from "../store/keeping.ts";

let lead: Phone;
let member: Phone;
let sheet: EffectScope;
withTwo((one, other) => ([lead, member] = [one.phone, other.phone]));

beforeEach(async () => {
  sheet = effectScope();
  await lead.addFinding(TASK, FINDING);
});

afterEach(() => sheet.stop());

async function opened(document: "record" | "order" = "record"): Promise<Shown> {
  const record = await lead.record(TASK);
  return sheet.run(() => useShown(lead, record, document)) as Shown;
}

test.each(["record", "order"] as const)(
  "a finding that comes while somebody draws is told, and the %s signed is the one shown",
  async (document) => {
    const shown = await opened(document);
    const late = await member.addFinding(TASK, { ...FINDING, text: "签名时才收到" });
    await exchange(lead, member);
    await vi.waitFor(() => expect(shown.isOutdated.value).toBe(true));
    expect(await shown.tells()).toBe(false); // it stands on the sheet already

    await lead.sign(TASK, "enterprise", "王五", STROKES, { document, seen: shown.record });
    const [state] = [...(await lead.record(TASK)).signatures.values()];
    expect(state?.head.parents).toEqual(
      document === "order" ? shown.record.ordered : shown.record.live,
    );
    expect([state?.stale, state?.unseen]).toEqual([true, [late]]);
  },
);

test("what came at the last moment stops the signing once", async () => {
  const shown = await opened();
  sheet.stop();
  await member.addFinding(TASK, FINDING);
  await exchange(lead, member);

  expect(await shown.tells()).toBe(true);
  expect(await shown.tells()).toBe(false);
});

test("a signature that another gives meanwhile changes nothing, nor a note the order", async () => {
  const [record, order] = [await opened(), await opened("order")];
  await lead.sign(TASK, "lead", "张三", STROKES);
  expect(await record.tells()).toBe(false);
  await member.note(TASK, "无异议");
  await exchange(lead, member);

  await Promise.all([record.tells(), order.tells()]);
  expect([record.isOutdated.value, order.isOutdated.value]).toEqual([true, false]);
});
