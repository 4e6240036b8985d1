/**
 * What an officer has to know of: entries that do not count, and what a sync met.
 *
 * The words for it come when there is something to say.
 */

import { documentId } from "../core/ids.ts";
import { parse } from "../core/entries.ts";
import type { EntryPlace, LocalStore } from "../store/local.ts";
import type { Explanation } from "./explaining.ts";
import type { SyncReport } from "./syncing.ts";

/** One thing to know of, once however often it happened. */
export interface Problem {
  readonly code: string;
  readonly count: number;
  readonly explanation: Explanation;
  /** The entries that it is about, none where it is about the sync. */
  readonly entries: readonly string[];
  /** Their tasks. */
  readonly tasks: readonly string[];
}

const NOTED = "asides_noted";
/** Seconds that a phone's clock may be off. */
const CLOCK_SECONDS = 600;
/** Effects and reasons of which nothing has to be said. */
const COUNTING: readonly string[] = ["", "applied", "conflict"];

/**
 * Return what the last sync met.
 *
 * @param broke What ended it before it could report, empty if it came to its end.
 */
export async function problemsOf(
  report: SyncReport | undefined,
  broke = "",
): Promise<readonly Problem[]> {
  const codes = [...(report?.problems ?? []), ...(broke === "" ? [] : [broke])];
  if (report?.forked === true) codes.push("phone.forked");
  if (Math.abs(report?.ahead ?? 0) > CLOCK_SECONDS) codes.push("phone.clock");
  const entries = report?.early ?? [];
  if (codes.length + entries.length === 0) return [];
  const { explainEntry, explainProblem } = await import("./explaining.ts");
  const found = [...new Set(codes)].map((code) => ({
    code,
    count: codes.filter((one) => one === code).length,
    explanation: explainProblem(code),
    entries: [],
    tasks: [],
  }));
  const explanation = explainEntry("", "future_clock");
  if (entries.length === 0 || explanation === undefined) return found;
  const { length: count } = entries;
  return [...found, { code: "future_clock", count, explanation, entries, tasks: [] }];
}

/** Return what became of this phone's own entries, without what the officer has noted. */
export async function asides(
  store: LocalStore,
  places: readonly EntryPlace[],
): Promise<readonly Problem[]> {
  const own = new Set((await store.replicas()).map(({ id }) => id));
  const known = new Set(await noted(store));
  const found = new Map<string, { explanation: Explanation; rows: EntryPlace[] }>();
  for (const row of places) {
    if (!own.has(row.replica) || known.has(row.hash)) continue;
    if (COUNTING.includes(row.effect) && COUNTING.includes(row.reason)) continue;
    const { explainEntry } = await import("./explaining.ts");
    const explanation = explainEntry(row.effect, row.reason);
    if (explanation === undefined || (await isAdopted(store, row))) continue;
    const code = row.effect === "held" ? row.effect : row.reason;
    const group = found.get(code) ?? { explanation, rows: [] };
    group.rows.push(row);
    found.set(code, group);
  }
  return [...found].map(([code, { explanation, rows }]) => ({
    code,
    count: rows.length,
    explanation,
    entries: rows.map(({ hash }) => hash),
    tasks: [...new Set(rows.map(({ task }) => task))],
  }));
}

/** The officer has read it: it stays on the phone and in the office, and is told no more. */
export async function note(store: LocalStore, problem: Problem): Promise<void> {
  const hashes = new Set([...(await noted(store)), ...problem.entries]);
  await store.put({ [NOTED]: JSON.stringify([...hashes]) });
}

async function noted(store: LocalStore): Promise<readonly string[]> {
  const said = await store.get(NOTED);
  return said === "" ? [] : (JSON.parse(said) as string[]);
}

/** Return whether what was set aside counts by now: a supervisor has let it in. */
async function isAdopted(store: LocalStore, row: EntryPlace): Promise<boolean> {
  if (row.effect !== "quarantined") return false;
  const entry = await store.entry(row.hash);
  if (entry === null) return false;
  for (const { item } of parse(entry.content).ops) {
    const document = await store.document(documentId(row.task, item));
    if (document && mentions(document.body, `${row.hash}#`)) return true;
  }
  return false;
}

function mentions(body: unknown, prefix: string): boolean {
  const { heads, gone } = body as { heads: readonly { id: string }[]; gone: readonly string[] };
  return [...heads.map(({ id }) => id), ...gone].some((id) => id.startsWith(prefix));
}
