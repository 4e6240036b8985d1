/**
 * The service worker: the app's own files, checked and kept, so that it opens with no network.
 *
 * A version is kept whole or not at all. It is served once a page sends `activate`, which pages do
 * when no visit is under way, or at once where nothing was kept before: until then they get the
 * version before, even if all of them were closed in the middle of a visit. Whenever a version took
 * the place of another, every page is sent `activated` and is to load itself anew. A window where
 * somebody is at work does so later; so the files of the version before stay until a page that has
 * found nobody at work in any window sends `tidy`.
 */

declare const self: ServiceWorkerGlobalScope;
export {}; // its own names are no names of other scripts
/** Of every file its path and SHA-256, and the SHA-256 of this code; the build writes them here. */
declare const __PHONE_FILES__: readonly (readonly [path: string, sha256: string])[];
declare const __PHONE_WORKER__: string;

const FILES = __PHONE_FILES__;
const START = new URL("./", self.location.href).pathname;
/** Names of the caches begin with it; the one that is named only this says which is served. */
const CACHE = "phone";
const VERSION = JSON.stringify([__PHONE_WORKER__, FILES]);
const OWN = sha256Of(new TextEncoder().encode(VERSION)).then((version) => `${CACHE}-${version}`);
/** What shows documents: large and seldom needed, so it is kept once a page has asked for it. */
const LATER = /^assets\/pdf[^/]*\.js$/;
/** In this cache a page keeps the print pack, whose files check themselves. */
const PACK = "print-pack";
/**
 * What is said of every file, whatever was said when it was fetched: only its bytes were checked.
 * The server says the same (`inspect_server/phone/sending.py`).
 */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};
const KINDS: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  md: "text/plain; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};
let served = "";
/** Whether this version took the place of another, and no page was told yet. */
let isUntold = false;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(tellPages));
});
self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(takeOver());
  if (event.data === "tidy") event.waitUntil(removeOthers());
});
self.addEventListener("fetch", (event) => {
  const { method, mode, cache, url } = event.request;
  const { origin, pathname } = new URL(url);
  const isOwn = origin === self.location.origin && pathname.startsWith(START);
  // Who asks for nothing that was kept looks for what is new at the server.
  if (method !== "GET" || !isOwn || cache === "no-store") return;
  event.respondWith(answer(event.request, mode === "navigate" ? START : pathname));
});

async function answer(request: Request, address: string): Promise<Response> {
  const isOfPack = address.startsWith(`${START}pack/`);
  const kept = await keptAs(address, isOfPack ? PACK : await chosen());
  if (kept !== undefined) return kept;
  for (const cacheName of isOfPack ? [] : await versions()) {
    const older = await keptAs(address, cacheName);
    if (older !== undefined) return older;
  }
  const later = FILES.find(([path]) => START + path === address && LATER.test(path));
  const own = await OWN;
  if (later === undefined || (await chosen()) !== own) return fetch(request);
  await keepFile(await caches.open(own), ...later, true);
  return (await caches.match(address, { cacheName: own })) ?? fetch(request);
}

async function keptAs(address: string, cacheName: string): Promise<Response | undefined> {
  return cacheName === "" ? undefined : await caches.match(address, { cacheName });
}

/** The versions that are kept: should the browser have lost the one that is served, another is. */
async function versions(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(`${CACHE}-`));
}

async function install(): Promise<void> {
  await keep();
  if ((await chosen()) === "") await choose();
}

async function takeOver(): Promise<void> {
  const own = await OWN;
  if (!(await caches.has(own))) await keep();
  isUntold ||= (await chosen()) !== own;
  await choose();
  await self.skipWaiting();
  // Refused for as long as this worker is not the active one: it will be told to activate then.
  await self.clients.claim().then(tellPages, () => undefined);
}

/** Let every page know, once, that this version took the place of another. */
async function tellPages(): Promise<void> {
  if (!isUntold) return;
  isUntold = false;
  for (const page of await self.clients.matchAll()) page.postMessage("activated");
}

/** Remove the versions before, if this one is served and none waits to take its place. */
async function removeOthers(): Promise<void> {
  const own = await OWN;
  const others = (await versions()).filter((name) => name !== own);
  const { installing, waiting } = self.registration;
  if ((await chosen()) !== own || installing !== null || waiting !== null) return;
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** Keep what this version needs; where a file is not what was built, nothing, unless it serves. */
async function keep(): Promise<void> {
  const own = await OWN;
  const cache = await caches.open(own);
  try {
    await Promise.all(FILES.map(([path, sha256]) => keepFile(cache, path, sha256)));
  } catch (error) {
    if ((await chosen()) !== own) await caches.delete(own);
    throw error;
  }
}

async function keepFile(
  cache: Cache,
  path: string,
  sha256: string,
  isNeeded = !LATER.test(path),
): Promise<void> {
  const address = START + (path === "index.html" ? "" : path);
  // What has its content in its name may come from the version before.
  const from = path.startsWith("assets/") ? {} : { cacheName: await OWN };
  const kept = await checked(await caches.match(address, from), sha256);
  if (kept === undefined && !isNeeded) return;
  // What the browser itself keeps may be wrong under the right tag, as the server does not know.
  const good =
    kept ??
    (await fetched(address, sha256, "no-cache")) ??
    (await fetched(address, sha256, "reload"));
  if (good === undefined) throw new TypeError(`${address} is not what was built`);
  const kind = KINDS[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  await cache.put(address, new Response(good, { headers: { ...HEADERS, "Content-Type": kind } }));
}

async function fetched(
  address: string,
  sha256: string,
  cache: RequestCache,
): Promise<ArrayBuffer | undefined> {
  return await checked(await fetch(address, { cache, credentials: "omit" }), sha256);
}

async function checked(
  answer: Response | undefined,
  sha256: string,
): Promise<ArrayBuffer | undefined> {
  if (!answer?.ok) return undefined;
  const body = await answer.arrayBuffer();
  return (await sha256Of(body)) === sha256 ? body : undefined;
}

async function chosen(): Promise<string> {
  if (served === "") {
    const choice = await caches.match(START, { cacheName: CACHE });
    served = (await choice?.text()) ?? "";
  }
  return served;
}

async function choose(): Promise<void> {
  served = await OWN;
  await (await caches.open(CACHE)).put(START, new Response(served));
}

async function sha256Of(content: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
