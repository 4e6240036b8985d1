/** Several measures about one finding: which go together, in which order they are written. */

import { ORDERED } from "../../../core/digests.ts";
import { measureName } from "../../words/names.ts";
import type { LawValue } from "./deadlines.ts";
import type { FindingValue } from "./grading.ts";

/** The dated value that says which measures a 重大事故隐患 may be met with together. */
export const TOGETHER = "finding.measures_together";

/** Return what may be ordered together; undefined where this phone has not been told. */
export function togetherOf(laws: ReadonlyMap<string, LawValue>): readonly string[] | undefined {
  const value = laws.get(TOGETHER)?.value;
  return Array.isArray(value) ? value.filter((one) => ORDERED.includes(one as string)) : undefined;
}

/** Return everything that is ordered about a finding, none where nothing was chosen yet. */
export function measuresOf(
  finding: Pick<FindingValue, "measure" | "further_measures">,
): readonly string[] {
  return [finding.measure, ...(finding.further_measures ?? [])].filter(Boolean);
}

/**
 * Return what is chosen once one measure was tapped.
 *
 * @param together What may stand beside others; whatever else is chosen stands alone.
 */
export function toggled(
  chosen: readonly string[],
  measure: string,
  together: readonly string[],
): readonly string[] {
  if (chosen.includes(measure)) return chosen.filter((one) => one !== measure);
  if (!together.includes(measure)) return [measure];
  const kept = chosen.filter((one) => together.includes(one));
  return ORDERED.filter((one) => one === measure || kept.includes(one));
}

/**
 * Return why the measures of a finding do not go together, "" where they do: as the office, by
 * tests/vectors/measures_together.json.
 *
 * @param together Undefined where this phone has not been told: then the office alone judges.
 */
export function faultOfMeasures(
  finding: Pick<FindingValue, "level" | "measure" | "further_measures">,
  together: readonly string[] | undefined,
): string {
  if (!finding.further_measures?.length) return "";
  if (finding.level !== "major") return "一般隐患只能选择一项处理措施";
  if (together === undefined) return "";
  const alone = measuresOf(finding).find((one) => !together.includes(one));
  return alone === undefined ? "" : `${measureName(alone, finding.level)}不能与其他处理措施并用`;
}
