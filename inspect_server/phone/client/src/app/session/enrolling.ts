/** Making this phone known to the server: an account on the phone, its keys, and the first pull. */

import type { Phone } from "../../capture/phone.ts";
import { browserStorage, enrol } from "../../network/enrolment.ts";
import { sync } from "../../network/syncing.ts";
import type { LocalStore } from "../../store/local.ts";
import { suggestedLabel } from "./device/browser.ts";
import { noteKind, noteMade } from "./device/secrets.ts";
import { vaults } from "./state.ts";

export interface EnrolForm {
  readonly login: string;
  readonly password: string;
  readonly code: string;
  readonly label: string;
  readonly secret: string;
}

export type EnrolStep = "keys" | "enrol" | "storage" | "sync";

/** How it went. */
export interface Enrolled {
  readonly name: string;
  /** Whether the browser promised to keep the data. */
  readonly persisted: boolean;
  /** Whether the tasks came. */
  readonly synced: boolean;
}

/** One attempt at it, over as many tries as its user needs. */
export class Enrolling {
  #store: LocalStore | null = null;
  #isEnrolled = false;

  /**
   * Enrol; told of each step that is done.
   *
   * @throws PhoneError with a sentence to show; the next try goes on with the same keys.
   */
  async run(form: EnrolForm, done: (step: EnrolStep) => void): Promise<Enrolled> {
    const login = form.login.trim();
    const label = form.label.trim();
    const store = await this.#account(login, form.secret);
    done("keys");
    const code = form.code.trim();
    const reply = await enrol(store, { login, password: form.password, code, label });
    this.#isEnrolled = true;
    const { user_name: name, replica_id: replica, device_id: id } = reply;
    await vaults.update(store.vault, { login, name, replica });
    await vaults.setDevice({ id, label });
    noteKind(store.vault, form.secret);
    noteMade(store.vault);
    done("enrol");
    const { persisted } = await browserStorage();
    done("storage");
    // Without the tasks the phone is enrolled all the same: they come with the next sync.
    const report = await sync({ store }, { mayUpload: () => false });
    done("sync");
    return { name, persisted, synced: report.problems.length === 0 };
  }

  /** Hand over the open account. */
  take(): LocalStore {
    const store = this.#store as LocalStore;
    this.#store = null;
    return store;
  }

  /** Leave nothing behind of an account that never came to be. */
  async giveUp(): Promise<void> {
    const store = this.#store;
    this.#store = null;
    if (store === null) return;
    if (this.#isEnrolled) store.close();
    else await vaults.wipe(store).catch(() => store.close());
  }

  async #account(login: string, secret: string): Promise<LocalStore> {
    this.#store ??= await vaults.create(login, secret);
    return this.#store;
  }
}

/** What a login to an account that is open asks for. */
export interface LogIn {
  readonly password: string;
  readonly code: string;
}

/**
 * Log in again to the open account: its token is over, its key is to be another, or the page was
 * killed before the phone had heard that it was enrolled.
 */
export async function logInAgain(store: LocalStore, given: LogIn): Promise<void> {
  const known = await vaults.device();
  const label = known?.label ?? suggestedLabel();
  const id = await enrolAs(store, given, label);
  if (known === null) await vaults.setDevice({ id, label });
}

/**
 * Let the server, and all that is captured from now on, call this phone otherwise.
 *
 * The server takes a name with a login only; other accounts on this phone tell it with their next.
 */
export async function rename(phone: Phone, given: LogIn, label: string): Promise<void> {
  const id = await enrolAs(phone.store, given, label);
  await vaults.setDevice({ id, label });
  phone.rename(label);
}

async function enrolAs(
  store: LocalStore,
  { password, code }: LogIn,
  label: string,
): Promise<string> {
  const account = (await vaults.accounts()).find((one) => one.id === store.vault);
  const login = account?.login ?? "";
  const reply = await enrol(store, { login, password, code: code.trim(), label });
  await vaults.update(store.vault, { name: reply.user_name, replica: reply.replica_id });
  return reply.device_id;
}
