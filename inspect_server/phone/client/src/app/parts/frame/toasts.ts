/** Short messages that come and go by themselves; what must be acted upon is never said here. */

import { shallowRef } from "vue";

export interface Toast {
  readonly id: number;
  readonly tone: "good" | "danger" | "plain";
  readonly text: string;
}

const LASTS_MS = 2500;
const WARNS_MS = 8000;

export const toasts = shallowRef<readonly Toast[]>([]);
let count = 0;

/** Show a message for some seconds, in the place of the last one. */
export function say(text: string, tone: Toast["tone"] = "plain"): void {
  const toast = { id: (count += 1), tone, text };
  toasts.value = [toast];
  setTimeout(() => dismiss(toast.id), tone === "danger" ? WARNS_MS : LASTS_MS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
