/**
 * A phone's databases as JSON: all that a browser keeps of them, to be put into another one.
 *
 * A key that signs cannot be read out of a browser, so what is frozen was made with keys that
 * `keysThatCanBeKept` lets out; they are put back as the app makes them, not extractable.
 */

import { base64, fromBase64 } from "../../../src/core/bytes.ts";

/** What keeps a database together beside its rows. */
export interface Shape {
  readonly version: number;
  readonly stores: Readonly<Record<string, StoreShape>>;
}

interface StoreShape {
  readonly keyPath: unknown;
  readonly autoIncrement: boolean;
  readonly indexes: Readonly<Record<string, Index>>;
}

type Index = readonly [path: unknown, unique: boolean, multiEntry: boolean];

export interface FrozenDatabase extends Shape {
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
}

export type Frozen = Readonly<Record<string, FrozenDatabase>>;

type Jwk = JsonWebKey & { readonly crv: string };

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Let the keys that are made from now on be frozen; return what ends that. */
export function keysThatCanBeKept(): { readonly keys: ReadonlyMap<CryptoKey, Jwk>; end(): void } {
  const keys = new Map<CryptoKey, Jwk>();
  const { subtle } = crypto;
  const made = subtle.generateKey;
  const generateKey = async (...given: Parameters<typeof made>): Promise<unknown> => {
    const [how, , uses] = given;
    if ((how as Algorithm).name !== P256.name) return await made.apply(subtle, given);
    const pair = (await made.call(subtle, how, true, uses)) as CryptoKeyPair;
    const jwk = (await subtle.exportKey("jwk", pair.privateKey)) as Jwk;
    const privateKey = await thawedKey(jwk);
    keys.set(privateKey, jwk);
    return { privateKey, publicKey: pair.publicKey };
  };
  Object.defineProperty(subtle, "generateKey", { value: generateKey, configurable: true });
  return { keys, end: () => Reflect.deleteProperty(subtle, "generateKey") };
}

/** Return every database that is there. */
export async function frozen(keys: ReadonlyMap<CryptoKey, Jwk>): Promise<Frozen> {
  const known = new Map([...keys.values()].map((jwk) => [publicOf(jwk), jwk]));
  const found: Record<string, FrozenDatabase> = {};
  for (const { name = "" } of await indexedDB.databases()) {
    const db = await opened(indexedDB.open(name));
    const rows: Record<string, unknown[]> = {};
    for (const store of db.objectStoreNames) {
      const all = await opened(db.transaction(store).objectStore(store).getAll());
      rows[store] = await Promise.all(all.map((row: unknown) => plain(row, known)));
    }
    found[name] = { ...shapeOf(db), rows };
    db.close();
  }
  return found;
}

/** Put databases where none of their names is yet. */
export async function thaw(databases: Frozen): Promise<void> {
  for (const [name, { version, stores, rows }] of Object.entries(databases)) {
    const whole = await Promise.all(
      Object.entries(rows).map(async ([store, all]) => {
        return [store, await Promise.all(all.map(live))] as const;
      }),
    );
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => make(request.result, stores);
    const db = await opened(request);
    const tx = db.transaction(Object.keys(stores), "readwrite");
    for (const [store, all] of whole) for (const row of all) tx.objectStore(store).put(row);
    await new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error);
    });
    db.close();
  }
}

/** Return how a database is built. */
export function shapeOf(db: IDBDatabase): Shape {
  const tx = db.transaction([...db.objectStoreNames]);
  const stores = [...db.objectStoreNames].map((name): [string, StoreShape] => {
    const store = tx.objectStore(name);
    const { keyPath, autoIncrement, indexNames } = store;
    const indexes = [...indexNames].map((index) => {
      const { keyPath: path, unique, multiEntry } = store.index(index);
      return [index, [path, unique, multiEntry]] as const;
    });
    return [name, { keyPath, autoIncrement, indexes: Object.fromEntries(indexes) }];
  });
  return { version: db.version, stores: Object.fromEntries(stores) };
}

function make(db: IDBDatabase, stores: Shape["stores"]): void {
  for (const [name, { keyPath, autoIncrement, indexes }] of Object.entries(stores)) {
    const how = { keyPath: keyPath as string, autoIncrement };
    const store = db.createObjectStore(name, how);
    for (const [index, [path, unique, multiEntry]] of Object.entries(indexes)) {
      store.createIndex(index, path as string, { unique, multiEntry });
    }
  }
}

/** Return a value as JSON has it: bytes and keys in objects of one field. */
function plain(value: unknown, keys: ReadonlyMap<string, Jwk>): unknown {
  if (value instanceof Uint8Array) return { $bytes: base64(value) };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => plain(one, keys));
  const row = value as Readonly<Record<string, unknown>>;
  const fields = Object.entries(row).map(([name, field]) => {
    if (!(field instanceof CryptoKey)) return [name, plain(field, keys)];
    return [name, { $key: keys.get(base64(row["publicKey"] as Uint8Array)) }];
  });
  return Object.fromEntries(fields);
}

async function live(value: unknown): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return await Promise.all(value.map(live));
  if ("$bytes" in value) return fromBase64(value.$bytes as string);
  if ("$key" in value) return await thawedKey(value.$key as Jwk);
  const fields = Object.entries(value).map(async ([name, field]) => [name, await live(field)]);
  return Object.fromEntries(await Promise.all(fields));
}

async function thawedKey(jwk: Jwk): Promise<CryptoKey> {
  const { ext: _, key_ops: __, ...key } = jwk;
  return await crypto.subtle.importKey("jwk", key, P256, false, ["sign"]);
}

/** Return the raw public key of a private one, in base64. */
function publicOf({ x = "", y = "" }: Jwk): string {
  const [left, right] = [x, y].map((text) => fromBase64(padded(text)));
  return base64(new Uint8Array([4, ...(left ?? []), ...(right ?? [])]));
}

function padded(text: string): string {
  const plainText = text.replaceAll("-", "+").replaceAll("_", "/");
  return plainText.padEnd(Math.ceil(plainText.length / 4) * 4, "=");
}

/** Return what a request brings. */
export function opened<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
