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

/** Keep the fields of a reactive form under a name. */
export function useDraft(key: string, form: Record<string, unknown> | object): Draft {
  const fields = form as Record<string, unknown>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function keep(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (isOver || !session.writes) return;
    // A draft that cannot be kept is no reason to disturb whoever types.
    await session.phone?.store.putDraft(key, JSON.stringify(fields)).catch(() => undefined);
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
      return true;
    },
    async forget(): Promise<void> {
      isOver = true;
      clearTimeout(timer);
      timer = undefined;
      await session.phone?.store.deleteDraft(key).catch(() => undefined);
    },
  };
}
