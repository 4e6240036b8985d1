/** What codes are called, and values as people read them. */

import { ATTACHMENTS, itemsOf } from "../../forms/body.ts";
import type { Basis, Form, Item, Penalty } from "../../forms/body.ts";
import type { Answer } from "../../forms/filling.ts";
import { WrongValue, read } from "../../forms/given.ts";
import { toText } from "../../forms/values.ts";
import type { Head, Item as Merged } from "../../merging/items.ts";
import type { Answered } from "./structure.ts";
import { LEVELS, measuresNamed, word } from "../words/names.ts";

export const RESULTS = [
  ["pass", "符合"],
  ["fail", "不符合"],
  ["not_applicable", "不适用"],
  ["not_checked", "未检查"],
] as const;
const RESULT_NAMES: ReadonlyMap<string, string> = new Map(RESULTS);

export const WHY_MISSING = "请填写撤回理由";

/** Return why a failure is taken back, where that follows from the new result; else "". */
export function whyLeft(result: string): string {
  return result === "pass" ? "经现场复核，该项符合要求" : "";
}

export const AUTHORITIES: ReadonlyMap<string, string> = new Map([
  ["market_supervision", "市场监督管理部门"],
  ["fire", "消防救援机构"],
  ["public_security", "公安机关"],
  ["ecology", "生态环境主管部门"],
  ["health", "卫生健康主管部门"],
  ["housing", "住房城乡建设主管部门"],
  ["other", "其他有管辖权的部门"],
]);

/** What stands behind 下一个未填: of which checklists it counts. */
export const NEXT = {
  rest: (count: number, lists: number) =>
    `（${lists > 1 ? "全部检查表" : ""}还有 ${count} 项）`,
} as const;

/** Return how far one checklist is; one in which nothing has to be filled in says that. */
export function filledInWords({ answered, total }: Answered): string {
  return total === 0 ? "无必填项" : `已填 ${answered}/${total}`;
}

export const NO_TASK = "本机没有这项任务，请先联网同步。";

/** Return what to do about a checklist that this phone does not have. */
export function noForm(title: string): string {
  return `本机没有检查表“${title}”，请先联网同步。`;
}

export function levelName(level: string): string {
  return word(LEVELS, level);
}

/** Return a citation as documents have it. */
export function printed(citation: Basis | Penalty): string {
  const { title, number } = citation.law;
  const clause = "clause" in citation ? citation.clause : "";
  return `《${title}》${number ? `（${number}）` : ""}${citation.article}${clause}`;
}

/** Whether nobody compared a citation, or the dates of its law, with the text. */
export function isUnverified(citation: Basis): boolean {
  return !(citation.verified && citation.law.verified);
}

/** Return a moment's day and time as its own clock had them: 3月2日 09:05. */
export function moment(wall: string): string {
  const parts = /^\d+-(\d+)-(\d+)T(\d+:\d+)/.exec(wall);
  if (parts === null) return wall;
  return `${Number(parts[1])}月${Number(parts[2])}日 ${parts[3]}`;
}

/** Return the time of a moment of the day of the visit, else its day as well. */
export function clock(wall: string, day: string): string {
  return wall.startsWith(day) ? wall.slice(11, 16) : moment(wall);
}

/** Return a day in words: 2026年3月2日. */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return date === undefined ? day : `${year}年${month}月${date}日`;
}

/** Return an answer in one line, as what stands beside another in a conflict. */
export function answerInWords(form: Form, item: Item, answer: Answer | null): string {
  if (answer === null) return "已撤回";
  const { result, reason = "", note = "" } = answer;
  const said =
    result === "given"
      ? valueInWords(form, item, answer.given)
      : (RESULT_NAMES.get(result) ?? result);
  const behind = [reason, note].filter(Boolean).join("；");
  return behind ? `${said}（${behind}）` : said;
}

/** Return what a head says of a finding or a photo, in one line; "已撤回" of a retraction. */
export function headInWords(head: Head): string {
  const value = head.value as Readonly<Record<string, unknown>> | null;
  if (value === null) return "已撤回";
  const text = (key: string): string => String(value[key] ?? "");
  if (head.type.startsWith("photo") || text("sha256")) return text("caption") || "照片";
  const deadline = text("deadline") ? `，${dayInWords(text("deadline"))}前` : "";
  const end = value["corrected_on_site"] === true ? "，已当场改正" : deadline;
  const measures = measuresNamed(value);
  return `${levelName(text("level"))}：${text("text")}（${text("place")}；${measures}${end}）`;
}

/** Return how many photos and how many films these are. */
export function filesInWords(photos: readonly Merged[]): string {
  const isFilm = ({ heads }: Merged): boolean => {
    const value = heads.find((head) => head.value !== null)?.value as { mime?: string } | undefined;
    return value?.mime?.startsWith("video/") ?? false;
  };
  const films = photos.filter(isFilm).length;
  const others = photos.length - films;
  return [others || !films ? `照片 ${others}` : "", films ? `录像 ${films}` : ""]
    .filter(Boolean)
    .join("，");
}

/** Return a given value as people read it; what is no value of the item's kind as it was sent. */
export function valueInWords(form: Form, item: Item, given: unknown): string {
  if (given === null || given === undefined) return "";
  if (item.kind === "repeat") return rowsInWords(form, item, given);
  try {
    read(item, given);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    return typeof given === "string" ? given : JSON.stringify(given);
  }
  return (READERS.get(item.kind) ?? String)(given, item, form);
}

function rowsInWords(form: Form, table: Item, given: unknown): string {
  if (!Array.isArray(given)) return "";
  const columns = new Map(itemsOf(table.columns ?? []).map((column) => [column.code, column]));
  return given
    .map((row: Record<string, unknown>, index) => {
      const cells = Object.entries(row).map(([code, cell]) => {
        const column = columns.get(code);
        return column ? `${column.question}：${valueInWords(form, column, cell)}` : "";
      });
      return `第${index + 1}行（${cells.filter(Boolean).join("，") || "未填"}）`;
    })
    .join("；");
}

type Read = (given: unknown, item: Item, form: Form) => string;

const number: Read = (given, { unit = "" }) => `${String(given)}${unit}`;
const counted: Read = (given, { kind }) => {
  return `${(given as unknown[]).length}${kind === "image" ? "张照片" : "个文件"}`;
};

function labelOf(form: Form, item: Item, name: unknown): string {
  const list = form.choice_lists?.find((one) => one.name === item.choices);
  return list?.choices.find((choice) => choice.name === name)?.label ?? String(name);
}

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["integer", number],
  ["decimal", number],
  ["range", number],
  ["select_one", (given, item, form) => labelOf(form, item, given)],
  [
    "select_multiple",
    (given, item, form) =>
      (given as unknown[]).map((name) => labelOf(form, item, name)).join("、"),
  ],
  ["date", (given) => dayInWords(toText(given as string))],
  ["dateTime", (given) => String(given).replace(/\+08:00$/, "").replace("T", " ")],
  [
    "geopoint",
    (given) => {
      const { latitude, longitude, accuracy_m: off } = given as Record<string, string>;
      return `纬度${latitude}，经度${longitude}${off ? `（误差${off}米）` : ""}`;
    },
  ],
  [
    "signature",
    (given) => {
      const { name } = given as Record<string, unknown>;
      return name ? `${String(name)}（已手写签名）` : "已手写签名";
    },
  ],
  ["acknowledge", () => "已确认"],
  ...[...ATTACHMENTS].map((kind): [string, Read] => [kind, counted]),
]);

/** A signature that was under way when the page ended. */
export const RESTORED = "已恢复上次没有保存的内容。";
