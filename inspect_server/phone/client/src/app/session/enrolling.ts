/**
 * Making this phone known to the server: the login, an account on the phone, and the first pull.
 *
 * The server judges the login before anybody chooses a secret. Until one is chosen the key is in
 * the page alone; who leaves before leaves the server with a replica that never writes anything.
 */

import { newKey } from "../../core/keys.ts";
import type { Phone } from "../../capture/phone.ts";
import type { EnrolReply } from "../../network/asking/messages.ts";
import { pinned } from "../../network/asking/pinning.ts";
import { browserStorage, enrol, enrolKey } from "../../network/enrolment.ts";
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
}

export type EnrolStep = "account" | "storage" | "sync";

/** How it went. */
export interface Enrolled {
  readonly name: string;
  /** Whether the browser promised to keep the data. */
  readonly persisted: boolean;
  /** Whether the tasks came. */
  readonly synced: boolean;
}

interface Admitted {
  readonly login: string;
  readonly label: string;
  readonly reply: EnrolReply;
}

/** One attempt at it, over as many tries as its user needs. */
export class Enrolling {
  /** Of one login only: the server knows it as that account's, even if its answer was lost. */
  #key: { readonly login: string; readonly pair: CryptoKeyPair } | null = null;
  #admitted: Admitted | null = null;
  #store: LocalStore | null = null;

  /**
   * Let the server judge the login, and enrol this phone with it.
   *
   * @throws PhoneError with a sentence to show; nothing is kept on the phone then.
   */
  async logIn(form: EnrolForm): Promise<void> {
    const [login, label, code] = [form.login.trim(), form.label.trim(), form.code.trim()];
    if (this.#key?.login !== login) this.#key = { login, pair: await newKey() };
    const deviceId = (await vaults.device())?.id;
    const given = { login, password: form.password, code, label, deviceId };
    this.#admitted = { login, label, reply: await enrolKey(this.#key.pair, given) };
  }

  /**
   * Keep what the login brought in an account under a secret; told of each step that is done.
   *
   * @throws PhoneError with a sentence to show; nothing is kept then, and no other login needed.
   */
  async keep(secret: string, done: (step: EnrolStep) => void): Promise<Enrolled> {
    const { login, label, reply } = this.#admitted as Admitted;
    const store = await vaults.create(login, secret, reply.user_name, this.#key?.pair);
    try {
      await store.put(await pinned(store, reply));
      await vaults.setDevice({ id: reply.device_id, label });
    } catch (error) {
      // The next try may be under another secret: nothing is left of this one.
      await vaults.wipe(store).catch(() => store.close());
      throw error;
    }
    this.#store = store;
    noteKind(store.vault, secret);
    noteMade(store.vault);
    done("account");
    // From here on the account is there, whatever else goes wrong.
    const persisted = await browserStorage().then((said) => said.persisted, () => false);
    done("storage");
    const report = await sync({ store }, { mayUpload: () => false }).catch(() => null);
    done("sync");
    return { name: reply.user_name, persisted, synced: report?.problems.length === 0 };
  }

  /** Hand over the open account. */
  take(): LocalStore {
    const store = this.#store as LocalStore;
    this.#store = null;
    return store;
  }

  /** Let go of an account that was made and not entered; it stays, locked. */
  giveUp(): void {
    this.#store?.close();
    this.#store = null;
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
