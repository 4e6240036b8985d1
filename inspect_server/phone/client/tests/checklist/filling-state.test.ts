/** What one item shows: taps before they are saved, who said what, findings and photos. */

import { describe, expect, test } from "vitest";

import {
  ChecklistState,
  isOpen,
  isSameRow,
  lacks,
  progressOf,
} from "../../src/app/checklist/filling-state.ts";
import type { Row } from "../../src/app/checklist/filling-state.ts";
import { answeredOf } from "../../src/app/checklist/structure.ts";
import type { Answered } from "../../src/app/checklist/structure.ts";
import { answeredIn } from "../../src/app/session/visit.ts";
import type { Form } from "../../src/forms/body.ts";
import type { Item } from "../../src/merging/items.ts";
import { ME, PARTNER, byId, head, item } from "./folded.ts";

const FORM = {
  name: "dust",
  version: 1,
  title: "粉尘涉爆",
  content_sha256: "",
  effective_from: "2026-01-01",
  retired_on: null,
  device_clause: null,
  sections: [
    {
      title: "一节",
      items: [
        { code: "D01", kind: "check", question: "甲", photos_on_failure: 2 },
        { code: "D02", kind: "check", question: "乙" },
        { code: "D03", kind: "integer", question: "丙", least: "1" },
        { code: "D04", kind: "image", question: "丁" },
      ],
    },
  ],
} as unknown as Form;
const D01 = "answer/dust/D01";
const PASS = { result: "pass", reason: "", note: "" };
const FAIL = { result: "fail", reason: "", note: "" };

function opened(...items: readonly Item[]): ChecklistState {
  const state = new ChecklistState(FORM, "2026-03-02", ME);
  state.load(byId(...items));
  return state;
}

function row(state: ChecklistState, code: string): Row {
  return state.rows().find((one) => one.item.code === code) as Row;
}

function finding(id: string, code: string, value: object = {}): Item {
  const whole = { answer_item: `answer/dust/${code}`, text: "积尘", level: "general", ...value };
  return item(`finding/${id}`, head(whole, ME, "finding.add"));
}

function photo(id: string, cites: { answer_item?: string; finding?: string }): Item {
  const value = { answer_item: "", finding: "", sha256: id, ...cites };
  return item(`photo/${id}`, head(value, ME, "photo.add"));
}

