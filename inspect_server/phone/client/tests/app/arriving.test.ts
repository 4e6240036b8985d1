/** Arriving: breaks of the recording, and what is kept of the code at the gate. */

import { describe, expect, test } from "vitest";
import { isMoment } from "../../src/core/texts.ts";
import { gateNoted } from "../../src/app/pages/visit/gate.ts";
import { faultsOfGap, localOf, momentOf } from "../../src/app/pages/visit/gaps.ts";
import { firstArrival, said } from "../../src/app/session/visit.ts";
import type { Arrival } from "../../src/app/session/visit.ts";
import { holding } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();

const NOW = new Date("2026-03-02T09:30:20+08:00");
const WHOLE = { from: localOf(new Date(NOW.getTime() - 600_000)), to: localOf(NOW), reason: "换电池" };

describe("a break of the recording", () => {
  test("is from one moment to a later one, which has come, and for a reason", () => {
    expect(faultsOfGap(WHOLE, NOW)).toEqual({ from: "", to: "", reason: "" });
    expect(faultsOfGap({ from: "", to: "", reason: " " }, NOW)).toEqual({
      from: "请填写中断时间",
      to: "请填写恢复时间",
      reason: "请填写中断原因",
    });
    expect(faultsOfGap({ ...WHOLE, from: WHOLE.to }, NOW).to).toContain("晚于");
    const later = localOf(new Date(NOW.getTime() + 60_000));
    expect(faultsOfGap({ ...WHOLE, to: later }, NOW).to).toContain("还没有到");
  });

  test("is declared in moments that the protocol takes, and is withdrawn", async () => {
    const moment = momentOf(WHOLE.to);
    expect(isMoment(moment)).toBe(true);
    expect(Date.parse(moment)).toBe(NOW.getTime() - 20_000);
    expect(momentOf("")).toBe("");

    const { phone } = await holding(1);
    const item = await phone.declareGap(TASK, momentOf(WHOLE.from), moment, WHOLE.reason);
    expect(said(await phone.record(TASK), "gap/")).toMatchObject([{ item, value: { to: moment } }]);
    await phone.retract(TASK, item, "登记有误");
    expect(said(await phone.record(TASK), "gap/")).toEqual([]);
  });
});

test("an arrival that was corrected is shown with its first time as well", async () => {
  const { phone, clock } = await holding(1);
  const first = async (): Promise<string> => {
    const record = await phone.record(TASK);
    return await firstArrival(phone, TASK, record, said<Arrival>(record, "visit/start/")[0]);
  };
  await phone.startVisit(TASK, { place: "一号车问" });
  expect(await first()).toBe("");

  const [known] = said<Arrival>(await phone.record(TASK), "visit/start/");
  clock.put("2026-03-02T11:00:00+08:00");
  await phone.startVisit(TASK, { place: "一号车间" });
  expect(await first()).toBe(known?.wall);
  expect(await first()).toContain("T09:00");
});

test("of the code at the gate the result is noted, where it named an enterprise", () => {
  expect(gateNoted("same")).toContain("一致");
  expect(gateNoted("other")).toContain("不一致");
  expect(gateNoted("none") + gateNoted("")).toBe("");
});
