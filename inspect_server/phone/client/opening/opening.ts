/**
 * By plain http from another machine a browser gives a page neither keys nor files that last:
 * instead of the app, which could keep nothing, the page says what to do.
 */

if (!window.isSecureContext) {
  const notice = document.querySelector<HTMLTemplateElement>("#insecure");
  if (notice !== null) document.querySelector("#app")?.replaceWith(notice.content);
  void tellOfRoot();
}

/** Where the bureau has a root of its own, a phone may not trust it yet: the steps are offered. */
async function tellOfRoot(): Promise<void> {
  const told = document.querySelector<HTMLElement>("#trust");
  const link = told?.querySelector("a");
  if (!told || !link) return;
  const answer = await fetch(link.href, { method: "HEAD" }).catch(() => undefined);
  told.hidden = answer?.ok !== true;
}

export {}; // its own names are no names of other scripts
