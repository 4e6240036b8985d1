/** Saving on a phone: one operation, or a group of them, becomes one signed entry at once. */

import type { Bytes } from "../core/bytes.ts";
import { canonical } from "../core/canonical.ts";
import { MAX_ENTRY_BYTES, MAX_OPERATIONS, build, checkOperation, size } from "../core/entries.ts";
import type { Entry, Op, Operation } from "../core/entries.ts";
import { AHEAD_MS, Hlc } from "../core/ids.ts";
import { sign } from "../core/keys.ts";
import { BadEntry } from "../core/problems.ts";
import { isFilm } from "../store/counted.ts";
import type { LocalReplica, LocalStore } from "../store/local.ts";
import { StaleHead } from "../store/problems.ts";
import { moment } from "./clock.ts";
import type { PhoneClock } from "./clock.ts";
import {
  NotEnrolled,
  OneGroupAtATime,
  SignedAlone,
  TooMuchAtOnce,
  UnknownTask,
} from "./problems.ts";
import { citable } from "./seen.ts";
import type { Seen } from "./seen.ts";
import type { View } from "./view.ts";

/** An operation that is to be saved. */
export interface Saved {
  readonly type: string;
  readonly item: string;
  readonly value: unknown;
  /** What it cites; by default what a new value replaces. */
  readonly parents?: readonly string[];
  /** What was on the screen when this was begun; by default what is known when it is saved. */
  readonly seen?: Seen | undefined;
  /** The file that it cites. */
  readonly file?: { readonly sha256: string; readonly content: Uint8Array };
}

/** The group that is open: its operations as they would be saved, and as they are shown. */
interface Group {
  readonly task: string;
  readonly saved: Saved[];
  readonly drafts: Operation[];
  readonly turns: Turns;
}

/** An entry without its operations, and who signs it. */
interface Frame {
  readonly replica: LocalReplica;
  readonly entry: Entry;
}

const SIGNATURE = "signature.add";

/** Lets one piece of work after the other run, in the order of asking. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Turns operations into entries, one after the other. */
export class Saving {
  readonly #store: LocalStore;
  readonly #clock: PhoneClock;
  readonly #view: View;
  readonly #turns = new Turns();
  #isGroupOpen = false;

  constructor(store: LocalStore, clock: PhoneClock, view: View) {
    this.#store = store;
    this.#clock = clock;
    this.#view = view;
  }

  /** Return the replica in use. */
  async replica(): Promise<LocalReplica> {
    const last = (await this.#store.replicas()).at(-1);
    if (!last) throw new NotEnrolled();
    return last;
  }

  /** Save the operation that is made when its turn comes; return its item. */
  async add(task: string, make: () => Promise<Saved>): Promise<string> {
    return await this.#turns.take(async () => {
      const saved = await make();
      if (this.#isGroupOpen && saved.type === SIGNATURE) throw new SignedAlone();
      await this.#write(task, [saved]);
      return saved.item;
    });
  }

