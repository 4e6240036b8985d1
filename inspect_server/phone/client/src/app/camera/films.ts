/**
 * A film that is being made lies sealed on the phone, piece by piece as the browser gives them.
 *
 * So a page that the system kills loses its last second and no more: the pieces one after the
 * other are the film up to there. Once it is whole it is kept like a photo, and its pieces go.
 */

import { fromUtf8 } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import type { LocalStore } from "../../store/local.ts";
import { FILMING } from "../session/state.ts";
import { room } from "../session/storage.ts";
import { MOST_SECONDS, expectedBytes } from "./device/recording.ts";
import type { Shot } from "./shots.ts";

/** What is known of a film when it begins. */
export type Begun = Pick<Shot, "mime" | "taken" | "place">;

/** What is there of a film that did not come to its end. */
export interface Torn {
  readonly film: KeptFilm;
  readonly begun: Begun;
  readonly content: Blob;
}

const PIECE = "film-piece:";
const DIGITS = 5;
/** Pieces and, for a moment, the whole beside them; and what is saved meanwhile. */
const ROOM = 3 * expectedBytes(MOST_SECONDS);

/** The pieces of one film. */
export class KeptFilm {
  readonly id: string;
  readonly #store: LocalStore;
  readonly #head: string;
  #count = 0;
  #isKept = true;
  /** One write after the other. */
  #last: Promise<void> = Promise.resolve();

  /**
   * @param place Names the item or finding that it is taken for.
   */
  constructor(store: LocalStore, place: string, id: string = crypto.randomUUID()) {
    this.#store = store;
    this.id = id;
    this.#head = FILMING + place + id;
  }

  /** A film begins; where there is little room its pieces are not kept. */
  begin(begun: Begun): void {
    this.#then(async () => {
      const { used, quota } = await room();
      if (quota > 0 && quota - used < ROOM) this.#isKept = false;
      else await this.#store.putDraft(this.#head, JSON.stringify(begun));
    });
  }

  /** Keep the next piece. */
  add(piece: Blob): void {
    if (piece.size === 0) return;
    const number = (this.#count += 1);
    this.#then(async () => {
      const content = new Uint8Array(await piece.arrayBuffer());
      await this.#store.putDraft(this.#piece(number), content);
    });
  }

  /** The film is kept as a whole, or let go. */
  async forget(): Promise<void> {
    this.#isKept = false;
    await this.#last;
    await this.#remove();
  }

  /** Resolves when everything is written that can be. */
  get written(): Promise<void> {
    return this.#last;
  }

  /** Return what is there of it, undefined where that is nothing that could be shown. */
  async torn(): Promise<Torn | undefined> {
    const begun = await this.#store.draftBytes(this.#head);
    if (begun.length === 0) return undefined;
    const pieces: Bytes[] = [];
    for (;;) {
      const piece = await this.#store.draftBytes(this.#piece(pieces.length + 1));
      if (piece.length === 0) break; // the film ends there, or cannot be read on
      pieces.push(piece);
    }
    if (pieces.length === 0) return undefined;
    const said = JSON.parse(fromUtf8(begun)) as Begun;
    return { film: this, begun: said, content: new Blob(pieces, { type: said.mime }) };
  }

  #piece(number: number): string {
    return `${PIECE}${this.id}:${String(number).padStart(DIGITS, "0")}`;
  }

  /** What cannot be kept takes no room from the film itself, which is still in memory. */
  #then(work: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (!this.#isKept) return;
      try {
        await work();
      } catch {
        this.#isKept = false;
        await this.#remove().catch(() => undefined);
      }
    });
  }

  async #remove(): Promise<void> {
    const own = `${PIECE}${this.id}:`;
    // Its pieces before its head: what is left of a removal that is cut short is still found.
    for (const name of await this.#store.drafts()) {
      if (name.startsWith(own)) await this.#store.deleteDraft(name);
    }
    await this.#store.deleteDraft(this.#head);
  }
}

/** Return the films that were begun at a place and did not come to their end. */
export async function tornFilms(store: LocalStore, place: string): Promise<readonly Torn[]> {
  const begun = FILMING + place;
  const found: Torn[] = [];
  for (const name of await store.drafts()) {
    if (!name.startsWith(begun)) continue;
    const film = new KeptFilm(store, place, name.slice(begun.length));
    const torn = await film.torn();
    if (torn) found.push(torn);
    else await film.forget(); // nothing of it came to be
  }
  return found;
}
