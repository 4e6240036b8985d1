/** A checklist as it stands on the screen: its sections, and what a search leaves of them. */

import { KNOWN_TO_THE_PHONE, NOT_ASKED, isSection } from "../../forms/body.ts";
import type { Item, Member } from "../../forms/body.ts";

/** A section, or a checklist's whole list of them. */
export interface SectionNode {
  /** Where it stands, as in "0.2"; sections may share titles. */
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly depth: number;
  readonly members: readonly (SectionNode | Item)[];
  /** The codes of all items in it, in the order of the paper. */
  readonly codes: readonly string[];
}

/** Which items are listed. */
export type Wanted = "all" | "open" | "failed";

/** How far a section or checklist is filled in. */
export interface Progress {
  /** Items that somebody answers. */
  readonly total: number;
  readonly answered: number;
  readonly failed: number;
  /** Answered, and in need of nobody; what may stay blank counts once it was filled in. */
  readonly settled: number;
  /** What still needs somebody: unanswered, contradictory, or not acceptable. */
  readonly open: number;
}

/** How many items are settled, of those that have to be. */
export interface Answered {
  readonly answered: number;
  readonly total: number;
}

/** Return how far all of these are together: one rule for a section, a checklist and a visit. */
export function answeredOf(parts: readonly Progress[]): Answered {
  const answered = parts.reduce((sum, one) => sum + one.settled, 0);
  return { answered, total: parts.reduce((sum, one) => sum + one.open, answered) };
}

export function sectionsOf(members: readonly Member[], key = "", depth = 0): SectionNode[] {
  return members.filter(isSection).map((section, index) => {
    const own = key === "" ? String(index) : `${key}.${index}`;
    const inner = sectionsOf(section.items, own, depth + 1);
    const inside = [...inner];
    const shown = section.items.map((one) => {
      return isSection(one) ? (inside.shift() as SectionNode) : one;
    });
    return {
      key: own,
      title: section.title,
      hint: section.hint ?? "",
      depth,
      members: shown,
      codes: shown.flatMap((one) => ("codes" in one ? one.codes : [one.code])),
    };
  });
}

export function isSectionNode(member: SectionNode | Item): member is SectionNode {
  return "codes" in member;
}

/** Return all sections, each before those in it. */
export function flattened(sections: readonly SectionNode[]): SectionNode[] {
  return sections.flatMap((one) => [one, ...flattened(one.members.filter(isSectionNode))]);
}

/** Whether somebody answers an item: it is no note, and nothing works it out. */
export function isAnswerable(item: Item): boolean {
  return !NOT_ASKED.has(item.kind) && item.calculation === undefined;
}

/** Whether there is anything to see of an item: what the phone notes by itself stays unseen. */
export function isShown(item: Item): boolean {
  if (KNOWN_TO_THE_PHONE.has(item.kind) || item.kind === "hidden") return false;
  return isAnswerable(item) || item.question.trim() !== "";
}

/** Whether each word of what is searched for stands somewhere in the item. */
export function isFound(item: Item, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const { code, question, hint = "", how_to_check = "", major_note = "" } = item;
  const text = [code, question, hint, how_to_check, major_note].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * Return which of `open` comes after the item `from`, from the start again behind the last.
 *
 * @param codes All items in the order of the paper.
 * @param from "" where no item is in sight.
 */
export function nextOpen(
  codes: readonly string[],
  open: ReadonlySet<string>,
  from: string,
): string | undefined {
  const start = codes.indexOf(from) + 1;
  return [...codes.slice(start), ...codes.slice(0, start)].find((code) => open.has(code));
}
