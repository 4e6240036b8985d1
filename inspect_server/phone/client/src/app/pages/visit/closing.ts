/** A record that the office has closed: shown as it is, and nothing is added to it. */

import { computed, onScopeDispose, watch } from "vue";
import type { ComputedRef } from "vue";
import { isOver } from "../../reading/tasks.ts";
import { session } from "../../session/state.ts";
import type { SeenVisit } from "../../session/visit.ts";
import { CLOSED } from "../../words/task.ts";

/** What is told of it. */
type Closed = (typeof CLOSED)[keyof typeof CLOSED];

/**
 * Return what is told where the office takes in no more of a visit, else undefined; as long as that
 * is on the page nothing is written there. Reopened by the office, it goes on.
 */
export function useClosed(
  visit: () => Pick<SeenVisit, "task"> | null | undefined,
): ComputedRef<Closed | undefined> {
  const closed = computed(() => {
    const task = visit()?.task;
    return task && isOver(task) ? CLOSED[task.state as keyof typeof CLOSED] : undefined;
  });
  const note = (told: Closed | undefined): boolean => (session.isClosed = told !== undefined);
  watch(closed, note, { immediate: true, flush: "sync" });
  onScopeDispose(() => note(undefined));
  return closed;
}
