/** Where the bars of the page end: what sticks to them must not slip beneath. */

import { onBeforeUnmount, onMounted } from "vue";
import type { ShallowRef } from "vue";

/** Tell a page, as `--under-top` and `--bottom-bar`, how high the bars around it are. */
export function useEdges(page: Readonly<ShallowRef<HTMLElement | null>>): void {
  // The observer tells heights that were laid out anyway; to ask for them would force a layout.
  const observer = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const height = `${borderBoxSize[0]?.blockSize ?? 0}px`;
      const name = target.classList.contains("top") ? "--under-top" : "--bottom-bar";
      page.value?.style.setProperty(name, height);
    }
  });

  onMounted(() => {
    const bars = page.value?.closest(".frame")?.querySelectorAll(".top, .bottom") ?? [];
    for (const bar of bars) observer.observe(bar);
  });
  onBeforeUnmount(() => observer.disconnect());
}
