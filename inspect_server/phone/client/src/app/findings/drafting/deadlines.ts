/** Until when a problem is to be rectified, as checklists and dated law values suggest it. */

import { dayNumber, dayText } from "../../../forms/values.ts";

/** One dated value of the law as phones pull it; of its fields those that a period needs. */
export interface LawValue {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly value: unknown;
  readonly source: string;
  readonly verified: boolean;
}

/** A period that is suggested; the officer sets the day. */
export interface Period {
  readonly last: string;
  /** How long it is, in words: 15日（自然日）. */
  readonly length: string;
  /** What it rests on, "" where the checklist says the days itself. */
  readonly law: string;
  readonly isVerified: boolean;
  /** Whether public holidays, which no phone knows, may move the day. */
  readonly isEstimated: boolean;
}

/** Where no checklist says how long a rectification takes. */
export const DEFAULT_PERIOD = "deadline.rectification_default_days";
/** What the office calls its values is no word for whoever is on site. */
const OFFICE_WORD = /（参数）$/u;
const SATURDAY = 6;
const THURSDAY = 4; // 1970-01-01

/**
 * Return the period that a checklist's item suggests, undefined where none can be said here.
 *
 * @param rectify Natural days, or the id of a dated law value.
 * @param day The local day of the visit; it does not count.
 */
export function suggestedPeriod(
  rectify: number | string,
  day: string,
  laws: ReadonlyMap<string, LawValue>,
): Period | undefined {
  if (typeof rectify === "number") {
    if (!(rectify > 0)) return undefined;
    const last = daysLater(day, rectify);
    return { last, length: `${rectify}日（自然日）`, law: "", isVerified: true, isEstimated: false };
  }
  const law = laws.get(rectify);
  if (law === undefined) return undefined;
  const count = Number(law.value);
  if (!Number.isInteger(count) || count < 1) return undefined;
  const counted = COUNTED.get(law.unit);
  if (counted === undefined) return undefined;
  return {
    last: counted.last(day, count),
    length: `${count}${counted.name}`,
    law: law.title.replace(OFFICE_WORD, ""),
    isVerified: law.verified,
    isEstimated: law.unit === "working_days",
  };
}

export function daysLater(day: string, days: number): string {
  return dayText(dayNumber(day) + days);
}

/** Return the last of so many days from Monday to Friday after a day. */
export function weekdaysLater(day: string, days: number): string {
  let number = dayNumber(day);
  for (let left = days; left > 0; ) {
    number += 1;
    if (!isWeekend(number)) left -= 1;
  }
  return dayText(number);
}

/** Return the same day of the month so many months later, else that month's last day. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const later = month - 1 + months;
  const last = new Date(Date.UTC(year, later + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, later, Math.min(date, last))).toISOString().slice(0, 10);
}

function isWeekend(number: number): boolean {
  const weekday = (((number + THURSDAY) % 7) + 7) % 7;
  return weekday === 0 || weekday === SATURDAY;
}

interface Counted {
  readonly name: string;
  readonly last: (day: string, count: number) => string;
}

const COUNTED: ReadonlyMap<string, Counted> = new Map([
  ["natural_days", { name: "日（自然日）", last: daysLater }],
  ["working_days", { name: "个工作日", last: weekdaysLater }],
  ["months", { name: "个月", last: monthsLater }],
]);
