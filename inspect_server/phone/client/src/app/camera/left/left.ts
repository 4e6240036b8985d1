/** All that was taken and not saved, by task and item: what is told of it, and the ways out. */

import type { Phone } from "../../../capture/phone.ts";
import { itemsOf } from "../../../forms/body.ts";
import type { Form } from "../../../forms/body.ts";
import type { LocalStore } from "../../../store/local.ts";
import type { TaskBody } from "../../reading/bodies.ts";
import { shotAgain } from "../shots.ts";
import type { Shot } from "../shots.ts";
import { Unsaved } from "../unsaved.ts";
import { LEFT } from "../words.ts";
import { WHOSE, moved, placeOf, renamed, rowOf } from "./places.ts";
import type { Path, Place } from "./places.ts";

/** What was taken of one item or finding. */
export interface Left {
  readonly place: Place;
  readonly enterprise: string;
  /** Whether its task is still on this phone: what was taken can be saved there. */
  readonly isHere: boolean;
  /** Code and question of the item, or what else it was taken of. */
  readonly told: string;
  readonly code: string;
  readonly count: number;
}

const MOST_TEXT = 20;
const MOST_NAMED = 2;

/** Return what was taken and not saved, those of tasks that left the phone last. */
export async function leftOn(phone: Phone): Promise<readonly Left[]> {
  const names = await phone.store.drafts();
  const places = new Map<string, { place: Place; count: number }>();
  for (const name of names) {
    const place = placeOf(name);
    if (place === undefined) continue;
    const key = JSON.stringify(place);
    const { count } = places.get(key) ?? { count: 0 };
    places.set(key, { place, count: count + 1 });
  }
  if (places.size === 0) return [];
  const [tasks, forms] = await Promise.all([
    phone.tasks<TaskBody>(),
    phone.documents<Form>("form"),
  ]);
  const found = [...places.values()].map(async ({ place, count }): Promise<Left> => {
    const task = tasks.find((one) => one.id === place.task);
    const enterprise = task?.scheme?.enterprise ?? (await phone.store.draft(WHOSE + place.task));
    const { told, code } = toldOf(place, forms);
    return { place, enterprise, isHere: task !== undefined, told, code, count };
  });
  return (await Promise.all(found)).sort((one, other) => Number(other.isHere) - Number(one.isHere));
}

/** Return in one sentence how much was not saved, of which tasks and items, and where it is. */
export function noticeOf(left: readonly Left[]): string {
  const count = left.reduce((sum, one) => sum + one.count, 0);
  const named = left.slice(0, MOST_NAMED).map((one) => `${nameOf(one)} ${one.code}`);
  return LEFT.notice(count, named, left.length > MOST_NAMED);
}

/** Return how the task is called; one that left the phone says so. */
export function nameOf({ enterprise, isHere }: Left): string {
  return isHere ? enterprise : LEFT.gone(enterprise);
}

/** Return what was taken of a place, in the order of taking. */
export async function shotsOf(store: LocalStore, place: Place): Promise<readonly Shot[]> {
  return await strip(store, place).restored(shotAgain);
}

/** Let go of what was taken of a place, on purpose. */
export async function discard(store: LocalStore, place: Place): Promise<void> {
  const unsaved = strip(store, place);
  for (const shot of await unsaved.restored(shotAgain)) {
    URL.revokeObjectURL(shot.url);
    await unsaved.forget(shot);
  }
  // What is damaged shows nothing, and goes as well.
  const key = JSON.stringify(place);
  for (const name of await store.drafts()) {
    if (JSON.stringify(placeOf(name)) === key) await store.deleteDraft(name);
  }
}

/** Return shots as files of the phone, named by task, item and moment of taking. */
export function filesOf(left: Left, shots: readonly Shot[]): File[] {
  return shots.map(({ content, mime, taken }, at) => {
    const moment = taken.slice(0, 19).replace(/[-:]/gu, "").replace("T", "-");
    const kind = (mime.split("/")[1] ?? "").replace("jpeg", "jpg").replace("quicktime", "mov");
    const parts = [left.enterprise, left.code, moment, String(at + 1)].filter(Boolean);
    const name = parts.join("_").replace(/[\\/:*?"<>|\s]+/gu, "");
    return new File([content], `${name}.${kind}`, { type: mime });
  });
}

/**
 * A row of a table was removed: what was begun for rows below it goes on being theirs, and what was
 * taken for itself is of the table alone.
 *
 * @param path Leads to the row that was removed.
 */
export async function rowRemoved(
  store: LocalStore,
  task: string,
  item: string,
  path: Path,
): Promise<void> {
  for (const name of await store.drafts()) {
    const place = rowOf(name);
    if (place?.task !== task || place.item !== item) continue;
    const row = moved(place.row, path);
    if (row === undefined) continue;
    const next = renamed(name, row);
    if (next !== "") await store.putDraft(next, await store.draftBytes(name));
    await store.deleteDraft(name);
  }
}

function strip(store: LocalStore, { task, ...what }: Place): Unsaved {
  return new Unsaved(store, task, { kind: "image", ...what });
}

/** Of a finding the item says enough; of one outside the checklists that it is one. */
function toldOf(
  { item, finding, row = "" }: Place,
  forms: readonly Form[],
): { readonly told: string; readonly code: string } {
  const [, form = "", code = ""] = item.split("/");
  if (code === "") return { told: finding ? LEFT.outside : "", code: finding ? LEFT.finding : "" };
  const versions = forms.filter((one) => one.name === form);
  const asked = versions.flatMap((one) => itemsOf(one.sections)).find((one) => one.code === code);
  const question = [...(asked?.question ?? "")].slice(0, MOST_TEXT).join("");
  const [, number = ""] = row.split("/");
  return { told: [code, question, number && LEFT.row(number)].filter(Boolean).join(" "), code };
}
