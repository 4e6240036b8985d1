/** What a signature did not see, item by item. */

import type { Participant } from "../../../../capture/phone.ts";
import { itemsOf } from "../../../../forms/body.ts";
import type { Form } from "../../../../forms/body.ts";
import type { Answer } from "../../../../forms/filling.ts";
import type { Head } from "../../../../merging/items.ts";
import type { MergedRecord } from "../../../../merging/record.ts";
import { answerInWords, headInWords } from "../../../checklist/words.ts";
import { personTold, shownToSigners } from "../../../reading/people.ts";
import type { Recheck } from "../../../reading/rechecks.ts";
import { recheckInWords } from "../../../rechecking/words.ts";
import { KINDS, SIGNING } from "../../../words/signing.ts";
import { gapTold } from "../gaps.ts";
import type { Gap } from "../gaps.ts";

type Value = Readonly<Record<string, unknown>>;

/** Return each item in words: the code and question of an answer, what else it is and says. */
export function itemsTold(
  ids: readonly string[],
  record: MergedRecord,
  forms: readonly Form[],
): string[] {
  return ids.map((id) => {
    const head = record.items.get(id)?.heads.at(-1);
    const [kind = ""] = id.split("/");
    const text = head ? headTold(id, head, forms) : "";
    const name = kind === "answer" ? questionOf(id, forms) : (KINDS[kind] ?? kind);
    return [name, text].filter(Boolean).join("：");
  });
}

/** Return what one phone said of an item. */
export function headTold(id: string, head: Head, forms: readonly Form[]): string {
  const [kind = "", name = "", code = ""] = id.split("/");
  if (head.value === null) return SIGNING.withdrawn;
  if (kind !== "answer") return TOLD[kind]?.(head.value as Value) ?? headInWords(head);
  const form = forms.find((one) => one.name === name);
  const item = form && itemsOf(form.sections).find((one) => one.code === code);
  return form && item ? answerInWords(form, item, head.value as Answer) : "";
}

function questionOf(id: string, forms: readonly Form[]): string {
  const [, name = "", code = ""] = id.split("/");
  const form = forms.find((one) => one.name === name);
  const item = form && itemsOf(form.sections).find((one) => one.code === code);
  return [code, item?.question].filter(Boolean).join(" ");
}

const TOLD: Readonly<Record<string, (value: Value) => string>> = {
  participant: (value) => personTold(shownToSigners(value as Partial<Participant>)),
  note: ({ text }) => String(text),
  visit: ({ place }) => String(place),
  signature: ({ name }) => String(name),
  gap: (value) => gapTold(value as unknown as Gap),
  recheck: (value) => recheckInWords(value as unknown as Recheck),
};
