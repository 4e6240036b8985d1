/**
 * The last resort: all that no receipt covers, as one file encrypted with a passphrase.
 *
 * For a phone that will never reach the server again. Whoever has file and passphrase has the
 * entries as they were signed, the public keys, and the photos; not the keys that sign.
 *
 * The file, all numbers big-endian:
 *
 *     18 bytes            "INSPECT-EXPORT-V1\n"
 *     4 bytes, header     the header's length, then the header, UTF-8 JSON: {"kdf":
 *                         "PBKDF2-SHA-256", "iterations", "salt": base64, "cipher":
 *                         "AES-256-GCM", "records": how many follow}
 *     each record         4 bytes: the length of what follows; 12 bytes IV; ciphertext, its
 *                         last 16 bytes the tag
 *
 * The key is PBKDF2 of the passphrase (its NFKC form as UTF-8). Authenticated with record n, from
 * 0, are the UTF-8 bytes of "inspect-export v1\n<n>\n<hex SHA-256 of the header>\n": no record can
 * be left out, moved, or come from another file. Record 0 is UTF-8 JSON:
 *
 *     {"v": 1, "made": moment, "user": id, "device": id, "epoch": text,
 *      "keys": {replica: base64 of the raw public key},
 *      "entries": [{"bytes_b64", "sig"}],
 *      "photos": [{"sha256", "size", "records": how many, one after the other, hold its bytes}],
 *      "damaged": {"entries": [hash], "photos": [sha256]}}
 *
 * `entries` and `keys` are as in a push and in a partner's file. The photos' records follow in the
 * order of `photos`; whoever reads them checks their SHA-256. What this phone holds damaged, and so
 * cannot give, is named in `damaged` and nowhere else.
 */

import { base64, concat, utf8 } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/digests.ts";
import type { EntryPlace, LocalEntry, LocalStore } from "../local.ts";
import { PIECE_BYTES } from "../photos.ts";
import { WeakSecret } from "../problems.ts";
import { isWeak, keyFrom, newSalt } from "../sealing.ts";
import { filesOf, uncovered } from "./covering.ts";

const MAGIC = utf8("INSPECT-EXPORT-V1\n");
const IV_BYTES = 12;
const SHORTEST_PASSPHRASE = 10; // the file leaves the phone: anybody may try for years

interface ExportedPhoto {
  readonly sha256: string;
  readonly size: number;
  readonly records: number;
}

/** What was to be exported and is no longer what it was: hashes of entries and of photos. */
export interface Damaged {
  readonly entries: readonly string[];
  readonly photos: readonly string[];
}

/** The file, and what is missing in it. */
export interface Exported {
  readonly file: Blob;
  readonly damaged: Damaged;
}

/**
 * Return the file; empty photos lists and all if nothing is left to deliver.
 *
 * @param made The moment, as the phone's clock has it.
 * @throws WeakSecret for a passphrase that anybody would guess.
 */
export async function exportFile(
  store: LocalStore,
  passphrase: string,
  made: string,
): Promise<Exported> {
  if (isWeak(passphrase, SHORTEST_PASSPHRASE)) throw new WeakSecret(SHORTEST_PASSPHRASE);
  const { own, partners } = await uncovered(store);
  const cited = await filesOf(store, [...own, ...partners]);
  const photos: ExportedPhoto[] = [];
  for (const sha256 of cited) photos.push(...(await described(store, sha256)));
  const whole = new Set(photos.map(({ sha256 }) => sha256));
  const { entries, lost } = await signed(store, [...own, ...partners]);
  const damaged = { entries: lost, photos: cited.filter((sha256) => !whole.has(sha256)) };
  const { salt, iterations } = newSalt();
  const records = photos.reduce((sum, photo) => sum + photo.records, 1);
  const said = { kdf: "PBKDF2-SHA-256", iterations, salt: base64(salt), cipher: "AES-256-GCM" };
  const header = utf8(JSON.stringify({ ...said, records }));
  const key = await keyFrom(passphrase, salt, iterations, ["encrypt"]);
  const seal = await sealing(key, header);
  const list = await manifest(store, entries, { made, photos, damaged });
  const parts: BlobPart[] = [MAGIC, length(header), header, ...(await seal(list))];
  for (const { sha256, size } of photos) {
    for (let start = 0; start < size; start += PIECE_BYTES) {
      // Blobs, so that the browser need not hold all of it in memory.
      const piece = await store.blobSlice(sha256, start, Math.min(start + PIECE_BYTES, size));
      parts.push(new Blob(await seal(piece)));
    }
  }
  return { file: new Blob(parts, { type: "application/octet-stream" }), damaged };
}

/** Return a photo if it is what it was; one after the other, as each is read whole for it. */
async function described(store: LocalStore, sha256: string): Promise<ExportedPhoto[]> {
  const size = await store.blobSize(sha256);
  if ((await store.blob(sha256)).length !== size) return [];
  return [{ sha256, size, records: Math.ceil(size / PIECE_BYTES) }];
}

async function signed(
  store: LocalStore,
  places: readonly EntryPlace[],
): Promise<{ entries: readonly LocalEntry[]; lost: readonly string[] }> {
  const all = new Map((await store.entries()).map((entry) => [entry.hash, entry]));
  const wanted = new Set(places.map(({ hash }) => hash));
  return {
    entries: [...all.values()].filter(({ hash }) => wanted.has(hash)),
    lost: [...wanted].filter((hash) => !all.has(hash)),
  };
}

async function manifest(
  store: LocalStore,
  entries: readonly LocalEntry[],
  listed: { made: string; photos: readonly ExportedPhoto[]; damaged: Damaged },
): Promise<Bytes> {
  const of = new Set(entries.map((entry) => entry.replica));
  const keys = [...(await store.keys())].filter(([id]) => of.has(id));
  const [user, device, epoch] = await store.getAll(["user", "device", "epoch"]);
  const file = {
    v: 1,
    made: listed.made,
    user,
    device,
    epoch,
    keys: Object.fromEntries(keys.map(([id, key]) => [id, base64(key)])),
    entries: entries.map(({ content, signature }) => ({
      bytes_b64: base64(content),
      sig: base64(signature),
    })),
    photos: listed.photos,
    damaged: listed.damaged,
  };
  return utf8(JSON.stringify(file));
}

/** Return what seals one record after the other. */
async function sealing(
  key: CryptoKey,
  header: Bytes,
): Promise<(content: Bytes) => Promise<Bytes[]>> {
  const digest = await sha256Hex(header);
  let number = 0;
  return async (content) => {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const additionalData = utf8(`inspect-export v1\n${number}\n${digest}\n`);
    number += 1;
    const how = { name: "AES-GCM", iv, additionalData };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, content));
    const record = concat(iv, sealed);
    return [length(record), record];
  };
}

function length(content: Uint8Array): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, content.length);
  return bytes;
}
