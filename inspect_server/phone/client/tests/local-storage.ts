/** The few names that a browser keeps by `localStorage`, which Node has not. */

import { vi } from "vitest";

/** Let there be one, empty, until the globals are as they were. */
export function emptyLocalStorage(): void {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    get length() {
      return kept.size;
    },
    key: (at: number) => [...kept.keys()][at] ?? null,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
}
