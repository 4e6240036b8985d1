/**
 * The databases of a phone: one registry, and one database for each account.
 *
 * What stands in a field `sealed` is sealed under the account's key; everything else is plain.
 */

import type { DBSchema } from "idb";
import type { Bytes } from "../core/bytes.ts";
import { Database } from "./database.ts";
import type { Step } from "./database.ts";
import type { Wrapped } from "./sealing.ts";

export const REGISTRY = "inspect-phone";

export interface VaultRow extends Wrapped {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly replica: string;
  readonly wrong: number; // wrong tries since the last right one
  readonly tried: number; // when the last of them was, milliseconds since 1970
  readonly wiping: boolean; // its data is being removed
}

export interface DeviceRow {
  readonly key: "device";
  readonly id: string;
  readonly label: string;
}

export interface RegistrySchema extends DBSchema {
  vaults: { key: string; value: VaultRow };
  device: { key: string; value: DeviceRow };
}

export interface SettingRow {
  readonly key: string;
  readonly sealed: Bytes;
}

export interface ReplicaRow {
  readonly id: string;
  readonly ordinal: number;
  readonly key: CryptoKey; // not extractable
  readonly publicKey: Bytes;
  readonly uptoSeq: number;
  readonly headHash: string;
}

export interface EntryRow {
  readonly number?: number; // given by the database, in the order of coming
  readonly hash: string;
  readonly replica: string;
  readonly seq: number;
  readonly task: string;
  readonly blobs: readonly string[]; // the files that it cites
  readonly sealed: Bytes; // its signature, then its bytes; of a long one the beginning
  readonly isLong: boolean; // the rest is in `rests`
  readonly ackedEpoch: string;
  readonly effect: string;
  readonly reason: string;
}

/** What is behind the beginning of a long entry. */
export interface RestRow {
  readonly hash: string;
  readonly rest: Bytes;
}

export interface PhotoRow {
  readonly sha256: string;
  readonly size: number;
  readonly replica: string; // which took it
  readonly upload: string;
  readonly captured: boolean; // on this phone; else a partner's
  readonly brought?: boolean; // by a partner's file; else, if not captured, from the server
  readonly offered?: string; // epoch of the server that has it, or leaves it to who took it
  readonly film?: boolean; // else a photo
}

export interface PieceRow {
  readonly sha256: string;
  readonly start: number;
  readonly sealed: Bytes;
}

export interface DocumentRow {
  readonly id: string;
  readonly scope: string;
  readonly kind: string;
  readonly ver: number;
  readonly pos: number;
  readonly sealed: Bytes;
}

export interface StagedRow extends DocumentRow {
  readonly deleted: boolean;
}

export interface ReceiptRow {
  readonly number?: number;
  readonly replica: string;
  readonly epoch: string;
  readonly uptoSeq: number;
  readonly headHash: string;
  readonly logPos: number;
  readonly content: Bytes;
  readonly signature: Bytes;
  readonly kid: string;
}

export interface VaultSchema extends DBSchema {
  settings: { key: string; value: SettingRow };
  replicas: { key: string; value: ReplicaRow };
  entries: {
    key: number;
    value: EntryRow;
    indexes: { hash: string; place: [string, number]; task: string; blobs: string };
  };
  rests: { key: string; value: RestRow };
  keys: { key: string; value: { readonly replica: string; readonly publicKey: Bytes } };
  photos: { key: string; value: PhotoRow };
  pieces: { key: [string, number]; value: PieceRow };
  parts: { key: [string, number]; value: PieceRow };
  documents: {
    key: string;
    value: DocumentRow;
    indexes: { kind: string; scope: string; version: [string, number] };
  };
  staged: { key: string; value: StagedRow; indexes: { scope: string } };
  leaves: { key: string; value: { readonly scope: string } };
  receipts: {
    key: number;
    value: ReceiptRow;
    indexes: { place: [string, string, number]; end: [string, number] };
  };
  drafts: { key: string; value: SettingRow };
}

const REGISTRY_STEPS: readonly Step<RegistrySchema>[] = [
  (db) => {
    db.createObjectStore("vaults", { keyPath: "id" });
    db.createObjectStore("device", { keyPath: "key" });
  },
];

const VAULT_STEPS: readonly Step<VaultSchema>[] = [
  (db) => {
    db.createObjectStore("settings", { keyPath: "key" });
    db.createObjectStore("replicas", { keyPath: "id" });
    const entries = db.createObjectStore("entries", { keyPath: "number", autoIncrement: true });
    entries.createIndex("hash", "hash", { unique: true });
    entries.createIndex("place", ["replica", "seq"]);
    entries.createIndex("task", "task");
    entries.createIndex("blobs", "blobs", { multiEntry: true });
    db.createObjectStore("rests", { keyPath: "hash" });
    db.createObjectStore("keys", { keyPath: "replica" });
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("pieces", { keyPath: ["sha256", "start"] });
    db.createObjectStore("parts", { keyPath: ["sha256", "start"] });
    const documents = db.createObjectStore("documents", { keyPath: "id" });
    documents.createIndex("kind", "kind");
    documents.createIndex("scope", "scope");
    documents.createIndex("version", ["id", "ver"]);
    db.createObjectStore("staged", { keyPath: "id" }).createIndex("scope", "scope");
    db.createObjectStore("leaves", { keyPath: "scope" });
    const receipts = db.createObjectStore("receipts", { keyPath: "number", autoIncrement: true });
    receipts.createIndex("place", ["replica", "epoch", "uptoSeq"], { unique: true });
    receipts.createIndex("end", ["replica", "uptoSeq"]);
    db.createObjectStore("drafts", { keyPath: "key" });
  },
];

/** Return the list of accounts on this phone. */
export function registry(): Database<RegistrySchema> {
  return new Database(REGISTRY, REGISTRY_STEPS);
}

/** Return the database of one account. */
export function vault(id: string): Database<VaultSchema> {
  return new Database(vaultName(id), VAULT_STEPS);
}

/** Return the name of an account's database, and of its writer's lock and channel. */
export function vaultName(id: string): string {
  return `${REGISTRY}-${id}`;
}
