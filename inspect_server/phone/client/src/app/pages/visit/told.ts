/** For which tasks the notice was turned to the enterprise since the app was opened. */

import { shallowReactive } from "vue";

const told = shallowReactive(new Set<string>());

export function wasTold(task: string): boolean {
  return told.has(task);
}

export function noteTold(task: string): void {
  told.add(task);
}
