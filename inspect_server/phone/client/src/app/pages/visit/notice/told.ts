/** When the notice was turned to the enterprise: kept, sealed, until the arrival says so. */

import type { Phone } from "../../../../capture/phone.ts";

/** Note that the notice of a task was shown, and its rights told. */
export async function noteTold(phone: Phone, task: string, at: string): Promise<void> {
  await phone.store.putDraft(keyOf(task), at);
}

/** Return when that was, "" where it was not; a reload of the page forgets nothing. */
export async function toldAt(phone: Phone, task: string): Promise<string> {
  return await phone.store.draft(keyOf(task));
}

/** The arrival holds it from now on. */
export async function forgetTold(phone: Phone, task: string): Promise<void> {
  await phone.store.deleteDraft(keyOf(task));
}

function keyOf(task: string): string {
  return `told:${task}`;
}
