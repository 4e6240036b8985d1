/** Forms that survive: what was typed is put aside, sealed, until it is saved or given up. */

import { onScopeDispose, watch } from "vue";
import { session } from "./state.ts";

const LATER_MS = 500;

/** Return the name under which the form of an arrival is kept. */
export function arrivalDraft(task: string): string {
  return `arrival:${task}`;
}

export interface Draft {
  /** Put back what was typed before; false when there is nothing. */
  restore(): Promise<boolean>;
  /** The form was saved, or given up. */
  forget(): Promise<void>;
}

/**
 * Keep the fields of a reactive form under a name.
 *
 * @param isBlank Whether nothing is typed: then there is nothing to keep, and nothing unsaved.
 */
export function useDraft(
  key: string,
  form: Record<string, unknown> | object,
  isBlank: () => boolean = () => false,
): Draft {
  const fields = form as Record<string, unknown>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function keep(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const store = session.phone?.store;
    if (isOver || !session.writes || store === undefined) return;
    // A draft that cannot be kept is no reason to disturb whoever types.
    const kept = isBlank() ? store.deleteDraft(key) : store.putDraft(key, JSON.stringify(fields));
    await kept.catch(() => undefined);
  }

  watch(
    () => JSON.stringify(fields),
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void keep(), LATER_MS);
    },
  );
  onScopeDispose(() => {
    if (timer !== undefined) void keep();
  });

  return {
    async restore(): Promise<boolean> {
      const kept = (await session.phone?.store.draft(key)) ?? "";
      if (kept === "") return false;
      for (const [name, value] of Object.entries(JSON.parse(kept) as Record<string, unknown>)) {
        if (name in fields) fields[name] = value;
      }
      if (!isBlank()) return true;
      await keep(); // an earlier version put blank ones aside, too
      return false;
    },
    async forget(): Promise<void> {
      isOver = true;
      clearTimeout(timer);
      timer = undefined;
      await session.phone?.store.deleteDraft(key).catch(() => undefined);
    },
  };
}
