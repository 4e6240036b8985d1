/**
 * The accounts on this phone: each with its own key, its own database, and nothing of the others'.
 *
 * A PIN of six digits protects only against a casual finder: whoever copies the storage can try all
 * of them. Nothing is ever wiped for wrong ones.
 *
 * The door needs the list alone: what works in an open account comes when one is opened.
 */

import { deleteDB } from "idb";
import { isSealedOff, sealedOff, standing } from "./leaving/wiping.ts";
import type { LocalStore } from "./local.ts";
import { DataGone, NotCovered, SecretWait, WeakSecret, WrongSecret } from "./problems.ts";
import { registry, vault, vaultName } from "./schema.ts";
import type { VaultRow } from "./schema.ts";
import { SHORTEST_SECRET, isWeak, newDataKey, rewrapped, sealerOf } from "./sealing.ts";
import type { Sealer } from "./sealing.ts";

/** An account, as whoever holds the phone may see it. */
export interface Account {
  readonly id: string;
  readonly login: string;
  readonly name: string; // empty until the server has told it
  readonly replica: string;
}

/** What the server calls this phone, whoever uses it. */
export interface Device {
  readonly id: string;
  readonly label: string;
}

const FREE_TRIES = 5;
const FIRST_WAIT = 30;
const LONGEST_WAIT = 3600;

/** Return the seconds to wait after so many wrong secrets in a row. */
export function waitAfter(wrong: number): number {
  if (wrong < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT);
}

/** The list of accounts, and what opens each. */
export class Vaults {
  readonly #db = registry();
  readonly #now: () => number;
  readonly #elapsed: () => number;
  /** When each account was last tried in this page, by a clock that nobody can set. */
  readonly #tries = new Map<string, number>();

  /**
   * @param now Milliseconds since 1970.
   * @param elapsed Milliseconds since some moment, whatever becomes of the date.
   */
  constructor(now: () => number = Date.now, elapsed = () => performance.now()) {
    this.#now = now;
    this.#elapsed = elapsed;
  }

  /** Return the accounts; what was being wiped when the phone died is wiped to its end. */
  async accounts(): Promise<readonly Account[]> {
    const rows = await this.#db.read(["vaults"], (tx) => tx.objectStore("vaults").getAll());
    const left: VaultRow[] = [];
    for (const row of rows) {
      if (row.wiping && (await isSealedOff(row.id))) await this.#delete(row.id);
      else left.push(row);
    }
    return left.map(({ id, login, name, replica }) => ({ id, login, name, replica }));
  }

