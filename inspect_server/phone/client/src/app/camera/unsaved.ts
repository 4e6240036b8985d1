/**
 * What was taken and is not saved yet lies sealed on the phone, from the moment of taking.
 *
 * So neither a lock nor a page that the system killed loses it: who opens the camera for the same
 * item or finding again finds it in the strip, until it is saved or let go.
 */

import { concat, fromUtf8, utf8 } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import type { LocalStore } from "../../store/local.ts";
import type { Attached } from "../checklist/attaching.ts";
import type { TaskBody } from "../reading/bodies.ts";
import { UNSAVED } from "../session/state.ts";
import { KeptFilm, tornFilms } from "./films.ts";
import type { Begun } from "./films.ts";
import { WHOSE, placeName } from "./left/places.ts";
import type { Shot } from "./shots.ts";

type Kept = Omit<Shot, "key" | "content" | "url">;

const LENGTH_BYTES = 4;

/** The shots of one opening of the camera, each under a name of its own. */
export class Unsaved {
  readonly #store: LocalStore;
  readonly #whose: string;
  readonly #task: string;
  readonly #place: string;
  #isNoted = false;
  readonly #names = new Map<number, string>();
  /** Names of what was taken since the opening: that does not come back, it is here. */
  readonly #fresh = new Set<string>();
  /** One write after the other, so that what is let go does not come back. */
  #last: Promise<void> = Promise.resolve();

  constructor(store: LocalStore, task: string, { item, finding, row }: Attached) {
    this.#store = store;
    this.#whose = task;
    this.#task = placeName({ task, item, finding, ...(row && { row }) });
    this.#place = UNSAVED + this.#task;
  }

  /**
   * Keep a shot as it is now; where that fails it stays in the strip as long as this is open.
   *
   * @returns Whether it is kept.
   */
  async keep(shot: Shot): Promise<boolean> {
    const name = this.#names.get(shot.key) ?? this.#newName();
    this.#names.set(shot.key, name);
    return await this.#then(async () => {
      await this.#store.putDraft(name, await packed(shot));
      await this.#noteWhose();
    });
  }

  /** Begin to keep a film while it is being made. */
  film(begun: Begun): KeptFilm {
    const film = new KeptFilm(this.#store, this.#task);
    this.#fresh.add(this.#place + film.id);
    film.begin(begun);
    void this.#then(() => this.#noteWhose());
    return film;
  }

  /** Keep a film that is whole; only then its pieces go. */
  async keepFilm(shot: Shot, film: KeptFilm): Promise<void> {
    this.#names.set(shot.key, this.#place + film.id);
    if (await this.keep(shot)) await film.forget().catch(() => undefined);
  }

  /** Return what is there of a film that broke off, undefined where nothing was kept of it. */
  async rest(film: KeptFilm, make: (content: Blob, kept: Kept) => Shot): Promise<Shot | undefined> {
    await film.written;
    const torn = await film.torn();
    return torn && make(torn.content, { ...torn.begun, isOld: false, marks: [] });
  }

  /** A shot was saved or let go. */
  async forget(shot: Shot): Promise<void> {
    const name = this.#names.get(shot.key);
    if (name === undefined) return;
    this.#names.delete(shot.key);
    await this.#then(() => this.#store.deleteDraft(name));
  }

  /**
   * Return what was taken before the opening and neither saved nor let go, in the order of taking.
   *
   * Whoever is quick takes the next one while this reads: that is in the strip already.
   */
  async restored(make: (content: Blob, kept: Kept) => Shot): Promise<readonly Shot[]> {
    await this.#join(make);
    const names = (await this.#store.drafts()).filter(
      (name) => name.startsWith(this.#place) && !this.#fresh.has(name),
    );
    const shots: Shot[] = [];
    for (const name of names) {
      const content = await this.#store.draftBytes(name);
      if (content.length === 0) continue; // damaged: there is nothing to show of it
      const shot = unpacked(content, make);
      this.#names.set(shot.key, name);
      shots.push(shot);
    }
    return shots.sort((one, other) => (one.taken < other.taken ? -1 : 1));
  }

  /** Let what is there of films that were torn off be shots like others. */
  async #join(make: (content: Blob, kept: Kept) => Shot): Promise<void> {
    const whole = new Set(await this.#store.drafts());
    for (const { film, begun, content } of await tornFilms(this.#store, this.#task)) {
      if (this.#fresh.has(this.#place + film.id)) continue; // it is being made
      if (whole.has(this.#place + film.id)) await film.forget(); // its pieces were about to go
      else await this.keepFilm(make(content, { ...begun, isOld: false, marks: [] }), film);
    }
  }

  /** A task may leave the phone before this is saved: whose it was is told all the same. */
  async #noteWhose(): Promise<void> {
    if (this.#isNoted) return;
    this.#isNoted = true;
    const body = (await this.#store.document(`task/${this.#whose}`))?.body as TaskBody | undefined;
    const enterprise = body?.scheme?.enterprise ?? "";
    if (enterprise) await this.#store.putDraft(WHOSE + this.#whose, enterprise);
  }

  #newName(): string {
    const name = this.#place + crypto.randomUUID();
    this.#fresh.add(name);
    return name;
  }

  #then(work: () => Promise<void>): Promise<boolean> {
    const done = this.#last.then(work).then(
      () => true,
      () => false,
    );
    this.#last = done.then(() => undefined);
    return done;
  }
}

async function packed({ key: _, url: __, content, ...kept }: Shot): Promise<Bytes> {
  const said = utf8(JSON.stringify(kept));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, said.length);
  return concat(length, said, new Uint8Array(await content.arrayBuffer()));
}

function unpacked(content: Bytes, make: (content: Blob, kept: Kept) => Shot): Shot {
  const end = LENGTH_BYTES + new DataView(content.buffer, content.byteOffset).getUint32(0);
  const kept = JSON.parse(fromUtf8(content.subarray(LENGTH_BYTES, end))) as Kept;
  return make(new Blob([content.slice(end)], { type: kept.mime }), kept);
}
