/** A screen that stays on while another phone reads it. */

import { onBeforeUnmount, onMounted } from "vue";

/** Keep the screen on as long as the part is there; browsers that cannot, do not. */
export function useLitScreen(): void {
  let lock: WakeLockSentinel | undefined;
  let isGone = false;

  async function hold(): Promise<void> {
    if (document.visibilityState !== "visible" || isGone) return;
    const held = await navigator.wakeLock?.request("screen").catch(() => undefined);
    if (isGone) await held?.release();
    else lock = held;
  }

  onMounted(() => {
    document.addEventListener("visibilitychange", hold);
    void hold();
  });
  onBeforeUnmount(() => {
    isGone = true;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  });
}
