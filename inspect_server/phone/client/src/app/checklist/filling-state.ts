/**
 * One checklist of a task: what its merged items mean, and what was tapped but is not saved yet.
 *
 * It knows neither the page nor the store. What somebody taps is proposed at once; it becomes the
 * answer when it was saved, or is withdrawn with a sentence that says why.
 */

import { ATTACHMENTS, itemsOf } from "../../forms/body.ts";
import type { Form, Item } from "../../forms/body.ts";
import { Filling } from "../../forms/filling.ts";
import type { Answer, State } from "../../forms/filling.ts";
import type { Entry } from "../../forms/judging.ts";
import { NOTHING_SEEN } from "../../capture/seen.ts";
import type { Seen } from "../../capture/seen.ts";
import type { Head, Item as Merged } from "../../merging/items.ts";
import { isAnswerable } from "./structure.ts";
import type { Progress } from "./structure.ts";

/** How far the last tap on an item has come; "failed" is withdrawn again. */
export type Saving = "" | "saving" | "failed";

/** Everything that is shown of one item. */
export interface Row {
  readonly item: Item;
  readonly isVisible: boolean;
  /** Whether it must be answered and is not. */
  readonly isMissing: boolean;
  readonly isAnswered: boolean;
  readonly isFailed: boolean;
  /** Why the value cannot stand, in Chinese. */
  readonly faults: readonly string[];
  readonly calculated: string;
  /** What was tapped last, else what stands; in a conflict what this user said. */
  readonly answer: Answer | null;
  /** What the phones said, undefined before anybody answered. */
  readonly said: Merged | undefined;
  readonly saving: Saving;
  /** Why the last tap was not saved, "" where it was. */
  readonly problem: string;
  /** Findings of the item and photos of either, in the order in which they were made. */
  readonly findings: readonly Merged[];
  readonly photos: readonly Merged[];
  /** How it is entered where that follows from other answers. */
  readonly entry: Entry | undefined;
}

const NOTHING: readonly never[] = [];

/** What was tapped, and what stood on the screen then. */
interface Proposed {
  readonly answer: Answer | null;
  readonly seen: Seen;
}

/** An item that stays as it is on the screen while somebody writes in it. */
interface Held {
  readonly said: Merged | undefined;
  /** What was saved here since; undefined for nothing. */
  saved?: Answer | null;
  /** How many fields are being written in. */
  count: number;
}

/** The answers to one checklist as one user of one phone sees them. */
export class ChecklistState {
  readonly form: Form;
  readonly items: readonly Item[];
  readonly #user: string;
  readonly #filling: Filling;
  readonly #prefix: string;
  readonly #merged = new Map<string, Merged>();
  readonly #proposed = new Map<string, Proposed>();
  readonly #held = new Map<string, Held>();
  readonly #saving = new Map<string, Saving>();
  readonly #problems = new Map<string, string>();
  readonly #byCode: ReadonlyMap<string, Item>;
  #citing: Citing | undefined;

  /**
   * @param form The version that the inspection pins.
   * @param day The local day of the visit: what closes the record works out the same day.
   * @param user Who holds this phone.
   */
  constructor(form: Form, day: string, user: string) {
    this.form = form;
    this.items = itemsOf(form.sections);
    this.#user = user;
    this.#prefix = `answer/${form.name}/`;
    this.#byCode = new Map(this.items.map((item) => [item.code, item]));
    // Nothing of what only this phone knows: the record is closed without it.
    this.#filling = new Filling(form, day);
  }

  /** Return the item of the record under which a question is answered. */
  itemOf(code: string): string {
    return this.#prefix + code;
  }

  item(code: string): Item | undefined {
    return this.#byCode.get(code);
  }

  /** Whether an item of the record is an answer to this checklist, a finding or a photo. */
  #concerns(id: string): boolean {
    return id.startsWith(this.#prefix) || id.startsWith("photo/") || id.startsWith("finding/");
  }

