/** Where the bars of the page end: what sticks to them must not slip beneath. */

import { onBeforeUnmount, onMounted } from "vue";
import type { ShallowRef } from "vue";

/** Tell a page, as `--under-top` and `--above-bottom`, how high the bars around it are. */
export function useEdges(page: Readonly<ShallowRef<HTMLElement | null>>): void {
  const observer = new ResizeObserver(fit);
  const bars = (): readonly (HTMLElement | null | undefined)[] => {
    const frame = page.value?.closest(".frame");
    return [frame?.querySelector<HTMLElement>(".top"), frame?.querySelector<HTMLElement>(".bottom")];
  };

  function fit(): void {
    const [top, bottom] = bars();
    page.value?.style.setProperty("--under-top", `${top?.offsetHeight ?? 0}px`);
    page.value?.style.setProperty("--above-bottom", `calc(${bottom?.offsetHeight ?? 0}px + 12px)`);
  }

  onMounted(() => {
    for (const bar of bars()) if (bar) observer.observe(bar);
    fit();
  });
  onBeforeUnmount(() => observer.disconnect());
}
