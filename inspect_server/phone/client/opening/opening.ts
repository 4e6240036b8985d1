/**
 * By plain http from another machine a browser gives a page neither keys nor files that last:
 * instead of the app, which could keep nothing, the page says what to do.
 */

if (!window.isSecureContext) {
  const notice = document.querySelector<HTMLTemplateElement>("#insecure");
  if (notice !== null) document.querySelector("#app")?.replaceWith(notice.content);
}

export {}; // its own names are no names of other scripts
