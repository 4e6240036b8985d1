/** The tasks of a phone, put where an inspector looks for them. */

import type { EnterpriseBody, TaskBody } from "./bodies.ts";
import { daysBetween } from "./days.ts";

export const GROUPS = ["today", "upcoming", "overdue", "done"] as const;
export type Group = (typeof GROUPS)[number];

/** What a row of the list shows. */
export interface TaskRow {
  readonly id: string;
  readonly number: string;
  readonly enterprise: string;
  readonly address: string;
  readonly group: Group;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  /** Whether this phone, or the partner's, began the visit. */
  readonly begun: boolean;
  /** Whether it is done on this phone, and not yet closed by the office. */
  readonly awaitsClosing: boolean;
  readonly isKey: boolean;
  readonly hazards: number;
  readonly task: TaskBody;
}

/** What the phone itself knows of a task beside what it pulled. */
export interface Standing {
  readonly begun: boolean;
  readonly completed: boolean;
}

const OVER: ReadonlySet<string> = new Set(["record_closed", "documents_issued", "ended"]);

/** Whether the office has closed a task's record, or ended the task: it takes in no more. */
export function isOver({ state }: Pick<TaskBody, "state">): boolean {
  return OVER.has(state);
}

/** Return in which group a task belongs on a day. */
export function groupOf(task: TaskBody, day: string, completed: boolean): Group {
  if (completed || isOver(task)) return "done";
  if (task.visit_to < day) return "overdue";
  return task.visit_from > day ? "upcoming" : "today";
}

/** Return every task as a row: the most pressing first, of those done the newest. */
export function rowsOf(
  tasks: readonly TaskBody[],
  enterprises: ReadonlyMap<string, EnterpriseBody>,
  standings: ReadonlyMap<string, Standing>,
  day: string,
): TaskRow[] {
  return tasks
    .map((task) => rowOf(task, enterprises.get(task.enterprise_id), standings.get(task.id), day))
    .sort(inOrder);
}

/** Return the rows that contain every word of a search, in names, numbers and addresses. */
export function found(rows: readonly TaskRow[], search: string): readonly TaskRow[] {
  const words = search.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  if (!words.length) return rows;
  return rows.filter((row) => {
    const people = row.task.team.map((one) => one.name);
    const text = [row.enterprise, row.number, row.address, ...people].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Return how many days remain, as 0 for the last one, or are over, as negative ones. */
export function daysLeft(row: TaskRow, day: string): number {
  return daysBetween(day, row.to);
}

function rowOf(
  task: TaskBody,
  enterprise: EnterpriseBody | undefined,
  standing: Standing | undefined,
  day: string,
): TaskRow {
  return {
    id: task.id,
    number: task.number,
    enterprise: enterprise?.name || task.scheme.enterprise || task.number,
    address: enterprise?.address || task.scheme.address || "",
    group: groupOf(task, day, standing?.completed ?? false),
    source: task.source,
    from: task.visit_from,
    to: task.visit_to,
    begun: standing?.begun ?? false,
    awaitsClosing: standing?.completed === true && !isOver(task),
    isKey: enterprise?.is_key ?? false,
    hazards: enterprise?.open_hazards.length ?? 0,
    task,
  };
}

function inOrder(one: TaskRow, other: TaskRow): number {
  const [a, b] = one.group === "done" ? [other.to, one.to] : [one.to, other.to];
  if (a !== b) return a < b ? -1 : 1;
  return one.number < other.number ? -1 : 1;
}
