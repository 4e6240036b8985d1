/** Values read from the open account that follow every change of it. */

import { onScopeDispose, shallowRef, watch } from "vue";
import type { ShallowRef } from "vue";
import type { Phone } from "../../capture/phone.ts";
import { said } from "./saying.ts";
import { session } from "./state.ts";
import { say } from "../parts/frame/toasts.ts";

/**
 * Return what a question to the phone gives: undefined until the first answer, and anew after each
 * change that concerns it.
 *
 * @param ask Reads; what it cites outside (a prop, a ref) belongs into `about`.
 * @param about What else the answer depends on.
 * @param task Only changes of this task concern it; "" for all.
 */
export function live<T>(
  ask: (phone: Phone) => Promise<T>,
  about: () => unknown = () => null,
  task: () => string = () => "",
): Readonly<ShallowRef<T | undefined>> {
  const value = shallowRef<T>();
  let turn = 0;
  let isGone = false;
  onScopeDispose(() => (isGone = true));

  async function read(): Promise<void> {
    const phone = session.phone;
    if (phone === null) return;
    const mine = (turn += 1);
    try {
      const answer = await ask(phone);
      if (mine === turn && !isGone) value.value = answer;
    } catch (problem) {
      if (mine === turn && !isGone && session.phone === phone) say(said(problem), "danger");
    }
  }

  watch([() => session.phone, about], read, { immediate: true });
  watch(
    () => session.change,
    ({ task: changed }) => {
      if (changed === "" || task() === "" || changed === task()) void read();
    },
  );
  return value;
}
