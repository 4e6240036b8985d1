/**
 * A new version takes over between visits, never in the middle of one.
 *
 * The service worker has it ready; a page that loads it anew is locked, and what was not saved is
 * lost. So this happens while the app starts or is locked in every window, or when somebody asks
 * for it, and not for a day after an arrival that was not followed by the end of the visit. A
 * window in which an account is open when another one let the new version in offers it.
 */

import { shallowRef } from "vue";
import { REGISTRY } from "../../../store/schema.ts";
import { runsSince } from "./version.ts";

/** Begins the names under which the browser keeps when a visit is over at the latest. */
const PLACE = "visit-until:";
/** Begins the names of the locks that windows hold in which an account is open. */
const OPEN = `${REGISTRY}-`;
const VISIT_MS = 24 * 60 * 60 * 1000;
const ASK_MS = 60 * 60 * 1000;
/** Syncs follow each other closely while somebody works: of them not each asks. */
const LEAST_MS = 15 * 60 * 1000;
/** After it, the lock of an account that was closed is given back. */
const CLOSED_MS = 300;

/** Whether a newer version is ready. */
export const isNewer = shallowRef(false);
let registration: ServiceWorkerRegistration | undefined;
let lastAsked = 0;
let isOpen = (): boolean => false;
/** Whether the next start of this page has another version, and whether somebody here wants it. */
let isReplaced = false;
let isAsked = false;

/** Note when an account's visit began on this phone; "" where it did not, or has ended. */
export function noteVisit(vault: string, task: string, began: string): void {
  const place = `${PLACE}${vault}/${task}`;
  if (began === "") localStorage.removeItem(place);
  else localStorage.setItem(place, String(Date.parse(began) + VISIT_MS));
}

/** Forget the visits of accounts that are not on this phone any more. */
export function forgetVisitsBut(accounts: readonly { readonly id: string }[]): void {
  const known = accounts.map(({ id }) => `${PLACE}${id}/`);
  for (const name of visits()) {
    if (!known.some((place) => name.startsWith(place))) localStorage.removeItem(name);
  }
}

/** Whether a visit is under way on this phone, also in an account that is locked. */
export function isInVisit(now = Date.now()): boolean {
  return visits().some((name) => Number(localStorage.getItem(name)) > now);
}

function visits(): string[] {
  const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  return names.filter((name) => name.startsWith(PLACE));
}

/**
 * Let the app be kept for use without a network, and a new version take over while it starts.
 *
 * @param isUsed Whether an account is open in this window.
 * @param shown Resolves when the first page was painted: on a new phone all files come over the
 *   same line as the page, and on any other it waits for nothing of this.
 */
export function keepUpToDate(isUsed: () => boolean, shown: Promise<unknown>): void {
  const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (worker === undefined) return;
  isOpen = isUsed;
  runsSince();
  worker.addEventListener("message", (event) => {
    if (event.data === "activated") replaced();
  });
  // A part of the version before that was not kept: this page cannot go on.
  addEventListener("vite:preloadError", () => isReplaced && location.reload());
  // Where it cannot be registered the app still works as long as the page stays open.
  void shown.then(() => registered(worker)).catch(() => undefined);
}

/** Registering may wait behind a look for what is new; what is there already is known at once. */
async function registered(worker: ServiceWorkerContainer): Promise<void> {
  const known = await worker.getRegistration(import.meta.env.BASE_URL);
  if (known !== undefined) begin(known);
  const found = await worker.register(`${import.meta.env.BASE_URL}sw.js`);
  if (known === undefined) begin(found);
}

function begin(found: ServiceWorkerRegistration): void {
  watchFor(found);
  void update().catch(() => undefined);
}

/**
 * Load the newer version if there is one, unless a visit is under way; the page loads anew.
 *
 * Where all pages were closed meanwhile the browser has let the newer worker in by itself, and it
 * still serves the version before: so also the active one is told.
 *
 * @param asked Whether the officer wants it now; else it waits while an account is open anywhere.
 */
export async function update(asked = false): Promise<void> {
  if (!asked && (await isOpenSomewhere())) return;
  if (isInVisit() || (isOpen() && !asked)) return;
  isAsked = asked;
  if (isReplaced) return location.reload();
  const { waiting = null, active = null } = registration ?? {};
  (waiting ?? active)?.postMessage("activate");
  // Nobody is at work in a window of the version before: its files may go.
  if (!asked && waiting === null) active?.postMessage("tidy");
}

/** Ask the server for a newer version: by the hour, and after a sync, which found it in reach. */
export async function lookForNewer(now = Date.now()): Promise<void> {
  if (registration === undefined || now - lastAsked < LEAST_MS) return;
  lastAsked = now;
  await registration.update().catch(() => undefined);
}

function replaced(): void {
  isReplaced = isNewer.value = true;
  if (isAsked || !(isOpen() || isInVisit())) location.reload();
}

async function isOpenSomewhere(): Promise<boolean> {
  if (!(await isLockHeld())) return false;
  await after(CLOSED_MS);
  return await isLockHeld();
}

async function isLockHeld(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith(OPEN));
}

function watchFor(found: ServiceWorkerRegistration): void {
  registration = found;
  const look = (): void => {
    isNewer.value = isReplaced || (found.waiting !== null && found.active !== null);
  };
  found.addEventListener("updatefound", () => {
    found.installing?.addEventListener("statechange", look);
  });
  look();
  lastAsked = Date.now(); // registering asks as well
  setInterval(() => void lookForNewer(), ASK_MS);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
