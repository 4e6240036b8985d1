/** What the phone shows: pulled items merged with the entries that the server does not know yet. */

import { operations, parse } from "../core/entries.ts";
import type { Entry, Operation } from "../core/entries.ts";
import { Hlc } from "../core/ids.ts";
import { BadEntry } from "../core/problems.ts";
import type { Item } from "../merging/items.ts";
import { NOTHING_PULLED, foldPulled, pulledItem } from "../merging/pulled.ts";
import type { ItemBody, Pulled } from "../merging/pulled.ts";
import { assemble } from "../merging/record.ts";
import type { MergedRecord } from "../merging/record.ts";
import type { LocalDocument, LocalEntry } from "../store/local.ts";

/** What the view reads of the phone's store. */
export interface Shown {
  entriesOf(task: string): Promise<readonly LocalEntry[]>;
  documentsUnder(prefix: string): Promise<readonly LocalDocument[]>;
}

type Operations = Map<string, Operation>;

/** One task in memory: its operations by item, and each item as folded until it changes. */
class TaskView {
  readonly #local = new Map<string, Operations>();
  readonly #pulled: ReadonlyMap<string, Pulled>;
  readonly #folded = new Map<string, Item | undefined>();
  /** The whole task, until something of it changes: many ask for it after each change. */
  #record: Promise<MergedRecord> | undefined;
  form = "";

  constructor(pulled: ReadonlyMap<string, Pulled>) {
    this.#pulled = pulled;
  }

  /** Take in one entry; one that the server set aside tells its form only. */
  add(entry: Entry, hash: string, shown = true): void {
    this.form ||= entry.form;
    if (!shown) return;
    for (const op of operations(entry, hash)) {
      const known = this.#local.get(op.item) ?? new Map<string, Operation>();
      this.#local.set(op.item, known.set(op.id, op));
      this.#folded.delete(op.item);
      this.#record = undefined;
    }
  }

  /** Return one item; with drafts it is folded anew. */
  item(id: string, drafts: readonly Operation[]): Item | undefined {
    const own = drafts.filter((op) => op.item === id);
    if (own.length > 0) return this.#fold(id, own);
    if (!this.#folded.has(id)) this.#folded.set(id, this.#fold(id, []));
    return this.#folded.get(id);
  }

  /** Return the whole task; with drafts it is put together anew. */
  record(task: string, drafts: readonly Operation[]): Promise<MergedRecord> {
    if (drafts.length > 0) return this.#assembled(task, drafts);
    return (this.#record ??= this.#assembled(task, drafts));
  }

  /** Return the last reading up to a moment, "" without any. */
  lastReading(mostMs: number): string {
    let last = "";
    const take = ({ hlc }: Operation): void => {
      if (hlc > last && Hlc.parse(hlc).unixMs <= mostMs) last = hlc;
    };
    for (const { heads } of this.#pulled.values()) heads.forEach(take);
    for (const ops of this.#local.values()) ops.forEach(take);
    return last;
  }

  async #assembled(task: string, drafts: readonly Operation[]): Promise<MergedRecord> {
    const ids = new Set([...this.#pulled.keys(), ...this.#local.keys()]);
    for (const op of drafts) ids.add(op.item);
    const known = new Map(drafts.map((op) => [op.id, op]));
    const items: Item[] = [];
    for (const id of ids) {
      for (const op of this.#pulled.get(id)?.heads ?? []) known.set(op.id, op);
      for (const op of this.#local.get(id)?.values() ?? []) known.set(op.id, op);
      const item = this.item(id, drafts);
      if (item) items.push(item);
    }
    return await assemble(task, items, known);
  }

  #fold(id: string, drafts: readonly Operation[]): Item | undefined {
    const local = [...(this.#local.get(id)?.values() ?? []), ...drafts];
    return foldPulled(this.#pulled.get(id) ?? NOTHING_PULLED, local);
  }
}

/** The tasks that were looked at, in memory, so that one item is folded quickly. */
export class View {
  readonly #store: Shown;
  readonly #tasks = new Map<string, Promise<TaskView>>();
  #drafts: readonly Operation[] = [];

  constructor(store: Shown) {
    this.#store = store;
  }

  /** Read a task again when it is next looked at; without a task all of them. */
  forget(task = ""): void {
    if (task === "") this.#tasks.clear();
    else this.#tasks.delete(task);
  }

  /** Take in an entry that was saved here. */
  async add(entry: Entry, hash: string): Promise<void> {
    try {
      (await this.#tasks.get(entry.assignment))?.add(entry, hash);
    } catch {
      this.forget(entry.assignment); // it was not read; it is saved all the same
    }
  }

  /** Show these operations of the open group, under the ids by which its own entry cites them. */
  draft(drafts: readonly Operation[]): void {
    this.#drafts = drafts;
  }

  /** Return the form set that entries of this task carry, empty when there is none. */
  async form(task: string): Promise<string> {
    return (await this.#task(task)).form;
  }

  /** Return the last reading of a task's operations up to a moment, "" without any. */
  async lastReading(task: string, mostMs: number): Promise<string> {
    return (await this.#task(task)).lastReading(mostMs);
  }

  /**
   * Return one item, undefined when nothing is known of it.
   *
   * @param drafts Of a group that is not saved; by default of the open one.
   */
  async item(task: string, item: string, drafts = this.#drafts): Promise<Item | undefined> {
    return (await this.#task(task)).item(item, ofTask(drafts, task));
  }

  /** Return the whole task. */
  async record(task: string, drafts = this.#drafts): Promise<MergedRecord> {
    return await (await this.#task(task)).record(task, ofTask(drafts, task));
  }

  #task(task: string): Promise<TaskView> {
    const known = this.#tasks.get(task);
    if (known) return known;
    const loading = this.#load(task);
    this.#tasks.set(task, loading);
    loading.catch(() => {
      if (this.#tasks.get(task) === loading) this.#tasks.delete(task);
    });
    return loading;
  }

  async #load(task: string): Promise<TaskView> {
    const prefix = `item/${task}/`;
    const [documents, entries] = await Promise.all([
      this.#store.documentsUnder(prefix),
      this.#store.entriesOf(task),
    ]);
    const bodies = documents.map((one) => one.body as ItemBody);
    const view = new TaskView(new Map(bodies.map((body) => [body.item, pulledItem(body, task)])));
    for (const row of entries) {
      const entry = readable(row.content);
      if (entry) view.add(entry, row.hash, row.effect !== "quarantined");
    }
    return view;
  }
}

function ofTask(drafts: readonly Operation[], task: string): readonly Operation[] {
  return drafts.filter((op) => op.assignment === task);
}

/** Return an entry; null for one of another program, which must not close the phone. */
function readable(content: Uint8Array): Entry | null {
  try {
    return parse(content);
  } catch (error) {
    if (error instanceof BadEntry) return null;
    throw error;
  }
}
