/** What a problem is about, as an officer knows it: which task, which items of it. */

import type { Phone } from "../../../capture/phone.ts";
import { parse } from "../../../core/entries.ts";
import type { Op } from "../../../core/entries.ts";
import { itemsOf } from "../../../forms/body.ts";
import type { Form } from "../../../forms/body.ts";
import { counted, isFilm, joined } from "../../../store/counted.ts";
import type { TaskBody } from "../../reading/bodies.ts";
import { KINDS } from "../../words/signing.ts";
import { SYNC } from "../../words/sync.ts";

/** What of one task is concerned. */
export interface Concerned {
  readonly task: string;
  /** Empty where the task is not on this phone any more. */
  readonly enterprise: string;
  readonly number: string;
  /** Each item once, photos counted together. */
  readonly items: readonly string[];
}

const MOST_TEXT = 24;

/** Return what these entries, by their hashes, are about, by task in the order of saving. */
export async function concernedBy(
  phone: Phone,
  hashes: readonly string[],
): Promise<readonly Concerned[]> {
  const wanted = new Set(hashes);
  const [places, tasks, forms] = await Promise.all([
    phone.store.places(),
    phone.tasks<TaskBody>(),
    phone.documents<Form>("form"),
  ]);
  const byTask = new Map<string, Op[]>();
  for (const { hash, task } of places) {
    if (!wanted.has(hash)) continue;
    const entry = await phone.store.entry(hash);
    const ops = entry ? parse(entry.content).ops : []; // of a damaged one nothing can be told
    byTask.set(task, [...(byTask.get(task) ?? []), ...ops]);
  }
  return [...byTask].map(([id, ops]) => {
    const task = tasks.find((one) => one.id === id);
    const { enterprise = "" } = task?.scheme ?? {};
    return { task: id, enterprise, number: task?.number ?? "", items: named(ops, forms) };
  });
}

function named(ops: readonly Op[], forms: readonly Form[]): readonly string[] {
  const files = ops.filter((op) => op.type === "photo.add");
  const films = files.filter((op) => isFilm(String(told(op)["mime"]))).length;
  const others = ops.filter((op) => op.type !== "photo.add").map((op) => nameOf(op, forms));
  const taken = counted({ photos: files.length - films, films });
  return [...new Set([...others, taken])].filter(Boolean);
}

function nameOf(op: Op, forms: readonly Form[]): string {
  const [kind = "", name = "", code = ""] = op.item.split("/");
  if (kind === "answer") {
    const form = forms.find((one) => one.name === name);
    const item = form && itemsOf(form.sections).find((one) => one.code === code);
    return [code, shortened(item?.question ?? "")].filter(Boolean).join(" ");
  }
  const value = told(op);
  const own = shortened(String(value["text"] ?? value["name"] ?? ""));
  return joined([KINDS[kind] ?? SYNC.other, own && `“${own}”`]).replace("、", "");
}

function told({ value }: Op): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>;
}

function shortened(text: string): string {
  const signs = [...text];
  return signs.length > MOST_TEXT ? `${signs.slice(0, MOST_TEXT - 1).join("")}…` : text;
}