  /**
   * Make an account, unlocked, with its first replica: of `pair`, or of a key of its own.
   *
   * @throws WeakSecret; KeysNotKept if this browser cannot keep a signing key.
   */
  async create(
    login: string,
    secret: string,
    name = "",
    pair?: CryptoKeyPair,
  ): Promise<LocalStore> {
    if (isWeak(secret)) throw new WeakSecret(SHORTEST_SECRET);
    const [{ newKey }, { newReplicaRow }] = await Promise.all([
      import("../core/keys.ts"),
      import("./keeping.ts"),
    ]);
    const id = crypto.randomUUID();
    const wrapped = await newDataKey(id, secret);
    const sealer = (await sealerOf(id, wrapped, secret)) as Sealer;
    const db = vault(id);
    try {
      const replica = await newReplicaRow(db, 1, pair ?? (await newKey()));
      await db.change(["replicas"], (tx) => tx.objectStore("replicas").put(replica));
      const row = { id, login, name, ...wrapped, replica: replica.id };
      await this.#db.change(["vaults"], (tx) =>
        tx.objectStore("vaults").add({ ...row, wrong: 0, tried: 0, wiping: false }),
      );
    } catch (error) {
      db.close();
      await deleteDB(vaultName(id)).catch(() => undefined);
      throw error;
    }
    const store = await this.#opened(id, sealer, db);
    const device = await this.device();
    if (device) await store.put({ device: device.id });
    return store;
  }

  /**
   * Open an account.
   *
   * @throws WrongSecret; SecretWait while it may not be tried; DataGone if the browser lost it.
   */
  async unlock(id: string, secret: string): Promise<LocalStore> {
    await import("./local.ts"); // what cannot be loaded is no try
    const db = vault(id);
    // It is opened while the key is worked out; what hinders that is told below.
    void db.read(["replicas"], async () => undefined).catch(() => undefined);
    try {
      const sealer = await this.#tried(id, (row) => sealerOf(id, row, secret));
      return await this.#opened(id, sealer, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Let another secret open an account: only its key is wrapped anew. */
  async changeSecret(id: string, secret: string, next: string): Promise<void> {
    if (isWeak(next)) throw new WeakSecret(SHORTEST_SECRET);
    const wrapped = await this.#tried(id, (row) => rewrapped(id, row, secret, next));
    await this.#update(id, wrapped);
  }

  /** Return the seconds until an account may be tried again. */
  async secondsToWait(id: string): Promise<number> {
    const row = await this.#db.read(["vaults"], (tx) => tx.objectStore("vaults").get(id));
    return row ? this.#secondsLeft(row) : 0;
  }

  /** Note what the server says of an account, or its new replica. */
  async update(id: string, account: Partial<Omit<Account, "id">>): Promise<void> {
    await this.#update(id, account);
  }

  /**
   * Remove an account and all of its data; only if receipts cover everything.
   *
   * @throws NotCovered with what is missing; OtherWindow if another window writes.
   */
  async wipe(store: LocalStore): Promise<void> {
    store.writing.check();
    const { uncovered } = await import("./leaving/covering.ts");
    const before = await standing(store.vault);
    const { own, partners, photos } = await uncovered(store);
    if (own.length + partners.length + photos.length > 0) {
      throw new NotCovered(own.length, photos.length, partners.length);
    }
    await this.#update(store.vault, { wiping: true });
    if (!(await sealedOff(store.vault, before))) {
      await this.#update(store.vault, { wiping: false });
      return await this.wipe(store); // something was saved meanwhile: all is counted anew
    }
    store.close();
    await this.#delete(store.vault);
  }

  /** Take an account off the list whose data the browser has lost; others stay. */
  async forgetGone(id: string): Promise<void> {
    if (await isSealedOff(id)) await this.#delete(id);
  }

  /** Return what the server calls this phone, null before anybody enrolled. */
  async device(): Promise<Device | null> {
    const row = await this.#db.read(["device"], (tx) => tx.objectStore("device").get("device"));
    return row ? { id: row.id, label: row.label } : null;
  }

  /** Remember what the server calls this phone. */
  async setDevice(device: Device): Promise<void> {
    await this.#db.change(["device"], (tx) =>
      tx.objectStore("device").put({ key: "device", ...device }),
    );
  }

  async #opened(id: string, sealer: Sealer, db: ReturnType<typeof vault>): Promise<LocalStore> {
    const { LocalStore } = await import("./local.ts");
    const store = new LocalStore(id, db, sealer);
    try {
      const [replicas] = await Promise.all([store.replicas(), store.writing.begin()]);
      if (replicas.length === 0) throw new DataGone();
      if (store.writing.isWriter) await store.forgetUncited();
      return store;
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Try a secret: counted as wrong before, so that a killed page gives no free try. */
  async #tried<T>(id: string, open: (row: VaultRow) => Promise<T | null>): Promise<T> {
    // The key is worked out meanwhile; what comes of it shows only once the try is counted.
    const tries: Promise<T | null>[] = [];
    const { row, seconds } = await this.#begunTry(id, (tried) => {
      const opening = open(tried);
      opening.catch(() => undefined); // told below
      tries.push(opening);
    });
    if (seconds > 0) throw new SecretWait(seconds);
    const opened = (await tries[0]) ?? null;
    if (opened === null) throw new WrongSecret(row.wrong + 1, waitAfter(row.wrong + 1));
    await this.#update(id, { wrong: 0 });
    return opened;
  }

  async #begunTry(
    id: string,
    begin: (row: VaultRow) => void,
  ): Promise<{ row: VaultRow; seconds: number }> {
    return await this.#db.change(["vaults"], async (tx) => {
      const row = await tx.objectStore("vaults").get(id);
      if (!row) throw new DataGone();
      const seconds = this.#secondsLeft(row);
      const tried = this.#now();
      // A clock that was put back starts the wait again, and does not prolong it by years.
      if (seconds > 0 && tried < row.tried) await tx.objectStore("vaults").put({ ...row, tried });
      const next = { ...row, wrong: row.wrong + 1, tried };
      if (seconds === 0) {
        await tx.objectStore("vaults").put(next);
        this.#tries.set(id, this.#elapsed());
        begin(row);
      }
      return { row, seconds };
    });
  }

  #secondsLeft(row: VaultRow): number {
    const here = this.#elapsed() - (this.#tries.get(row.id) ?? -Infinity);
    const passed = Math.min(Math.max(0, this.#now() - row.tried), here) / 1000;
    return Math.max(0, Math.ceil(waitAfter(row.wrong) - passed));
  }

  async #update(id: string, values: Partial<VaultRow>): Promise<void> {
    await this.#db.change(["vaults"], async (tx) => {
      const row = await tx.objectStore("vaults").get(id);
      if (row) await tx.objectStore("vaults").put({ ...row, ...values });
    });
  }

  async #delete(id: string): Promise<void> {
    await deleteDB(vaultName(id));
    await this.#db.change(["vaults"], (tx) => tx.objectStore("vaults").delete(id));
  }
}
