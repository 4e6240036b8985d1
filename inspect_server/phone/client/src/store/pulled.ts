/** Documents from the server: a pull is put aside page by page and becomes the view at once. */

import { fromUtf8, utf8 } from "../core/bytes.ts";
import type { Changing, Reading } from "./database.ts";
import { Photos, removeUncitedBrought } from "./photos.ts";
import { EVERYTHING, putAll } from "./rows.ts";
import type { Source, Stores } from "./rows.ts";
import type { StagedRow, VaultSchema } from "./schema.ts";

/** A pulled document. */
export interface LocalDocument {
  readonly id: string;
  readonly scope: string;
  readonly kind: string;
  readonly ver: number;
  readonly pos: number;
  readonly body: unknown; // plain JSON data
}

type Version = readonly [id: string, ver: number];

const AFTER = "\uffff"; // behind every id that begins alike

/** The documents in view, and those of a pull that has not come to its end. */
export class Pulled extends Photos {
  /** Return the pulled documents of a kind, sorted by id. */
  async documents(kind: string): Promise<readonly LocalDocument[]> {
    return await this.#whole((tx) => {
      const index = tx.objectStore("documents").index("kind");
      return { getAll: () => index.getAll(kind), getAllKeys: () => index.getAllKeys(kind) };
    });
  }

  /** Return the pulled documents whose ids begin so, sorted by id. */
  async documentsUnder(prefix: string): Promise<readonly LocalDocument[]> {
    return await this.#under(IDBKeyRange.bound(prefix, prefix + AFTER));
  }

  /** Return one pulled document. */
  async document(id: string): Promise<LocalDocument | null> {
    return (await this.#under(IDBKeyRange.only(id)))[0] ?? null;
  }

  /** Return id and version of every document in view. */
  async versions(): Promise<readonly Version[]> {
    return await this.read(["documents"], versionsOf);
  }

  /** Forget pages of a pull that never came to its end. */
  async clearStaging(): Promise<void> {
    await this.change(["staged", "leaves"], async (tx) => {
      await tx.objectStore("staged").clear();
      await tx.objectStore("leaves").clear();
    });
  }

  /** Put a page aside, leaves first; with each document whether it is deleted. */
  async stage(
    documents: readonly (readonly [LocalDocument, boolean])[],
    leave: readonly string[],
  ): Promise<void> {
    const rows = await Promise.all(documents.map(([one, deleted]) => this.#staged(one, deleted)));
    await this.change(["staged", "leaves"], async (tx) => {
      for (const scope of leave) {
        await tx.objectStore("leaves").put({ scope });
        const ids = await tx.objectStore("staged").index("scope").getAllKeys(scope);
        for (const id of ids) await tx.objectStore("staged").delete(id);
      }
      await putAll(tx, "staged", rows);
    });
  }

  /** Return id and version of every document that would be in view if what is staged were. */
  async stagedVersions(how: { readonly fresh: boolean }): Promise<readonly Version[]> {
    return await this.read(["documents", "staged", "leaves"], (tx) => versionsAfter(tx, how.fresh));
  }

  /** Make what is staged the view, all of it when `fresh`; settings change with it. */
  async flip(how: {
    readonly fresh: boolean;
    readonly settings: Readonly<Record<string, string>>;
  }): Promise<void> {
    const settings = await this.settingRows(how.settings);
    await this.change(["documents", "staged", "leaves", "settings"], async (tx) => {
      await applyStaged(tx, how.fresh);
      await putAll(tx, "settings", settings);
    });
    this.tell(EVERYTHING);
  }

  /**
   * Forget what no server has of another phone's entries, their files, and its key with the last of
   * them; of an own replica nothing. Return how many entries went.
   */
  async dropPartner(replica: string): Promise<number> {
    const changed: Stores = ["replicas", "entries", "rests", "keys", "photos", "pieces"];
    const dropped = await this.change(changed, async (tx) => {
      if (await tx.objectStore("replicas").get(replica)) return 0;
      const entries = tx.objectStore("entries");
      const range = IDBKeyRange.bound([replica, 0], [replica, Number.MAX_SAFE_INTEGER]);
      const rows = await entries.index("place").getAll(range);
      const unsent = rows.filter((row) => row.ackedEpoch === "");
      for (const row of unsent) {
        await entries.delete(row.number as number);
        await tx.objectStore("rests").delete(row.hash);
      }
      await removeUncitedBrought(tx, unsent.flatMap((row) => row.blobs));
      if (unsent.length === rows.length) await tx.objectStore("keys").delete(replica);
      return unsent.length;
    });
    if (dropped > 0) this.tell(EVERYTHING);
    return dropped;
  }

  async #staged(one: LocalDocument, deleted: boolean): Promise<StagedRow> {
    const { id, scope, kind, ver, pos } = one;
    const content = deleted ? new Uint8Array() : utf8(JSON.stringify(one.body));
    // Sealed for the store where it will stand, so that the flip moves it as it is.
    const sealed = await this.sealer.seal("documents", id, content);
    return { id, scope, kind, ver, pos, deleted, sealed };
  }

  async #under(range: IDBKeyRange): Promise<LocalDocument[]> {
    return await this.#whole((tx) => {
      const store = tx.objectStore("documents");
      return { getAll: () => store.getAll(range), getAllKeys: () => store.getAllKeys(range) };
    });
  }

  /** Return documents unsealed; a damaged one is dropped, and the next pull brings all anew. */
  async #whole(
    from: (tx: Reading<VaultSchema>) => Source<"documents">,
  ): Promise<LocalDocument[]> {
    const { rows, lost } = await this.rowsOf("documents", from);
    const opened = await Promise.all(
      rows.map((row) => this.unsealed("documents", row.id, row.sealed)),
    );
    for (const [at, { id }] of rows.entries()) if (opened[at] === null) lost.push(id);
    if (lost.length > 0) await this.#drop(lost);
    return rows.flatMap(({ id, scope, kind, ver, pos }, at) => {
      const content = opened[at];
      return content ? [{ id, scope, kind, ver, pos, body: JSON.parse(fromUtf8(content)) }] : [];
    });
  }

  async #drop(ids: readonly string[]): Promise<void> {
    if (!this.writing.isWriter) return;
    await this.change(["documents", "settings"], async (tx) => {
      for (const id of ids) await tx.objectStore("documents").delete(id);
      await tx.objectStore("settings").delete("cursor");
    });
  }
}

