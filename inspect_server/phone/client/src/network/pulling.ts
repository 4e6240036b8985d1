/** The way down: pages are staged and become the view at once, when the digest agrees. */

import { scopeDigest } from "../core/digests.ts";
import type { LocalDocument, LocalStore } from "../store/local.ts";
import { RemoteProblem, ViewMismatch } from "./asking/failures.ts";
import { MAX_PULL_DOCUMENTS, PATHS, isPullReply, isReadable } from "./asking/messages.ts";
import type { PullReply, PulledDocument } from "./asking/messages.ts";
import type { Patience } from "./asking/waiting.ts";
import type { Wire } from "./wire.ts";

/** Pages in a row that may bring nothing new: one round can end so, and the next begin. */
const IDLE_PAGES = 3;
/** Pages of one pull, ten million documents: a server that invents more never comes to an end. */
const MAX_PAGES = 10_000;
const GONE = 410;

/** What a pull came to. */
interface Pulled {
  readonly count: number;
  readonly agrees: boolean;
}

/** One pull, from the stored cursor to the end. */
export class Pulling {
  readonly #store: LocalStore;
  readonly #wire: Wire;
  readonly #patience: Patience;
  readonly #maxPages: number;

  constructor(store: LocalStore, wire: Wire, patience: Patience, maxPages = MAX_PAGES) {
    this.#store = store;
    this.#wire = wire;
    this.#patience = patience;
    this.#maxPages = maxPages;
  }

  /**
   * Bring the view up to date; return how many documents came.
   *
   * A cursor of another epoch, or a digest that does not agree, starts over from nothing, once; the
   * outbox is never touched.
   *
   * @throws ViewMismatch if even a fresh pull does not agree, or a document is none of its kind.
   * @throws RemoteProblem 401 asks for a login, 403 says that this replica is revoked.
   */
  async run(): Promise<number> {
    const first = await this.#unlessGone(await this.#store.get("cursor"));
    const last = first.agrees ? first : await this.#from("");
    if (!last.agrees) throw new ViewMismatch();
    return last.count;
  }

  async #unlessGone(cursor: string): Promise<Pulled> {
    try {
      return await this.#from(cursor);
    } catch (error) {
      const isGone = error instanceof RemoteProblem && error.status === GONE;
      if (!isGone) throw error;
      return { count: 0, agrees: false };
    }
  }

  async #from(start: string): Promise<Pulled> {
    await this.#store.clearStaging();
    const brought = new Set<string>();
    let [cursor, count, idle] = [start, 0, 0];
    for (let pages = 0; pages < this.#maxPages && idle <= IDLE_PAGES; pages += 1) {
      const page = await this.#page(cursor);
      if (!page.docs.every(({ deleted, kind, body }) => deleted || isReadable(kind, body))) break;
      await this.#store.stage(page.docs.map(local), page.leave);
      count += page.docs.length;
      if (!page.has_more) return { count, agrees: await this.#flip(page, start === "") };
      const known = brought.size;
      for (const { id, ver } of page.docs) brought.add(`${ver} ${id}`);
      idle = brought.size > known ? 0 : idle + 1;
      cursor = page.cursor;
    }
    throw new ViewMismatch();
  }

  #page(cursor: string): Promise<PullReply> {
    const request = { cursor, limit: MAX_PULL_DOCUMENTS };
    return this.#patience.ask(() => this.#wire.post(PATHS.pull, request, isPullReply));
  }

  /** Make what is staged the view, if that is what the server says it should be. */
  async #flip(page: PullReply, fresh: boolean): Promise<boolean> {
    const versions = await this.#store.stagedVersions({ fresh });
    if ((await scopeDigest(versions)) !== page.scope_digest) return false;
    const settings = {
      cursor: page.cursor,
      log_pos: String(page.log_pos),
      applied_upto: JSON.stringify(page.applied_upto),
    };
    await this.#store.flip({ fresh, settings });
    return true;
  }
}

function local(document: PulledDocument): readonly [LocalDocument, boolean] {
  const { id, scope, kind, ver, pos, body, deleted } = document;
  return [{ id, scope, kind, ver, pos, body }, deleted];
}
