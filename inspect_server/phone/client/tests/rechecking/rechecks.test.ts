/** What a recheck asks for, how it is said, and what is left of it before people sign. */

import { describe, expect, test } from "vitest";
import type { EnterpriseBody, Hazard, TaskBody } from "../../src/app/reading/bodies.ts";
import { earlierProblems } from "../../src/app/reading/rechecks.ts";
import type { EarlierProblem } from "../../src/app/reading/rechecks.ts";
import { remainingOf } from "../../src/app/pages/visit/signing/remaining.ts";
import { itemsTold } from "../../src/app/pages/visit/signing/unseen.ts";
import type { SeenVisit } from "../../src/app/session/visit.ts";
import { RECHECK, recheckInWords } from "../../src/app/rechecking/words.ts";
import { exchange, holding } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();

const EARLIER = "0198aaaa-0000-4000-8000-0000000000aa";
const HAZARD = {
  inspection: "2026-0001",
  inspection_id: EARLIER,
  number: 1,
  found_on: "2026-03-02",
  level: "general",
  text: "未设置警示标志",
  place: "一号池",
  basis: "《有限空间作业安全规定》第六条",
  measure: "rectify_within",
  state: "ordered",
  order_no: "（苏·云）应急责改〔2026〕1号",
  deadline: "2026-03-20",
  is_supervised: false,
  photos: ["a".repeat(64)],
  rechecks: [],
  result: "",
  rechecked_on: "",
} satisfies Hazard;
const SECOND = { ...HAZARD, number: 2, text: "积尘未清扫" } satisfies Hazard;
const ITEM = `recheck/${EARLIER}/1`;

function task(follows: string): TaskBody {
  return { id: TASK, number: "2026-0007", scheme: { follows } } as unknown as TaskBody;
}

function told(open: readonly Hazard[], rectified: readonly object[] = []): EnterpriseBody {
  return { open_hazards: open, rectified_hazards: rectified } as unknown as EnterpriseBody;
}

function asked(follows: string, ...of: Parameters<typeof told>): [string, boolean][] {
  return earlierProblems(task(follows), told(...of)).map((one) => [one.item, one.isOpen]);
}

describe("a recheck asks for", () => {
  test("what is open of the check that it follows, by number", () => {
    const other = { ...HAZARD, inspection: "2026-0002" };

    expect(asked("2026-0001", [SECOND, other, HAZARD])).toEqual([
      [ITEM, true],
      [`recheck/${EARLIER}/2`, true],
    ]);
    expect(asked("", [HAZARD])).toEqual([]);
  });

  test("what the check that it follows left open itself", () => {
    const left = { ...HAZARD, rechecks: ["2026-0003"], result: "not_rectified" };
    expect(asked("2026-0003", [left, SECOND])).toEqual([[ITEM, true]]);
  });

  test("nothing more of what it has ended itself, and shows it", () => {
    const ended = { ...HAZARD, how: "rechecked", rectified_on: "2026-04-01", recheck: "2026-0007" };
    const onSite = { ...ended, how: "on_site", number: 0 };
    const others = { ...ended, recheck: "2026-0008" };
    expect(asked("2026-0001", [SECOND], [ended, onSite, others])).toEqual([
      [ITEM, false],
      [`recheck/${EARLIER}/2`, true],
    ]);
  });

  test("nothing that a server of before told without its number", () => {
    const { inspection_id: _, number: __, rechecks: ___, ...before } = HAZARD;
    expect(asked("2026-0001", [before])).toEqual([]);
  });
});

describe("before signing", () => {
  const problems = earlierProblems(task("2026-0001"), told([HAZARD, SECOND]));
  const filled = { states: [], forms: [], day: "2026-03-05", user: "", items: new Map() };

  async function left(
    record: SeenVisit["record"],
    earlier: readonly EarlierProblem[] = problems,
  ): Promise<string[]> {
    const visit = { task: { team: [] }, arrivals: new Map(), participants: [], record, earlier };
    const found = remainingOf(visit as unknown as SeenVisit, filled);
    for (const one of found) expect(one.spot).toEqual({ at: "step", step: "findings" });
    return found.map((one) => one.text);
  }

  test("each problem without a result is told, many as their number", async () => {
    const { phone } = await holding(1);
    await phone.recheck(TASK, ITEM, "not_checked", "停产锁闭");
    const record = await phone.record(TASK);
    const many = [3, 4, 5, 6].map((number) => {
      return { ...problems[1]!, number, item: `recheck/${EARLIER}/${number}` };
    });

    expect(await left(record)).toEqual(["复查 2026-0001 第 2 项“积尘未清扫”：未填结果"]);
    expect(await left(record, many)).toEqual([RECHECK.openMany(4)]);
    expect(await left(record, [{ ...problems[1]!, isOpen: false }])).toEqual([]);
  });

  test("what two phones say differently is told, until the lead settles it", async () => {
    const [one, other] = [await holding(1), await holding(2)];
    await one.phone.recheck(TASK, ITEM, "rectified");
    await other.phone.recheck(TASK, ITEM, "partly", "尚缺一处");
    await exchange(one.phone, other.phone);
    const disputed = await one.phone.record(TASK);
    await one.phone.resolve(TASK, ITEM, { result: "partly", note: "尚缺一处" }, "现场复核");
    const settled = await one.phone.record(TASK);

    expect(await left(disputed, [problems[0]!])).toEqual([
      "复查事项有 1 处不一致，须由主办人员确认",
    ]);
    expect(await left(settled, [problems[0]!])).toEqual([]);
    expect(itemsTold([ITEM], settled, [])).toEqual(["复查事项：部分整改，尚缺一处"]);
  });
});

test("a result is what the officer saw and said: a second one replaces it", async () => {
  const { phone } = await holding(1);
  await phone.recheck(TASK, ITEM, "rectified");
  await phone.recheck(TASK, ITEM, "not_rectified", "标志已损坏");
  const item = (await phone.record(TASK)).items.get(ITEM);

  expect(item?.heads).toHaveLength(1);
  expect(item?.value).toEqual({ result: "not_rectified", note: "标志已损坏" });
  await expect(phone.recheck(TASK, ITEM, "not_checked", " ")).rejects.toThrow("必须写明原因");
});

test("a result is read with its note", () => {
  expect(recheckInWords({ result: "rectified", note: "" })).toBe("已整改");
  expect(recheckInWords({ result: "not_checked", note: " 停产 " })).toBe("未复查，停产");
});
