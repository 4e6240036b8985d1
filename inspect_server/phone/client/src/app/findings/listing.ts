/** The findings of a visit in the order of the paper, each with what its checklist says of it. */

import type { Item } from "../../forms/body.ts";
import type { Answer } from "../../forms/filling.ts";
import { suggest } from "../../forms/suggesting.ts";
import type { Suggestion } from "../../forms/suggesting.ts";
import type { Item as Merged } from "../../merging/items.ts";
import { ChecklistState, valueOf } from "../checklist/filling-state.ts";
import type { Visit } from "../checklist/visit.ts";

export interface Listed {
  readonly finding: Merged;
  readonly photos: readonly Merged[];
  readonly kind: "major" | "general" | "referred";
  /** The answer that it cites, "" for what no checklist asks. */
  readonly cited: string;
  readonly item: Item | undefined;
  readonly answer: Answer | null;
  readonly suggestion: Suggestion | undefined;
  /** Code and question of the item, or that there is none. */
  readonly told: string;
}

const OUTSIDE = "检查表以外";

/** What is read of a visit to list its findings. */
export type Listable = Pick<Visit, "forms" | "day" | "user" | "items">;

/** Return all findings that stand, those of no item behind the others. */
export function listed(visit: Listable): Listed[] {
  const found = visit.forms.flatMap((form) => {
    const state = new ChecklistState(form, visit.day, visit.user);
    state.load(visit.items);
    const rows = state.rows();
    const failed = new Set(rows.filter((row) => row.isFailed).map((row) => row.item.code));
    return rows.flatMap(({ item, findings, answer }) => {
      if (findings.length === 0) return [];
      const suggestion = suggest(form, item, failed, visit.day);
      const told = `${item.code} ${item.question}`;
      const cited = state.itemOf(item.code);
      return findings.map((finding) => {
        return { ...parts(visit, finding), cited, item, answer, suggestion, told };
      });
    });
  });
  const known = new Set(found.map(({ finding }) => finding.id));
  const others = [...visit.items.values()]
    .filter(({ id, live }) => live && id.startsWith("finding/") && !known.has(id))
    .sort((one, other) => ((one.heads[0]?.hlc ?? "") < (other.heads[0]?.hlc ?? "") ? -1 : 1))
    .map((finding) => ({
      ...parts(visit, finding),
      cited: String(valueOf(finding)["answer_item"] ?? ""),
      item: undefined,
      answer: null,
      suggestion: undefined,
      told: OUTSIDE,
    }));
  return [...found, ...others];
}

function parts(
  visit: Listable,
  finding: Merged,
): Pick<Listed, "finding" | "photos" | "kind"> {
  const { measure, level } = valueOf(finding);
  return {
    finding,
    photos: [...visit.items.values()].filter(
      (item) =>
        item.id.startsWith("photo/") &&
        item.value !== null &&
        valueOf(item)["finding"] === finding.id,
    ),
    kind: measure === "refer" ? "referred" : level === "major" ? "major" : "general",
  };
}
