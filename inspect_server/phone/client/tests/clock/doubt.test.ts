/** A phone without a network tells of its own clock what it can know, and no more. */

import { describe, expect, test } from "vitest";
import { doubtInWords, notedOf } from "../../src/app/pages/visit/arriving/doubt.ts";
import { doubtOf, spanOf } from "../../src/app/reading/clocks.ts";
import type { Doubt, Witnesses } from "../../src/app/reading/clocks.ts";
import type { Timed } from "../../src/network/asking/timing.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SERVER = "2026-03-05T09:00:00+08:00";
const AT = Date.parse(SERVER);
const PAGE = "page-1";

/** The last sync was at nine, when the phone was ahead by so much. */
function timed(ahead = 0, boot = PAGE): Timed {
  return { server: SERVER, wall: AT + ahead, mono: 1000, boot };
}

/** The phone's clocks now: what it shows, and how long the page has been awake since the sync. */
function now(wall: number, awake = 0): { now(): number; mono(): number; boot: string } {
  return { now: () => wall, mono: () => 1000 + awake, boot: PAGE };
}

function doubt(of: Partial<Witnesses>, clock: ReturnType<typeof now>): Doubt | null {
  return doubtOf({ timed: null, serverTime: "", readings: [], ...of }, clock);
}

describe("before the server was heard for the last time", () => {
  test("a phone a day slow is told so, a minute is nothing", () => {
    const found = doubt({ serverTime: SERVER }, now(AT - DAY));

    expect(found).toEqual({ is: "behind", seconds: 86_400, by: "server", against: SERVER });
    expect(doubt({ serverTime: SERVER }, now(AT - 60_000))).toBeNull();
    expect(doubt({ serverTime: SERVER }, now(AT + 30 * DAY))).toBeNull();
  });

  test("what has never heard of a server says nothing", () => {
    expect(doubt({}, now(AT - DAY))).toBeNull();
  });
});

describe("in the page that heard the server", () => {
  test("a clock that was put back is told, though it is not yet before the server's time", () => {
    const of = { timed: timed(), serverTime: SERVER };

    expect(doubt(of, now(AT + HOUR, 3 * HOUR))?.seconds).toBe(2 * 3600);
    expect(doubt(of, now(AT + 3 * HOUR, 3 * HOUR))).toBeNull();
  });

  test("a phone that slept is not said to be ahead: its page's clock stood", () => {
    expect(doubt({ timed: timed(), serverTime: SERVER }, now(AT + 3 * HOUR, HOUR))).toBeNull();
  });

  test("nobody's entry counts against a clock that is as sure as the sync was", () => {
    const readings = [{ wall: "2026-03-06T09:00:00+08:00", isOwn: false }];

    expect(doubt({ timed: timed(), serverTime: SERVER, readings }, now(AT, 0))).toBeNull();
    expect(doubt({ serverTime: SERVER, readings }, now(AT))?.by).toBe("partner");
  });

  test("a phone that was ahead still is, until it stands before where it was", () => {
    const of = { timed: timed(DAY), serverTime: SERVER };

    expect(doubt(of, now(AT + DAY + HOUR, HOUR))).toMatchObject({ is: "ahead", seconds: 86_400 });
    expect(doubt(of, now(AT + HOUR, HOUR))).toBeNull();
  });
});

describe("in a later page", () => {
  test("what the last sync found stands until the clock was put back or a sync differs", () => {
    const of = { timed: timed(DAY, "page-0"), serverTime: SERVER };

    expect(doubt(of, now(AT + DAY + HOUR))?.is).toBe("ahead");
    expect(doubt(of, now(AT + HOUR))).toBeNull();
    expect(doubt({ ...of, timed: timed(-HOUR, "page-0") }, now(AT + HOUR))).toMatchObject({
      is: "behind",
      seconds: 3600,
    });
  });

  test("an entry from the future speaks against the clock, the own and the partner's", () => {
    const own = { wall: "2026-03-05T12:00:00+08:00", isOwn: true };
    const partner = { wall: "2026-03-05T13:00:00+08:00", isOwn: false };

    expect(doubt({ readings: [own] }, now(AT))).toMatchObject({ by: "own", seconds: 3 * 3600 });
    expect(doubt({ readings: [partner, own] }, now(AT))).toMatchObject({
      by: "partner",
      against: partner.wall,
    });
    expect(doubt({ readings: [own, partner] }, now(AT + 4 * HOUR))).toBeNull();
  });
});

test("the difference is told in words, and what the record notes of it", () => {
  expect([240, 720, 10_000, 86_400].map((one) => spanOf(one).replaceAll("\u00a0", ""))).toEqual([
    "约4分钟",
    "约12分钟",
    "约3小时",
    "约1天",
  ]);
  const [wall, stated] = [new Date(2026, 2, 4, 9, 5), new Date(2026, 2, 5, 9, 0)];
  const behind = { is: "behind", seconds: 86_400, by: "server", against: SERVER } as const;
  expect(doubtInWords(behind)).toContain("慢约");
  expect(notedOf("赵检查", wall, null)).toBe(
    "赵检查登记到场时，手机时间为2026年3月4日 09:05，时间未核对。",
  );
  expect(notedOf("赵检查", wall, stated)).toContain("实际到场时间为2026年3月5日 09:00。");
});
