/** Arriving: breaks of the recording, and what is kept of the code at the gate. */

import { describe, expect, test } from "vitest";
import { createSSRApp, h } from "vue";
import { renderToString } from "vue/server-renderer";
import type { SSRContext } from "vue/server-renderer";
import { isMoment } from "../../src/core/texts.ts";
import type { Named } from "../../src/app/camera/scanning/codes.ts";
import { gateInWords, gateKept, gateOf } from "../../src/app/pages/visit/gate.ts";
import GapForm from "../../src/app/pages/visit/GapForm.vue";
import {
  faultsOfGap,
  gapDraft,
  keptGap,
  localOf,
  momentOf,
} from "../../src/app/pages/visit/gaps.ts";
import type { Gap } from "../../src/app/pages/visit/gaps.ts";
import { forgetTold, noteTold, toldAt } from "../../src/app/pages/visit/notice/told.ts";
import { arrivedAt, dayOf } from "../../src/app/reading/arrivals.ts";
import { firstArrival, said } from "../../src/app/session/visit.ts";
import type { Arrival } from "../../src/app/session/visit.ts";
import { GAPS } from "../../src/app/words/visit.ts";
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

test("a break that was being typed is there again, until it is saved", async () => {
  const { phone } = await holding(1);
  const gaps = async () => said<Gap>(await phone.record(TASK), "gap/");
  expect(await keptGap(phone, TASK, await gaps())).toBeNull();

  await phone.store.putDraft(gapDraft(TASK), JSON.stringify(WHOLE));
  const kept = await keptGap(phone, TASK, await gaps());
  expect(kept).toEqual(WHOLE);
  const context: SSRContext = {};
  const form = () => h(GapForm, { task: TASK, phone, kept });
  await renderToString(createSSRApp({ render: form }), context);
  const sheet = Object.values(context.teleports ?? {}).join("");
  expect(sheet).toContain(GAPS.restored);
  expect(sheet).toContain(WHOLE.from);

  await phone.declareGap(TASK, momentOf(WHOLE.from), momentOf(WHOLE.to), WHOLE.reason);
  expect(await keptGap(phone, TASK, await gaps())).toBeNull();
  expect(await phone.store.draft(gapDraft(TASK))).toBe("");
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

test("a correction moves no arrival, and says itself since when somebody was there", async () => {
  const { phone, clock } = await holding(1);
  await phone.startVisit(TASK, { place: "一号车问" });
  const [known] = said<Arrival>(await phone.record(TASK), "visit/start/");
  clock.put("2026-03-02T11:00:00+08:00");
  const since = known?.wall ?? "";
  await phone.startVisit(TASK, { place: "一号车间", arrived_at: since });

  const record = await phone.record(TASK);
  const [corrected] = said<Arrival>(record, "visit/start/");
  expect(corrected?.value).toMatchObject({ place: "一号车间", arrived_at: since });
  expect(corrected?.wall).toContain("T11:00");
  expect(arrivedAt(corrected?.value, corrected?.wall ?? "")).toBe(since);
  expect(await firstArrival(phone, TASK, record, corrected)).toBe(since);
  expect(dayOf(record.items)).toBe("2026-03-02");
});

test("nobody arrived later than what says so, and what says nothing is of its own time", () => {
  const wall = "2026-03-02T09:00:00.000+08:00";
  expect(arrivedAt({}, wall)).toBe(wall);
  expect(arrivedAt(null, wall)).toBe(wall);
  expect(arrivedAt({ arrived_at: "2026-03-02T09:00:01+08:00" }, wall)).toBe(wall);
  expect(arrivedAt({ arrived_at: "2026-03-02T00:59:59Z" }, wall)).toBe("2026-03-02T00:59:59Z");
});

describe("the code at the gate", () => {
  const at = "2026-03-02T08:58:00.000+08:00";
  const uscc = "91110000600007156J";
  const other = { kind: "other", code: "enterprise", named: uscc, uscc, name: "" } as const;

  test("is kept with the arrival: whose it was, what it named, and when", async () => {
    const gate = gateOf(other, false, at);
    expect(gate).toEqual({
      code: "enterprise",
      named: uscc,
      name: "",
      agrees: false,
      typed: false,
      read_at: at,
    });
    const { phone } = await holding(1);
    await phone.startVisit(TASK, { place: "门卫室", ...(gate && { gate }) });
    const [arrived] = said<Arrival>(await phone.record(TASK), "visit/start/");
    expect(arrived?.value.gate).toEqual(gate);
  });

  test("that names no enterprise leaves nothing", () => {
    expect(gateOf({ kind: "none" }, true, at)).toBeUndefined();
  });

  test("is told in words, another enterprise by name or number", () => {
    const same = { ...other, kind: "same", code: "bureau", name: "甲厂" } as const;
    const told = (named: Named, typed: boolean): string => {
      const gate = gateOf(named, typed, at);
      return gate ? gateInWords(gate, () => "8:58") : "";
    };

    expect(told(same, false)).toBe("8:58 扫描入企码，与任务一致");
    expect(told(other, true)).toBe(
      `8:58 录入统一社会信用代码，为本机没有资料的企业 ${uscc}，与任务不一致，已核对现场`,
    );
    expect(told({ ...other, code: "bureau", name: "乙厂" }, false)).toContain("为乙厂，与任务不一致");
  });

  test("of a draft that an earlier version kept counts for nothing", () => {
    expect(gateKept("same")).toBeNull();
    expect(gateKept(null)).toBeNull();
    expect(gateKept(gateOf(other, false, at))).toEqual(gateOf(other, false, at));
  });
});

test("that the notice was shown outlives the page, until the arrival says it", async () => {
  const { phone } = await holding(1);
  expect(await toldAt(phone, TASK)).toBe("");
  await noteTold(phone, TASK, "2026-03-02T08:59:00.000+08:00");
  expect(await toldAt(phone, TASK)).toBe("2026-03-02T08:59:00.000+08:00");
  expect(await toldAt(phone, "another")).toBe("");
  await forgetTold(phone, TASK);
  expect(await toldAt(phone, TASK)).toBe("");
});
