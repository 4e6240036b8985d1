import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Hand, picture } from "./hand.ts";
import { SERVER_SECONDS } from "./server/server.ts";
import type { Fault } from "./server/server.ts";

const MIB = 1024 * 1024;

async function visit(hand: Hand): Promise<void> {
  await hand.notes("一", "二", "三");
  await hand.photo(picture(5000));
  await hand.note("四");
}

test("a whole visit arrives with its photo and a receipt, and the pull shows it", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二");
  await hand.photo(picture(2 * MIB + 5));
  const report = await hand.sync();

  expect(report.problems).toEqual([]);
  expect([report.complete, report.pushed, report.uploaded, report.pulled]).toEqual([true, 3, 1, 3]);
  const sizes = [...hand.server.journal.files.values()].map(({ length }) => length);
  expect(sizes).toEqual([2 * MIB + 5]);
  expect((await hand.store.receipts()).map(({ uptoSeq }) => uptoSeq)).toEqual([3]);
  expect(hand.server.seen.filter((line) => line.startsWith("PATCH"))).toHaveLength(2);
  expect(await hand.store.documents("item")).toHaveLength(3);
});

test("when nothing is new a sync is one request and reads no entry", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  await hand.sync();
  hand.server.seen.length = 0;
  const read = vi.spyOn(hand.store, "entry");
  const report = await hand.sync();

  expect([report.complete, report.requests, read.mock.calls.length]).toEqual([true, 1, 0]);
  expect(hand.server.seen).toEqual([`GET ${PATHS.state}`]);
});

const REQUESTS = [
  PATHS.state,
  PATHS.push,
  PATHS.have,
  PATHS.uploads,
  PATHS.receipts,
  PATHS.pull,
];
const PASSING: readonly Fault[] = [
  "lose_request",
  "lose_answer",
  "cut_answer",
  "portal",
  "portal_says_no",
  503,
  429,
];

for (const path of REQUESTS) {
  for (const fault of PASSING) {
    if (path === PATHS.uploads && fault === "cut_answer") continue; // it has no content to cut
    test(`${String(fault)} at ${path} is tried again; nothing is lost or doubled`, async () => {
      const hand = await Hand.enrolled();
      await visit(hand);
      hand.server.faults.push([path, fault]);
      const report = await hand.sync();

      expect(report.problems).toEqual([]);
      expect(report.complete).toBe(true);
      expect(hand.server.faults).toEqual([]);
      expect(await hand.stored()).toEqual([1, 2, 3, 4, 5]);
      expect(hand.server.journal.files.size).toBe(1);
      if (typeof fault === "number") expect(hand.waits).toContain(2); // Retry-After
    });
  }
  for (const status of [400, 401, 500, 507]) {
    test(`${status} at ${path} ends the sync, and the next one completes it`, async () => {
      const hand = await Hand.enrolled();
      await visit(hand);
      hand.server.faults.push([path, status]);
      const report = await hand.sync();

      expect([report.complete, report.problems]).toEqual([false, ["test.fault"]]);
      expect(await hand.store.entries()).toHaveLength(5);
      expect(await hand.isHonest()).toBe(true);
      expect((await hand.sync()).complete).toBe(true);
    });
  }
}

test("without any network a sync ends after its waits", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  for (let n = 0; n < 3; n += 1) hand.server.faults.push(["/", "lose_request"]);
  const report = await hand.sync();

  expect(report.problems).toEqual(["phone.out_of_reach"]);
  expect(hand.waits).toEqual([0.1, 0.2]);
});

test("a push that was answered after the phone died is a duplicate the next time", async () => {
  const hand = await Hand.enrolled();
  const hashes = await hand.notes("一", "二");
  const ending = new AbortController();
  hand.server.before = ({ path }) => {
    if (path === PATHS.receipts) ending.abort();
  };
  hand.server.faults.push([PATHS.push, "lose_answer"], [PATHS.push, "lose_request"]);
  const died = await hand.sync({ backoff: [0] });
  await hand.restart();
  const acknowledged = (await hand.store.places()).filter(({ ackedEpoch }) => ackedEpoch !== "");
  hand.server.before = () => undefined;
  const report = await hand.sync();

  expect([died.complete, acknowledged.length]).toEqual([false, 0]);
  expect([report.complete, report.pushed]).toEqual([true, 2]);
  expect([...hand.server.journal.rows.keys()]).toEqual(hashes);
});

test("a phone that is locked in the middle ends at once and goes on later", async () => {
  const hand = await Hand.enrolled();
  await visit(hand);
  const ending = new AbortController();
  hand.server.before = ({ path }) => {
    if (path === PATHS.have) ending.abort();
  };
  const report = await hand.sync({ signal: ending.signal });
  const asked = hand.server.seen.length;
  hand.server.before = () => undefined;

  expect([report.complete, report.problems]).toEqual([false, ["phone.out_of_reach"]]);
  expect(hand.waits).toEqual([]);
  expect(hand.server.seen.slice(asked)).toEqual([]);
  expect((await hand.sync()).complete).toBe(true);
});

test("a phone that is locked while it waits does not wait to the end", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  const ending = new AbortController();
  hand.server.faults.push([PATHS.push, "lose_request"]);
  const report = await hand.sync({
    signal: ending.signal,
    pause: () => {
      queueMicrotask(() => ending.abort());
      return new Promise(() => undefined); // for ever
    },
  });

  expect([report.complete, report.problems]).toEqual([false, ["phone.out_of_reach"]]);
  expect(await hand.stored()).toEqual([]);
});

