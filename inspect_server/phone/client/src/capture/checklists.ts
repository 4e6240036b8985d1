/** Which items a task's pulled checklists have. */

import type { LocalStore } from "../store/local.ts";
import { UnknownItem } from "./problems.ts";

interface Member {
  readonly code?: string;
  readonly items?: readonly Member[];
}

type Documents = Pick<LocalStore, "document">;

/**
 * Reads the pulled documents of kind `form`.
 *
 * Their `sections` hold `items`: sections again, or items, each with a `code`; a table is one. A
 * version of a checklist never changes, so each is read once.
 */
export class Checklists {
  readonly #store: Documents;
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(store: Documents) {
    this.#store = store;
  }

  /**
   * Refuse an item that the task's checklists do not have.
   *
   * A finding may name no item. While a checklist is not on the phone nothing can be said.
   *
   * @throws UnknownItem if none of them has it.
   */
  async check(task: string, item: string): Promise<void> {
    if (item === "") return;
    const document = await this.#store.document(`task/${task}`);
    if (document === null) return;
    const { form_set: forms } = document.body as { readonly form_set: string };
    for (const ref of forms.split("+")) {
      const items = await this.#items(ref);
      if (items === null || items.has(item)) return;
    }
    throw new UnknownItem(forms.replaceAll("+", "、"), item);
  }

  async #items(ref: string): Promise<ReadonlySet<string> | null> {
    const known = this.#known.get(ref);
    if (known) return known;
    const document = await this.#store.document(`form/${ref}`);
    if (document === null) return null;
    const { sections } = document.body as { readonly sections: readonly Member[] };
    const name = ref.split("@", 1)[0] as string;
    const items = new Set(codes(sections).map((code) => `answer/${name}/${code}`));
    this.#known.set(ref, items);
    return items;
  }
}

function codes(members: readonly Member[]): string[] {
  return members.flatMap(({ code, items }) => (code ? [code] : codes(items ?? [])));
}
