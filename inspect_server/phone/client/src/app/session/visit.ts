/** One visit as its pages show it: who is there, what was said, how far the checklists are. */

import type { ShallowRef } from "vue";
import type { Gate, Participant, Phone, Seen } from "../../capture/phone.ts";
import { parse } from "../../core/entries.ts";
import type { Form } from "../../forms/body.ts";
import type { Head } from "../../merging/items.ts";
import type { MergedRecord } from "../../merging/record.ts";
import type { LocalEntry } from "../../store/local.ts";
import { ChecklistState, progressOf } from "../checklist/filling-state.ts";
import { answeredOf } from "../checklist/structure.ts";
import type { Answered } from "../checklist/structure.ts";
import { arrivedAt, dayOf } from "../reading/arrivals.ts";
import type { EnterpriseBody, TaskBody } from "../reading/bodies.ts";
import { earlierProblems } from "../reading/rechecks.ts";
import type { EarlierProblem } from "../reading/rechecks.ts";
import { isOver } from "../reading/tasks.ts";
import { arrivalOff } from "../reading/arrival-time.ts";
import type { ArrivalOff } from "../reading/arrival-time.ts";
import { live } from "./live.ts";
import { standingOf } from "./tasks.ts";
import { noteVisit } from "./device/updating.ts";

/** What `visit.start` says. */
export interface Arrival {
  readonly latitude: string;
  readonly longitude: string;
  readonly accuracy_m: string;
  readonly datum: string;
  readonly badge_shown: boolean;
  readonly rights_told: boolean;
  readonly recording: string;
  readonly place: string;
  readonly gate?: Gate;
  readonly arrived_at?: string;
}

export type { Participant };

/** A value of the record with who said it and when. */
export interface Said<T> {
  readonly item: string;
  readonly value: T;
  readonly user: string;
  readonly wall: string;
  /** All that was said of it, as it is shown: a change replaces this and nothing newer. */
  readonly seen: Seen;
}

export interface SeenVisit {
  readonly task: TaskBody;
  readonly record: MergedRecord;
  readonly user: string;
  readonly replica: string;
  readonly begun: boolean;
  readonly completed: boolean;
  /** By user, the last arrival of each. */
  readonly arrivals: ReadonlyMap<string, Said<Arrival>>;
  /** When this user first registered the arrival, where that was corrected later; else "". */
  readonly firstArrival: string;
  /** What this user's arrival should say, where a wrong clock registered it; else null. */
  readonly arrivalOff: ArrivalOff | null;
  readonly participants: readonly Said<Participant>[];
  readonly notes: readonly Said<{ readonly text: string }>[];
  /** Of a recheck alone, the problems of which it has to say how they stand. */
  readonly earlier?: readonly EarlierProblem[];
}

/** Return one visit, null where its task is not on this phone, undefined until it was read. */
export function useVisitRecord(
  id: () => string,
): Readonly<ShallowRef<SeenVisit | null | undefined>> {
  return live((phone) => readVisit(phone, id()), id, id);
}

/** Return how far the checklists are; it follows taps a moment later, and never holds them up. */
export function useAnswered(id: () => string): Readonly<ShallowRef<Answered | undefined>> {
  let asked = 0;
  return live(
    async (phone) => {
      const mine = (asked += 1);
      await new Promise((resolve) => setTimeout(resolve, LATER_MS));
      if (mine !== asked) return undefined; // of taps in a row the last one counts
      return await readAnswered(phone, id());
    },
    id,
    id,
  );
}

const LATER_MS = 400;

/** Return what the live items of one kind say, in the order in which they were first said. */
export function said<T>(record: MergedRecord, prefix: string): Said<T>[] {
  return [...record.items.values()]
    .filter((item) => item.id.startsWith(prefix) && item.live)
    .flatMap((item) =>
      item.heads
        .filter((head) => head.value !== null)
        .slice(-1)
        .map(({ value, user, wall }) => {
          return { item: item.id, value: value as T, user, wall, seen: item };
        }),
    )
    .sort((one, other) => (one.item < other.item ? -1 : 1));
}


/** How often each visit was looked at: nothing older may take the place of what is noted of it. */
const looks = new Map<string, number>();

