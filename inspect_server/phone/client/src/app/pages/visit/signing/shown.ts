/** What a signer has on the screen, and whether it is still all that this phone knows. */

import { onScopeDispose, shallowRef } from "vue";
import type { ShallowRef } from "vue";
import type { Phone } from "../../../../capture/phone.ts";
import type { MergedRecord } from "../../../../merging/record.ts";
import type { Document } from "../../../session/signing.ts";

export interface Shown {
  /** What the signature cites, however much came in since. */
  readonly record: MergedRecord;
  /** Whether something came in that the signer has not seen. */
  readonly isOutdated: Readonly<ShallowRef<boolean>>;
  /** Look at the phone now; return whether the signer has to be told first. */
  tells(): Promise<boolean>;
}

/** Keep what is shown to a signer as it is, and follow what the phone takes in meanwhile. */
export function useShown(phone: Phone, record: MergedRecord, document: Document): Shown {
  const isOutdated = shallowRef(false);
  const task = record.assignment;

  async function look(): Promise<void> {
    isOutdated.value = !isSame(record, await phone.record(task), document);
  }
  const leave = phone.onChange((changed) => {
    // What cannot be read now is looked at again before anything is signed.
    if (changed === "" || changed === task) void look().catch(() => undefined);
  });
  onScopeDispose(leave);
  return {
    record,
    isOutdated,
    async tells(): Promise<boolean> {
      const wasTold = isOutdated.value;
      await look();
      return isOutdated.value && !wasTold;
    },
  };
}

/** Whether a signature given to one record would hold for the other. */
function isSame(one: MergedRecord, other: MergedRecord, document: Document): boolean {
  return document === "order"
    ? one.ordered.join() === other.ordered.join()
    : one.view === other.view;
}
