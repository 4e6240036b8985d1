/** Taps are shown before anything is saved, and none is lost or saved twice. */

import { expect, test, vi } from "vitest";

import { AnswerQueue, sentence } from "../../src/app/checklist/answering.ts";
import { ChecklistState } from "../../src/app/checklist/filling-state.ts";
import { PhoneError } from "../../src/core/problems.ts";
import type { Form } from "../../src/forms/body.ts";
import type { Answer } from "../../src/forms/filling.ts";
import type { Seen } from "../../src/capture/seen.ts";
import { ME, PARTNER, head, item } from "./folded.ts";

const FORM = {
  name: "dust",
  version: 1,
  title: "粉尘涉爆",
  sections: [
    {
      title: "一节",
      items: [
        { code: "D01", kind: "check", question: "甲" },
        { code: "D02", kind: "check", question: "乙" },
      ],
    },
  ],
} as unknown as Form;
const PASS: Answer = { result: "pass" };
const FAIL: Answer = { result: "fail" };

interface Bench {
  readonly state: ChecklistState;
  readonly queue: AnswerQueue;
  readonly saved: (readonly [string, Answer | null])[];
  readonly shown: (string | undefined)[];
  readonly seen: (readonly string[])[];
}

/** A queue whose saves wait for `gate`, and fail where it throws. */
function bench(gate: (code: string) => Promise<void> = () => Promise.resolve()): Bench {
  const state = new ChecklistState(FORM, "2026-03-02", ME);
  const saved: (readonly [string, Answer | null])[] = [];
  const shown: (string | undefined)[] = [];
  const seen: (readonly string[])[] = [];
  const queue = new AnswerQueue(state, {
    painted: () => Promise.resolve(),
    changed: () => shown.push(state.rows()[0]?.answer?.result),
    save: async (code, answer, before: Seen) => {
      await gate(code);
      seen.push(before.heads.map((one) => one.id));
      saved.push([code, answer]);
      const id = state.itemOf(code);
      state.take(id, item(id, head(answer)));
    },
  });
  return { state, queue, saved, shown, seen };
}

test("an answer is on the screen before its save begins", async () => {
  const { queue, saved, shown } = bench();
  queue.put("D01", PASS);

  expect(shown).toEqual(["pass"]);
  expect(saved).toEqual([]);
  await queue.settled();
  expect(saved).toEqual([["D01", PASS]]);
});

test("of taps in a row the last is saved, and the ones between may be skipped", async () => {
  const { state, queue, saved } = bench();
  queue.put("D01", PASS);
  queue.put("D01", FAIL);
  queue.put("D01", PASS);
  await queue.settled();

  expect(saved).toEqual([["D01", PASS]]);
  expect(state.rows()[0]).toMatchObject({ answer: PASS, saving: "" });
});

test("a tap during a save is saved after it, and stays on the screen meanwhile", async () => {
  let open: () => void = () => undefined;
  const { state, queue, saved, shown } = bench(() => new Promise((resolve) => (open = resolve)));
  queue.put("D01", PASS);
  await vi.waitFor(() => expect(open).toBeTypeOf("function"));
  await Promise.resolve();
  queue.put("D01", FAIL);
  open();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  await Promise.resolve();
  open();
  await queue.settled();

  expect(saved.at(-1)).toEqual(["D01", FAIL]);
  expect(shown.slice(shown.indexOf("fail"))).not.toContain("pass");
  expect(state.rows()[0]?.answer).toEqual(FAIL);
});

test("a save that fails takes the tap back and says why; other items go on", async () => {
  const { state, queue, saved } = bench((code) => {
    const full = new PhoneError("phone.storage_full", "手机存储空间不足，请清理空间后重新保存。");
    return code === "D01" ? Promise.reject(full) : Promise.resolve();
  });
  queue.put("D01", FAIL);
  queue.put("D02", PASS);
  await queue.settled();

  expect(saved).toEqual([["D02", PASS]]);
  const [first, second] = state.rows();
  expect(first).toMatchObject({ answer: null, isFailed: false, saving: "failed" });
  expect(first?.problem).toBe("手机存储空间不足，请清理空间后重新保存。");
  expect(second).toMatchObject({ answer: PASS, saving: "" });
});

test("what a program says of itself is no sentence for an officer", () => {
  expect(sentence(new TypeError("x is undefined"))).toMatch(/^没有保存成功/u);
  expect(sentence("x")).toMatch(/^没有保存成功/u);
});

test("what comes in while an item is written in shows after it, and was not seen", async () => {
  const { state, queue, saved, seen } = bench();
  const [id, first, second] = [state.itemOf("D01"), head(PASS, PARTNER), head(FAIL, PARTNER)];
  state.take(id, item(id, first));
  state.hold("D01");
  state.take(id, item(id, second));
  expect(state.rows()[0]).toMatchObject({ answer: PASS, isFailed: false });

  queue.put("D01", { ...PASS, note: "写完" });
  expect(state.release("D01")).toBe(true);
  await queue.settled();
  queue.put("D02", PASS);
  await queue.settled();

  expect(seen).toEqual([[first.id], []]);
  expect(saved[0]).toEqual(["D01", { ...PASS, note: "写完" }]);
});

test("what is released without a save shows what came in", () => {
  const { state } = bench();
  const id = state.itemOf("D01");
  state.hold("D01");
  state.hold("D01");
  state.take(id, item(id, head(FAIL, PARTNER)));
  expect(state.release("D01")).toBe(false);
  expect(state.rows()[0]?.answer).toBeNull();

  expect(state.release("D01")).toBe(true);
  expect(state.rows()[0]).toMatchObject({ answer: FAIL, isFailed: true });
});

test("what was saved from one field of an item stands while another is written in", async () => {
  const { state, queue, seen } = bench();
  const [id, first] = [state.itemOf("D01"), head(PASS, PARTNER)];
  state.take(id, item(id, first));
  state.hold("D01");
  queue.put("D01", FAIL);
  await queue.settled();
  expect(state.rows()[0]?.answer).toEqual(FAIL);
  queue.put("D01", { ...FAIL, note: "第二格" });
  await queue.settled();

  expect(seen).toEqual([[first.id], [first.id]]);
});

test("a tap before the last one was saved has seen what the first one saw", async () => {
  let open: () => void = () => undefined;
  const { state, queue, seen } = bench(() => new Promise((resolve) => (open = resolve)));
  const id = state.itemOf("D01");
  queue.put("D01", PASS);
  state.take(id, item(id, head(FAIL, PARTNER)));
  queue.put("D01", { result: "not_applicable" });
  await vi.waitFor(() => expect(seen.length + (open(), 0)).toBe(1));
  await queue.settled();

  expect(seen).toEqual([[]]);
});