  /** Take in all items of the record; what did not change stays the same object. */
  load(items: ReadonlyMap<string, Merged>): void {
    const before = new Map(this.#merged);
    this.#merged.clear();
    for (const [id, merged] of items) {
      if (!this.#concerns(id)) continue;
      const known = before.get(id);
      this.#merged.set(id, known && isSame(known, merged) ? known : merged);
    }
    this.#citing = undefined;
    for (const { code } of this.items) this.#fill(code);
    this.#attachAll();
  }

  /** Take in one item of the record; return whether anything is another now. */
  take(id: string, merged: Merged | null | undefined): boolean {
    if (!this.#concerns(id) || this.#merged.get(id) === (merged ?? undefined)) return false;
    if (merged) this.#merged.set(id, merged);
    else this.#merged.delete(id);
    if (id.startsWith(this.#prefix)) {
      this.#fill(id.slice(this.#prefix.length));
    } else {
      this.#citing = undefined;
      this.#attachAll();
    }
    return true;
  }

  /** Show what was tapped, null for taking an answer back, before it is saved. */
  propose(code: string, answer: Answer | null): void {
    this.#proposed.set(code, { answer, seen: this.seen(code) });
    this.#saving.set(code, "saving");
    this.#problems.delete(code);
    this.#fill(code);
  }

  /** It was saved: what the record says of it now counts. */
  saved(code: string): void {
    const [proposed, held] = [this.#proposed.get(code), this.#held.get(code)];
    if (proposed && held) held.saved = proposed.answer;
    this.#proposed.delete(code);
    this.#saving.delete(code);
    this.#fill(code);
  }

  /** It was not saved: what stood before stands again. */
  withdraw(code: string, problem: string): void {
    this.#proposed.delete(code);
    this.#saving.set(code, "failed");
    this.#problems.set(code, problem);
    this.#fill(code);
  }

  /** Somebody begins to write in an item: until `release` it stays as it is on the screen. */
  hold(code: string): void {
    const held = this.#held.get(code) ?? { said: this.#said(code), count: 0 };
    held.count += 1;
    this.#held.set(code, held);
  }

  /** Nobody writes any more in one of its fields; return whether what came in shows now. */
  release(code: string): boolean {
    const held = this.#held.get(code);
    if (held === undefined) return false;
    held.count -= 1;
    if (held.count > 0) return false;
    this.#held.delete(code);
    this.#fill(code);
    return true;
  }

  /** Return what was on the screen when what is being written was begun. */
  seen(code: string): Seen {
    return this.#proposed.get(code)?.seen ?? this.#said(code) ?? NOTHING_SEEN;
  }

  /** Return what stands or is proposed, as conditions see it; null for none. */
  answer(code: string): Answer | null {
    const { answer } = this.#proposed.get(code) ?? { answer: this.#held.get(code)?.saved };
    if (answer !== undefined) return answer;
    return (this.#said(code)?.value ?? null) as Answer | null;
  }

  /** Return how an item, or the column of a table's rows, is entered now. */
  entry(code: string, ...rows: readonly number[]): Entry | undefined {
    return this.#filling.entry(code, ...rows);
  }

  photoCount(code: string): number {
    return this.#citations().photos.get(code)?.length ?? 0;
  }

  /** Return what follows from all answers. */
  state(): State {
    return this.#filling.state();
  }

  /** Return every item as it is shown now, in the order of the paper. */
  rows(): Row[] {
    const state = this.state();
    const visible = new Set(state.visible);
    const missing = new Set(state.missing);
    const failed = new Set(state.failed);
    const faults = new Map<string, string[]>();
    for (const { code, row, reason } of state.wrong) {
      const said = row === 0 ? reason : `第${row}行${reason}`;
      faults.set(code, [...(faults.get(code) ?? []), said]);
    }
    const { findings, photos } = this.#citations();
    return this.items.map((item) => {
      const { code } = item;
      return {
        item,
        isVisible: visible.has(code),
        isMissing: missing.has(code),
        isAnswered: this.#isAnswered(item, photos.get(code)?.length ?? 0),
        isFailed: failed.has(code),
        faults: faults.get(code) ?? NOTHING,
        calculated: state.calculated.get(code) ?? "",
        answer: this.#shown(code),
        said: this.#said(code),
        saving: this.#saving.get(code) ?? "",
        problem: this.#problems.get(code) ?? "",
        findings: findings.get(code) ?? NOTHING,
        photos: photos.get(code) ?? NOTHING,
        entry: followsOthers(item) ? this.#filling.entry(code) : undefined,
      };
    });
  }

  #fill(code: string): void {
    this.#filling.answer(code, this.answer(code));
    const item = this.#byCode.get(code);
    if (item !== undefined && ATTACHMENTS.has(item.kind)) {
      this.#filling.attach(code, this.photoCount(code));
    }
  }

  #attachAll(): void {
    for (const { code, kind } of this.items) {
      if (ATTACHMENTS.has(kind)) this.#filling.attach(code, this.photoCount(code));
    }
  }

  #shown(code: string): Answer | null {
    const { answer } = this.#proposed.get(code) ?? { answer: this.#held.get(code)?.saved };
    if (answer !== undefined) return answer;
    const said = this.#said(code);
    if (said === undefined) return null;
    if (!said.conflict) return said.value as Answer | null;
    const own = said.heads.filter((head) => head.user === this.#user).at(-1);
    return (own?.value ?? null) as Answer | null;
  }

  /** What the phones said, as it is on the screen. */
  #said(code: string): Merged | undefined {
    const held = this.#held.get(code);
    return held ? held.said : this.#merged.get(this.itemOf(code));
  }

  #isAnswered(item: Item, photos: number): boolean {
    if (!isAnswerable(item)) return false;
    if (ATTACHMENTS.has(item.kind) && photos > 0) return true;
    const answer = this.answer(item.code);
    if (answer === null) return false;
    if (item.kind === "check") return answer.result !== "given";
    return answer.result !== "given" || !saysNothing(answer.given);
  }

  #citations(): Citing {
    this.#citing ??= citingOf(this.#merged, this.#prefix);
    return this.#citing;
  }
}

/** Findings and photos by the code of the item that they cite. */
interface Citing {
  readonly findings: ReadonlyMap<string, readonly Merged[]>;
  readonly photos: ReadonlyMap<string, readonly Merged[]>;
}

/** A photo of a finding cites what its finding cites. */
function citingOf(merged: ReadonlyMap<string, Merged>, prefix: string): Citing {
  const findings = new Map<string, Merged[]>();
  const photos = new Map<string, Merged[]>();
  for (const [id, item] of merged) {
    if (!item.live) continue;
    const isPhoto = id.startsWith("photo/");
    if (!isPhoto && !id.startsWith("finding/")) continue;
    const value = valueOf(item);
    const finding = isPhoto ? merged.get(text(value, "finding")) : undefined;
    const around = finding ? text(valueOf(finding), "answer_item") : "";
    const cited = around || text(value, "answer_item");
    if (!cited.startsWith(prefix)) continue;
    const code = cited.slice(prefix.length);
    const into = isPhoto ? photos : findings;
    if (isPhoto && item.value === null) continue; // in dispute: no document counts it
    into.set(code, [...(into.get(code) ?? []), item].sort(byTime));
  }
  return { findings, photos };
}

/** Return the value that stands, in a conflict one of those that do. */
export function valueOf(item: Merged): Readonly<Record<string, unknown>> {
  const value = item.value ?? item.heads.find((head) => head.value !== null)?.value ?? {};
  return value as Readonly<Record<string, unknown>>;
}

function text(value: Readonly<Record<string, unknown>>, key: string): string {
  const found = value[key];
  return typeof found === "string" ? found : "";
}

function byTime(one: Merged, other: Merged): number {
  const [left, right] = [one.heads[0]?.hlc ?? "", other.heads[0]?.hlc ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** Whether what was sent is no answer at all: nothing, or a text of blanks. */
export function saysNothing(given: unknown): boolean {
  if (given === null || given === undefined) return true;
  if (typeof given === "string") return given.trim() === "";
  return Array.isArray(given) && given.length === 0;
}

/** Whether how an item is entered follows from what else was answered. */
export function followsOthers(item: Item): boolean {
  return Boolean(item.read_only ?? item.default ?? item.count ?? item.choice_filter);
}

/** Return how far some items are filled in. */
export function progressOf(rows: Iterable<Row>): Progress {
  let [total, answered, failed, settled, open] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    if (!row.isVisible) continue;
    if (isAnswerable(row.item)) total += 1;
    if (row.isAnswered) answered += 1;
    if (row.isFailed) failed += 1;
    if (isOpen(row)) open += 1;
    else if (row.isAnswered) settled += 1;
  }
  return { total, answered, failed, settled, open };
}

/** Whether an item still needs somebody before the record can be closed. */
export function isOpen(row: Row): boolean {
  if (!row.isVisible) return false;
  return row.isMissing || row.faults.length > 0 || Boolean(row.said?.conflict) || lacks(row) !== "";
}

/** Return what a failure lacks as evidence, in Chinese, "" where it is whole. */
export function lacks(row: Row): string {
  if (!row.isFailed) return "";
  if (row.findings.length === 0) return "待填写问题描述";
  const short = (row.item.photos_on_failure ?? 0) - row.photos.length;
  return short > 0 ? `还差${short}张照片` : "";
}

/** Whether two rows look the same. */
export function isSameRow(one: Row, other: Row): boolean {
  for (const key in one) {
    const name = key as keyof Row;
    if (one[name] !== other[name] && !isSameShown(one[name], other[name])) return false;
  }
  return true;
}

function isSameShown(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((part, index) => Object.is(part, other[index]));
  }
  return isEntry(one) && isEntry(other) && JSON.stringify(one) === JSON.stringify(other);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && "prefilled" in value;
}

/** Whether two foldings of one item hold the same. */
function isSame(one: Merged, other: Merged): boolean {
  const ids = (heads: readonly Head[]): string => heads.map((head) => head.id).join();
  return one.conflict === other.conflict && ids(one.heads) === ids(other.heads);
}
