/** Whether a finding may stand as it is noted: what closing the record says, said on site. */

import type { Finding } from "../../../capture/phone.ts";
import type { Suggestion } from "../../../forms/suggesting.ts";

/** A finding with all its fields, as docs/sync.md has it. */
export type FindingValue = Finding;

/** What the checklist says about a failed item: how severe it is, and whose matter. */
export interface Grade {
  readonly isMajor: boolean;
  /** No condition is left that only the officer can judge. */
  readonly isCertain: boolean;
  /** Who enforces it, "" for the bureau. */
  readonly referTo: string;
  /** Whether the officer may refer it all the same: only what no checklist asks. */
  readonly isFree: boolean;
}

/** What is found outside of every checklist is the officer's own judgement. */
export const FREE: Grade = { isMajor: false, isCertain: false, referTo: "", isFree: true };

/** 现场处理措施: what a 重大事故隐患 is met with at once (安全生产法第六十五条). */
export const ON_SITE: readonly string[] = ["rectify_now", "withdraw", "suspend", "stop_use"];
/** What neither a record nor an order can impose. */
const DECIDED_APART: ReadonlySet<string> = new Set(["suspend", "withdraw", "stop_use"]);

export function gradeOf(suggestion: Suggestion | undefined): Grade {
  if (suggestion === undefined) return FREE;
  return {
    isMajor: suggestion.level === "major",
    isCertain: suggestion.to_confirm.length === 0,
    referTo: suggestion.refer_to,
    isFree: false,
  };
}

/** Return the measures that can be chosen about a finding of this level. */
export function measuresFor(grade: Grade, level: string): readonly string[] {
  if (grade.referTo) return ["refer"];
  if (level === "major") return ON_SITE;
  return ["rectify_now", "rectify_within", ...(grade.isFree ? ["refer"] : [])];
}

/**
 * Whether a measure binds only by a 现场处理措施决定书: what stops work, and of a 重大事故隐患 also
 * its removal at once. The office has the same rule (tests/vectors/measures.json).
 */
export function needsDecision(finding: FindingValue): boolean {
  const { level, measure, further_measures: further = [], corrected_on_site } = finding;
  const isAtOnce = level === "major" && measure === "rectify_now";
  const isApart = [measure, ...further].some((one) => DECIDED_APART.has(one));
  return (isApart || isAtOnce) && !corrected_on_site;
}

/**
 * Return what keeps the record open because of a finding, in Chinese; none where it can stand.
 *
 * @param note What was written beside the answer.
 * @param day The local day of the visit.
 */
export function faultsOf(
  finding: FindingValue,
  grade: Grade,
  note: string,
  day: string,
): readonly string[] {
  const missing = [
    finding.text.trim() ? "" : "缺问题描述",
    finding.place.trim() ? "" : "缺部位",
    finding.basis.trim() ? "" : "缺依据条款",
  ];
  const isReferred = finding.measure === "refer";
  const others =
    isReferred || grade.referTo
      ? faultsOfReferral(finding, grade, isReferred)
      : [...faultsOfLevel(finding, grade, note), faultOfDeadline(finding, day)];
  return [...missing, ...others].filter(Boolean);
}

function faultsOfLevel(finding: FindingValue, grade: Grade, note: string): string[] {
  if (finding.level === "major") {
    const isOnSite = [finding.measure, ...(finding.further_measures ?? [])].every((one) =>
      ON_SITE.includes(one),
    );
    return isOnSite ? [] : ["重大事故隐患应选择现场处理措施"];
  }
  if (!grade.isMajor) return [];
  if (grade.isCertain) return ["属于重大事故隐患判定标准所列情形，不得降为一般隐患"];
  return note.trim() ? [] : ["由重大降为一般隐患，应写明理由"];
}

function faultOfDeadline({ corrected_on_site, deadline }: FindingValue, day: string): string {
  if (corrected_on_site) return "";
  if (deadline === "") return "未当场改正，应填写整改期限";
  return deadline < day ? "整改期限早于检查日" : "";
}

function faultsOfReferral(finding: FindingValue, grade: Grade, isReferred: boolean): string[] {
  if (!isReferred) return ["不属于应急管理部门查处，处理措施应改为线索移送"];
  return [
    grade.referTo || grade.isFree ? "" : "属于应急管理部门查处，不能作线索移送",
    finding.level === "major" ? "移送的线索由接收部门认定，级别应为一般" : "",
    finding.penalty_basis.trim() ? "移送的线索不由本机关处罚，应删去处罚依据" : "",
    finding.deadline ? "移送的线索不由本机关限期整改，应删去整改期限" : "",
  ];
}
