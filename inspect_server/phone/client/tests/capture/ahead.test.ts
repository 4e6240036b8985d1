/**
 * A phone whose clock is a year ahead moves nobody else's and wins nothing by it; one whose clock
 * shows another day leads those on who know what it wrote.
 */

import { beforeEach, describe, expect, test } from "vitest";
import type { Phone } from "../../src/capture/phone.ts";
import { AHEAD_MS, Hlc } from "../../src/core/ids.ts";
import { TASK } from "../store/keeping.ts";
import { ITEM, STROKES, exchange, said, signed, withTwo } from "./team.ts";
import type { Held } from "./team.ts";

const AHEAD = "2027-03-02T09:00:00+08:00";
const RIGHT = "2026-03-02T10:00:00+08:00";
let ahead: Held;
let lead: Phone;
let member: Phone;
withTwo((one, other) => {
  ahead = one;
  [lead, member] = [one.phone, other.phone];
  ahead.clock.put(AHEAD);
});

/** Return the readings of what a phone wrote itself. */
async function readings(phone: Phone): Promise<readonly Hlc[]> {
  const own = await phone.replica();
  const entries = (await signed(phone)).filter((entry) => entry.replica === own);
  return entries.map((entry) => Hlc.parse(entry.hlc));
}

async function years(phone: Phone): Promise<readonly number[]> {
  return (await readings(phone)).map((one) => new Date(one.unixMs).getUTCFullYear());
}

describe("a partner whose clock is a year ahead", () => {
  test("moves nobody else's", async () => {
    await lead.note(TASK, "明年");
    await exchange(lead, member);
    await member.note(TASK, "今年");

    expect([await years(lead), await years(member)]).toEqual([[2027], [2026]]);
    expect((await member.record(TASK)).items.size).toBe(2);
  });

  test("wins no disagreement by it", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);
    const now = await member.item(TASK, ITEM);

    expect(now?.conflict).toBe(true);
    expect(said(now, "result")).toEqual(["fail", "pass"]); // by reading
  });

  test("is replaced by whoever knew what it says", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await exchange(lead, member);
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);

    for (const phone of [lead, member]) {
      expect(said(await phone.item(TASK, ITEM), "result")).toEqual(["fail"]);
    }
  });

  test("makes a signature stale though it claims to write in another year", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await exchange(lead, member);
    await member.sign(TASK, "member", "李四", STROKES);
    const [before] = [...(await member.record(TASK)).signatures.values()];
    await lead.note(TASK, "补记");
    await exchange(lead, member);
    const [after] = [...(await member.record(TASK)).signatures.values()];

    expect([before?.stale, before?.unseen, after?.stale]).toEqual([false, [], true]);
  });
});

describe("a partner whose clock shows tomorrow", () => {
  beforeEach(() => ahead.clock.put("2026-03-03T09:00:00+08:00"));

  test("has signed before what is written when its signature is known", async () => {
    await lead.sign(TASK, "lead", "张三", STROKES);
    await exchange(lead, member);
    await member.note(TASK, "签名后补记");
    const [signature] = [...(await member.record(TASK)).signatures.values()];

    expect([signature?.stale, signature?.unseen]).toEqual([true, []]);
    const [after] = (await readings(member)).slice(-1);
    expect(String(after) > (signature?.head.hlc ?? "~")).toBe(true);
  });

  test("leads nobody on by more than two days", async () => {
    await lead.note(TASK, "后天此时");
    await exchange(lead, member);
    await member.note(TASK, "今天");
    expect(await years(member)).toEqual([2026]);
    const [led] = await readings(member);
    ahead.clock.put(new Date((led?.unixMs ?? 0) + 3 * AHEAD_MS).toISOString());
    await lead.note(TASK, "数天以后");
    await exchange(lead, member);
    await member.note(TASK, "仍是今天");
    const [, own] = await readings(member);

    expect(own).toEqual(led?.next(0, led.replica));
  });
});

describe("the phone itself", () => {
  test("goes on from its last reading when its clock is put right", async () => {
    await lead.note(TASK, "明年");
    ahead.clock.put(RIGHT);
    await lead.note(TASK, "今年");
    const [first, second] = await readings(lead);

    expect(second).toEqual(first?.next(0, first.replica));
    expect((await signed(lead)).map((entry) => entry.wall.slice(0, 4))).toEqual(["2027", "2026"]);
  });

  test("goes on saving at the end of all readings", async () => {
    ahead.clock.put("2290-01-01T00:00:00Z");
    await lead.note(TASK, "一");
    await lead.note(TASK, "二");
    ahead.clock.put(RIGHT);
    await lead.note(TASK, "三");
    await exchange(lead, member);

    const said = (await readings(lead)).map((one) => [one.unixMs, one.counter]);
    expect(said).toEqual([0, 1, 2].map((counter) => [9_999_999_999_999, counter]));
    const [theirs, ours] = [await member.record(TASK), await lead.record(TASK)];
    expect([theirs.items.size, theirs.view]).toEqual([3, ours.view]);
  });
});
