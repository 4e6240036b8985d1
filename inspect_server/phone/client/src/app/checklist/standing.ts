/** Where somebody stood in the checklists of a visit; it is in the page alone, and ends with it. */

import { nextTick } from "vue";

export interface Standing {
  /** The name of the checklist. */
  readonly form: string;
  readonly query: string;
  readonly filter: string;
  /** What the filter wanted when it was chosen, undefined for all. */
  readonly wanted: ReadonlySet<string> | undefined;
  readonly place: Place | undefined;
}

/** The first card in sight, by its id, and how far below the screen's edge it begins. */
export interface Place {
  readonly card: string;
  readonly topPx: number;
}

/** Return what is at the top of the screen, undefined where the page stands at its beginning. */
export function placeInSight(page: HTMLElement | null): Place | undefined {
  if (window.scrollY === 0) return undefined;
  for (const card of page?.querySelectorAll<HTMLElement>(".ask") ?? []) {
    const { top, bottom } = card.getBoundingClientRect();
    if (bottom > 0) return { card: card.id, topPx: top };
  }
  return undefined;
}

/**
 * Scroll until a place is where it was; a card that is not listed any more moves nothing.
 *
 * All cards get their heights first: those above it would move it afterwards.
 */
export async function scrollBackTo(page: HTMLElement | null, place: Place): Promise<void> {
  await nextTick();
  for (const part of page?.querySelectorAll(".part") ?? []) part.classList.add("laid");
  const card = document.getElementById(place.card);
  if (card) window.scrollBy(0, card.getBoundingClientRect().top - place.topPx);
}
