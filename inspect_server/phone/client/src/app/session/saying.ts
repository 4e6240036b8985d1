/** Failures in the words of who holds the phone. */

import { PhoneError } from "../../core/problems.ts";

const UNEXPECTED = "程序出现意外，内容没有保存，请重新打开本程序后再试；如仍出现，请联系管理员。";

/** Return what to show of a failure; what nobody foresaw is written to the console as well. */
export function said(problem: unknown): string {
  if (problem instanceof PhoneError) return problem.message;
  console.error(problem);
  return UNEXPECTED;
}

/** Return how long to wait before the next try, 0 if not at all. */
export function secondsToWait(problem: unknown): number {
  const seconds = problem instanceof PhoneError ? problem.facts["seconds"] : 0;
  return typeof seconds === "number" ? seconds : 0;
}
