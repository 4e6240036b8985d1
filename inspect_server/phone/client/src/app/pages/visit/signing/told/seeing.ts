/**
 * Whether whoever signs went through all of it: each part, to its end, was in sight once. Who
 * scrolls passes by every part; who jumps is led back to where the jump began.
 */

import { onBeforeUnmount, onMounted, shallowRef } from "vue";
import type { ShallowRef } from "vue";

/** What marks a part of what is signed: a finding, an answer, a note. */
export const PART = ".told-part";

export interface Seeing {
  /** How many parts were not in sight yet; undefined until they were counted. */
  readonly left: Readonly<ShallowRef<number | undefined>>;
  /** Turn to the first of them. */
  turnToLeft(): void;
}

/** A part higher than the screen is told of at each step of this size. */
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20);
/** Edges lie between pixels. */
const EDGE_PX = 1;
/** A part that begins at the top already is gone on in by most of what is seen at once. */
const ONWARD = 0.8;

/** Follow which parts within a place were in sight. */
export function useSeeing(place: Readonly<ShallowRef<HTMLElement | null>>): Seeing {
  const left = shallowRef<number>();
  const unseen = new Set<Element>();
  let watching: IntersectionObserver | undefined;

  onMounted(() => {
    watching = new IntersectionObserver(look, { threshold: STEPS });
    for (const part of place.value?.querySelectorAll(PART) ?? []) {
      unseen.add(part);
      watching.observe(part);
    }
    left.value = unseen.size;
  });
  onBeforeUnmount(() => watching?.disconnect());

  function look(found: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, boundingClientRect, intersectionRect, target } of found) {
      // What is cut off below has its end out of sight.
      const isCut = intersectionRect.bottom < boundingClientRect.bottom - EDGE_PX;
      if (!isIntersecting || isCut) continue;
      unseen.delete(target);
      watching?.unobserve(target);
    }
    left.value = unseen.size;
  }

  return {
    left,
    turnToLeft(): void {
      const [first] = unseen;
      const scroller = place.value?.closest<HTMLElement>(".body");
      if (!first || !scroller) return;
      const below = first.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      const by = Math.abs(below) > EDGE_PX ? below : scroller.clientHeight * ONWARD;
      scroller.scrollBy({ top: by });
    },
  };
}
