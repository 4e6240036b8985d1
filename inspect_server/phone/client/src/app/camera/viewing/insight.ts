/** Tells of parts of the page when they come near what is seen: what is far below costs nothing. */

const NEAR = "400px";

/** Watches parts, each until it came near once. */
export class Insight {
  readonly #watcher: IntersectionObserver;
  readonly #watched = new WeakSet<Element>();

  constructor(near: (part: Element) => void) {
    this.#watcher = new IntersectionObserver(
      (seen) => {
        for (const { isIntersecting, target } of seen) {
          if (!isIntersecting) continue;
          this.#watcher.unobserve(target);
          near(target);
        }
      },
      { rootMargin: NEAR },
    );
  }

  /** Watch these, too; those that were watched before are told once and no more. */
  add(parts: Iterable<Element>): void {
    for (const part of parts) {
      if (this.#watched.has(part)) continue;
      this.#watched.add(part);
      this.#watcher.observe(part);
    }
  }

  end(): void {
    this.#watcher.disconnect();
  }
}
