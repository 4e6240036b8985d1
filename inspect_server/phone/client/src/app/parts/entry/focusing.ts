/** Lead to the first field that is wrong, once it is shown as such. */

import { nextTick } from "vue";

export async function focusWrong(): Promise<void> {
  await nextTick();
  const place = document.querySelector("dialog[open]") ?? document;
  place.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
