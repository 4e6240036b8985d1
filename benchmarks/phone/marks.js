// Tells when something had been painted; it comes into every page before the page's own code.
(() => {
  /** Resolves with the moment after the next frame was painted. */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    });

  /** Resolves with the moment when so many elements had been painted. */
  const shown = (selector, least = 1) =>
    new Promise((resolve) => {
      const look = () => {
        if (document.querySelectorAll(selector).length < least) return;
        watch.disconnect();
        painted().then(resolve);
      };
      const watch = new MutationObserver(look);
      const filter = { attributes: true, attributeFilter: ["aria-pressed"] };
      watch.observe(document, { subtree: true, childList: true, ...filter });
      look();
    });

  let tapped = 0;
  addEventListener("click", (event) => (tapped = event.timeStamp), { capture: true });

  /** Resolves with the milliseconds from the next tap until so many elements had been painted. */
  const sinceTap = async (selector, counts) => {
    const moments = await Promise.all(counts.map((least) => shown(selector, least)));
    return moments.map((moment) => moment - tapped);
  };

  window.marks = { shown, sinceTap };
})();
