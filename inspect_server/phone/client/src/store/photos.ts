/**
 * Files on the phone, in sealed pieces: what it took itself, what a partner's phone gave, and what
 * it fetched from the server.
 *
 * A file is there only after it was written, read back, unsealed and hashed again.
 */

import { concat } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { sha256Hex } from "../core/digests.ts";
import type { Files } from "./counted.ts";
import type { Changing } from "./database.ts";
import { PhotoNotKept } from "./problems.ts";
import { Rows } from "./rows.ts";
import type { PhotoRow, PieceRow, VaultSchema } from "./schema.ts";

/** Bytes sealed as one: as many as one request uploads. */
export const PIECE_BYTES = 1024 * 1024;

/** How a file is counted. */
export type Counted = "photo" | "film";

/** Begins the key under which the small picture of a file lies among the pieces. */
const SMALL = "small/";

type Kept = "pieces" | "parts";

/** What is known of a file without unsealing it. */
export interface HeldFile {
  readonly size: number;
  readonly film: boolean;
  /** Whether a partner's file brought it: to deliver it is the business of who took it. */
  readonly brought?: true;
}

/** Photos, recordings, and the parts of those that are being fetched. */
export class Photos extends Rows {
  /**
   * Keep a file for good, and return its hash.
   *
   * @param replica Which took it, or fetched it.
   * @param captured Whether it was made on this phone.
   * @param film Whether it is counted as a film.
   * @throws PhotoNotKept if it came back as something else; StorageFull if there is no room.
   */
  async addBlob(
    content: Uint8Array,
    replica: string,
    captured = false,
    film = false,
  ): Promise<string> {
    return await this.#add(content, { replica, captured, ...(film && { film }) });
  }

  /**
   * Keep a file of another phone, and return its hash.
   *
   * @param replica Whose entry cites it.
   * @throws PhotoNotKept if it came back as something else; StorageFull if there is no room.
   */
  async addBrought(content: Uint8Array, replica: string, kind: Counted): Promise<string> {
    const film = kind === "film" && { film: true };
    return await this.#add(content, { replica, captured: false, brought: true, ...film });
  }

