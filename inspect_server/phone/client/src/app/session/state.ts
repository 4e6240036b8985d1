/**
 * The account that is open: its phone, who may write, how delivery stands.
 *
 * Pages read `session` and call what stands here; only this folder knows how accounts are opened
 * and what runs while one is.
 */

import { computed, shallowReactive } from "vue";
import type { Phone } from "../../capture/phone.ts";
import type { Driver, SyncState } from "../../network/driver.ts";
import type { Files } from "../../store/counted.ts";
import type { LocalStore } from "../../store/local.ts";
import { Vaults } from "../../store/vaults.ts";
import type { Account } from "../../store/vaults.ts";
import { IDLE_CHOICES, IDLE_DEFAULT, Idle } from "./device/idle.ts";
import { Metering } from "./device/metered.ts";
import { forgetKind, noteKind } from "./device/secrets.ts";
import { say } from "../parts/frame/toasts.ts";
import { said } from "./saying.ts";
import { forgetVisitsBut, lookForNewer, update } from "./device/updating.ts";

export interface Session {
  /** Whether the list of accounts was read. */
  ready: boolean;
  /** Why it could not be read, in words. */
  trouble: string;
  accounts: readonly Account[];
  account: Account | null;
  phone: Phone | null;
  /** Whether this window may write; another one of the same account does so otherwise. */
  isWriter: boolean;
  /** Whether the office has closed the record that is on the page: nothing more counts there. */
  isClosed: boolean;
  /** Whether what is on the page may be written to here. */
  readonly writes: boolean;
  sync: SyncState;
  /** What is not with the server, counted as it is saved and delivered. */
  waiting: Waiting;
  /** The last change of what is shown: of a task, or "" for everything. */
  change: { readonly task: string };
  idleMinutes: number;
  wifiOnly: boolean;
}

/** Saves, photos and films. */
export interface Waiting extends Files {
  readonly entries: number;
}

const NOTHING: Waiting = { entries: 0, photos: 0, films: 0 };
const NONE = { sent: 0, total: 0 };
const QUIET: SyncState = {
  phase: "idle",
  entries: NONE,
  bytes: NONE,
  photos: NONE,
  films: NONE,
  lastDelivered: "",
  problems: [],
  photosWait: false,
};
const SETTINGS = { idle: "ui.idle_minutes", wifi: "ui.photos_on_wifi_only" } as const;

export const session: Session = shallowReactive({
  ready: false,
  trouble: "",
  accounts: [],
  account: null,
  phone: null,
  isWriter: true,
  isClosed: false,
  get writes() {
    return this.isWriter && !this.isClosed;
  },
  sync: QUIET,
  waiting: NOTHING,
  change: { task: "" },
  idleMinutes: IDLE_DEFAULT,
  wifiOnly: false,
});

/** How many saves, photos and films are not with the server. */
export const waiting = computed(() => {
  const { entries, photos, films } = session.waiting;
  return entries + photos + films;
});

/** How delivery stands, with what was saved since the sync under way began. */
export const delivery = computed((): SyncState => {
  const { sync, waiting: left } = session;
  if (sync.phase === "syncing") return sync;
  return {
    ...sync,
    entries: { sent: 0, total: left.entries },
    photos: { sent: 0, total: left.photos },
    films: { sent: 0, total: left.films },
  };
});

export const vaults = new Vaults();

/** What runs while an account is open. */
interface Running {
  readonly driver: Driver;
  readonly metering: Metering;
  readonly idle: Idle;
  readonly ends: readonly (() => void)[];
}
let running: Running | null = null;

/** Load what only an open account needs, while its user types the secret. */
export function prepare(): void {
  void opened().catch(() => undefined); // asked for again, and told of, when one is opened
}

async function opened(): Promise<{ phone: typeof Phone; driver: typeof Driver }> {
  const [capture, network] = await Promise.all([
    import("../../capture/phone.ts"),
    import("../../network/driver.ts"),
  ]);
  return { phone: capture.Phone, driver: network.Driver };
}

