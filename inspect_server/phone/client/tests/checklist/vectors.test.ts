/** A record that comes in any order means on the page what the vectors say that it means. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { ChecklistState, progressOf } from "../../src/app/checklist/filling-state.ts";
import { tableRows } from "../../src/app/checklist/fields/tables.ts";
import type { Form } from "../../src/forms/body.ts";
import type { Answer, State } from "../../src/forms/filling.ts";
import type { Item } from "../../src/merging/items.ts";
import { ME, PARTNER, head, item } from "./folded.ts";

interface Entered {
  readonly read_only?: boolean;
  readonly prefilled?: string;
  readonly rows?: number;
  readonly choices?: readonly string[];
}

interface Told {
  readonly form: string;
  readonly today: string;
  readonly known: Readonly<Record<string, string>>;
  readonly answers: readonly (readonly [string, Answer | null])[];
  readonly photos: Readonly<Record<string, number>>;
  readonly entries: Readonly<Record<string, Entered>>;
  readonly state: Omit<State, "calculated"> & { readonly calculated: Record<string, string> };
}
const FILE = new URL("../../../../../tests/vectors/forms/fillings.json", import.meta.url);
const { forms, fillings } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly forms: readonly Form[];
  readonly fillings: readonly Told[];
};
const byName = new Map(forms.map((form) => [form.name, form]));
// What only one phone knows stands in no record, and closing works without it.
const told = fillings.filter(({ known }) => Object.keys(known).length === 0);

function photo(code: string, form: string, number: number): Item {
  const value = { answer_item: `answer/${form}/${code}`, finding: "", sha256: "00" };
  return item(`photo/${code}-${number}`, head(value, ME, "photo.add"));
}

function recordOf({ form, answers, photos }: Told): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const [code, answer] of answers) {
    const id = `answer/${form}/${code}`;
    items.set(id, item(id, head(answer)));
  }
  for (const [code, count] of Object.entries(photos)) {
    for (let number = 0; number < count; number += 1) {
      const one = photo(code, form, number);
      items.set(one.id, one);
    }
  }
  return items;
}

/** Return what the rows say, in the form of the vectors. */
function shownBy(state: ChecklistState): unknown {
  const rows = state.rows();
  const codes = (wants: (row: (typeof rows)[number]) => boolean): string[] =>
    rows.filter(wants).map((row) => row.item.code);
  return {
    visible: codes((row) => row.isVisible),
    missing: codes((row) => row.isMissing),
    failed: codes((row) => row.isFailed),
    wrong: rows.flatMap((row) => row.faults.map((fault) => `${row.item.code} ${fault}`)),
    calculated: rows
      .filter(({ item: { code } }) => state.state().calculated.has(code))
      .map((row) => [row.item.code, row.calculated]),
  };
}

function expected({ state }: Told): unknown {
  const { visible, missing, failed, wrong, calculated } = state;
  return {
    visible,
    missing,
    failed,
    wrong: visible.flatMap((code) =>
      wrong
        .filter((one) => one.code === code)
        .map(({ row, reason }) => `${code} ${row === 0 ? reason : `第${row}行${reason}`}`),
    ),
    calculated: visible
      .filter((code) => Object.hasOwn(calculated, code))
      .map((code) => [code, calculated[code]]),
  };
}

describe.each([...new Set(told.map(({ form }) => form))])("checklist %s", (name) => {
  const form = byName.get(name) as Form;
  const cases = told.filter((one) => one.form === name);

  test("a record taken in at once", () => {
    for (const one of cases) {
      const state = new ChecklistState(form, one.today, ME);
      state.load(recordOf(one));

      expect(shownBy(state), JSON.stringify(one.answers)).toEqual(expected(one));
    }
  });

  test("items that come one by one, the last first, after others that were taken back", () => {
    for (const one of cases) {
      const state = new ChecklistState(form, one.today, ME);
      for (const { code } of state.items) state.propose(code, { result: "not_applicable" });
      for (const { code } of state.items) state.saved(code);
      for (const [id, found] of [...recordOf(one)].reverse()) state.take(id, found);

      expect(shownBy(state), JSON.stringify(one.answers)).toEqual(expected(one));
    }
  });

  test("a partner's contradiction leaves the item open, whatever was said", () => {
    const known = new Set(new ChecklistState(form, "2026-11-23", ME).items.map((one) => one.code));
    for (const one of cases) {
      const record = recordOf(one);
      const [code] = one.answers.find(([answered]) => known.has(answered)) ?? [];
      if (code === undefined) continue;
      const id = `answer/${name}/${code}`;
      const mine = (record.get(id) as Item).heads[0] as Item["heads"][number];
      const theirs = head({ result: "not_checked", reason: "同伴" }, PARTNER);
      const state = new ChecklistState(form, one.today, ME);
      state.load(new Map([...record, [id, item(id, mine, theirs)]]));
      const without = new ChecklistState(form, one.today, ME);
      record.delete(id);
      without.load(record);

      expect(state.state()).toEqual(without.state());
      expect(state.rows().find((row) => row.item.code === code)?.answer).toEqual(mine.value);
    }
  });

  test("a table has the rows that were given or are due, and none while it is not asked", () => {
    for (const one of cases) {
      const state = new ChecklistState(form, one.today, ME);
      state.load(recordOf(one));
      const tables = tableRows(form, {
        day: one.today,
        of: (code) => state.answer(code),
        photos: (code) => state.photoCount(code),
      });
      for (const [code, rows] of tables) {
        const answer = state.answer(code);
        const isAsked = state.state().visible.includes(code) && answer?.result === "given";
        const given = isAsked && Array.isArray(answer.given) ? answer.given : [];
        const isTable = given.every((one) => typeof one === "object" && !Array.isArray(one));

        const due = state.entry(code)?.rows ?? 0;
        const isThere = state.state().visible.includes(code);

        expect(rows.length, JSON.stringify([code, answer, due])).toBe(
          Math.max(isTable ? given.length : 0, isThere ? due : 0),
        );
      }
    }
  });
});

test("columns are entered as the vectors say, in rows that were given", () => {
  let compared = 0;
  for (const one of told) {
    const form = byName.get(one.form) as Form;
    const state = new ChecklistState(form, one.today, ME);
    state.load(recordOf(one));
    const tables = tableRows(form, {
      day: one.today,
      of: (code) => state.answer(code),
      photos: (code) => state.photoCount(code),
    });
    for (const rows of tables.values()) {
      for (const [index, { entries }] of rows.entries()) {
        for (const [code, entry] of entries) {
          const wanted = one.entries[`${code} ${index + 1}`];
          if (wanted === undefined) continue; // a blank row that is due, or nothing to tell of it
          compared += 1;

          expect(entry.read_only, code).toBe(wanted.read_only ?? false);
          expect(entry.prefilled, code).toBe(wanted.prefilled ?? "");
          expect(entry.rows, code).toBe(wanted.rows ?? null);
          expect(entry.choices.map(({ name }) => name)).toEqual(wanted.choices ?? []);
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(50);
});

test("progress counts what somebody answers and nothing else", () => {
  const one = told.find(({ form, answers }) => form === "checks" && answers.length > 1) as Told;
  const state = new ChecklistState(byName.get("checks") as Form, one.today, ME);
  state.load(recordOf(one));
  const progress = progressOf(state.rows());
  const visible = state.rows().filter((row) => row.isVisible);

  expect(progress.total).toBe(visible.length);
  expect(progress.answered).toBe(visible.filter((row) => row.answer !== null).length);
});
