/** A checklist as phones pull it. A field that says what is assumed anyway is left out. */

import type { Tree } from "./expressions.ts";

export interface Condition {
  /** As its author wrote it. */
  readonly text: string;
  readonly tree: Tree;
}

export interface Law {
  readonly code: string;
  readonly title: string;
  readonly number: string;
  /** First day of the cited text. */
  readonly effective_from: string;
  /** First day on which it no longer applies, null while it is in force. */
  readonly effective_until: string | null;
  /** Whether name, number and dates were compared with a published text. */
  readonly verified: boolean;
  readonly source: string;
}

export interface Basis {
  readonly law: Law;
  readonly article: string;
  readonly verified: boolean;
}

export interface Penalty extends Basis {
  readonly code: string;
  readonly clause: string;
  readonly unit_range: string;
  readonly person_range: string;
  readonly aggravated_range: string;
  readonly source: string;
}

export interface Choice {
  readonly name: string;
  readonly label: string;
  /** What filters compare. */
  readonly columns?: readonly (readonly [string, string])[];
  readonly kept?: readonly (readonly [string, string])[];
}

export interface ChoiceList {
  readonly name: string;
  readonly choices: readonly Choice[];
}

export interface Section {
  readonly title: string;
  readonly items: readonly Member[];
  readonly name?: string;
  readonly relevant?: Condition;
  readonly hint?: string;
  readonly appearance?: string;
}

export interface Item {
  readonly code: string;
  readonly kind: string;
  readonly question: string;
  readonly name?: string;
  readonly hint?: string;
  readonly guidance?: string;
  readonly focus?: boolean;
  readonly relevant?: Condition;
  readonly required?: Condition;
  readonly required_message?: string;
  readonly read_only?: Condition;
  readonly constraint?: Condition;
  readonly constraint_message?: string;
  readonly calculation?: Condition;
  readonly default?: Condition;
  readonly choices?: string;
  readonly choice_filter?: Condition;
  readonly unit?: string;
  readonly least?: string;
  readonly most?: string;
  readonly step?: string;
  readonly appearance?: string;
  readonly columns?: readonly Member[];
  readonly count?: Condition;
  // What a failure means, of checks and of items with `fails_if`.
  readonly fails_if?: Condition;
  readonly how_to_check?: string;
  readonly basis?: readonly Basis[];
  readonly major?: "yes" | "possible" | "no";
  readonly major_needs?: readonly string[];
  readonly major_note?: string;
  readonly device_clause?: boolean;
  readonly penalties?: readonly Penalty[];
  /** Natural days, or the id of a dated law value; 0 where somebody else sees to it. */
  readonly rectify?: number | string;
  readonly finding?: string;
  readonly photos_on_failure?: number;
  readonly correctable_on_site?: boolean;
  readonly verification?: string;
  readonly competence?: string;
}

export type Member = Item | Section;

export interface Form {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly content_sha256: string;
  readonly effective_from: string;
  readonly retired_on: string | null;
  readonly device_clause: Basis | null;
  readonly sections: readonly Section[];
  readonly choice_lists?: readonly ChoiceList[];
}

/** Kinds of items that the phone answers by itself. */
export const KNOWN_TO_THE_PHONE: ReadonlySet<string> = new Set([
  "start",
  "end",
  "today",
  "deviceid",
  "username",
  "phonenumber",
  "email",
]);
/** Kinds that nobody answers. */
export const NOT_ASKED: ReadonlySet<string> = new Set([
  ...KNOWN_TO_THE_PHONE,
  "calculate",
  "hidden",
  "note",
]);
/** Kinds whose value is how many photos or recordings were taken. */
export const ATTACHMENTS: ReadonlySet<string> = new Set(["image", "audio", "video", "file"]);

export function isSection(member: Member): member is Section {
  return "items" in member;
}

/** Return the items of one level in the order of the paper; a table counts as one. */
export function itemsOf(members: readonly Member[]): Item[] {
  return members.flatMap((member) => (isSection(member) ? itemsOf(member.items) : [member]));
}

/** Return the name under which conditions cite an item. */
export function citedAs(item: Item): string {
  return item.name || item.code;
}
