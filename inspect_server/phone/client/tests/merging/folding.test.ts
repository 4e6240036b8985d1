/** What is folded depends on what was said, never on when it came, and loses nothing uncited. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { canonical } from "../../src/core/canonical.ts";
import { viewDigest } from "../../src/core/digests.ts";
import type { Operation } from "../../src/core/entries.ts";
import { foldItem } from "../../src/merging/items.ts";
import { NOTHING_PULLED, foldPulled, pulledItem } from "../../src/merging/pulled.ts";
import { fold, ofKind } from "../../src/merging/record.ts";
import { beginning, joined } from "../../src/merging/stretches.ts";
import type { Stretches } from "../../src/merging/stretches.ts";

const TASK = "0198aaaa-0000-4000-8000-000000000001";
const ITEM = "answer/dust/D01";
const FINDING = "finding/0198dddd-0000-7000-8000-000000000001";
const SIGNATURE = "signature/0198dddd-0000-7000-8000-000000000002";

interface Said {
  readonly user?: string;
  readonly type?: string;
  readonly item?: string;
  readonly phone?: number;
  readonly value?: unknown;
}

function op(number: number, parents: readonly string[], said: Said = {}): Operation {
  const { user = "lead", type = "answer.set", item = ITEM, phone = 1 } = said;
  const value = said.value ?? { result: "pass" };
  return {
    id: `${String(number).padStart(64, "0")}#0`,
    assignment: TASK,
    item,
    type,
    parents,
    value,
    canonical: canonical(value),
    blob: "",
    replica: `${user}-${phone}`,
    seq: number + 1,
    user,
    wall: "",
    hlc: `${String(number).padStart(13, "0")}-0000-00000000`,
  };
}

const PASS = { value: { result: "pass" } };
const FAIL = { value: { result: "fail" } };
const RETRACTION = { type: "answer.retract", value: { reason: "x" } };
const SETTLED = { chosen: { result: "fail" }, reason: "复核" };
const RESOLUTION = { type: "conflict.resolve", value: SETTLED };

const saying = fc.record({
  said: fc.constantFrom<Said>(PASS, PASS, FAIL, RETRACTION, RESOLUTION),
  user: fc.constantFrom("lead", "member"),
  phone: fc.constantFrom(1, 2),
  cited: fc.array(fc.nat(8), { maxLength: 4 }),
});
const histories = fc.array(saying, { minLength: 1, maxLength: 9 }).map((rows) =>
  rows.reduce<Operation[]>((made, { said, user, phone, cited }) => {
    const parents = new Set(cited.flatMap((at) => made[at]?.id ?? []));
    return [...made, op(made.length, [...parents], { ...said, user, phone })];
  }, []),
);

test("any order, and any repetition, folds to the same", () => {
  const arrivals = histories.chain((sent) => {
    const twice = [...sent, ...sent];
    return fc.tuple(fc.constant(sent), fc.shuffledSubarray(twice, { minLength: twice.length }));
  });
  fc.assert(
    fc.property(arrivals, ([sent, arrived]) => {
      expect(foldItem(arrived)).toEqual(foldItem(sent));
    }),
  );
});

test("a value disappears only through an operation that cites it", () => {
  fc.assert(
    fc.property(histories, (sent) => {
      const { heads, gone } = foldItem(sent);
      const cited = new Set(sent.flatMap((one) => one.parents));
      expect(gone.filter((id) => !cited.has(id))).toEqual([]);
      expect([...heads.map((head) => head.id), ...gone].sort()).toEqual(
        sent.map((one) => one.id).sort(),
      );
    }),
  );
});

test("different values are a conflict, equal ones corroborate each other", () => {
  const [one, other] = [op(0, []), op(1, [], { user: "member", ...FAIL })];
  const same = op(2, [], { user: "member" });

  expect(foldItem([one, other])).toMatchObject({ conflict: true, value: null, live: true });
  expect(foldItem([one, same])).toMatchObject({
    conflict: false,
    value: { result: "pass" },
    users: ["lead", "member"],
  });
});

test("only a resolution ends a disagreement, and says why", () => {
  const [one, other] = [op(0, []), op(1, [], { user: "member", ...FAIL })];
  const both = [one.id, other.id];
  const overruling = op(2, both);
  const resolving = op(2, both, RESOLUTION);

  expect(foldItem([one, other, overruling]).gone).toEqual([one.id]);
  const item = foldItem([one, other, resolving]);
  expect(item).toMatchObject({ conflict: false, value: { result: "fail" }, gone: both });
  expect(item.heads[0]).toMatchObject({ settledReason: "复核", canonical: '{"result":"fail"}' });
});

test("retracting is a value like any other", () => {
  const one = op(0, []);
  const retracted = op(1, [one.id], RETRACTION);
  const changed = op(2, [one.id], { ...FAIL, phone: 2 });

  expect(foldItem([one, retracted])).toMatchObject({ live: false, value: null, conflict: false });
  expect(foldItem([one, retracted, changed]).conflict).toBe(true);
});

test("a user's second phone speaks with the same voice", () => {
  const first = op(0, [], { user: "member" });
  const beside = op(1, [], { user: "member", ...FAIL, phone: 2 });
  const lead = op(2, [first.id]);
  const back = op(3, [lead.id], { user: "member", phone: 3 });

  expect(foldItem([first, beside, lead, back]).heads.map((head) => head.id)).toEqual(
    [beside, lead, back].map((one) => one.id),
  );
});

test("an item without operations is none", () => {
  expect(() => foldItem([])).toThrow(RangeError);
});

test("stretches are numbers", () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 2, maxLength: 4 }), (parts) => {
      const whole = joined(parts.map((part) => joined([[], ...part.map(single)])));
      expect(whole.flatMap(([first, last]) => countedFrom(first, last))).toEqual(
        [...new Set(parts.flat())].sort((one, other) => one - other),
      );
    }),
  );
  expect(beginning([[1, 4], [7, 7]])).toBe(4);
  expect([beginning([]), beginning([[2, 4]])]).toEqual([0, 0]);
});

test("only the first sixteen stretches are kept", () => {
  const odd = Array.from({ length: 40 }, (_, at) => single(2 * at + 1));

  expect(joined([[], ...odd]).at(-1)).toEqual([31, 31]);
});

function single(number: number): Stretches {
  return [[number, number]];
}

function countedFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

test("a signature is stale once something was said that it did not see", async () => {
  const [answer, note] = [op(0, []), op(1, [], { item: "note/x", type: "note.add" })];
  const signature = await signed(3, [answer.id, note.id]);
  const ops = [answer, note, signature];

  const then = await fold(TASK, ops);
  expect(then.signatures.get(SIGNATURE)).toMatchObject({ stale: false, unseen: [] });
  expect(then.live).toEqual([answer.id, note.id]);
  expect(then.view).toBe(await viewDigest(then.live));
  const hidden = op(2, [], { user: "member", item: "answer/dust/D02" });
  const now = await fold(TASK, [...ops, hidden]);
  expect(now.signatures.get(SIGNATURE)).toMatchObject({ stale: true, unseen: ["answer/dust/D02"] });
  expect(ofKind(now, "answer/").map((item) => item.id)).toEqual([ITEM, "answer/dust/D02"]);
});

test("what a seen value replaced was seen", async () => {
  const [first, second] = [op(0, []), op(1, [`${"0".repeat(64)}#0`], FAIL)];
  const signature = await signed(2, [second.id]);
  const record = await fold(TASK, [first, second, signature]);

  expect(record.signatures.get(SIGNATURE)).toMatchObject({ stale: false, unseen: [] });
});

test("a signature whose view is not its parents' is stale", async () => {
  const answer = op(0, []);
  const signature = await signed(1, [answer.id], { view: await viewDigest([]) });

  expect((await fold(TASK, [answer, signature])).signatures.get(SIGNATURE)?.stale).toBe(true);
});

test("to an order only findings matter", async () => {
  const finding = op(0, [], { item: FINDING, type: "finding.add", value: { text: "积尘" } });
  const signature = await signed(2, [finding.id], { document: "order" });
  const before = await fold(TASK, [finding, op(1, []), signature]);
  const after = await fold(TASK, [
    ...[finding, signature],
    op(1, [finding.id], { item: FINDING, type: "finding.amend", value: { text: "厚积尘" } }),
  ]);

  expect(before.ordered).toEqual([finding.id]);
  expect(before.signatures.get(SIGNATURE)).toMatchObject({ stale: false, unseen: [] });
  expect(after.signatures.get(SIGNATURE)).toMatchObject({ stale: true, unseen: [FINDING] });
});

test("a pulled item and what is not delivered yet are shown as one", () => {
  const [one, other] = [op(0, []), op(1, [], { user: "member", ...FAIL })];
  const settled = op(2, [one.id, other.id], RESOLUTION);
  const { heads, gone } = foldItem([one, other, settled]);
  const wire = heads.map(({ settledReason, canonical: _, ...head }) => ({
    ...head,
    settled_reason: settledReason,
  }));
  const pulled = pulledItem({ item: ITEM, heads: wire, gone }, TASK);

  expect(foldPulled(pulled, [])).toEqual(foldItem([one, other, settled]));
  expect(foldPulled(pulled, [one, settled])).toEqual(foldItem([one, other, settled]));
  const next = op(3, [settled.id]);
  expect(foldPulled(pulled, [next])?.heads.map((head) => head.id)).toEqual([next.id]);
  expect(foldPulled(NOTHING_PULLED, [])).toBeUndefined();
});

test("of a pulled retraction no more is known than that", () => {
  const retracted = op(0, [], RETRACTION);
  const { canonical: _, ...head } = retracted;
  const pulled = pulledItem({ item: ITEM, heads: [{ ...head, value: null }], gone: [] }, TASK);

  expect(foldPulled(pulled, [])).toMatchObject({ live: false, value: null });
});

async function signed(
  number: number,
  seen: readonly string[],
  changed: Readonly<Record<string, string>> = {},
): Promise<Operation> {
  const value = { signer: "lead", view: await viewDigest(seen), ...changed };
  return op(number, seen, { item: SIGNATURE, type: "signature.add", value });
}
