/** What a phone shows of what it pulled and captured, as the vectors of the protocol have it. */

import { describe, expect, test } from "vitest";
import vectors from "../../../../../tests/vectors/sync/views.json" with { type: "json" };
import { utf8 } from "../../src/core/bytes.ts";
import { View } from "../../src/capture/view.ts";
import type { Shown } from "../../src/capture/view.ts";
import { entryHash, parse } from "../../src/core/entries.ts";
import type { Item } from "../../src/merging/items.ts";
import type { LocalEntry } from "../../src/store/local.ts";

type Vector = (typeof vectors)[number];

async function keeping(vector: Vector, effect = "applied"): Promise<Shown> {
  const rows: LocalEntry[] = await Promise.all(
    vector.local.map(async ({ bytes }) => {
      const content = utf8(bytes);
      const { replica, seq, assignment: task } = parse(content);
      const hash = await entryHash(content);
      const told = { ackedEpoch: "", effect, reason: "" };
      return { hash, replica, seq, task, content, signature: new Uint8Array(64), ...told };
    }),
  );
  return {
    entriesOf: (task) => Promise.resolve(rows.filter((row) => row.task === task)),
    documentsUnder: (prefix) =>
      Promise.resolve(
        vector.pulled.map((body) => {
          const id = `item/${body.assignment}/${body.item}`;
          expect(id.startsWith(prefix)).toBe(true);
          return { id, scope: "", kind: "item", ver: 1, pos: 1, body };
        }),
      ),
  };
}

function told(item: Item | undefined): unknown {
  return (
    item && {
      heads: Object.fromEntries(item.heads.map((head) => [head.id, head.value])),
      gone: item.gone,
      conflict: item.conflict,
    }
  );
}

describe("a phone shows what it pulled and what it has not delivered", () => {
  test("which is put together once for all that ask, and anew after a change", async () => {
    const vector = vectors[0] as Vector;
    const { assignment: task, local } = vector;
    const view = new View(await keeping(vector));
    const [one, other] = await Promise.all([view.record(task), view.record(task)]);
    const content = utf8((local[0] as (typeof local)[number]).bytes);
    await view.add(parse(content), await entryHash(content));
    const later = await view.record(task);

    expect(other).toBe(one);
    expect(later).not.toBe(one);
    expect(later).toEqual(one);
  });

  test.each(vectors)("$name", async (vector) => {
    const view = new View(await keeping(vector));
    const task = vector.assignment;
    const ids = Object.keys(vector.items);
    const items = await Promise.all(ids.map((id) => view.item(task, id)));
    const record = await view.record(task);

    expect(Object.fromEntries(ids.map((id, at) => [id, told(items[at])]))).toEqual(vector.items);
    expect(Object.fromEntries([...record.items].map(([id, item]) => [id, told(item)]))).toEqual(
      vector.items,
    );
  });

  test.each(vectors)("$name, captured one after the other", async (vector) => {
    const local = await keeping({ ...vector, local: [] });
    const view = new View(local);
    const task = vector.assignment;
    await view.record(task);
    for (const { bytes, hash } of vector.local) await view.add(parse(utf8(bytes)), hash);
    const ids = Object.keys(vector.items);
    const items = await Promise.all(ids.map((id) => view.item(task, id)));

    expect(Object.fromEntries(ids.map((id, at) => [id, told(items[at])]))).toEqual(vector.items);
  });

  test("but nothing of an entry that was set aside, except which checklists it has", async () => {
    const vector = vectors[0] as Vector;
    const view = new View(await keeping(vector, "quarantined"));

    expect((await view.record(vector.assignment)).items.size).toBe(0);
    expect(await view.form(vector.assignment)).toBe("confined_space@1+dust_explosion@1");
    expect(await view.form("0198aaaa-0000-4000-8000-000000000009")).toBe("");
  });
});
