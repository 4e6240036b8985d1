/** One IndexedDB database: its versions, and transactions that are durable once confirmed. */

import { openDB } from "idb";
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { PhoneError } from "../core/problems.ts";
import {
  DataGone,
  NewerData,
  OlderWindow,
  StorageFailed,
  StorageFull,
  VaultLocked,
} from "./problems.ts";

export type Reading<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], "readonly">;
export type Changing<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], "readwrite">;

/** Makes version n+1 of what version n was; the first makes all stores. */
export type Step<S extends DBSchema> = (
  db: IDBPDatabase<S>,
  tx: IDBPTransaction<S, StoreNames<S>[], "versionchange">,
) => void | Promise<void>;

/**
 * A database that is opened when first used, and again when the browser has dropped it.
 *
 * Work in a transaction awaits nothing but its requests: whatever needs crypto comes before it.
 */
export class Database<S extends DBSchema> {
  readonly name: string;
  readonly #steps: readonly Step<S>[];
  #opened: Promise<IDBPDatabase<S>> | null = null;
  #ended: PhoneError | null = null;

  /**
   * @param steps What leads from one version to the next; their number is the version.
   */
  constructor(name: string, steps: readonly Step<S>[]) {
    this.name = name;
    this.#steps = steps;
  }

  /** Read in one transaction. */
  async read<T>(stores: StoreNames<S>[], work: (tx: Reading<S>) => Promise<T>): Promise<T> {
    const tx = await this.#begin((db) => db.transaction(stores, "readonly"));
    return await finished(tx, work);
  }

  /**
   * Make all that `work` does durable at once, or nothing of it; it is confirmed only when the
   * browser says that it is written.
   *
   * @throws StorageFull if there is no room; nothing was changed.
   */
  async change<T>(stores: StoreNames<S>[], work: (tx: Changing<S>) => Promise<T>): Promise<T> {
    const tx = await this.#begin((db) =>
      db.transaction(stores, "readwrite", { durability: "strict" }),
    );
    return await finished(tx, work);
  }

  /** End every use of it from here. */
  close(): void {
    this.#end(new VaultLocked());
  }

  async #begin<T>(begin: (db: IDBPDatabase<S>) => T): Promise<T> {
    const db = await this.#connection();
    try {
      return begin(db);
    } catch (error) {
      if (named(error) !== "InvalidStateError" || this.#ended) throw told(error);
      this.#opened = null; // dropped without a word, as after a long sleep
      return begin(await this.#connection());
    }
  }

  async #connection(): Promise<IDBPDatabase<S>> {
    if (this.#ended) throw this.#ended;
    this.#opened ??= this.#open();
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = null;
      throw told(error);
    }
  }

  #open(): Promise<IDBPDatabase<S>> {
    return new Promise((resolve, reject) => {
      let isBlocked = false;
      openDB<S>(this.name, this.#steps.length, {
        upgrade: async (db, from, _, tx) => {
          try {
            for (const step of this.#steps.slice(from)) await step(db, tx);
          } catch (error) {
            tx.done.catch(() => reject(new StorageFailed(String(error)))); // all is as before
            tx.abort();
          }
        },
        blocked: () => {
          isBlocked = true;
          reject(new OlderWindow());
        },
        // A newer program waits to open it, or another window removes it.
        blocking: (_, version) => this.#end(version === null ? new DataGone() : new NewerData()),
        terminated: () => {
          this.#opened = null;
        },
      }).then((db) => (isBlocked ? db.close() : resolve(db)), reject);
    });
  }

  #end(why: PhoneError): void {
    this.#ended ??= why;
    void this.#opened?.then((db) => db.close()).catch(() => undefined);
    this.#opened = null;
  }
}

interface Transaction {
  readonly done: Promise<void>;
  readonly error: DOMException | null;
  abort(): void;
}

async function finished<X extends Transaction, T>(
  tx: X,
  work: (tx: X) => Promise<T>,
): Promise<T> {
  tx.done.catch(() => undefined); // told below
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    await aborted(tx);
    throw told(error instanceof PhoneError ? error : (tx.error ?? error));
  }
}

async function aborted(tx: Transaction): Promise<void> {
  try {
    tx.abort();
  } catch {
    // it has ended already
  }
  await tx.done.catch(() => undefined);
}

function told(error: unknown): unknown {
  if (error instanceof PhoneError) return error;
  switch (named(error)) {
    case "QuotaExceededError":
      return new StorageFull();
    case "VersionError":
      return new NewerData();
    case "DataCloneError":
    case "ConstraintError":
      return error; // a mistake of the program, or a browser that keeps no keys
    default:
      return error instanceof DOMException ? new StorageFailed(String(error)) : error;
  }
}

function named(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
