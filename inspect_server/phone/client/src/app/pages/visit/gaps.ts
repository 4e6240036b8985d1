/** Breaks of the recording: what is typed, whether it can stand, and how it reads. */

import type { Phone } from "../../../capture/phone.ts";
import { momentInWords } from "../../reading/days.ts";
import { GAPS } from "../../words/visit.ts";

/** What `gap.declare` says. */
export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Return the name under which a break is put aside while it is typed. */
export function gapDraft(task: string): string {
  return `gap:${task}`;
}

/**
 * Return the break that was being typed when the page ended, as its form has it; null where there
 * is none, or where the page ended after it was saved.
 */
export async function keptGap(
  phone: Phone,
  task: string,
  declared: readonly { readonly value: Gap }[],
): Promise<Gap | null> {
  const text = await phone.store.draft(gapDraft(task));
  if (text === "") return null;
  const kept = JSON.parse(text) as Gap;
  const [from, to] = [momentOf(kept.from), momentOf(kept.to)];
  const isDeclared = declared.some(({ value }) => value.from === from && value.to === to);
  if (!isDeclared) return kept;
  await phone.store.deleteDraft(gapDraft(task));
  return null;
}

/** Return a local time of a form (2026-03-02T09:05) as a moment with the phone's offset. */
export function momentOf(local: string): string {
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return "";
  const offset = -at.getTimezoneOffset();
  const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) =>
    String(Math.trunc(part)).padStart(2, "0"),
  );
  const whole = local.length === 16 ? `${local}:00` : local;
  return `${whole}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

/** Return a moment of this phone's clock as a form has it. */
export function localOf(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Return what is wrong with each field, "" where nothing is. */
export function faultsOfGap({ from, to, reason }: Gap, now: Date): Gap {
  const [begin, end] = [momentOf(from), momentOf(to)];
  const isLate = end !== "" && Date.parse(end) > now.getTime();
  const isBackward = begin !== "" && end !== "" && Date.parse(begin) >= Date.parse(end);
  return {
    from: begin === "" ? GAPS.fromMissing : "",
    to: end === "" ? GAPS.toMissing : isBackward ? GAPS.backward : isLate ? GAPS.late : "",
    reason: reason.trim() ? "" : GAPS.reasonMissing,
  };
}

/** Return a break in one line: from when to when, and why. */
export function gapTold(gap: Gap): string {
  return `${spanOfGap(gap)}，${gap.reason}`;
}

export function spanOfGap({ from, to }: Gap): string {
  return `${momentInWords(from)} 至 ${momentInWords(to)}`;
}