  /**
   * Save everything that `work` adds as one entry, when it ends; all or nothing.
   *
   * Until then it is shown under the ids `#0`, `#1` … by which later ones of the entry cite it.
   *
   * @throws OneGroupAtATime; TooMuchAtOnce if it does not fit into one entry, with nothing saved.
   */
  async together<T>(
    task: string,
    work: (add: (task: string, make: () => Promise<Saved>) => Promise<string>) => Promise<T>,
  ): Promise<T> {
    if (this.#isGroupOpen) throw new OneGroupAtATime();
    this.#isGroupOpen = true;
    const group: Group = { task, saved: [], drafts: [], turns: new Turns() };
    try {
      await this.#frame(task); // so that nobody fills in a page that cannot be saved
      const result = await work((of, make) => {
        if (of !== task) throw new OneGroupAtATime();
        return group.turns.take(() => this.#addTo(group, make));
      });
      if (group.saved.length > 0) {
        await this.#turns.take(() => this.#write(task, group.saved, () => this.#view.draft([])));
      }
      return result;
    } finally {
      this.#isGroupOpen = false;
      this.#view.draft([]);
    }
  }

  async #addTo(group: Group, make: () => Promise<Saved>): Promise<string> {
    const saved = await make();
    if (saved.type === SIGNATURE) throw new SignedAlone();
    const { entry } = await this.#frame(group.task);
    const index = group.saved.length;
    const op = operation(saved, await this.#cited(saved, entry, group.drafts));
    checkOperation(op, index, entry.replica, group.task);
    group.saved.push(saved);
    group.drafts.push(drafted(entry, op, index));
    this.#view.draft([...group.drafts]);
    return saved.item;
  }

  /** Save operations as one entry on the chain as it is now, and show it instead of drafts. */
  async #write(
    task: string,
    saved: readonly Saved[],
    forgetDrafts: () => void = () => undefined,
  ): Promise<void> {
    this.#store.writing.check();
    const { replica, entry } = await this.#frame(task);
    const whole = { ...entry, ops: await this.#ops(entry, saved) };
    const content = built(whole);
    const signature = await sign(replica.key, content);
    const kept: string[] = [];
    try {
      // A file is kept, read back and found whole before anything cites it.
      for (const { file, value } of saved) {
        const { mime = "" } = value as { mime?: string };
        if (!file) continue;
        kept.push(await this.#store.addBlob(file.content, replica.id, true, isFilm(mime)));
      }
      const { hlc, ops } = whole;
      await this.#store.addOwn({ replica, content, signature, hlc, task, ops }, async (hash) => {
        forgetDrafts();
        await this.#view.add(whole, hash);
      });
    } catch (error) {
      for (const sha256 of kept) await this.#store.forgetBlob(sha256).catch(() => undefined);
      if (error instanceof StaleHead) this.#view.forget();
      throw error;
    }
  }

  async #ops(entry: Entry, saved: readonly Saved[]): Promise<readonly Op[]> {
    const ops: Op[] = [];
    const drafts: Operation[] = [];
    for (const [index, one] of saved.entries()) {
      const op = operation(one, await this.#cited(one, entry, drafts));
      ops.push(op);
      drafts.push(drafted(entry, op, index));
    }
    return ops;
  }

  async #frame(task: string): Promise<Frame> {
    const keys = ["user", "device", "hlc", "server_time"];
    const [replica, form, said] = await Promise.all([
      this.replica(),
      this.#form(task),
      this.#store.getAll(keys),
    ]);
    const [user = "", device = "", hlc = "", serverTime = ""] = said;
    if (user === "") throw new NotEnrolled();
    const now = this.#clock.now();
    const known = await this.#view.lastReading(task, now + AHEAD_MS);
    const last = known > hlc ? known : hlc;
    const before = Hlc.is(last) ? Hlc.parse(last) : new Hlc(0, 0, replica.id);
    const entry: Entry = {
      v: 1,
      replica: replica.id,
      seq: replica.uptoSeq + 1,
      prev: replica.headHash,
      device,
      user,
      assignment: task,
      form,
      hlc: String(before.next(now, replica.id)),
      wall: moment(this.#clock, now),
      tz: this.#clock.tz,
      mono: this.#clock.mono(),
      boot: this.#clock.boot,
      last_server_time: serverTime,
      ops: [],
    };
    return { replica, entry };
  }

  /** Return what an operation cites: by default what was seen, in a conflict the user's own. */
  async #cited(
    saved: Saved,
    { assignment: task, user, replica }: Entry,
    drafts: readonly Operation[],
  ): Promise<readonly string[]> {
    if (saved.parents) return saved.parents;
    const now = await this.#view.item(task, saved.item, drafts);
    const { heads, conflict } = citable(now, saved.seen, replica);
    return heads.filter((head) => !conflict || head.user === user).map((head) => head.id);
  }

  /** Return the task's pinned form versions, also after the task was hidden. */
  async #form(task: string): Promise<string> {
    const document = await this.#store.document(`task/${task}`);
    const pinned = (document?.body as { readonly form_set: string } | undefined)?.form_set;
    const known = pinned ?? (await this.#view.form(task));
    if (known === "") throw new UnknownTask(task);
    return known;
  }
}

function operation(saved: Saved, parents: readonly string[]): Op {
  const { type, item, value, file } = saved;
  const op = { type, item, parents, value };
  return file ? { ...op, blob: file.sha256 } : op;
}

/** Return an operation as the view shows it until it is saved. */
function drafted(entry: Entry, op: Op, index: number): Operation {
  const { assignment, replica, seq, user, wall, hlc } = entry;
  const { type, item, parents, value, blob = "" } = op;
  const id = `#${index}`;
  const form = canonical(value);
  const of = { assignment, replica, seq, user, wall, hlc };
  return { id, item, type, parents, value, canonical: form, blob, ...of };
}

function built(entry: Entry): Bytes {
  if (entry.ops.length > MAX_OPERATIONS) throw new TooMuchAtOnce(`${MAX_OPERATIONS} 项`);
  try {
    return build(entry);
  } catch (error) {
    if (!(error instanceof BadEntry) || size(entry) <= MAX_ENTRY_BYTES) throw error;
    throw new TooMuchAtOnce(`${MAX_ENTRY_BYTES / 1024} KiB`);
  }
}