function looked(id: string): number {
  const count = (looks.get(id) ?? 0) + 1;
  looks.set(id, count);
  return count;
}

/** End a visit on this phone; also where nobody looks at its page any more, it is over. */
export async function endVisit(phone: Phone, id: string): Promise<void> {
  await phone.complete(id);
  looked(id);
  noteVisit(phone.store.vault, id, "");
}

async function readVisit(phone: Phone, id: string): Promise<SeenVisit | null> {
  const look = looked(id);
  const [tasks, record, user] = await Promise.all([
    phone.tasks<TaskBody>(),
    phone.record(id),
    phone.user(),
  ]);
  const task = tasks.find((one) => one.id === id);
  if (task === undefined) return null;
  const arrivals = new Map<string, Said<Arrival>>();
  for (const one of said<Arrival>(record, "visit/start/")) {
    const known = arrivals.get(one.user);
    if (known === undefined || known.wall < one.wall) arrivals.set(one.user, one);
  }
  const standing = standingOf(record, user);
  const began = standing.completed || isOver(task) ? "" : (arrivals.get(user)?.wall ?? "");
  if (looks.get(id) === look) noteVisit(phone.store.vault, id, began);
  return {
    task,
    record,
    user,
    replica: await phone.replica(),
    ...standing,
    arrivals,
    firstArrival: await firstArrival(phone, id, record, arrivals.get(user)),
    arrivalOff: await arrivalOff(phone, id, headOf(record, arrivals.get(user))),
    participants: said<Participant>(record, "participant/"),
    notes: said<{ text: string }>(record, "note/"),
    ...(task.scheme?.follows && { earlier: await readEarlier(phone, task) }),
  };
}

function headOf(record: MergedRecord, arrival: Said<Arrival> | undefined): Head | undefined {
  return record.items.get(arrival?.item ?? "")?.heads.at(-1);
}

async function readEarlier(phone: Phone, task: TaskBody): Promise<readonly EarlierProblem[]> {
  const all = await phone.documents<EnterpriseBody>("enterprise");
  const enterprise = all.find((one) => one.id === task.enterprise_id);
  return enterprise ? earlierProblems(task, enterprise) : [];
}

const firsts = new Map<string, string>();

/**
 * Return when an arrival was first registered, "" where it was never corrected.
 *
 * A correction says so itself. Of one by an earlier version of this app the record holds nothing
 * else; what it corrected is among this phone's own entries.
 */
export async function firstArrival(
  phone: Phone,
  task: string,
  record: MergedRecord,
  arrival: Said<Arrival> | undefined,
): Promise<string> {
  const head = headOf(record, arrival);
  if (head === undefined || head.parents.length === 0) return "";
  if (arrival?.value.arrived_at) return arrivedAt(arrival.value, arrival.wall);
  const known = firsts.get(head.id);
  if (known !== undefined) return known;
  const walls = (await phone.store.entriesOf(task)).flatMap((row) => startOf(row, head.replica));
  const first = walls.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? "";
  firsts.set(head.id, first);
  return first;
}

/** Return when an entry of this replica registered an arrival; none for any other. */
function startOf({ replica, content }: LocalEntry, own: string): string[] {
  if (replica !== own) return [];
  try {
    const entry = parse(content);
    return entry.ops.some((op) => op.type === "visit.start") ? [entry.wall] : [];
  } catch {
    return []; // of another program, or damaged: what it said is not told here
  }
}

async function readAnswered(phone: Phone, id: string): Promise<Answered> {
  const [tasks, forms, record, user] = await Promise.all([
    phone.tasks<TaskBody>(),
    phone.documents<Form>("form"),
    phone.record(id),
    phone.user(),
  ]);
  const task = tasks.find((one) => one.id === id);
  const pinned = forms.filter((form) =>
    task?.forms.some((one) => one.name === form.name && one.version === form.version),
  );
  return answeredIn(pinned, record, user);
}

/** Return how far the checklists of a record are, on the day of its visit. */
export function answeredIn(
  forms: readonly Form[],
  { items }: Pick<MergedRecord, "items">,
  user: string,
): Answered {
  const day = dayOf(items);
  const parts = forms.map((form) => {
    const state = new ChecklistState(form, day, user);
    state.load(items);
    return progressOf(state.rows());
  });
  return answeredOf(parts);
}
