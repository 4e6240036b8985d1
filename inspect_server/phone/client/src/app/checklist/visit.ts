/** What the pages of one visit have in common: whose it is, on which day, under which values. */

import { inject, shallowRef } from "vue";
import type { InjectionKey, ShallowRef } from "vue";
import type { Phone } from "../../capture/phone.ts";
import { PhoneError } from "../../core/problems.ts";
import type { Form } from "../../forms/body.ts";
import type { Item as Merged } from "../../merging/items.ts";
import { dayOf } from "../reading/arrivals.ts";
import type { TaskBody, TeamMember } from "../reading/bodies.ts";
import type { LawValue } from "../findings/drafting/deadlines.ts";
import type { Attach } from "./attaching.ts";
import { valueOf } from "./filling-state.ts";
import { NO_TASK, noForm } from "./words.ts";

/** One task on the screen, kept up with what is saved, taken in and synchronised meanwhile. */
export class Visit {
  readonly phone: Phone;
  readonly task: string;
  readonly user: string;
  /** The local day of the visit; closing works everything out for the same day. */
  readonly day: string;
  readonly isReadOnly: boolean;
  readonly forms: readonly Form[];
  readonly attach: Attach;
  /** Whether the task has other checklists by now: whoever shows these opens it anew. */
  readonly isOutdated = shallowRef(false);
  /** The record's items by id. */
  readonly items: Map<string, Merged>;
  readonly #listeners = new Set<Taken>();
  readonly #changed = new Set<string>();
  readonly #leave: () => void;
  readonly #office: ShallowRef<FromOffice>;
  #isFetching = false;
  #asks = 0;

  constructor(given: VisitFacts) {
    this.#office = shallowRef(fromOffice(given));
    this.phone = given.phone;
    this.task = given.body.id;
    this.user = given.user;
    this.day = dayOf(given.items);
    this.isReadOnly = given.isReadOnly;
    this.forms = formsOf(given.body, given.forms);
    this.attach = given.attach;
    this.items = new Map(given.items);
    this.#leave = given.phone.onChange((task, item) => {
      if (task === "" || task === this.task) void this.refresh([item]);
      if (task === "") void this.#followOffice();
    });
  }

  /** Whether whoever looks at this leads the visit: that may change with any sync. */
  get isLead(): boolean {
    return this.#office.value.lead?.user_id === this.user;
  }

  get leadName(): string {
    return this.#office.value.lead?.name ?? "";
  }

  get names(): ReadonlyMap<string, string> {
    return this.#office.value.names;
  }

  get laws(): ReadonlyMap<string, LawValue> {
    return this.#office.value.laws;
  }

  /** Hear of items that changed; undefined means that any may have. Returns how to stop. */
  onTaken(listener: Taken): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#leave();
    this.#listeners.clear();
  }

  /** Read items again; many at once, or one without a name, are all of them. */
  async refresh(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#changed.add(id);
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#changed.size > 0) await this.#fetch();
    } finally {
      this.#isFetching = false;
    }
  }

  /** Read again what the office says, once for many changes in a row. */
  async #followOffice(): Promise<void> {
    this.#asks += 1;
    if (this.#asks > 1) return;
    while (this.#asks > 0) {
      const asks = this.#asks;
      await this.#askOffice().catch(() => undefined); // asked again with the next change
      this.#asks -= asks;
    }
  }

  /** Of a task that left the phone, what the office said last stands. */
  async #askOffice(): Promise<void> {
    const [body, forms, laws] = await officeOf(this.phone, this.task);
    if (body === undefined) return;
    this.#office.value = fromOffice({ body, laws });
    const pinned = formsHere(body, forms);
    this.isOutdated.value ||= pinned.missing.length === 0 && !isSame(pinned.forms, this.forms);
  }

  async #fetch(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    if (ids.length > MANY || ids.includes("")) {
      const record = await this.phone.record(this.task);
      this.items.clear();
      for (const [id, item] of record.items) this.items.set(id, item);
      for (const listener of this.#listeners) listener(undefined);
      return;
    }
    for (const id of ids) {
      const item = await this.phone.item(this.task, id);
      if (item) this.items.set(id, item);
      else this.items.delete(id);
    }
    for (const listener of this.#listeners) listener(ids);
  }
}

/** What the office says of a visit, and may say otherwise while it goes on. */
interface FromOffice {
  readonly lead: TeamMember | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly laws: ReadonlyMap<string, LawValue>;
}

