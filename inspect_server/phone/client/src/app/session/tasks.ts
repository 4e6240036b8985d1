/** Tasks as the pages show them, read from the open account. */

import type { ShallowRef } from "vue";
import type { Phone } from "../../capture/phone.ts";
import { NOT_ASKED, itemsOf } from "../../forms/body.ts";
import type { Form } from "../../forms/body.ts";
import type { MergedRecord } from "../../merging/record.ts";
import type { BureauBody, EnterpriseBody, LawBody, TaskBody } from "../reading/bodies.ts";
import { today } from "../reading/days.ts";
import { disciplineOf, reliefOf } from "../reading/rules.ts";
import type { Discipline, Relief } from "../reading/rules.ts";
import { rowsOf } from "../reading/tasks.ts";
import type { Standing, TaskRow } from "../reading/tasks.ts";
import type { Step } from "../router.ts";
import { live } from "./live.ts";

/** A checklist of a task; of one that is not here yet only the name. */
export interface PinnedForm {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly items: number | null;
}

/** One task with all that belongs to it. */
export interface SeenTask {
  readonly task: TaskBody;
  readonly row: TaskRow;
  readonly enterprise: EnterpriseBody | null;
  readonly forms: readonly PinnedForm[];
  readonly user: string;
  /** Where the visit goes on. */
  readonly step: Step;
}

/** Return all tasks as rows, undefined until they were read. */
export function useTasks(): Readonly<ShallowRef<readonly TaskRow[] | undefined>> {
  return live(async (phone) => await readRows(phone, await phone.tasks<TaskBody>()));
}

/** Return one task, null where it is not on this phone, undefined until it was read. */
export function useTask(id: () => string): Readonly<ShallowRef<SeenTask | null | undefined>> {
  return live((phone) => readTask(phone, id()), id, id);
}

/** Return how far the visit of one user has come. */
export function standingOf(record: MergedRecord, user: string): Standing {
  const hasOwn = (prefix: string): boolean =>
    [...record.items.values()].some(
      (item) => item.id.startsWith(prefix) && item.live && item.users.includes(user),
    );
  return { begun: hasOwn("visit/start/"), completed: hasOwn("visit/complete/") };
}

/** What binds whoever checks, and where an enterprise turns to. */
export interface Rules {
  readonly discipline: Discipline | undefined;
  readonly relief: Relief;
}

/** Return what every task has in common, undefined until it was read. */
export function useRules(): Readonly<ShallowRef<Rules | undefined>> {
  return live(async (phone) => {
    const [laws, bureaus] = await Promise.all([
      phone.documents<LawBody>("law"),
      phone.documents<BureauBody>("bureau"),
    ]);
    return { discipline: disciplineOf(laws), relief: reliefOf(bureaus) };
  });
}

async function readTask(phone: Phone, id: string): Promise<SeenTask | null> {
  const task = (await phone.tasks<TaskBody>()).find((one) => one.id === id);
  if (task === undefined) return null;
  const [enterprises, forms, [row], user] = await Promise.all([
    phone.documents<EnterpriseBody>("enterprise"),
    phone.documents<Form>("form"),
    readRows(phone, [task]),
    phone.user(),
  ]);
  const enterprise = enterprises.find((one) => one.id === task.enterprise_id);
  return {
    task,
    row: row as TaskRow,
    enterprise: enterprise ?? null,
    forms: task.forms.map((pinned) => pinnedForm(pinned, forms)),
    user,
    step: row?.begun ? "checklist" : "arrive",
  };
}

async function readRows(phone: Phone, tasks: readonly TaskBody[]): Promise<readonly TaskRow[]> {
  const [enterprises, user, records] = await Promise.all([
    phone.documents<EnterpriseBody>("enterprise"),
    phone.user(),
    Promise.all(tasks.map(({ id }) => phone.record(id))),
  ]);
  const standings = records.map((one) => [one.assignment, standingOf(one, user)] as const);
  const known = new Map(enterprises.map((one) => [one.id, one]));
  return rowsOf(tasks, known, new Map(standings), today());
}

function pinnedForm(
  pinned: { readonly name: string; readonly version: number },
  forms: readonly Form[],
): PinnedForm {
  const { name, version } = pinned;
  const form = forms.find((one) => one.name === name && one.version === version);
  if (form === undefined) return { name, version, title: "", items: null };
  const asked = itemsOf(form.sections).filter((item) => !NOT_ASKED.has(item.kind));
  return { name, version, title: form.title, items: asked.length };
}
