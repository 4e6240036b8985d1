/** The rows of one account: settings, who may write, and what all windows are told of a change. */

import type { StoreNames } from "idb";
import { fromUtf8, utf8 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import type { Changing, Database, Reading } from "./database.ts";
import { StorageFailed } from "./problems.ts";
import { vaultName } from "./schema.ts";
import type { SettingRow, VaultSchema } from "./schema.ts";
import type { Sealer } from "./sealing.ts";
import { Writing, tellAll } from "./writing.ts";

export type Stores = StoreNames<VaultSchema>[];

/** What is shown may have changed: these items of a task; of none all; of no task everything. */
export interface Change {
  readonly task: string;
  readonly items: readonly string[];
}

/** A row that is not what was sealed there; it is passed over. */
export interface DamagedRow {
  readonly store: string;
  readonly row: string;
}

/** Is told of changes; `isKnown` says that whoever saved has shown it already. */
export type Listener = (change: Change, isKnown: boolean) => void;

/** Some rows of a store, by key or by an index. */
export interface Source<N extends StoreNames<VaultSchema>> {
  getAll(): Promise<VaultSchema[N]["value"][]>;
  getAllKeys(): Promise<VaultSchema[N]["key"][]>;
}

export const EVERYTHING: Change = { task: "", items: [] };

/** What all kinds of rows need. */
export class Rows {
  readonly vault: string;
  readonly writing: Writing;
  protected readonly db: Database<VaultSchema>;
  protected readonly sealer: Sealer;
  readonly #channel: BroadcastChannel;
  readonly #listeners = new Set<Listener>();
  readonly #damaged = new Map<string, DamagedRow>();
  #isClosed = false;

  constructor(id: string, db: Database<VaultSchema>, sealer: Sealer) {
    this.vault = id;
    this.db = db;
    this.sealer = sealer;
    this.writing = new Writing(vaultName(id));
    this.writing.onTurn((isWriter) => {
      if (isWriter) this.#hear(EVERYTHING, false); // whatever the last window did not get to tell
    });
    this.#channel = new BroadcastChannel(vaultName(id));
    this.#channel.onmessage = (event: MessageEvent<Change>) => this.#hear(event.data, false);
  }

  /** Forget the key, and let the next window write. */
  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#channel.close();
    this.writing.end();
    this.db.close();
    this.sealer.forget();
  }

  /** Be told of every change, by whichever window; return what ends that. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The damaged rows that were met since this account was unlocked. */
  get damagedRows(): readonly DamagedRow[] {
    return [...this.#damaged.values()];
  }

  /** Return a setting, empty when unset. */
  async get(key: string): Promise<string> {
    return (await this.getAll([key]))[0] ?? "";
  }

  /** Return settings as they stand at one moment, each empty when unset. */
  async getAll(keys: readonly string[]): Promise<readonly string[]> {
    const rows = await this.read(["settings"], (tx) =>
      Promise.all(keys.map((key) => tx.objectStore("settings").get(key))),
    );
    return await Promise.all(rows.map((row) => this.#text("settings", row)));
  }

  /** Set settings, all of them or none. */
  async put(values: Readonly<Record<string, string>>): Promise<void> {
    const rows = await this.settingRows(values);
    await this.change(["settings"], (tx) => putAll(tx, "settings", rows));
  }

  /** Return what was put aside under a name: a text not finished; empty when there is none. */
  async draft(key: string): Promise<string> {
    return fromUtf8(await this.draftBytes(key));
  }

  /** Return what was put aside under a name and is no text: something not saved. */
  async draftBytes(key: string): Promise<Bytes> {
    const row = await this.read(["drafts"], (tx) => tx.objectStore("drafts").get(key));
    return (row && (await this.unsealed("drafts", key, row.sealed))) ?? new Uint8Array();
  }

  /** Return the names under which something was put aside. */
  async drafts(): Promise<readonly string[]> {
    return await this.read(["drafts"], (tx) => tx.objectStore("drafts").getAllKeys());
  }

  /** Put something aside until it is finished; what is empty is forgotten. */
  async putDraft(key: string, given: string | Bytes): Promise<void> {
    if (given.length === 0) return await this.deleteDraft(key);
    const content = typeof given === "string" ? utf8(given) : given;
    const sealed = await this.sealer.seal("drafts", key, content);
    await this.change(["drafts"], (tx) => tx.objectStore("drafts").put({ key, sealed }));
  }

  /** Forget what was put aside. */
  async deleteDraft(key: string): Promise<void> {
    await this.change(["drafts"], (tx) => tx.objectStore("drafts").delete(key));
  }

  protected async settingRows(values: Readonly<Record<string, string>>): Promise<SettingRow[]> {
    const one = async ([key, value]: [string, string]): Promise<SettingRow> => ({
      key,
      sealed: await this.sealer.seal("settings", key, utf8(value)),
    });
    return await Promise.all(Object.entries(values).map(one));
  }

  protected read<T>(stores: Stores, work: (tx: Reading<VaultSchema>) => Promise<T>): Promise<T> {
    return this.db.read(stores, work);
  }

  /**
   * Return rows, and the keys of those whose value the browser has lost.
   *
   * Browsers keep large values in files of their own; where one is gone, reading it with others
   * fails for all of them.
   */
  protected async rowsOf<N extends StoreNames<VaultSchema>>(
    store: N,
    from: (tx: Reading<VaultSchema>) => Source<N>,
  ): Promise<{ rows: VaultSchema[N]["value"][]; lost: VaultSchema[N]["key"][] }> {
    try {
      return { rows: await this.read([store], (tx) => from(tx).getAll()), lost: [] };
    } catch (error) {
      if (!(error instanceof StorageFailed)) throw error;
    }
    const keys = await this.read([store], (tx) => from(tx).getAllKeys());
    const rows: VaultSchema[N]["value"][] = [];
    const lost: VaultSchema[N]["key"][] = [];
    for (const key of keys) {
      const read = this.read([store], (tx) => tx.objectStore(store).get(key));
      const row = await read.catch(notStorage);
      if (row) rows.push(row);
      else lost.push(key);
    }
    for (const key of lost) this.noteDamage(store, String(key));
    return { rows, lost };
  }

  /**
   * Change rows in one strict transaction.
   *
   * @throws OtherWindow if this window may not write.
   */
  protected async change<T>(
    stores: Stores,
    work: (tx: Changing<VaultSchema>) => Promise<T>,
  ): Promise<T> {
    this.writing.check();
    return await this.db.change(stores, work);
  }

  /** Tell this window and all others. */
  protected tell(change: Change, isKnown = false): void {
    if (this.#isClosed) return; // locked while it was being written
    this.#channel.postMessage(change);
    this.#hear(change, isKnown);
  }

  /** Return what was sealed in a row; a damaged one is noted and gives null. */
  protected async unsealed(store: string, row: string, sealed: Uint8Array): Promise<Bytes | null> {
    const content = await this.sealer.unseal(store, row, sealed);
    if (content === null) this.noteDamage(store, row);
    return content;
  }

  protected noteDamage(store: string, row: string): void {
    this.#damaged.set(`${store}\n${row}`, { store, row });
  }

  async #text(store: string, row: SettingRow | undefined): Promise<string> {
    const content = row && (await this.unsealed(store, row.key, row.sealed));
    return content ? fromUtf8(content) : "";
  }

  #hear(change: Change, isKnown: boolean): void {
    tellAll(this.#listeners, (listener) => listener(change, isKnown));
  }
}

/** Return nothing where the storage failed; what else went wrong goes on. */
export function notStorage(error: unknown): undefined {
  if (!(error instanceof StorageFailed)) throw error;
}

/** Put rows into a store. */
export async function putAll<N extends StoreNames<VaultSchema>>(
  tx: Changing<VaultSchema>,
  store: N,
  rows: readonly VaultSchema[N]["value"][],
): Promise<void> {
  await Promise.all(rows.map((row) => tx.objectStore(store).put(row)));
}
