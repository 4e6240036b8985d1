/** Whether a place of a page was on the screen: what has to be read to its end was. */

import { onScopeDispose, shallowRef, watch } from "vue";
import type { ShallowRef } from "vue";

/** A place of a page, null until it is there. */
type Place = Readonly<ShallowRef<HTMLElement | null>>;

/**
 * Return whether a place was in sight once, however it came there: by a finger, by a key, or as
 * the screen is large enough for all.
 *
 * @param place Where what is to be read ends.
 * @param cover What lies over the lower edge of the screen.
 * @param isWhole Whether everything before the place is there yet.
 */
export function useSeen(
  place: Place,
  cover: Place,
  isWhole: () => boolean,
): Readonly<ShallowRef<boolean>> {
  const isSeen = shallowRef(false);
  let watching: IntersectionObserver | undefined;

  watch(
    [place, cover, isWhole],
    ([end, over, whole]) => {
      watching?.disconnect();
      if (isSeen.value || !whole || end === null || over === null) return;
      watching = new IntersectionObserver(
        (found) => {
          if (!found.some((one) => one.isIntersecting)) return;
          isSeen.value = true;
          watching?.disconnect();
        },
        { rootMargin: `0px 0px -${over.offsetHeight}px 0px` },
      );
      watching.observe(end);
    },
    { immediate: true, flush: "post" },
  );
  onScopeDispose(() => watching?.disconnect());
  return isSeen;
}