/** Read which accounts there are. */
export async function begin(): Promise<void> {
  try {
    await list();
    session.ready = true;
    session.trouble = "";
  } catch (problem) {
    session.trouble = said(problem);
  }
}

/** Read the list of accounts; a visit of one that left holds back no update. */
async function list(): Promise<void> {
  session.accounts = await vaults.accounts();
  forgetVisitsBut(session.accounts);
}

/** Take an account off the list whose data the browser has lost; others stay. */
export async function forgetGone(id: string): Promise<void> {
  await vaults.forgetGone(id);
  forgetKind(id);
  await list();
}

/** Open an account by its PIN or passphrase. */
export async function unlock(id: string, secret: string): Promise<void> {
  const store = await vaults.unlock(id, secret);
  noteKind(id, secret);
  await enter(store);
}

/** Begin to work in an account whose store is open. */
export async function enter(store: LocalStore): Promise<void> {
  await lock();
  const parts = await opened();
  const phone = new parts.phone(store, "");
  void phone.readAhead().catch(() => undefined); // what hinders it is told by the page
  const [accounts, device, [minutes, wifi]] = await Promise.all([
    vaults.accounts(),
    vaults.device(),
    store.getAll([SETTINGS.idle, SETTINGS.wifi]),
  ]);
  session.accounts = accounts;
  phone.rename(device?.label ?? "");
  const metering = new Metering();
  const asked = Number(minutes);
  session.idleMinutes = IDLE_CHOICES.find((one) => one === asked) ?? IDLE_DEFAULT;
  session.wifiOnly = metering.wifiOnly = wifi === "yes";
  session.isWriter = store.writing.isWriter;
  session.account = session.accounts.find((one) => one.id === store.vault) ?? null;
  running = {
    driver: drive(parts.driver, phone, metering),
    metering,
    idle: new Idle(session.idleMinutes, () => void lock()),
    ends: [
      phone.onChange((task) => noteChange(task)),
      store.writing.onTurn((isWriter) => (session.isWriter = isWriter)),
    ],
  };
  session.phone = phone;
  setTimeout(() => {
    if (session.phone !== phone) return; // locked meanwhile
    void tellUnsaved(phone).catch(() => undefined); // it is told where it was taken, too
    void count();
  }, PAGE_MS);
}

/** Close the account: its key is forgotten; what waits is delivered after the next unlocking. */
export async function lock(): Promise<void> {
  const { phone } = session;
  const ended = running;
  running = null;
  session.phone = session.account = null;
  session.sync = QUIET;
  session.waiting = NOTHING;
  session.isWriter = true;
  if (ended === null || phone === null) return;
  try {
    ended.idle.end();
    for (const end of ended.ends) end();
    await stopped(ended.driver);
  } finally {
    phone.close();
  }
  void update();
}

/** Deliver no more; what does not end, or ends badly, must not keep an account open. */
async function stopped(driver: Driver): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS));
  await Promise.race([driver.stop(), late]).catch((problem: unknown) => console.error(problem));
}

const STOP_MS = 3000;

/**
 * Remove the open account with all of its data from this phone.
 *
 * @throws NotCovered with what would be lost; the account then stays open.
 */
export async function logOut(): Promise<void> {
  const { phone, account } = session;
  if (phone === null || account === null) return;
  if (running) await stopped(running.driver);
  try {
    await vaults.wipe(phone.store);
  } catch (problem) {
    const { driver } = await opened();
    if (running) running = { ...running, driver: drive(driver, phone, running.metering) };
    throw problem;
  }
  forgetKind(account.id);
  forgetVisitsBut(session.accounts.filter(({ id }) => id !== account.id));
  await lock();
  await list();
}

/** Write in this window from now on; the other one reads. */
export async function takeOver(): Promise<void> {
  await session.phone?.store.writing.takeOver();
}

