/** A checklist on the page: each of its items redraws only when something of it changed. */

import { shallowRef } from "vue";
import type { ShallowRef } from "vue";
import type { Form } from "../../forms/body.ts";
import type { Seen } from "../../capture/seen.ts";
import type { Item as Merged } from "../../merging/items.ts";
import { afterShown } from "../parts/painting.ts";
import { AnswerQueue } from "./answering.ts";
import { ChecklistState, isOpen, isSameRow, progressOf } from "./filling-state.ts";
import type { Row } from "./filling-state.ts";
import { flattened, sectionsOf } from "./structure.ts";
import type { Progress, SectionNode, Wanted } from "./structure.ts";
import { hasTables, tableRows } from "./fields/tables.ts";
import type { Tables } from "./fields/tables.ts";
import { inTurn } from "./visit.ts";
import type { Visit } from "./visit.ts";

/** The whole checklist among the sections of which progress is told. */
export const WHOLE = "";

export class Sheet {
  readonly form: Form;
  readonly state: ChecklistState;
  readonly queue: AnswerQueue;
  readonly sections: readonly SectionNode[];
  readonly visible: ShallowRef<ReadonlySet<string>> = shallowRef(new Set<string>());
  readonly open: ShallowRef<ReadonlySet<string>> = shallowRef(new Set<string>());
  readonly tables: ShallowRef<Tables> = shallowRef(new Map());
  readonly #rows = new Map<string, ShallowRef<Row>>();
  readonly #progress = new Map<string, ShallowRef<Progress>>();
  readonly #parts: readonly SectionNode[];
  readonly #day: string;
  readonly #hasTables: boolean;

  constructor(form: Form, visit: Visit) {
    this.form = form;
    this.state = new ChecklistState(form, visit.day, visit.user);
    this.sections = sectionsOf(form.sections);
    this.#parts = flattened(this.sections);
    this.#day = visit.day;
    this.#hasTables = hasTables(form);
    this.queue = new AnswerQueue(this.state, {
      painted: afterShown,
      changed: () => this.apply(),
      save: (code, answer, seen) => saveAnswer(visit, this.state, code, answer, seen),
    });
    this.state.load(visit.items);
    this.apply();
  }

  row(code: string): ShallowRef<Row> {
    return this.#rows.get(code) as ShallowRef<Row>;
  }

  progress(key: string = WHOLE): ShallowRef<Progress> {
    return this.#progress.get(key) as ShallowRef<Progress>;
  }

  /** Take in what changed in the record; all of it where no item is named. */
  take(items: ReadonlyMap<string, Merged>, changed?: readonly string[]): void {
    if (changed === undefined) this.state.load(items);
    const taken = changed?.filter((id) => this.state.take(id, items.get(id)));
    if (taken?.length !== 0) this.apply();
  }

  /**
   * Keep an item as it is on the page while somebody writes in it; return what ends that.
   *
   * What comes in meanwhile is shown after it, so that no save replaces what nobody saw.
   */
  hold(code: string): () => void {
    this.state.hold(code);
    let isHeld = true;
    return () => {
      if (isHeld && this.state.release(code)) this.apply();
      isHeld = false;
    };
  }

  /** Bring what the state says onto the page. */
  apply(): void {
    const rows = this.state.rows();
    for (const row of rows) {
      const known = this.#rows.get(row.item.code);
      if (known === undefined) this.#rows.set(row.item.code, shallowRef(row));
      else if (!isSameRow(known.value, row)) known.value = row;
    }
    renew(this.visible, rows, (row) => row.isVisible);
    renew(this.open, rows, isOpen);
    this.#count(WHOLE, progressOf(rows));
    for (const part of this.#parts) {
      this.#count(part.key, progressOf(part.codes.map((code) => this.row(code).value)));
    }
    if (this.#hasTables) {
      this.tables.value = tableRows(this.form, {
        day: this.#day,
        of: (code) => this.state.answer(code),
        photos: (code) => this.state.photoCount(code),
      });
    }
  }

  /** Return the codes of the items that a filter wants. */
  wanted(filter: Wanted): Set<string> {
    const rows = [...this.#rows.values()].map((one) => one.value);
    const wants = { all: () => true, open: isOpen, failed: (row: Row) => row.isFailed }[filter];
    return new Set(rows.filter((row) => row.isVisible && wants(row)).map((row) => row.item.code));
  }

  #count(key: string, progress: Progress): void {
    const known = this.#progress.get(key);
    if (known === undefined) this.#progress.set(key, shallowRef(progress));
    else if (!isSameProgress(known.value, progress)) known.value = progress;
  }
}

/** Return the id of an item's card on the page. */
export function idOfCard(sheet: Sheet, code: string): string {
  return `ask/${sheet.form.name}/${code}`;
}

function renew(
  known: ShallowRef<ReadonlySet<string>>,
  rows: readonly Row[],
  wants: (row: Row) => boolean,
): void {
  const codes = new Set(rows.filter(wants).map((row) => row.item.code));
  const isSame = codes.size === known.value.size && [...codes].every((one) => known.value.has(one));
  if (!isSame) known.value = codes;
}

function isSameProgress(one: Progress, other: Progress): boolean {
  return (
    one.total === other.total &&
    one.answered === other.answered &&
    one.failed === other.failed &&
    one.settled === other.settled &&
    one.open === other.open
  );
}

async function saveAnswer(
  visit: Visit,
  state: ChecklistState,
  code: string,
  answer: ReturnType<ChecklistState["answer"]>,
  seen: Seen,
): Promise<void> {
  const { phone, task } = visit;
  const item = state.itemOf(code);
  await inTurn(phone, async () => {
    if (answer === null) {
      const isThere = (await phone.item(task, item))?.live ?? false;
      if (isThere) await phone.retractAnswer(task, item, "", seen);
      return;
    }
    const { result, reason = "", note = "", given } = answer;
    const behind = given === undefined ? { reason, note } : { reason, note, given };
    await phone.answer(task, item, result, behind, seen);
  });
  const merged = await phone.item(task, item);
  if (merged) visit.items.set(item, merged);
  state.take(item, merged); // before the tap counts as saved: nothing flickers between
}
