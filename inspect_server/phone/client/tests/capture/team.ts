/** Two phones on one task, with a clock that is a second later at every look. */

import { afterEach, beforeEach } from "vitest";
import { Phone } from "../../src/capture/phone.ts";
import type { PhoneClock } from "../../src/capture/clock.ts";
import type { Finding, Strokes } from "../../src/capture/phone.ts";
import { parse } from "../../src/core/entries.ts";
import type { Entry } from "../../src/core/entries.ts";
import type { Item } from "../../src/merging/items.ts";
import { ENTERPRISE, FORM, TASK, account, emptyBrowser, enrolled, show } from "../store/keeping.ts";
import type { Account } from "../store/keeping.ts";

export const ITEM = "answer/dust/D01";
export const SECOND = "answer/dust/D02";
export const NUMBER = "2026-0007";
export const COMPANY = { name: "云湾木业有限公司", uscc: "91320799MA1WXY7K2F" };
export const STROKES: Strokes = [
  [
    [0, 0],
    [10, 20],
  ],
];
export const FINDING: Finding = {
  answer_item: ITEM,
  level: "general",
  text: "未清扫积尘",
  place: "打磨车间",
  basis: "",
  penalty_basis: "",
  measure: "rectify_within",
  deadline: "2026-04-01",
  corrected_on_site: false,
};

export class StepClock implements PhoneClock {
  readonly tz = "Asia/Shanghai";
  readonly boot = "boot-1";
  #now = Date.parse("2026-03-02T09:00:00+08:00");

  now(): number {
    this.#now += 1000;
    return this.#now;
  }

  offset(): number {
    return 480;
  }

  mono(): number {
    return 1;
  }

  /** The clock is put elsewhere, as a user does it. */
  put(moment: string): void {
    this.#now = Date.parse(moment);
  }
}

export interface Held {
  readonly of: Account;
  readonly phone: Phone;
  readonly clock: StepClock;
}

/** Return a phone that has pulled its task. */
export async function holding(number: number, users = [1, 2]): Promise<Held> {
  const of = await account(number);
  const store = await enrolled(of);
  const team = users.map((user) => ({
    user_id: of.user.slice(0, -1) + String(user),
    role: user === 1 ? "lead" : "member",
  }));
  await show(store, {
    [`task/${TASK}`]: { number: NUMBER, form_set: FORM, enterprise_id: ENTERPRISE, team },
    [`enterprise/${ENTERPRISE}`]: COMPANY,
    [`form/${FORM}`]: { sections: [{ items: ["D01", "D02", "D03"].map((code) => ({ code })) }] },
  });
  const clock = new StepClock();
  return { of, phone: new Phone(store, `phone-${number}`, clock), clock };
}

/** Give every test of a module the lead's phone and a member's, in a browser without any other. */
export function withTwo(begin: (lead: Held, member: Held) => void): void {
  emptyBrowser();
  let both: readonly Held[] = [];
  beforeEach(async () => {
    const [lead, member] = [await holding(1), await holding(2)];
    both = [lead, member];
    begin(lead, member);
  });
  afterEach(() => {
    for (const { phone } of both) phone.close();
  });
}

/** Let each phone take in what the other has, without any network. */
export async function exchange(one: Phone, other: Phone): Promise<void> {
  await other.takeIn(await one.exportEntries(TASK));
  await one.takeIn(await other.exportEntries(TASK));
}

/** Return the entries of a phone as they were signed. */
export async function signed(phone: Phone): Promise<readonly Entry[]> {
  return (await phone.entries()).map((row) => parse(row.content));
}

/** Return the value of a field of an item's heads. */
export function said(item: Item | undefined, field: string): readonly unknown[] {
  return (item?.heads ?? []).map((head) => (head.value as Record<string, unknown>)[field]);
}