test("a batch too large is halved until it passes", async () => {
  const hand = await Hand.enrolled();
  await hand.notes(...Array.from({ length: 20 }, (_, at) => `${at}`));
  hand.server.maxEntries = 3;
  const report = await hand.sync();

  expect([report.complete, report.pushed]).toEqual([true, 20]);
});

test("a single entry too large holds up nobody", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二");
  hand.server.faults.push([PATHS.push, 413], [PATHS.push, 413]);
  const report = await hand.sync();

  expect([report.complete, report.pushed]).toEqual([false, 1]);
  expect(report.problems).toContain("sync.too_large");
  expect((await hand.sync()).complete).toBe(true);
});

test("what is captured while a sync goes on is of the next one", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  let isSaved = false;
  hand.server.before = ({ path }) => {
    if (path === PATHS.receipts && !isSaved) void hand.note("二");
    isSaved ||= path === PATHS.receipts;
  };
  const first = await hand.sync();
  const second = await hand.sync();

  expect([first.problems, first.complete]).toEqual([[], false]);
  expect((await hand.store.receipts()).map(({ uptoSeq }) => uptoSeq)).toEqual([1, 2]);
  expect([second.complete, second.pushed]).toEqual([true, 1]);
});

test("what is set aside is safe, told with its reason, and not sent again", async () => {
  const hand = await Hand.enrolled();
  hand.server.journal.verdict = () => "closed";
  const hash = await hand.note("一");
  const report = await hand.sync();
  const again = await hand.sync();

  expect(report.quarantined).toEqual([{ hash, reason: "closed" }]);
  expect([report.complete, again.pushed]).toEqual([true, 0]);
});

test("a phone that is revoked or logged out delivers and gets its receipt", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  hand.server.revoked = true;
  const revoked = await hand.sync();
  await hand.note("二");
  hand.server.loggedOut = true;
  const loggedOut = await hand.sync();

  expect([revoked.pushed, revoked.problems]).toEqual([1, ["sync.revoked"]]);
  expect([loggedOut.pushed, loggedOut.problems]).toEqual([1, ["sync.login"]]);
  expect(await hand.store.receipts()).toHaveLength(2);
});

test("a forged receipt is refused and nothing is lost by it", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  const genuine = await hand.server.useReceiptKey();
  const forged = await hand.sync();
  await hand.server.useReceiptKey(genuine);

  expect([forged.complete, forged.problems]).toEqual([false, ["sync.bad_receipt"]]);
  expect((await hand.sync()).complete).toBe(true);
});

test("an entry whose signature does not hold asks for a new key", async () => {
  const hand = await Hand.enrolled();
  const other = await Hand.enrolled(hand.server);
  hand.server.entryKeys.set((await hand.replica()).id, (await other.replica()).publicKey);
  await hand.note("一");
  const report = await hand.sync();

  expect(report.problems).toContain("sync.unverified");
  expect([report.forked, report.complete]).toEqual([true, false]);
  expect(await hand.store.entries()).toHaveLength(1);
});

test("a partner's entries are carried with the key, once", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  await partner.note("协办");
  const taken = await hand.takeIn(partner);
  const report = await hand.sync();
  const again = await hand.sync();

  expect([taken, report.complete, report.pushed, again.requests]).toEqual([1, true, 1, 1]);
  expect(await partner.stored()).toEqual([1]);
});

test("what waits for an earlier entry is asked for again until that has come", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  await partner.notes("一", "二");
  await hand.takeIn(partner, 2);
  const held = [await hand.sync(), await hand.sync()];
  await partner.sync();
  const released = await hand.sync();
  const quiet = await hand.sync();

  expect(held.map(({ complete, pushed }) => [complete, pushed])).toEqual([
    [true, 1],
    [true, 1],
  ]);
  expect([released.pushed, quiet.pushed, quiet.requests]).toEqual([1, 0, 1]);
  expect((await hand.store.places())[0]?.effect).toBe("applied");
});

test("what the server has no room for is kept, told, and sent again", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  await partner.note("协办");
  await hand.takeIn(partner);
  hand.server.isFull = true;
  const full = await hand.sync();
  hand.server.isFull = false;
  const later = await hand.sync();

  expect([full.complete, full.problems, full.pushed]).toEqual([false, ["sync.refused"], 0]);
  expect([later.complete, later.pushed]).toEqual([true, 1]);
});

test("a phone that is ahead of the server's clock by a day says by how much", async () => {
  const hand = await Hand.enrolled();
  hand.server.journal.flags = () => ["future_clock"];
  const hash = await hand.note("一");
  const report = await hand.sync({ unixNow: () => SERVER_SECONDS + 86_400 });

  expect([report.complete, report.ahead, report.early]).toEqual([true, 86_400, [hash]]);
});

test("progress is told by item and byte and ends where everything is sent", async () => {
  const hand = await Hand.enrolled();
  await hand.notes("一", "二");
  await hand.photo(picture(MIB + 7));
  const told: string[] = [];
  await hand.sync({
    onProgress: ({ entries, bytes, photos }) =>
      told.push([entries, bytes, photos].map(({ sent, total }) => `${sent}/${total}`).join(" ")),
  });

  expect(told[0]).toBe(`0/3 0/${MIB + 7} 0/1`);
  expect(told).toContain(`3/3 ${MIB}/${MIB + 7} 0/1`);
  expect(told.at(-1)).toBe(`3/3 ${MIB + 7}/${MIB + 7} 1/1`);
});
