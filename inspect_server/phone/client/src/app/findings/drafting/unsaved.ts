/** What is being written outlives a browser that is killed: kept sealed until it is saved. */

import type { Phone } from "../../../capture/phone.ts";
import type { SeenBoth } from "../saving.ts";
import type { Draft } from "./draft.ts";

/** A draft, and what its form showed when it was begun: that is all that saving it replaces. */
export interface Kept {
  readonly draft: Draft;
  readonly seen: SeenBoth;
  /** The answer's note as it was then. */
  readonly noted: string;
}

/** Whose draft it is. */
export interface Unsaved {
  readonly phone: Phone;
  readonly key: string;
}

/** Return the name under which the form of a finding, or of a new one of an item, is kept. */
export function findingDraft(task: string, of: string): string {
  return `finding/${task}/${of}`;
}

const REST_MS = 600;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Keep a draft as soon as the typing rests. */
export function keep({ phone, key }: Unsaved, draft: Kept): void {
  clearTimeout(waiting.get(key));
  const work = (): void => {
    waiting.delete(key);
    // A draft that cannot be kept costs nothing but itself; saving says what is wrong.
    void phone.store.putDraft(key, JSON.stringify(draft)).catch(() => undefined);
  };
  waiting.set(key, setTimeout(work, REST_MS));
}

/** Return the draft that was not saved, undefined where there is none. */
export async function kept({ phone, key }: Unsaved): Promise<Kept | undefined> {
  const text = await phone.store.draft(key);
  if (text === "") return undefined;
  try {
    const found = JSON.parse(text) as Partial<Kept>;
    return found.draft && found.seen ? (found as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** It was saved, or given up. */
export async function forget({ phone, key }: Unsaved): Promise<void> {
  clearTimeout(waiting.get(key));
  waiting.delete(key);
  await phone.store.deleteDraft(key);
}
