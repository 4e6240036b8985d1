/** A browser whose storage is full, or fails, from some write on. */

import { vi } from "vitest";

/** What becomes of a write. */
export type Failure = "thrown" | "aborted";

/**
 * Let every write after the first `left` ones fail for want of room; return what ends that.
 *
 * @param how `thrown` at the write itself, or `aborted`, as browsers do it when they commit.
 */
export function fullAfter(left: number, how: Failure = "thrown"): () => void {
  const spies = (["put", "add"] as const).map((name) => {
    const original = IDBObjectStore.prototype[name];
    return vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
    ) {
      if (left > 0) {
        left -= 1;
        return original.call(this, value);
      }
      if (how === "thrown") throw new DOMException("no room", "QuotaExceededError");
      const request = original.call(this, value);
      const tx = this.transaction as unknown as { _abort(name: string): void };
      request.onsuccess = () => tx._abort("QuotaExceededError");
      return request;
    });
  });
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}
