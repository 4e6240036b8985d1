/** Where the bars of the page end: what sticks to them must not slip beneath. */

import { onBeforeUnmount, onMounted } from "vue";

/** Tell a page, as `--under-top` and `--bottom-bar`, how high its bars are. */
export function useEdges(frame: () => HTMLElement | null): void {
  // The observer tells heights that were laid out anyway; to ask for them would force a layout.
  const observer = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const height = `${borderBoxSize[0]?.blockSize ?? 0}px`;
      const name = target.classList.contains("top") ? "--under-top" : "--bottom-bar";
      frame()?.style.setProperty(name, height);
    }
  });

  onMounted(() => {
    for (const bar of frame()?.querySelectorAll(".top, .bottom") ?? []) observer.observe(bar);
  });
  onBeforeUnmount(() => observer.disconnect());
}
