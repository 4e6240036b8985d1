/**
 * What a partner's file may bring: anybody can make a key and sign with it under any name.
 *
 * So only entries of those count who work on a task that is on this phone, and of what only some
 * may do, theirs. What the server applied and this phone pulled needs no further judgement.
 */

import type { Entry } from "../../core/entries.ts";
import { TYPES } from "../../core/values.ts";
import type { ItemBody } from "../../merging/pulled.ts";
import type { LocalStore } from "../../store/local.ts";
import { RefusedFile } from "../problems.ts";

export const SERVER_ONLY = "其中有只能由服务器作出的操作，请核对来源";
export const NO_TASK = "其中有本机没有的任务的记录，请先联网同步";
export const STRANGER = "其中有检查组以外人员的记录，请核对来源；人员刚有调整的，请先联网同步";
export const OWN_NAME =
  "其中有以本人名义在其他手机上作出的记录，请核对来源；是本人原来手机的，请先联网同步";
export const NOT_LEAD =
  "其中有并非主办人员作出的确认，请核对来源；主办人员刚有调整的，请先联网同步";

/** An entry of another phone. */
export interface Carried {
  readonly hash: string;
  readonly entry: Entry;
}

/** The body of a task, as far as it says who works on it. */
interface TaskBody {
  readonly team?: readonly { readonly user_id: string; readonly role?: string }[];
  readonly others?: readonly { readonly user_id: string }[];
}

/** A task as last pulled. */
interface Task {
  readonly people: ReadonlySet<string>;
  readonly lead: string;
  /** Entries that the server applied, by hash. */
  readonly applied: ReadonlySet<string>;
  /** Replicas of which it says whose they are. */
  readonly whose: ReadonlySet<string>;
}

/**
 * Check what a file brings of other phones, before any of it is taken in.
 *
 * Of a task that is not here only that comes which precedes, in its replica's chain and by the same
 * user, something of a task that is.
 *
 * @throws RefusedFile if an entry cannot come from whom it names.
 */
export async function checkCarried(store: LocalStore, carried: readonly Carried[]): Promise<void> {
  const tasks = new Map<string, Task | null>();
  for (const id of new Set(carried.map(({ entry }) => entry.assignment))) {
    tasks.set(id, await taskOf(store, id));
  }
  const own = await store.get("user");
  const vouched = new Set<string>();
  for (const { hash, entry } of carried) {
    const task = tasks.get(entry.assignment);
    const place = placeOf(entry);
    if (task?.applied.has(hash) || task?.whose.has(place)) vouched.add(place);
  }
  const last = new Map<string, number>();
  for (const { hash, entry } of carried) {
    const isServers = entry.ops.some(({ type }) => TYPES.get(type)?.serverOnly);
    if (isServers) throw new RefusedFile(SERVER_ONLY);
    const task = tasks.get(entry.assignment);
    if (!task) continue;
    const place = placeOf(entry);
    last.set(place, Math.max(last.get(place) ?? 0, entry.seq));
    if (task.applied.has(hash)) continue;
    if (!task.people.has(entry.user)) throw new RefusedFile(STRANGER);
    if (entry.user === own && !vouched.has(place)) throw new RefusedFile(OWN_NAME);
    const settles = entry.ops.some(({ type }) => type === "conflict.resolve");
    if (settles && entry.user !== task.lead) throw new RefusedFile(NOT_LEAD);
  }
  for (const { entry } of carried) {
    if (tasks.get(entry.assignment)) continue;
    if (entry.seq > (last.get(placeOf(entry)) ?? 0)) throw new RefusedFile(NO_TASK);
  }
}

async function taskOf(store: LocalStore, id: string): Promise<Task | null> {
  const document = await store.document(`task/${id}`);
  if (!document) return null;
  const { team = [], others = [] } = document.body as TaskBody;
  const items = (await store.documentsUnder(`item/${id}/`)).map((one) => one.body as ItemBody);
  const heads = items.flatMap((item) => item.heads);
  const ids = [...heads.map((head) => head.id), ...items.flatMap((item) => item.gone)];
  return {
    people: new Set([...team, ...others].map((one) => one.user_id)),
    lead: team.find((one) => one.role === "lead")?.user_id ?? "",
    applied: new Set(ids.map((one) => one.split("#", 1)[0] as string)),
    whose: new Set(heads.map(placeOf)),
  };
}

function placeOf({ replica, user }: { readonly replica: string; readonly user: string }): string {
  return `${replica} ${user}`;
}
