/**
 * A new version takes over between visits, never in the middle of one.
 *
 * The service worker has it ready; a page that loads it anew is locked. So this happens while the
 * app starts or is locked, or when somebody asks for it, and not for a day after an arrival that
 * was not followed by the end of the visit.
 */

import { shallowRef } from "vue";

/** Begins the names under which the browser keeps when a visit is over at the latest. */
const PLACE = "visit-until:";
const VISIT_MS = 24 * 60 * 60 * 1000;
const ASK_MS = 60 * 60 * 1000;
/** A start does not wait longer for the worker than this. */
const START_MS = 800;

/** Which build this is: the part of the main file's name that follows from its content. */
export const BUILD = /-([\w-]{8})\.js/.exec(import.meta.url)?.[1] ?? "";

/** Whether a newer version is ready. */
export const isNewer = shallowRef(false);
let registration: ServiceWorkerRegistration | undefined;

/** Note when a task's visit began on this phone; "" where it did not, or has ended. */
export function noteVisit(task: string, began: string): void {
  if (began === "") localStorage.removeItem(PLACE + task);
  else localStorage.setItem(PLACE + task, String(Date.parse(began) + VISIT_MS));
}

/** Whether a visit is under way on this phone, also in an account that is locked. */
export function isInVisit(now = Date.now()): boolean {
  const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  const visits = names.filter((name) => name.startsWith(PLACE));
  return visits.some((name) => Number(localStorage.getItem(name)) > now);
}

/** Let the app be kept for use without a network, and a new version take over while it starts. */
export async function keepUpToDate(): Promise<void> {
  const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (worker === undefined) return;
  worker.addEventListener("message", (event) => {
    if (event.data === "activated") location.reload();
  });
  const registering = worker.register(`${import.meta.env.BASE_URL}sw.js`).then(watchFor);
  // Where it cannot be registered the app still works as long as the page stays open.
  await Promise.race([registering.catch(() => undefined), after(START_MS)]);
  update();
}

/** Load the newer version if there is one, unless a visit is under way; the page loads anew. */
export function update(): void {
  if (isNewer.value && !isInVisit()) registration?.waiting?.postMessage("activate");
}

function watchFor(found: ServiceWorkerRegistration): void {
  registration = found;
  const look = (): void => {
    isNewer.value = found.waiting !== null && found.active !== null;
  };
  found.addEventListener("updatefound", () => {
    found.installing?.addEventListener("statechange", look);
  });
  look();
  setInterval(() => void found.update().catch(() => undefined), ASK_MS);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