describe("a tap", () => {
  test("shows at once, and counts", () => {
    const state = opened();
    state.propose("D01", FAIL);

    expect(row(state, "D01")).toMatchObject({ answer: FAIL, isFailed: true, saving: "saving" });
    expect(row(state, "D01").isMissing).toBe(false);
  });

  test("becomes the answer of the record when it was saved", () => {
    const state = opened();
    state.propose("D01", FAIL);
    state.take(D01, item(D01, head(FAIL)));
    state.saved("D01");

    expect(row(state, "D01")).toMatchObject({ answer: FAIL, isFailed: true, saving: "" });
  });

  test("that was not saved is withdrawn, with the reason; what stood before stands", () => {
    const state = opened(item(D01, head(PASS)));
    state.propose("D01", FAIL);
    state.withdraw("D01", "手机存储空间不足");

    expect(row(state, "D01")).toMatchObject({ answer: PASS, isFailed: false, saving: "failed" });
    expect(row(state, "D01").problem).toBe("手机存储空间不足");
  });

  test("after one that failed says nothing of it any more", () => {
    const state = opened();
    state.propose("D01", FAIL);
    state.withdraw("D01", "没有保存");
    state.propose("D01", PASS);

    expect(row(state, "D01").problem).toBe("");
  });

  test("that takes an answer back leaves the item open", () => {
    const state = opened(item(D01, head(PASS)));
    state.propose("D01", null);

    expect(row(state, "D01")).toMatchObject({ answer: null, isMissing: true, isAnswered: false });
  });

  test("changes no other row", () => {
    const state = opened(item(D01, head(PASS)), finding("1", "D02"));
    const before = state.rows();
    state.propose("D01", FAIL);
    const after = state.rows();

    expect(before.map((one, spot) => isSameRow(one, after[spot] as Row))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe("two phones", () => {
  const mine = head(PASS);
  const theirs = head(FAIL, PARTNER);

  test("that disagree leave the item open, and each shows its own", () => {
    const state = opened(item(D01, mine, theirs));

    expect(row(state, "D01")).toMatchObject({ answer: PASS, isMissing: true, isFailed: false });
    expect(isOpen(row(state, "D01"))).toBe(true);
  });

  test("of which only the partner said something show the partner's answer", () => {
    const state = opened(item(D01, theirs));

    expect(row(state, "D01").answer).toEqual(FAIL);
    expect(row(state, "D01").said?.users).toEqual([PARTNER]);
  });

  test("that agree count as one answer", () => {
    const state = opened(item(D01, mine, head(PASS, PARTNER)));

    expect(row(state, "D01")).toMatchObject({ answer: PASS, isMissing: false });
  });
});

describe("a record that is read again", () => {
  test("redraws nothing that did not change", () => {
    const pictured = photo("a", { finding: "finding/1" });
    const first = [item(D01, head(PASS)), finding("1", "D02"), pictured];
    const state = opened(...first);
    const before = state.rows();
    state.load(byId(...first.map((one) => ({ ...one, heads: [...one.heads] }))));

    expect(state.rows().every((one, spot) => isSameRow(one, before[spot] as Row))).toBe(true);
  });

  test("forgets what is there no more", () => {
    const state = opened(item(D01, head(FAIL)), finding("1", "D01"));
    state.load(new Map());

    expect(row(state, "D01")).toMatchObject({ answer: null, findings: [] });
  });
});

describe("a failure", () => {
  const failed = item(D01, head(FAIL));

  test("lacks words first, then the photos that its item asks for", () => {
    expect(lacks(row(opened(failed), "D01"))).toBe("待填写问题描述");
    expect(lacks(row(opened(failed, finding("1", "D01")), "D01"))).toBe("还差2张照片");
  });

  test("counts photos of the answer and of its findings alike", () => {
    const whole = opened(
      failed,
      finding("1", "D01"),
      photo("a", { answer_item: D01 }),
      photo("b", { finding: "finding/1" }),
    );

    expect(row(whole, "D01").photos).toHaveLength(2);
    expect(lacks(row(whole, "D01"))).toBe("");
    expect(isOpen(row(whole, "D01"))).toBe(false);
  });

  test("leaves out findings that were withdrawn, and photos in dispute", () => {
    const gone = item("finding/2", head(null, ME, "finding.retract"));
    const disputed = item("photo/c", head({ answer_item: D01, finding: "" }), head(null, PARTNER));
    const state = opened(failed, finding("1", "D01"), gone, disputed);

    expect(row(state, "D01").findings.map(({ id }) => id)).toEqual(["finding/1"]);
    expect(row(state, "D01").photos).toEqual([]);
  });

  test("of another checklist is none of ours", () => {
    const other = item("finding/9", head({ answer_item: "answer/dust-2/D01" }, ME, "finding.add"));

    expect(row(opened(failed, other), "D01").findings).toEqual([]);
  });
});

test("a photo answers an item that asks for photos, and its withdrawal takes that back", () => {
  const state = opened(photo("a", { answer_item: "answer/dust/D04" }));
  expect(row(state, "D04").isAnswered).toBe(true);
  state.take("photo/a", item("photo/a", head(null, ME, "photo.retract")));

  expect(row(state, "D04").isAnswered).toBe(false);
});

test("a value that cannot stand keeps its item open", () => {
  const state = opened();
  state.propose("D03", { result: "given", given: "0" });

  expect(row(state, "D03").faults).toEqual(["应不小于1"]);
  expect(progressOf(state.rows())).toEqual({
    total: 4,
    answered: 1,
    failed: 0,
    settled: 0,
    open: 3,
  });
});

function counted(state: ChecklistState): Answered {
  return answeredOf([progressOf(state.rows())]);
}

test("what may stay blank counts towards a visit's progress once it was filled in", () => {
  const state = opened(item(D01, head(PASS, ME)));
  const before = counted(state);
  state.propose("D03", { result: "given", given: "4" });
  const after = counted(state);
  state.propose("D03", { result: "given", given: "0" });
  const wrong = counted(state);

  expect(before).toEqual({ answered: 1, total: 2 });
  expect(after).toEqual({ answered: 2, total: 3 });
  expect(wrong).toEqual({ answered: 1, total: 3 });
});

test("the progress of a visit is that of its first day, however many days it takes", () => {
  const tree = ["=", ["today"], ["text", "2026-03-02"]];
  const asked = { code: "D05", kind: "check", question: "戊", relevant: { text: "", tree } };
  const form = { ...FORM, sections: [{ title: "一节", items: [asked] }] } as unknown as Form;
  const start = (day: string): ReturnType<typeof byId> =>
    byId(item("visit/start/1", { ...head({}), wall: `${day}T09:00:00.000+08:00` }));

  expect(answeredIn([form], { items: start("2026-03-02") }, ME)).toEqual({ answered: 0, total: 1 });
  expect(answeredIn([form], { items: start("2026-03-01") }, ME)).toEqual({ answered: 0, total: 0 });
});
