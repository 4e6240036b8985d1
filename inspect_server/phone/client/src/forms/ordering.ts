/** In which order the values of a checklist follow from each other. */

import { citedAs, isSection, itemsOf } from "./body.ts";
import type { Condition, Item, Member, Section } from "./body.ts";
import { namesIn } from "./expressions.ts";

/**
 * Return the items of one level so that each follows what it needs.
 *
 * A table is one item here: what its rows need, it needs. Circles were refused when the checklist
 * was made.
 */
export function inOrder(members: readonly Member[]): Item[] {
  const around = sectionsAround(members);
  const owner = new Map<string, Item>();
  for (const item of around.keys()) {
    owner.set(citedAs(item), item);
    for (const column of itemsWithin(item)) owner.set(citedAs(column), item);
  }
  const order = new Set<Item>();
  const place = (item: Item): void => {
    if (order.has(item)) return;
    for (const name of needed(item, around.get(item) ?? [])) {
      const other = owner.get(name);
      if (other !== undefined && other !== item) place(other);
    }
    order.add(item);
  };
  for (const item of around.keys()) place(item);
  return [...order];
}

function sectionsAround(
  members: readonly Member[],
  around: readonly Section[] = [],
): Map<Item, readonly Section[]> {
  return new Map(
    members.flatMap((member) =>
      isSection(member)
        ? [...sectionsAround(member.items, [...around, member])]
        : [[member, around] as const],
    ),
  );
}

/** Return the columns of a table, those of tables in it too. */
function itemsWithin(item: Item): Item[] {
  const columns = itemsOf(item.columns ?? []);
  return columns.flatMap((column) => [column, ...itemsWithin(column)]);
}

/** Return the names from which it follows that an item is asked, and its value. */
function needed(item: Item, around: readonly Section[]): string[] {
  const own = [item.relevant, item.calculation, item.count, hiddenValue(item)];
  const conditions = [...own, ...around.map((section) => section.relevant)];
  const names = conditions.flatMap((one) => (one ? namesIn(one.tree, "ref") : []));
  const columns = [...sectionsAround(item.columns ?? [])];
  return [...names, ...columns.flatMap(([column, within]) => needed(column, within))];
}

/** Return what gives a hidden item its value: its default, which is otherwise only a proposal. */
export function hiddenValue(item: Item): Condition | undefined {
  return item.kind === "hidden" ? item.default : undefined;
}