function fromOffice({ body, laws }: Pick<VisitFacts, "body" | "laws">): FromOffice {
  const people = [...body.others, ...body.team];
  return {
    lead: body.team.find((one) => one.role === "lead"),
    names: new Map(people.map((one) => [one.user_id, one.name])),
    laws: new Map(laws.map((law) => [law.id, law])),
  };
}

async function officeOf(
  phone: Phone,
  task: string,
): Promise<[TaskBody | undefined, readonly Form[], readonly LawValue[]]> {
  const [tasks, forms, laws] = await Promise.all([
    phone.tasks<TaskBody>(),
    phone.documents<Form>("form"),
    phone.documents<LawValue>("law"),
  ]);
  return [tasks.find((one) => one.id === task), forms, laws];
}

function isSame(some: readonly Form[], others: readonly Form[]): boolean {
  const named = (forms: readonly Form[]): string =>
    forms.map((form) => `${form.name}@${form.version}`).join("+");
  return named(some) === named(others);
}

type Taken = (ids: readonly string[] | undefined) => void;

/** Beyond so many changed items the whole record is read at once. */
const MANY = 20;

interface VisitFacts {
  readonly phone: Phone;
  readonly body: TaskBody;
  readonly user: string;
  readonly isReadOnly: boolean;
  readonly forms: readonly Form[];
  readonly laws: readonly LawValue[];
  readonly items: ReadonlyMap<string, Merged>;
  readonly attach: Attach;
}

export const VISIT: InjectionKey<ShallowRef<Visit | undefined>> = Symbol("visit");

/** Return the visit of the page around; a page shows nothing of it before it was read. */
export function useVisit(): Visit {
  const visit = inject(VISIT)?.value;
  if (visit === undefined) throw new Error("no visit is open here");
  return visit;
}

/**
 * Read a task's checklists, law values and record.
 *
 * @throws PhoneError where the task or a checklist is not on this phone yet.
 */
export async function openVisit(
  phone: Phone,
  task: string,
  isReadOnly: boolean,
  attach: Attach,
): Promise<Visit> {
  let isOutdated = false;
  const leave = phone.onChange((changed) => {
    isOutdated ||= changed === "" || changed === task;
  });
  const [[body, forms, laws], record, user] = await Promise.all([
    officeOf(phone, task),
    phone.record(task),
    phone.user(),
  ]).finally(leave);
  if (body === undefined) throw new PhoneError("phone.no_task", NO_TASK);
  const { items } = record;
  const visit = new Visit({ phone, body, user, isReadOnly, forms, laws, items, attach });
  if (isOutdated) await visit.refresh([""]);
  return visit;
}

/**
 * Return the task's checklists in the order in which it pins them.
 *
 * @throws PhoneError where one is not on this phone yet.
 */
export function formsOf(task: TaskBody, all: readonly Form[]): readonly Form[] {
  const { forms, missing } = formsHere(task, all);
  const [first] = missing;
  if (first !== undefined) throw new PhoneError("phone.no_form", noForm(first), { form: first });
  return forms;
}

/** Return the task's checklists that are on this phone, and how those are called that are not. */
export function formsHere(
  task: TaskBody,
  all: readonly Form[],
): { readonly forms: readonly Form[]; readonly missing: readonly string[] } {
  const byRef = new Map(all.map((form) => [`${form.name}@${form.version}`, form]));
  const titles = new Map(all.map((form) => [form.name, form.title]));
  const refs = task.form_set.split("+");
  return {
    forms: refs.flatMap((ref) => byRef.get(ref) ?? []),
    missing: refs
      .filter((ref) => !byRef.has(ref))
      .map((ref) => titles.get(ref.replace(/@.*/, "")) ?? ref), // of another version
  };
}

/** Return where problems were found so far, the newest first, then where the visit began. */
export function placesOf(items: ReadonlyMap<string, Merged>): string[] {
  const found = [...items.values()]
    .filter(({ id, live }) => live && (id.startsWith("finding/") || id.startsWith("visit/start/")))
    .sort((one, other) => rank(one) - rank(other) || (one.id < other.id ? 1 : -1))
    .map((item) => valueOf(item)["place"])
    .filter((place): place is string => typeof place === "string" && place.trim() !== "");
  return [...new Set(found)].slice(0, MOST_PLACES);
}

const MOST_PLACES = 5;

function rank({ id }: Merged): number {
  return id.startsWith("finding/") ? 0 : 1;
}

const turns = new WeakMap<Phone, Promise<unknown>>();

/** Save one thing after another: what is one entry must not meet another half way. */
export function inTurn<Result>(phone: Phone, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(phone) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(
    phone,
    mine.catch(() => undefined),
  );
  return mine;
}
