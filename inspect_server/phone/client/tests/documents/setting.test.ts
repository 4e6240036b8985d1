/** The pack is asked what the server would read of the same visit. */

import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { questionOf, setHere } from "../../src/app/documents/pack/setting.ts";
import { PackFailed, endWorker } from "../../src/app/documents/pack/worker.ts";
import { sizeOfCopy } from "../../src/app/documents/pack/pictures.ts";
import { NoTask } from "../../src/app/documents/problems.ts";
import { density } from "../../src/app/documents/pdf/rendering.ts";
import { ITEM, STROKES } from "../capture/team.ts";
import { ENTERPRISE, OTHER_TASK, TASK, emptyBrowser } from "../store/keeping.ts";
import { RECORD, working } from "./kept.ts";

emptyBrowser();

const NOW = "2026-03-02T02:00:00.000Z";
interface Question {
  readonly items: readonly { id: string; heads: readonly { id: string; value: unknown }[] }[];
  readonly operations: readonly { id: string; type: string }[];
  readonly signatures: readonly { item: string; head: string; stale: boolean }[];
  readonly [key: string]: unknown;
}

beforeAll(() => {
  const match = (): Promise<Response> => Promise.resolve(new Response('{"files": {}}'));
  Object.assign(globalThis, { caches: { match } });
});

test("a question has the task, its items, what they replaced, and the signatures", async () => {
  const phone = await working();
  await phone.answer(TASK, ITEM, "fail");
  await phone.answer(TASK, ITEM, "pass");
  const photo = Uint8Array.of(0xff, 0xd8, 0xff, 1);
  await phone.addPhoto(TASK, photo, { answer_item: ITEM });
  await phone.sign(TASK, "lead", "某某", STROKES);
  const { question, number, photos } = await questionOf(phone, RECORD, NOW);
  const asked = JSON.parse(question) as Question;
  const answer = asked.items.find((one) => one.id === ITEM);
  const entries = await phone.entries();

  expect(asked).toMatchObject({ document: "record", paper: "a4", now: NOW });
  expect(asked).toMatchObject({ task: { id: TASK }, enterprise: { id: ENTERPRISE } });
  expect(asked["forms"]).toHaveLength(1);
  expect(number).toBe("2026-0007");
  expect(answer?.heads).toMatchObject([
    { id: `${entries[1]?.hash}#0`, value: { result: "pass" }, settled_reason: "", blob: null },
  ]);
  expect(asked.operations.map(({ id, type }) => [id, type])).toEqual([
    [`${entries[0]?.hash}#0`, "answer.set"],
  ]);
  expect(asked.signatures).toMatchObject([{ head: `${entries[3]?.hash}#0`, stale: false }]);
  expect(photos).toEqual([(await phone.record(TASK)).items.get(photoOf(asked))?.heads[0]?.blob]);
});

test("a task that is not on the phone cannot be set", async () => {
  const phone = await working();

  await expect(questionOf(phone, { ...RECORD, task: OTHER_TASK }, NOW)).rejects.toThrow(NoTask);
});

test("what is closed is the office's: the pack is not asked", async () => {
  expect(await setHere(await working("record_closed"), RECORD)).toBeNull();
});

/** A worker that says this when it starts, and this when it is asked. */
class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  static first: object = { ready: true };
  static then: object = {};
  onmessage: ((event: { data: unknown }) => void) | undefined;
  isEnded = false;

  constructor() {
    super();
    FakeWorker.made.push(this);
    queueMicrotask(() => this.onmessage?.({ data: FakeWorker.first }));
  }

  postMessage({ id }: { id: number }): void {
    const event =
      "message" in FakeWorker.then
        ? Object.assign(new Event("error"), FakeWorker.then)
        : Object.assign(new Event("message"), { data: { id, ...FakeWorker.then } });
    queueMicrotask(() => this.dispatchEvent(event));
  }

  terminate(): void {
    this.isEnded = true;
  }
}

async function failure(first: object, then: object = {}): Promise<PackFailed> {
  Object.assign(FakeWorker, { first, then });
  return await setHere(await working(), RECORD).then(
    () => expect.fail("it was set"),
    (problem: unknown) => problem as PackFailed,
  );
}

afterEach(async () => {
  await endWorker();
  FakeWorker.made = [];
  vi.unstubAllGlobals();
});

test.each([
  [{ error: "damaged: code.zip" }, "不完整或者已损坏", "重新下载"],
  [{ error: "404: pyodide/pyodide.mjs" }, "不完整或者已损坏", "重新下载"],
  [{ error: "WebAssembly.Memory(): could not allocate memory" }, "内存不足", "关闭其他程序"],
  [{ error: "not loaded" }, "没有启动", "重新取得"],
])("a pack that does not start says why and what to do: %j", async (first, why, next) => {
  vi.stubGlobal("Worker", FakeWorker);
  const failed = await failure(first);

  expect(failed).toBeInstanceOf(PackFailed);
  expect(failed.message).toContain(why);
  expect(failed.message).toContain(next);
  expect(failed.message).not.toContain(first.error);
  expect(failed.reason).toBe(first.error);
});

test.each([
  [{ error: "Traceback … BadDefinition: penalties" }, "没有排出这份文书", "管理员"],
  [{ error: "RangeError: Out of memory" }, "内存不足", "关闭其他程序"],
  [{ message: "worker died" }, "没有排出这份文书", "管理员"],
])("a pack that does not set says so, and begins anew: %j", async (then, why, next) => {
  vi.stubGlobal("Worker", FakeWorker);
  const failed = await failure({ ready: true }, then);
  await failure({ ready: true }, then);

  expect(failed.message).toContain(why);
  expect(failed.message).toContain(next);
  expect(failed.reason).toBe(Object.values(then)[0]);
  expect(FakeWorker.made.map((one) => one.isEnded)).toEqual([true, true]);
});

test.each([
  [4000, 3000, [1000, 750]],
  [3000, 4000, [750, 1000]],
  [640, 480, [640, 480]],
  [20_000, 3, [1000, 1]],
])("a copy of %i × %i is as large as the server's", (width, height, expected) => {
  expect(sizeOfCopy(width, height)).toEqual(expected);
});

test("a page is sharp, and no canvas larger than phones allow", () => {
  expect(density(366, 518, 3)).toBe(3);
  expect(density(363, 6000, 3) * 6000).toBeLessThanOrEqual(8192);
  const dots = density(1098, 1553, 3);
  expect(dots * dots * 1098 * 1553).toBeLessThanOrEqual(12_000_001);
});

function photoOf({ items }: Question): string {
  return items.find((one) => one.id.startsWith("photo/"))?.id ?? "";
}
