/** Tasks stand where an inspector looks for them. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnterpriseBody, TaskBody } from "../../src/app/reading/bodies.ts";
import {
  dayInWords,
  daysBetween,
  momentInWords,
  sizeInWords,
  spanInWords,
  today,
  wholeMoment,
} from "../../src/app/reading/days.ts";
import { GROUPS, daysLeft, found, groupOf, rowsOf } from "../../src/app/reading/tasks.ts";

const DAY = "2026-03-10";

function task(values: Partial<TaskBody> = {}): TaskBody {
  return {
    id: "0198aaaa-0000-4000-8000-000000000001",
    number: "2026-0001",
    state: "dispatched",
    source: "draw",
    visit_from: DAY,
    visit_to: DAY,
    form_set: "dust@1",
    forms: [{ name: "dust", version: 1 }],
    scheme: { enterprise: "云湾木业有限公司", address: "振园路 53 号" },
    enterprise_id: "0198eeee-0000-4000-8000-000000000001",
    team: [
      { user_id: "u1", officer_id: "o1", name: "赵兰玉", cert_no: "1", unit: "一科", role: "lead" },
    ],
    others: [],
    ...values,
  };
}

function rows(tasks: readonly TaskBody[]): ReturnType<typeof rowsOf> {
  return rowsOf(tasks, new Map(), new Map(), DAY);
}

describe("a task belongs", () => {
  test.each([
    ["2026-03-01", "2026-03-20", "today"],
    ["2026-03-10", "2026-03-10", "today"],
    ["2026-03-11", "2026-03-20", "upcoming"],
    ["2026-03-01", "2026-03-09", "overdue"],
  ])("of %s to %s to %s", (visit_from, visit_to, group) => {
    expect(groupOf(task({ visit_from, visit_to }), DAY, false)).toBe(group);
  });

  test.each(["record_closed", "documents_issued", "ended"])("as %s to what is done", (state) => {
    expect(groupOf(task({ state, visit_to: "2026-03-01" }), DAY, false)).toBe("done");
  });

  test("to what is done as soon as this phone has ended the visit", () => {
    expect(groupOf(task({ visit_to: "2026-03-01" }), DAY, true)).toBe("done");
  });

  test("to one group on any day", () => {
    const day = fc.date({ min: new Date("2025-01-01"), max: new Date("2027-12-31") });
    const state = fc.constantFrom("dispatched", "under_way", "record_closed", "later_word");
    fc.assert(
      fc.property(day, day, day, state, fc.boolean(), (one, other, now, of, completed) => {
        const [visit_from = "", visit_to = ""] = [one, other].map((at) => today(at)).sort();
        const group = groupOf(task({ visit_from, visit_to, state: of }), today(now), completed);

        expect(GROUPS).toContain(group);
        if (group === "overdue") expect(visit_to < today(now)).toBe(true);
      }),
    );
  });
});

describe("the list", () => {
  test("begins with what ends first; of what is done with the newest", () => {
    const open = rows([
      task({ number: "2026-0003", visit_to: "2026-03-20" }),
      task({ number: "2026-0002", visit_to: "2026-03-12" }),
      task({ number: "2026-0001", visit_to: "2026-03-12" }),
    ]);
    expect(open.map((row) => row.number)).toEqual(["2026-0001", "2026-0002", "2026-0003"]);
    const done = rows([
      task({ state: "ended", number: "2026-0001", visit_to: "2026-01-12" }),
      task({ state: "ended", number: "2026-0002", visit_to: "2026-02-12" }),
    ]);
    expect(done.map((row) => row.number)).toEqual(["2026-0002", "2026-0001"]);
  });

  test("names the enterprise as registered now, else as the scheme does, else the task", () => {
    const enterprise = { name: "新名称", address: "新地址", is_key: true, open_hazards: [{}, {}] };
    const known = new Map([[task().enterprise_id, enterprise as unknown as EnterpriseBody]]);
    const [row] = rowsOf([task()], known, new Map([[task().id, standing(true)]]), DAY);

    expect(row).toMatchObject({ enterprise: "新名称", isKey: true, hazards: 2, begun: true });
    expect(rows([task()])[0]).toMatchObject({ enterprise: "云湾木业有限公司", hazards: 0 });
    expect(rows([task({ scheme: {} })])[0]).toMatchObject({ enterprise: "2026-0001", address: "" });
  });

  test("tells what this phone has ended and the office has not closed", () => {
    const ended = new Map([[task().id, { begun: true, completed: true }]]);
    const waits = (state: string): boolean | undefined =>
      rowsOf([task({ state })], new Map(), ended, DAY)[0]?.awaitsClosing;

    expect(waits("under_way")).toBe(true);
    expect(waits("record_closed")).toBe(false);
    expect(rows([task()])[0]?.awaitsClosing).toBe(false);
  });

  test("is searched by every word, in names, numbers, addresses and people", () => {
    const all = rows([task(), task({ number: "2026-0002", scheme: { enterprise: "ABC 铝业" } })]);

    expect(found(all, "  ")).toHaveLength(2);
    expect(found(all, "木业 振园")).toHaveLength(1);
    expect(found(all, "abc")).toHaveLength(1);
    expect(found(all, "赵兰玉")).toHaveLength(2);
    expect(found(all, "0002 木业")).toHaveLength(0);
  });

  test("counts the days that are left, the last one as none", () => {
    const [row] = rows([task({ visit_to: "2026-03-12" })]);
    if (row === undefined) throw new Error("no row");

    expect(daysLeft(row, DAY)).toBe(2);
    expect(daysLeft(row, "2026-03-12")).toBe(0);
    expect(daysLeft(row, "2026-03-13")).toBe(-1);
  });
});

describe("in words", () => {
  test.each([
    ["2026-03-10", "3月10日\u00a0周二"],
    ["2027-01-01", "2027年1月1日\u00a0周五"],
    ["someday", "someday"],
  ])("the day %s is %s", (day, words) => {
    expect(dayInWords(day, DAY)).toBe(words);
  });

  test("a span names its year only where it is another one", () => {
    expect(spanInWords(DAY, DAY, DAY)).toBe("3月10日\u00a0周二");
    expect(spanInWords("2026-12-30", "2027-01-03", DAY)).toBe("12月30日至2027年1月3日");
  });

  test("a moment of today is a time", () => {
    const now = new Date("2026-03-10T09:00:00");

    expect(momentInWords("2026-03-10T08:05:00", now)).toBe("08:05");
    expect(momentInWords("2026-03-09T08:05:00", now)).toBe("3月9日 08:05");
    expect(momentInWords("2025-03-09T08:05:00", now)).toBe("2025年3月9日 08:05");
    expect(momentInWords("", now)).toBe("");
  });

  test("a whole moment has its day once, whatever day it is now", () => {
    expect(wholeMoment("2026-03-10T08:05:00", DAY)).toBe("3月10日\u00a0周二 08:05");
    expect(wholeMoment("2026-03-09T08:05:00", DAY)).toBe("3月9日\u00a0周一 08:05");
    expect(wholeMoment("", DAY)).toBe("");
  });

  test("days are counted over the end of summer time and of years", () => {
    expect(daysBetween("2026-12-31", "2027-01-01")).toBe(1);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });

  test.each([
    [999, "999 字节"],
    [1500, "2 KB"],
    [1_500_000, "1.5 MB"],
    [2_000_000_000, "2.0 GB"],
  ])("%i bytes are %s", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});

function standing(begun: boolean): { begun: boolean; completed: boolean } {
  return { begun, completed: false };
}
