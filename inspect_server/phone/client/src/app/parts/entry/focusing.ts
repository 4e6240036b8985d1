/** Lead to the first field that is wrong, once it is shown as such. */

import { nextTick } from "vue";

/** A field that says so of itself, or the sentence that says it of something else. */
const WRONG = '[aria-invalid="true"], .error[tabindex="-1"]';

/** @param within The form, where several may be open; by default the sheet on top, or the page. */
export async function focusWrong(within?: ParentNode | null): Promise<void> {
  await nextTick();
  const place = within ?? document.querySelector("dialog[open]") ?? document;
  place.querySelector<HTMLElement>(WRONG)?.focus();
}