async function versionsOf(tx: Reading<VaultSchema>): Promise<Version[]> {
  const found: Version[] = [];
  let cursor = await tx.objectStore("documents").index("version").openKeyCursor();
  for (; cursor; cursor = await cursor.continue()) found.push(cursor.key);
  return found;
}

async function versionsAfter(
  tx: Reading<VaultSchema>,
  fresh: boolean,
): Promise<Version[]> {
  const after = new Map(fresh ? [] : await versionsOf(tx));
  for (const scope of await tx.objectStore("leaves").getAllKeys()) {
    const left = await tx.objectStore("documents").index("scope").getAllKeys(scope);
    for (const id of left) after.delete(id);
  }
  let cursor = await tx.objectStore("staged").openCursor();
  for (; cursor; cursor = await cursor.continue()) {
    if (cursor.value.deleted) after.delete(cursor.value.id);
    else after.set(cursor.value.id, cursor.value.ver);
  }
  return [...after];
}

async function applyStaged(tx: Changing<VaultSchema>, fresh: boolean): Promise<void> {
  const documents = tx.objectStore("documents");
  if (fresh) await documents.clear();
  for (const scope of await tx.objectStore("leaves").getAllKeys()) {
    for (const id of await documents.index("scope").getAllKeys(scope)) await documents.delete(id);
  }
  let cursor = await tx.objectStore("staged").openCursor();
  for (; cursor; cursor = await cursor.continue()) {
    const { deleted, ...row } = cursor.value;
    if (deleted) await documents.delete(row.id);
    else await documents.put(row);
  }
  await tx.objectStore("staged").clear();
  await tx.objectStore("leaves").clear();
}
