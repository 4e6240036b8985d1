/** What is still to be delivered, and how far a sync has come with it. */

import type { EntryPlace, LocalStore } from "../store/local.ts";

export interface Amount {
  readonly sent: number;
  readonly total: number;
}

/** Saves, photos, films, and the bytes of these, that are being delivered or wait for it. */
export interface Amounts {
  readonly entries: Amount;
  readonly bytes: Amount;
  readonly photos: Amount;
  readonly films: Amount;
}

/**
 * What this phone holds and the server, as far as the phone knows, does not.
 *
 * A partner's entries count, as this phone carries them; a partner's photos do not: they are who
 * took them to deliver, and this phone brings them along where it can.
 */
export interface Outstanding {
  readonly entries: number;
  /** Bytes by hash, of films as well. */
  readonly photos: ReadonlyMap<string, number>;
  /** Which of them are films. */
  readonly films: ReadonlySet<string>;
}

/** Count what is to be delivered; `places` are of all entries on the phone. */
export async function outstanding(
  store: LocalStore,
  places: readonly EntryPlace[],
): Promise<Outstanding> {
  const epoch = await store.get("epoch");
  const left = places.filter(({ ackedEpoch }) => ackedEpoch === "" || ackedEpoch !== epoch);
  const own = new Set((await store.replicas()).map(({ id }) => id));
  const cited = new Set(left.flatMap(({ replica, blobs }) => (own.has(replica) ? blobs : [])));
  for (const id of own) {
    for (const name of await new LackedPhotos(store, id).names()) cited.add(name);
  }
  const here = await store.files(cited);
  const photos = new Map([...here].map(([name, { size }]) => [name, size]));
  const films = new Set([...here].flatMap(([name, { film }]) => (film ? [name] : [])));
  return { entries: left.length, photos, films };
}

/** The photos of one replica that the server lacked when it last spoke of them. */
export class LackedPhotos {
  readonly #store: LocalStore;
  readonly #key: string;
  #written: Promise<void> = Promise.resolve();

  constructor(store: LocalStore, replica: string) {
    this.#store = store;
    this.#key = `photos_lacked:${replica}`;
  }

  /** Return their hashes. */
  async names(): Promise<readonly string[]> {
    const said = await this.#store.get(this.#key);
    return said === "" ? [] : (JSON.parse(said) as string[]);
  }

  /** The server has said what it lacks. */
  set(names: Iterable<string>): Promise<void> {
    return this.#change(() => [...new Set(names)].sort());
  }

  /** The server has it now. */
  delete(name: string): Promise<void> {
    return this.#change((names) => names.filter((one) => one !== name));
  }

  #change(change: (names: readonly string[]) => readonly string[]): Promise<void> {
    const write = async (): Promise<void> => {
      const before = await this.names();
      const after = JSON.stringify(change(before));
      if (after !== JSON.stringify(before)) await this.#store.put({ [this.#key]: after });
    };
    this.#written = this.#written.then(write, write); // one after the other
    return this.#written;
  }
}

/** Counts as a sync goes on. */
export class Progress {
  readonly #tell: (amounts: Amounts) => void;
  #entries: Amount = { sent: 0, total: 0 };
  readonly #sizes = new Map<string, number>();
  readonly #sent = new Map<string, number>();
  readonly #there = new Set<string>();
  readonly #films = new Set<string>();

  constructor(tell: (amounts: Amounts) => void) {
    this.#tell = tell;
  }

  /** What there is to deliver is known, or known better: each of its replicas begins anew. */
  begin({ entries, photos, films }: Outstanding): void {
    const { sent } = this.#entries;
    this.#entries = { sent, total: sent + entries };
    for (const [name, size] of photos) this.#sizes.set(name, size);
    for (const name of films) this.#films.add(name);
    this.#report();
  }

  /** So many entries are with the server. */
  delivered(count: number): void {
    const sent = this.#entries.sent + count;
    this.#entries = { sent, total: Math.max(sent, this.#entries.total) };
    this.#report();
  }

  /** So many bytes of a photo are with the server. */
  photoAt(name: string, offset: number): void {
    this.#sent.set(name, offset);
    this.#report();
  }

  /** A photo is with the server. */
  photoThere(name: string): void {
    this.#there.add(name);
    this.photoAt(name, this.#sizes.get(name) ?? 0);
  }

  #report(): void {
    this.#tell({
      entries: this.#entries,
      bytes: { sent: sum(this.#sent.values()), total: sum(this.#sizes.values()) },
      photos: this.#amount(false),
      films: this.#amount(true),
    });
  }

  #amount(isFilm: boolean): Amount {
    const those = (names: Iterable<string>): number =>
      [...names].filter((name) => this.#films.has(name) === isFilm).length;
    return { sent: those(this.#there), total: those(this.#sizes.keys()) };
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
