/** Of what something was taken that is not saved yet, as the names under which it lies say it. */

import type { Attached } from "../../checklist/attaching.ts";
import { isTaken } from "../../session/state.ts";

/** An item, a finding, or both, of a task; of a table's row that row and its column. */
export type Place = Pick<Attached, "item" | "finding" | "row"> & { readonly task: string };

/** A row: the table's code and the number of the row, of tables in tables the outermost first. */
export type Path = readonly (readonly [table: string, row: number])[];

/** Begins the names under which stands whose the tasks are of which something was taken. */
export const WHOSE = "taken-of:";
/** Begins the names under which signatures lie that a checklist asked for and nobody gave yet. */
const SIGNING = "sign:";
const ROW = "#";
const NOWHERE = { item: "", finding: "" } as const;

/** Return what the name of everything begins with that was taken of a place. */
export function placeName({ task, item, finding, row = "" }: Place): string {
  return `${task}:${item}${row && ROW + row}:${finding}:`;
}

/** Return the name under which a signature that an item asks for lies until it is given. */
export function signDraft(task: string, item: string, row: string): string {
  return `${SIGNING + placeName({ task, item, finding: "", row })}strokes`;
}

/** Return of what something put aside was taken, undefined for what the camera did not take. */
export function placeOf(name: string): Place | undefined {
  return isTaken(name) ? read(name) : undefined;
}

/** Return in which row something was begun, signatures too; undefined for all that is in none. */
export function rowOf(name: string): Required<Place> | undefined {
  if (!isTaken(name) && !name.startsWith(SIGNING)) return undefined;
  const { row = "", ...place } = read(name);
  return row === "" ? undefined : { ...place, row };
}

function read(name: string): Place {
  const [, task = "", ...rest] = name.split(":");
  const [cited = "", finding = ""] = [rest.slice(0, -2).join(":"), rest.at(-2)];
  const [item = "", row = ""] = cited.split(ROW);
  return { ...NOWHERE, task, item, finding, ...(row && { row }) };
}

/** Return how a cell of a table is named. */
export function cellOf(path: Path, column: string): string {
  return [...path.flat(), column].join("/");
}

/**
 * Return the row as which a cell counts after a row was removed: those below move up, and what was
 * taken for the removed one is of none. Undefined for a cell that stays where it is.
 */
export function moved(row: string, path: Path): string | undefined {
  const [table = "", removed = 0] = path.at(-1) ?? [];
  const before = [...path.slice(0, -1).flat(), table];
  const parts = row.split("/");
  if (before.some((part, at) => parts[at] !== String(part))) return undefined;
  const number = Number(parts[before.length]);
  if (number < removed) return undefined;
  if (number === removed) return "";
  return [...before, number - 1, ...parts.slice(before.length + 1)].join("/");
}

/** Return the name of what was begun once it is of another row; a signature is of no other. */
export function renamed(name: string, row: string): string {
  if (row === "" && name.startsWith(SIGNING)) return "";
  const kind = name.slice(0, name.indexOf(":") + 1);
  const id = name.slice(name.lastIndexOf(":") + 1);
  return kind + placeName({ ...read(name), row }) + id;
}