/** Sync now, whatever the timer says. */
export async function syncNow(): Promise<void> {
  await running?.driver.syncNow();
}

/** Send the photos that wait for Wi-Fi, this once. */
export async function sendPhotosNow(): Promise<void> {
  running?.metering.allowOnce();
  await syncNow();
}

/** What the officer has read of is told no more. */
export async function noteProblem(problem: SyncState["problems"][number]): Promise<void> {
  await running?.driver.note(problem);
}

export async function setIdleMinutes(minutes: number): Promise<void> {
  await session.phone?.store.put({ [SETTINGS.idle]: String(minutes) });
  session.idleMinutes = minutes;
  if (running) running.idle.minutes = minutes;
}

export async function setWifiOnly(isOnly: boolean): Promise<void> {
  await session.phone?.store.put({ [SETTINGS.wifi]: isOnly ? "yes" : "no" });
  session.wifiOnly = isOnly;
  if (running) running.metering.wifiOnly = isOnly;
  if (!isOnly) await syncNow();
}

/** Deliver from now on, and show how that goes. */
function drive(of: typeof Driver, phone: Phone, metering: Metering): Driver {
  const driver = new of(phone, { mayUpload: () => metering.mayUpload() });
  session.sync = driver.state;
  driver.onChange((state) => {
    if (session.sync.phase === "syncing" && state.phase === "idle") {
      tidy(phone.store);
      void lookForNewer();
    }
    session.sync = state;
    if (state.phase !== "syncing") void count();
  });
  setTimeout(() => running?.driver === driver && driver.start(), PAGE_MS);
  return driver;
}

/** The page that is opened reads first; what is counted and delivered comes after it. */
const PAGE_MS = 300;

/** Begins the names under which lies what the camera took and nobody saved yet. */
export const UNSAVED = "shot:";
/** Begins the names of films that did not come to their end. */
export const FILMING = "film:";

/** Whether something put aside was taken by the camera. */
export function isTaken(name: string): boolean {
  return name.startsWith(UNSAVED) || name.startsWith(FILMING);
}

async function tellUnsaved(phone: Phone): Promise<void> {
  if (!(await phone.store.drafts()).some(isTaken)) return;
  const { leftOn, noticeOf } = await import("../camera/left/left.ts");
  const left = await leftOn(phone);
  if (session.phone === phone && left.length > 0) say(noticeOf(left), "danger");
}

/** Let go of what receipts have covered for long, once after each unlocking. */
function tidy(store: LocalStore): void {
  if (tidied.has(store) || !store.writing.isWriter) return;
  tidied.add(store);
  void import("../../store/leaving/removal.ts")
    .then(({ removeCovered }) => removeCovered(store))
    // What cannot be removed now stays, and is tried again next time.
    .catch((problem: unknown) => console.warn(problem));
}

const tidied = new WeakSet<LocalStore>();

/** Count what is not with the server. */
async function count(): Promise<void> {
  const store = session.phone?.store;
  if (store === undefined) return;
  try {
    const { outstanding } = await import("../../network/progress.ts");
    const { entries, photos, films } = await outstanding(store, await store.places());
    if (store !== session.phone?.store) return;
    session.waiting = { entries, photos: photos.size - films.size, films: films.size };
  } catch (problem) {
    // Nothing is lost by it: what is saved is counted again by the next change.
    if (store === session.phone?.store) console.error(problem); // else it was locked meanwhile
  }
}

/** Many changes at once, as after a sync, are one for the pages. */
function noteChange(task: string): void {
  const isFirst = changed.size === 0;
  changed.add(task);
  if (!isFirst) return;
  setTimeout(() => {
    const tasks = [...changed];
    changed.clear();
    session.change = { task: tasks.length === 1 ? (tasks[0] as string) : "" };
    void count();
  }, TOGETHER_MS);
}

const TOGETHER_MS = 50;
const changed = new Set<string>();
