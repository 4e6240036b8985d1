import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Hand, picture } from "./hand.ts";

async function visit(hand: Hand): Promise<void> {
  await hand.notes("一", "二", "三");
  await hand.photo(picture(5000));
  await hand.note("四");
}

test("a restored server gets again what it lost, and photos with it", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  await hand.sync();
  const backup = hand.server.journal.copy();
  await visit(hand);
  await hand.sync();
  hand.server.restore(backup);
  const report = await hand.sync();

  expect(report.problems).toEqual([]);
  expect(report.complete).toBe(true);
  expect(await hand.stored()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(hand.server.journal.files.size).toBe(1);
  expect((await hand.store.receipts()).at(-1)?.epoch).toBe("epoch-1+");
  expect(await hand.isHonest()).toBe(true);
});

test("a restore between the state and the push begins the sync again", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  let isRestored = false;
  hand.server.before = ({ path }) => {
    if (path !== PATHS.push || isRestored) return;
    isRestored = true;
    hand.server.restore(hand.server.journal);
  };
  const report = await hand.sync();

  expect([report.complete, report.problems]).toEqual([true, []]);
  expect(hand.server.seen.filter((line) => line.endsWith(PATHS.state))).toHaveLength(2);
  expect((await hand.store.places())[0]?.ackedEpoch).toBe("epoch-1+");
});

test("a server that forgot the phone knows it again after a login", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二");
  await hand.sync();
  hand.server.journal.known.clear();
  hand.server.journal.rows.clear();
  const refused = await hand.sync();
  await hand.enrol();
  const report = await hand.sync();

  expect(refused.problems).toEqual(["sync.unknown_replica"]);
  expect(report.complete).toBe(true);
  expect(await hand.stored()).toEqual([1, 2]);
});

test("what a restore lost and the phone removed is named by its receipt", async () => {
  const hand = await Hand.enrolled();
  const backup = hand.server.journal.copy();
  const lost = await hand.notes("一", "二");
  await hand.sync();
  await hand.forget(lost);
  await hand.note("三");
  hand.server.restore(backup);
  const report = await hand.sync();

  expect([report.complete, report.problems, report.forked]).toEqual([true, [], false]);
  expect(await hand.stored()).toEqual([3]);
  expect(hand.server.journal.upto((await hand.replica()).id).upto).toBe(3);
  expect((await hand.store.receipts()).at(-1)?.uptoSeq).toBe(3);
});

test("a sound server needs no receipt from a phone that removed entries", async () => {
  const hand = await Hand.enrolled();
  const [first] = await hand.notes("一", "二");
  await hand.sync();
  await hand.forget([first as string]);
  await hand.note("三");
  const report = await hand.sync();

  expect([report.complete, report.forked]).toEqual([true, false]);
  expect(hand.server.journal.bridged.size).toBe(0);
});

test("a cloned phone delivers its branch, enrols with a new key and goes on", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  await hand.sync();
  const old = await hand.replica();
  await hand.forkedAway("他机");
  const mine = await hand.note("本机");
  const found = await hand.sync();
  await hand.enrol();
  await hand.note("新密钥");
  const after = await hand.sync();
  const settled = await hand.sync();

  expect([found.forked, after.forked]).toEqual([true, false]);
  expect([after.complete, after.problems]).toEqual([true, []]);
  expect(hand.server.journal.rows.has(mine)).toBe(true);
  expect((await hand.replica()).id).not.toBe(old.id);
  expect(await hand.stored()).toEqual([1]);
  expect(settled.pushed).toBe(0);
});

test("one damaged entry is named and the rest is delivered and pulled", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二", "四");
  await hand.spoilEntry(2);
  await hand.note("五");
  const report = await hand.sync();

  expect(report.damaged).toHaveLength(1);
  expect([report.complete, report.problems]).toEqual([false, ["phone.damaged_entries"]]);
  expect(await hand.stored()).toEqual([1, 3, 4]);
  expect(report.pulled).toBeGreaterThan(0);
});

test("where all that waits is damaged nothing is sent, and it is named", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二");
  await hand.spoilEntry(1);
  await hand.spoilEntry(2);
  const report = await hand.sync();

  expect([report.pushed, report.problems]).toEqual([0, ["phone.damaged_entries"]]);
  expect(report.damaged).toHaveLength(2);
  expect(hand.server.seen).not.toContain(`POST ${PATHS.push}`);
});

test("an entry damaged after the server had it is no loss", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  await hand.photo(picture(100));
  await hand.sync();
  await hand.spoilEntry(2);
  await hand.note("三");
  const report = await hand.sync();

  expect([report.complete, report.problems]).toEqual([true, []]);
  expect((await hand.store.receipts()).map(({ uptoSeq }) => uptoSeq)).toEqual([2, 3]);
});

test("what only a receipt stands for comes again from a phone that holds it", async () => {
  const hand = await Hand.enrolled();
  const [, second = "", third = ""] = await hand.notes("一", "二", "三");
  await hand.sync();
  const { journal } = hand.server;
  for (const hash of [second, third]) journal.rows.delete(hash);
  journal.bridged.set((await hand.replica()).id, { upto: 3, head: third });
  hand.server.lacking = [{ seq: 3, hash: third }];
  const report = await hand.sync();
  const quiet = await hand.sync();

  expect([report.complete, report.pushed]).toEqual([true, 3]);
  expect(await hand.stored()).toEqual([1, 2, 3]);
  expect(quiet.requests).toBe(1);
});

for (const lie of [
  { epoch: "another" },
  { replica: "0".repeat(64) },
  { upto_seq: 2 },
  { head_hash: "0".repeat(64) },
  { blob_root: "0".repeat(64) },
  { after_seq: 1 },
]) {
  test(`a receipt of something else is none: ${JSON.stringify(lie)}`, async () => {
    const hand = await Hand.enrolled();
    await hand.note("一");
    hand.server.inReceipts = lie;
    const report = await hand.sync();
    const kept = await hand.store.receipts();
    hand.server.inReceipts = {};

    expect([report.complete, report.problems, kept]).toEqual([false, ["sync.bad_receipt"], []]);
    expect((await hand.sync()).complete).toBe(true);
  });
}
