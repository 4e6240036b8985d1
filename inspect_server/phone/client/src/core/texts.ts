/** How texts, decimals, days and moments are written in values. */

import { list, text, whole } from "./reading/shapes.ts";
import type { Pattern, Shape } from "./reading/shapes.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const UUID7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const BLANKS = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NOT_BLANK = new RegExp(`^[${BLANKS}]*[^${BLANKS}\\x00][^\\x00]*$`); // Unicode White_Space
const TIME = "T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.[0-9]{1,6})?";
const OFFSET = "(?:Z|[+-]([0-9]{2}):([0-9]{2}))";
const MOMENT = new RegExp(`^([0-9]{4}-[0-9]{2}-[0-9]{2})${TIME}${OFFSET}$`);
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DAY_MINUTES = 24 * 60;

/** U+0000 is the one character that the server's databases cannot keep. */
export const NO_NUL: Pattern = { fits: /^[^\x00]*$/, otherwise: "含有不能保存的字符" };
const SAID: Pattern = { fits: NOT_BLANK, otherwise: "不能为空" };

export const anyText = text(4000, NO_NUL);
export const shortText = text(200, NO_NUL);
export const said = text(4000, SAID);
export const name = text(100, SAID);
export const perhapsName = text(100, NO_NUL);
export const hash = written("[0-9a-f]{64}", "应为 64 位摘要");
export const hashOrEmpty = written("([0-9a-f]{64})?", "应为 64 位摘要或者空");
export const uuid = written(UUID, "应为编号");
export const uuidOrEmpty = written(`(${UUID})?`, "应为编号或者空");
export const participantItem = written(`participant/${UUID7}`, "应为参加人员的编号");
export const degrees = written("(-?[0-9]{1,3}(\\.[0-9]{1,8})?)?", "应为经纬度");
export const metres = written("([0-9]{1,6}(\\.[0-9]{1,3})?)?", "应为米数");
export const moment = text(Infinity, { fits: MOMENT, otherwise: "应为带时区的时刻" });
export const dayOrEmpty = written("([0-9]{4}-[0-9]{2}-[0-9]{2})?", "应为日期或者空");
export const stroke = list(list(whole(0, 1000), 2, 2), 2000, 1);

/** A text that fits a pattern as a whole. */
export function written(pattern: string, otherwise: string): Shape<string> {
  return text(Infinity, { fits: new RegExp(`^(?:${pattern})$`), otherwise });
}

/** Return whether the text is a day that exists, as YYYY-MM-DD. */
export function isDay(day: string): boolean {
  const parts = DAY.exec(day);
  if (parts === null) return false;
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, date);
  return year > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === date;
}

/**
 * Return whether the text is an RFC 3339 moment with an offset that exists in the calendar.
 *
 * The years 1900 to 9998 leave room to show it in any other zone.
 */
export function isMoment(moment: string): boolean {
  const parts = MOMENT.exec(moment);
  if (parts === null || !isDay(parts[1] as string)) return false;
  const [hour, minute, second, aside = 0, asideMinutes = 0] = parts
    .slice(2)
    .map((part: string | undefined) => Number(part ?? 0)) as [number, number, number];
  const year = Number(moment.slice(0, 4));
  const isInDay = hour < 24 && minute < 60 && second < 60;
  return isInDay && aside * 60 + asideMinutes < DAY_MINUTES && year >= 1900 && year <= 9998;
}

/** Return whether the text says nothing: empty, or white space alone. */
export function isBlank(said: string): boolean {
  return !NOT_BLANK.test(said);
}
