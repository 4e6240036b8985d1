/** A screen that stays on: while somebody else reads it or signs on it, and while it films. */

import { onBeforeUnmount, onMounted } from "vue";

/** Keep the screen on until what is returned is called; browsers that cannot, do not. */
export function litScreen(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  let isAsked = false;

  /** A page that is out of sight loses it, and asks again when it is back. */
  async function hold(): Promise<void> {
    const isLit = isAsked || lock?.released === false;
    if (document.visibilityState !== "visible" || isOver || isLit) return;
    isAsked = true;
    const held = await navigator.wakeLock?.request("screen").catch(() => undefined);
    isAsked = false;
    if (isOver) await held?.release();
    else lock = held;
  }

  document.addEventListener("visibilitychange", hold);
  void hold();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}

/** Keep the screen on as long as the part is there. */
export function useLitScreen(): void {
  let release: (() => void) | undefined;
  onMounted(() => (release = litScreen()));
  onBeforeUnmount(() => release?.());
}
