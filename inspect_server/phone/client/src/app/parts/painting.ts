/** The moments at which work is no longer in the way of what is seen. */

/** Where a browser does not tell that it has nothing to do: long enough for a tap to come first. */
const IDLE_MS = 50;
/** A page that is kept from painting goes on without. */
const LATE_MS = 200;

/** Resolves after the next frame was painted; a page that nobody sees paints none. */
export function afterPaint(): Promise<void> {
  if (document.visibilityState !== "visible") return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, LATE_MS);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        clearTimeout(late);
        resolve();
      };
      channel.port2.postMessage(0);
    });
  });
}

/** Resolves when what a tap changed is on its way to the screen: what follows is not in its way. */
export async function afterShown(): Promise<void> {
  await afterPaint();
  await new Promise((resolve) => setTimeout(resolve));
}

/** Resolves when nothing else is to be done. */
export function whenIdle(): Promise<unknown> {
  if (!("requestIdleCallback" in window)) return new Promise((done) => setTimeout(done, IDLE_MS));
  return new Promise((done) => requestIdleCallback(done));
}
