/** While something is written, its item stays on the page as it was when that began. */

import { inject, onBeforeUnmount, provide } from "vue";
import type { InjectionKey } from "vue";
import type { Sheet } from "./sheet.ts";

type Hold = () => () => void;

const HOLD: InjectionKey<Hold> = Symbol("hold");

/** Let the fields below hold this item. */
export function provideHold(sheet: Sheet, code: string): void {
  provide(HOLD, () => sheet.hold(code));
}

/** How a field holds the item in which it stands, from the first letter until it was saved. */
export interface Holding {
  begin(): void;
  end(): void;
}

/** Return how to hold the item around; what is still held ends after the field has gone. */
export function useHolding(around: Hold = inject(HOLD, () => () => undefined)): Holding {
  let release: (() => void) | undefined;
  const end = (): void => {
    release?.();
    release = undefined;
  };
  onBeforeUnmount(() => queueMicrotask(end)); // a field that goes saves first what stands in it
  return { begin: () => (release ??= around()), end };
}
