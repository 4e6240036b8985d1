/** Words of what a recheck says of the problems of an earlier check. */

import type { Result } from "../reading/rechecks.ts";

export const RECHECK = {
  heading: "复查事项",
  text: "逐项查看原检查责令整改的问题，点选结果。未整改的照常列为该企业未整改问题。",
  none: "本机没有须复查的问题",
  noneText: "所复查的检查没有未整改的问题，或者本机的企业资料不是最新的。请在有网络时同步后再看。",
  results: {
    rectified: "已整改",
    partly: "部分整改",
    not_rectified: "未整改",
    not_checked: "未复查",
  } as Readonly<Record<Result, string>>,
  choose: (which: string) => `${which}的复查结果`,
  which: (inspection: string, number: number) => `${inspection} 第 ${number} 项`,
  last: (day: string, result: string) => `${day}复查：${result}`,
  unsaid: "未填结果",
  before: "原检查照片",
  note: "复查说明",
  noteHint: "写明整改到什么程度，如“已加装防护栏，尚缺警示标志”。",
  why: "未能复查的原因",
  whyHint: "如“该车间停产锁闭，无法进入”。",
  whyMissing: "请写明未能复查的原因",
  addNote: "写说明",
  changeNote: "改说明",
  photograph: "拍照",
  save: "保存",
  cancel: "取消",
  restored: "已恢复上次没有保存的内容。",
  /** In the list of what is left. */
  open: (which: string, text: string) => `复查 ${which}“${text}”：未填结果`,
  openMany: (count: number) => `复查事项还有 ${count} 项未填结果`,
  disputed: "两部手机填写不一致，须由主办人员确认",
} as const;

/** Return a result with its note, as whoever signs reads it. */
export function recheckInWords({ result, note }: { result: string; note: string }): string {
  const name = (RECHECK.results as Readonly<Record<string, string>>)[result] ?? result;
  return note.trim() ? `${name}，${note.trim()}` : name;
}