  async #add(
    content: Uint8Array,
    about: Omit<PhotoRow, "sha256" | "size" | "upload">,
  ): Promise<string> {
    const sha256 = await sha256Hex(content);
    if (await this.#isWhole(sha256)) {
      if (about.captured) await this.#own(sha256, about.replica);
      return sha256;
    }
    const rows = await this.#pieces("pieces", sha256, content);
    const size = content.length;
    const photo: PhotoRow = { sha256, size, upload: "", ...about };
    await this.change(["photos", "pieces"], async (tx) => {
      await removePhoto(tx, sha256);
      await tx.objectStore("photos").put(photo);
      for (const row of rows) await tx.objectStore("pieces").put(row);
    });
    if (await this.#isWhole(sha256)) return sha256;
    await this.forgetBlob(sha256);
    throw new PhotoNotKept();
  }

  /** Return a file, empty when it is not here or no longer what it was. */
  async blob(sha256: string): Promise<Bytes> {
    const content = await this.#joined("pieces", sha256);
    if (content.length === 0 || (await sha256Hex(content)) === sha256) return content;
    this.noteDamage("photos", sha256);
    return new Uint8Array();
  }

  /** Return the small picture of a file, empty when none was kept. */
  async small(sha256: string): Promise<Bytes> {
    return await this.#joined("pieces", SMALL + sha256);
  }

  /** Keep the small picture of a file that is here; it goes with the file. */
  async addSmall(sha256: string, content: Uint8Array): Promise<void> {
    const row = await this.#piece("pieces", SMALL + sha256, 0, content);
    await this.change(["photos", "pieces"], async (tx) => {
      const isHere = (await tx.objectStore("photos").getKey(sha256)) !== undefined;
      if (isHere) await tx.objectStore("pieces").put(row);
    });
  }

  /** Return the size of a file in bytes, 0 when it is not here. */
  async blobSize(sha256: string): Promise<number> {
    return (await this.#photo(sha256))?.size ?? 0;
  }

  /** Return size and kind of those of these files that are here. */
  async files(hashes: Iterable<string>): Promise<ReadonlyMap<string, HeldFile>> {
    const names = [...new Set(hashes)];
    const rows = await this.read(["photos"], (tx) =>
      Promise.all(names.map((name) => tx.objectStore("photos").get(name))),
    );
    const here = rows.filter((row) => row !== undefined);
    return new Map(
      here.map(({ sha256, size, film = false, brought = false }) => [
        sha256,
        { size, film, ...(brought && { brought }) },
      ]),
    );
  }

  /** Count those of these files that are here. */
  async counted(hashes: Iterable<string>): Promise<Files> {
    const found = [...(await this.files(hashes)).values()];
    const films = found.filter((one) => one.film).length;
    return { photos: found.length - films, films };
  }

  /** Return some bytes of a file without reading all of it; empty when they are not here. */
  async blobSlice(sha256: string, start: number, end: number): Promise<Bytes> {
    if (end <= start) return new Uint8Array();
    const first = start - (start % PIECE_BYTES);
    const range = IDBKeyRange.bound([sha256, first], [sha256, end], false, true);
    const content = await this.#joined("pieces", sha256, range);
    return content.slice(start - first, end - first);
  }

  /** Forget a file that no entry cites. */
  async forgetBlob(sha256: string): Promise<void> {
    await this.change(["photos", "pieces", "entries"], async (tx) => {
      const cited = await tx.objectStore("entries").index("blobs").count(sha256);
      if (cited === 0) await removePhoto(tx, sha256);
    });
  }

  /** Forget files that were taken for an entry that never came to be; return how many. */
  async forgetUncited(): Promise<number> {
    return await this.change(["photos", "pieces", "entries"], async (tx) => {
      const photos = (await tx.objectStore("photos").getAll()).filter((one) => one.captured);
      const index = tx.objectStore("entries").index("blobs");
      const cited = await Promise.all(photos.map(({ sha256 }) => index.count(sha256)));
      const uncited = photos.filter((_, at) => cited[at] === 0);
      for (const { sha256 } of uncited) await removePhoto(tx, sha256);
      return uncited.length;
    });
  }

  /**
   * Forget what partners' files brought of tasks that are not here any more; return how many went.
   *
   * What an entry cites that no server has acknowledged stays: no other phone may be left.
   */
  async forgetBrought(tasks: ReadonlySet<string>): Promise<number> {
    return await this.change(["photos", "pieces", "entries"], async (tx) => {
      const index = tx.objectStore("entries").index("blobs");
      let gone = 0;
      for (const { sha256, brought } of await tx.objectStore("photos").getAll()) {
        if (!brought) continue;
        const citing = await index.getAll(sha256);
        if (citing.some((row) => row.ackedEpoch === "" || tasks.has(row.task))) continue;
        await removePhoto(tx, sha256);
        gone += 1;
      }
      return gone;
    });
  }

  /** Return the files that partners brought and that this life of the server was not offered. */
  async unoffered(epoch: string): Promise<readonly string[]> {
    const rows = await this.read(["photos"], (tx) => tx.objectStore("photos").getAll());
    const left = rows.filter((row) => row.brought && row.offered !== epoch);
    return left.map(({ sha256 }) => sha256);
  }

  /** Note that this life of the server has a file, or leaves it to who took it. */
  async setOffered(sha256: string, epoch: string): Promise<void> {
    await this.change(["photos"], async (tx) => {
      const row = await tx.objectStore("photos").get(sha256);
      if (row) await tx.objectStore("photos").put({ ...row, offered: epoch });
    });
  }

  /** Return those of these files that are here, with the tus address under way, or empty. */
  async uploads(hashes: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const rows = await Promise.all([...new Set(hashes)].map((hash) => this.#photo(hash)));
    return new Map(rows.flatMap((row) => (row ? [[row.sha256, row.upload]] : [])));
  }

  /** Remember where a file is being uploaded to. */
  async setUpload(sha256: string, address: string): Promise<void> {
    await this.change(["photos"], async (tx) => {
      const row = await tx.objectStore("photos").get(sha256);
      if (row) await tx.objectStore("photos").put({ ...row, upload: address });
    });
  }

  /** Return what came so far of a file that is being fetched. */
  async parts(sha256: string): Promise<Bytes> {
    return await this.#joined("parts", sha256);
  }

  /** Keep the next bytes of a file that is being fetched. */
  async addPart(sha256: string, start: number, content: Uint8Array): Promise<void> {
    const row = await this.#piece("parts", sha256, start, content);
    await this.change(["parts"], (tx) => tx.objectStore("parts").put(row));
  }

  /** Forget what came of a file that is whole, or not it. */
  async forgetParts(sha256: string): Promise<void> {
    await this.change(["parts"], (tx) => tx.objectStore("parts").delete(all(sha256)));
  }

  /** Who takes what a partner brought, e.g. from the album, has it as an own one from then on. */
  async #own(sha256: string, replica: string): Promise<void> {
    await this.change(["photos"], async (tx) => {
      const { brought, ...row } = (await tx.objectStore("photos").get(sha256)) ?? {};
      if (!brought) return;
      await tx.objectStore("photos").put({ ...(row as PhotoRow), replica, captured: true });
    });
  }

  async #photo(sha256: string): Promise<PhotoRow | undefined> {
    return await this.read(["photos"], (tx) => tx.objectStore("photos").get(sha256));
  }

  async #isWhole(sha256: string): Promise<boolean> {
    const photo = await this.#photo(sha256);
    if (!photo) return false;
    const content = await this.#joined("pieces", sha256);
    return content.length === photo.size && (await sha256Hex(content)) === sha256;
  }

  async #pieces(store: Kept, sha256: string, content: Uint8Array): Promise<PieceRow[]> {
    const rows: Promise<PieceRow>[] = [];
    for (let start = 0; start < content.length; start += PIECE_BYTES) {
      const piece = content.subarray(start, start + PIECE_BYTES);
      rows.push(this.#piece(store, sha256, start, piece));
    }
    return await Promise.all(rows);
  }

  async #piece(
    store: Kept,
    sha256: string,
    start: number,
    content: Uint8Array,
  ): Promise<PieceRow> {
    const sealed = await this.sealer.seal(store, place(sha256, start), content);
    return { sha256, start, sealed };
  }

  /** Return the pieces one after the other, as far as each is whole and follows the last one. */
  async #joined(store: Kept, sha256: string, range = all(sha256)): Promise<Bytes> {
    const { rows } = await this.rowsOf(store, (tx) => {
      const kept = tx.objectStore(store);
      return { getAll: () => kept.getAll(range), getAllKeys: () => kept.getAllKeys(range) };
    });
    const opened = await Promise.all(
      rows.map((row) => this.unsealed(store, place(sha256, row.start), row.sealed)),
    );
    const whole: Bytes[] = [];
    let end = rows[0]?.start ?? 0;
    for (const [at, content] of opened.entries()) {
      if (content === null || rows[at]?.start !== end) break;
      whole.push(content);
      end += content.length;
    }
    return concat(...whole);
  }
}

/** Remove those of these files within a transaction that a partner brought and no entry cites. */
export async function removeUncitedBrought(
  tx: Changing<VaultSchema>,
  hashes: Iterable<string>,
): Promise<void> {
  for (const sha256 of new Set(hashes)) {
    if ((await tx.objectStore("entries").index("blobs").count(sha256)) > 0) continue;
    const row = await tx.objectStore("photos").get(sha256);
    if (row?.brought) await removePhoto(tx, sha256);
  }
}

/** Remove a file within a transaction. */
export async function removePhoto(tx: Changing<VaultSchema>, sha256: string): Promise<void> {
  await tx.objectStore("photos").delete(sha256);
  await tx.objectStore("pieces").delete(all(sha256));
  await tx.objectStore("pieces").delete(all(SMALL + sha256));
}

function all(sha256: string): IDBKeyRange {
  return IDBKeyRange.bound([sha256, 0], [sha256, Number.MAX_SAFE_INTEGER]);
}

function place(sha256: string, start: number): string {
  return `${sha256}/${start}`;
}
