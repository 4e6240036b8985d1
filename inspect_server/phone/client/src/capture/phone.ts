/** One inspector's phone: every save is one signed entry in one durable transaction. */

import { base64 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { parse } from "../core/entries.ts";
import { verifyReceipt } from "../core/receipts.ts";
import type { Receipt } from "../core/receipts.ts";
import type { Item } from "../merging/items.ts";
import type { MergedRecord } from "../merging/record.ts";
import { pinnedKeys } from "../store/leaving/covering.ts";
import type { LocalEntry, LocalStore } from "../store/local.ts";
import { tellAll } from "../store/writing.ts";
import { Capturing } from "./capturing.ts";
import type { CapturingOf, Signable } from "./capturing.ts";
import { Checklists } from "./checklists.ts";
import { browserClock } from "./clock.ts";
import type { PhoneClock } from "./clock.ts";
import { exported, lookedInto, takenIn } from "./exchange.ts";
import { shownOrder } from "./orders.ts";
import { bringersOf } from "./partner/bringing.ts";
import type { Bringer } from "./partner/bringing.ts";
import { Saving } from "./saving.ts";
import { View } from "./view.ts";

export type * from "./capturing.ts";
export type { Seen } from "./seen.ts";

/** Captures like the phone, but into the group; shows what is in it. */
export class Group extends Capturing {
  readonly #of: CapturingOf;

  constructor(of: CapturingOf) {
    super(of);
    this.#of = of;
  }

  /** Return one item as it would be if the group were saved. */
  async item(task: string, item: string): Promise<Item | undefined> {
    return await this.#of.item(task, item);
  }
}

/**
 * The phone of one account, while it is unlocked.
 *
 * Everything works without a network, once there is a user and a task. One window of an account
 * writes; what it saves, the others show.
 */
export class Phone extends Capturing {
  readonly store: LocalStore;
  readonly #of: CapturingOf;
  readonly #view: View;
  readonly #saving: Saving;
  readonly #leave: () => void;
  #user = "";
  readonly #called: { label: string };
  readonly #listeners = new Set<(task: string, item: string) => void>();
  readonly #documents = new Map<string, Promise<readonly unknown[]>>();

  /** @param label How this phone is called on photos. */
  constructor(store: LocalStore, label = "", clock: PhoneClock = browserClock) {
    const called = { label };
    const view = new View(store);
    const saving = new Saving(store, clock, view);
    const of: CapturingOf = {
      clock,
      checklists: new Checklists(store),
      get label() {
        return called.label;
      },
      replica: async () => (await saving.replica()).id,
      item: (task, item) => view.item(task, item, []), // nothing may cite what is not saved
      save: (task, make) => saving.add(task, make),
      signable: async (task, document, seen) =>
        await signable(store, seen ?? (await view.record(task, [])), document),
    };
    super(of);
    this.store = store;
    this.#of = of;
    this.#called = called;
    this.#view = view;
    this.#saving = saving;
    this.#leave = store.onChange((change, isKnown) => {
      if (!isKnown) view.forget(change.task);
      if (change.task === "") this.#documents.clear();
      const items = change.items.length > 0 ? change.items : [""];
      for (const item of items) this.#tell(change.task, item);
    });
  }

  /** Call this phone otherwise on photos that are taken from now on. */
  rename(label: string): void {
    this.#called.label = label;
  }

  /** Lock the phone: its key is forgotten, and another window may write. */
  close(): void {
    this.#leave();
    this.#listeners.clear();
    this.store.close();
  }

  /**
   * Be told when what is shown of an item may have changed, by whichever window or a sync; an empty
   * item stands for the whole task, an empty task for everything. Return what ends it.
   */
  onChange(listener: (task: string, item: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // --- reading --------------------------------------------------------------------------------

  /** Return the user's id, empty before enrolment. */
  async user(): Promise<string> {
    return (this.#user ||= await this.store.get("user")); // who enrolled stays who it is
  }

  /** Return the id of the replica in use. */
  async replica(): Promise<string> {
    return await this.#of.replica();
  }

  /** Return the bodies of the pulled documents of a kind: task, form, law …, sorted by id. */
  async documents<T = unknown>(kind: string): Promise<readonly T[]> {
    const known = this.#documents.get(kind) ?? this.#bodies(kind);
    this.#documents.set(kind, known);
    return (await known) as readonly T[];
  }

  /** Return the tasks in view. */
  async tasks<T = unknown>(): Promise<readonly T[]> {
    return await this.documents<T>("task");
  }

  /** Read ahead what every page begins with: the tasks, their enterprises, what was captured. */
  async readAhead(): Promise<void> {
    const [tasks] = await Promise.all([
      this.tasks<{ readonly id: string }>(),
      this.documents("enterprise"),
    ]);
    await Promise.all(tasks.map(({ id }) => this.#view.item(id, "")));
  }

  /** Return one task as this phone sees it: its own, its partner's and the pulled answers. */
  async record(task: string): Promise<MergedRecord> {
    return await this.#view.record(task);
  }

  /** Return one item as this phone sees it, undefined when nothing is known of it. */
  async item(task: string, item: string): Promise<Item | undefined> {
    return await this.#view.item(task, item);
  }

  /** Return every entry on the phone with what the server made of it. */
  async entries(): Promise<readonly LocalEntry[]> {
    return await this.store.entries();
  }

  /** Return the hashes of entries whose bytes changed on the phone; all else goes on. */
  async damaged(): Promise<readonly string[]> {
    return (await this.store.damaged()).map((row) => row.hash);
  }

  /**
   * Return every receipt held, verified again under the pinned keys.
   *
   * @throws BadReceipt if one does not verify.
   */
  async verifiedReceipts(): Promise<readonly Receipt[]> {
    const keys = await pinnedKeys(this.store);
    const replies = (await this.store.receipts()).map(({ content, signature, kid }) => ({
      receipt_b64: base64(content),
      sig_b64: base64(signature),
      kid,
    }));
    return await Promise.all(replies.map((reply) => verifyReceipt(reply, keys)));
  }

  /** Return a photo's bytes, empty when it is not on this phone. */
  async photo(sha256: string): Promise<Bytes> {
    return await this.store.blob(sha256);
  }

  // --- capturing ------------------------------------------------------------------------------

  /**
   * Save what `work` captures into its group as one entry when it ends: a page, a finding with its
   * photos. If it fails, or the phone dies in it, nothing of it was saved.
   *
   * @throws OneGroupAtATime while another group is open, or when something of another task comes.
   * @throws SignedAlone when something is signed in it.
   * @throws TooMuchAtOnce at its end, if it does not fit into one entry; nothing was saved.
   */
  async together<T>(task: string, work: (group: Group) => Promise<T>): Promise<T> {
    return await this.#saving.together(task, (add) =>
      work(new Group({ ...this.#of, save: add, item: (of, item) => this.#view.item(of, item) })),
    );
  }

  /**
   * Return the digest of the order as this phone shows it, under the inspection's number.
   *
   * @throws NothingOrdered; UnknownTask.
   */
  async orderView(task: string): Promise<string> {
    return await shownOrder(this.store, await this.record(task));
  }

  // --- from phone to phone --------------------------------------------------------------------

  /** Return a file with the entries of one task, for the partner; without photos. */
  async exportEntries(task: string): Promise<Bytes> {
    return await exported(this.store, task);
  }

  /**
   * Return whose phones speak in a partner's file, so that officers compare their codes first.
   *
   * @throws EmptyFile or OwnFile if no other phone speaks in it.
   * @throws BadFile, RefusedFile as `takeIn` would.
   */
  async lookInto(content: Uint8Array): Promise<readonly Bringer[]> {
    return await lookedInto(this.store, content);
  }

  /** Return the other phones of which entries lie here that no server has, with how many. */
  async partners(): Promise<readonly Bringer[]> {
    const keys = await this.store.keys();
    const own = new Set((await this.store.replicas()).map((replica) => replica.id));
    const rows = await this.store.entries();
    const theirs = rows.filter((row) => row.ackedEpoch === "" && !own.has(row.replica));
    return bringersOf(theirs.map((row) => parse(row.content)), keys);
  }

  /** Forget what no server has of another phone's entries; return how many; never own ones. */
  async dropPartner(replica: string): Promise<number> {
    return await this.store.dropPartner(replica);
  }

  /**
   * Take in a partner's file; return how many entries were new.
   *
   * @throws BadFile if it is damaged, or an entry's signature does not hold; nothing was taken in.
   * @throws RefusedFile if an entry cannot come from whom it names; nothing was taken in.
   */
  async takeIn(content: Uint8Array): Promise<number> {
    return await takenIn(this.store, content);
  }

  async #bodies(kind: string): Promise<readonly unknown[]> {
    try {
      return (await this.store.documents(kind)).map((document) => document.body);
    } catch (error) {
      this.#documents.delete(kind);
      throw error;
    }
  }

  #tell(task: string, item: string): void {
    tellAll(this.#listeners, (listener) => listener(task, item));
  }
}

async function signable(
  store: LocalStore,
  record: MergedRecord,
  document: "record" | "order",
): Promise<Signable> {
  const officer = await store.get("officer");
  return document === "order"
    ? { view: await shownOrder(store, record), parents: record.ordered, officer }
    : { view: record.view, parents: record.live, officer };
}
