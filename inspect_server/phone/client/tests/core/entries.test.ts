/** What a phone writes is what every phone and the server read. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import * as entries from "../../src/core/entries.ts";
import type { Entry, Op } from "../../src/core/entries.ts";
import { BadEntry } from "../../src/core/problems.ts";
import { TYPES } from "../../src/core/values.ts";

const NOTE = "note/0198dddd-0000-7000-8000-000000000002";
const PHOTO = "photo/0198dddd-0000-7000-8000-000000000002";
const HASH = "a".repeat(64);
const ENTRY: Entry = {
  v: 1,
  replica: HASH,
  seq: 1,
  prev: "",
  device: "0198bbbb-0000-4000-8000-000000000001",
  user: "0198cccc-0000-4000-8000-000000000001",
  assignment: "0198aaaa-0000-4000-8000-000000000001",
  form: "dust@1",
  hlc: "1772413200000-0000-aaaaaaaa",
  wall: "2026-03-02T09:00:00.000+08:00",
  tz: "Asia/Shanghai",
  mono: 0,
  boot: "b",
  last_server_time: "",
  ops: [note("厂长不在")],
};

function note(text: string, ...parents: string[]): Op {
  return { type: "note.add", item: NOTE, parents, value: { text } };
}

function answered(given: unknown): Op {
  const value = { result: "given", reason: "", note: "", given };
  return { type: "answer.set", item: "answer/dust/D01", parents: [], value };
}

/** Return the field that is refused, "" where none is. */
function refused(entry: Entry): string {
  try {
    entries.build(entry);
    return "";
  } catch (error) {
    if (!(error instanceof BadEntry)) throw error;
    return error.field;
  }
}

test("what is built is read as it was", () => {
  const high = fc.integer({ min: 0xe000, max: 0x10ffff });
  const character = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), high);
  const texts = fc.array(character, { maxLength: 40 }).map((all) => String.fromCodePoint(...all));
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const entry = { ...ENTRY, ops: [note(`x${one}`), note(`厚${other}`, "#0")] };
      const wanted = one.includes("\0") || other.includes("\0") ? "rejected" : "read";
      if (wanted === "rejected") expect(refused(entry)).toMatch(/^ops\[[01]\]\.value$/);
      else expect(entries.parse(entries.build(entry))).toEqual(entry);
    }),
  );
});

test("an entry is compact, its fields in the order of the document", () => {
  const written = fromUtf8(entries.build(ENTRY));

  expect(written.startsWith(`{"v":1,"replica":"${HASH}","seq":1,"prev":"","device":`)).toBe(true);
  expect(written.endsWith(`"ops":[${JSON.stringify(ENTRY.ops[0])}]}`)).toBe(true);
  expect(entries.size(ENTRY)).toBe(utf8(written).length);
});

test("operations have full ids, and cite by them", () => {
  const ops = [note("甲"), note("乙", "#0", `${HASH}#7`)];
  const read = entries.operations({ ...ENTRY, ops }, "b".repeat(64));

  expect(read.map((op) => op.id)).toEqual(["b".repeat(64) + "#0", "b".repeat(64) + "#1"]);
  expect(read[1]?.parents).toEqual(["b".repeat(64) + "#0", `${HASH}#7`]);
  expect(read[0]).toMatchObject({ canonical: '{"text":"甲"}', blob: "", seq: 1, item: NOTE });
});

test.each<[string, Partial<Record<keyof Entry, unknown>>, string]>([
  ["a float", { mono: 1.5 }, "entry"],
  ["a number beyond 2⁵³", { seq: 2 ** 53 }, "entry"],
  ["a field that is missing", { boot: undefined }, "entry"],
  ["a field of nobody's", { extra: 1 } as object, "entry"],
  ["half of a pair of surrogates", { tz: "\ud83d" }, "entry"],
  ["no operations", { ops: [] }, "entry"],
  ["a second entry without predecessor", { seq: 2 }, "prev"],
  ["a clock of another form", { hlc: "1772413200000-0000" }, "hlc"],
  ["a wall clock on no day", { wall: "2026-02-30T09:00:00Z" }, "wall"],
  ["a server time that is none", { last_server_time: "2026-03-02" }, "last_server_time"],
  ["no task", { assignment: "" }, "assignment"],
])("%s is refused before it is signed", (_, changed, field) => {
  expect(refused({ ...ENTRY, ...changed } as Entry)).toBe(field);
});

test("one operation may be judged before it stands in an entry", () => {
  const check = (op: Op, index = 0): void =>
    entries.checkOperation(op, index, HASH, ENTRY.assignment);

  expect(() => check(note("x"))).not.toThrow();
  expect(() => check(note("x", "#0"), 1)).not.toThrow();
  expect(() => check(note("x", "#1"), 1)).toThrow("引用格式有误");
  expect(() => check(note(" "))).toThrow("记录内容不符合格式（ops[0].value：text 不能为空）");
  expect(() => check({ ...note("x"), blob: HASH })).toThrow("仅照片带有文件哈希");
  expect(() => check({ ...note("x"), item: PHOTO })).toThrow("项目编号与操作类型不符");
});

test.each([
  ["a text", "3.50", ""],
  ["choices", ["a", "b"], ""],
  ["rows in rows", [{ "1": [{ a: "x" }, {}] }], ""],
  ["a cell that is a number", [{ a: 1 }], "ops[0].value"],
  ["a row among choices", ["a", {}], "ops[0].value"],
  ["nothing", undefined, "ops[0].value"],
])("given as %s", (_, given, field) => {
  expect(refused({ ...ENTRY, ops: [answered(given)] })).toBe(field);
});

test("what is too large is refused by its bytes", () => {
  const ops = Array.from({ length: 22 }, () => note("厚".repeat(4000)));

  expect(refused({ ...ENTRY, ops: ops.slice(0, 21) })).toBe("");
  expect(() => entries.build({ ...ENTRY, ops })).toThrow("超过 262144 字节");
});

test("a byte order mark is no blank", () => {
  expect(() => entries.parse(utf8(`\ufeff${JSON.stringify(ENTRY)}`))).toThrow(BadEntry);
  expect(entries.parse(utf8(` \n${JSON.stringify(ENTRY)}\t`))).toEqual(ENTRY);
});

test("bytes that are no UTF-8 are refused as a whole", () => {
  const broken = Uint8Array.from(entries.build(ENTRY));
  broken[broken.length - 6] = 0xff;

  expect(() => entries.parse(broken)).toThrow("不是 UTF-8 文字");
});

test("phones may not write what only the server says", () => {
  const only = [...TYPES].filter(([, kind]) => kind.serverOnly).map(([type]) => type);

  expect(only.length).toBe(9);
  expect(TYPES.size).toBe(29);
});
