/** Days and moments as people read them; a day is YYYY-MM-DD, as on the wire. */

const WEEKDAYS = "日一二三四五六";

/** Return today by the phone's own clock and place. */
export function today(now = new Date()): string {
  return [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
}

/** Return how many days lie from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);
}

/** Return a day as “11月23日 周一” on one line, with the year where it is another one. */
export function dayInWords(day: string, now = today()): string {
  const at = new Date(`${day}T00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return `${shortDay(day, now)}\u00a0周${WEEKDAYS[at.getUTCDay()]}`;
}

/** Return the first and last day of a check, once where they are the same. */
export function spanInWords(from: string, to: string, now = today()): string {
  return from === to ? dayInWords(from, now) : `${shortDay(from, now)}至${shortDay(to, now)}`;
}

/** Return a moment as “14:05”, with the day where it is another one. */
export function momentInWords(moment: string, now = new Date()): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = today(at);
  if (day === today(now)) return time;
  const [year = "", month, date] = day.split("-").map(Number);
  const before = year === now.getFullYear() ? "" : `${year}年`;
  return `${before}${month}月${date}日 ${time}`;
}

/** Return a moment with its day and its weekday, whatever day it is now. */
export function wholeMoment(moment: string, now = today()): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  return `${dayInWords(today(at), now)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Return a size as people read it. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} 字节`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Return a day as “11月23日”, with the year where it is another one. */
export function shortDay(day: string, now = today()): string {
  const [year = 0, month, date] = day.split("-").map(Number);
  return `${day.slice(0, 4) === now.slice(0, 4) ? "" : `${year}年`}${month}月${date}日`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
