/** What goes from phone to phone without a network, as the vectors of the protocol have it. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import files from "../../../../../../tests/vectors/sync/partner_files.json" with { type: "json" };
import lists from "../../../../../../tests/vectors/sync/partner_lists.json" with { type: "json" };
import { BadFile, RefusedFile } from "../../../src/capture/problems.ts";
import { lookedAt, takenFrom } from "../../../src/capture/partner/carrying.ts";
import { havingOf, lackedBy, readHaving } from "../../../src/capture/partner/lacking.ts";
import type { Having } from "../../../src/capture/partner/lacking.ts";
import { fromBase64 } from "../../../src/core/bytes.ts";
import type { EntryPlace, LocalStore } from "../../../src/store/local.ts";
import { account, emptyBrowser, enrolled, show } from "../../store/keeping.ts";

type Row = (typeof lists.lists)[number]["held"][number];

const PROBLEMS: Readonly<Record<string, unknown>> = { damaged: BadFile, refused: RefusedFile };

function file({ file_b64 }: { readonly file_b64: string }): Blob {
  return new Blob([fromBase64(file_b64)]);
}

describe("a partner's file", () => {
  emptyBrowser();
  let store: LocalStore;

  /** The phone that takes in: it has pulled its task, and nothing else. */
  beforeEach(async () => {
    store = await enrolled(await account());
    await show(store, { [`task/${files.task.id}`]: files.task });
  });

  afterEach(() => store.close());

  async function kept(): Promise<readonly string[]> {
    return (await store.places()).map(({ hash }) => hash);
  }

  test.each(files.taken)("$name, is taken in once", async (vector) => {
    const whole = file(vector);
    const by = await lookedAt(store, whole);
    const [first, again] = [await takenFrom(store, whole), await takenFrom(store, whole)];
    const [entries, photos] = [vector.entries.length, vector.photos.length];

    expect(await store.get("user")).toBe(files.user);
    expect(by).toMatchObject([{ entries, isKnown: false }]);
    expect(first).toMatchObject({ entries, files: photos, unkept: 0 });
    expect(again).toMatchObject({ entries: 0, files: 0, unkept: 0 });
    expect(await kept()).toEqual(vector.entries);
    expect((await store.unoffered("")).toSorted()).toEqual(vector.photos.toSorted());
  });

  test.each(files.refused)("with $name is not", async (vector) => {
    const problem = await takenFrom(store, file(vector)).catch((error: unknown) => error);

    expect(problem).toBeInstanceOf(PROBLEMS[vector.why]);
    await expect(lookedAt(store, file(vector))).rejects.toThrow(problem as Error);
    expect(await kept()).toEqual([]);
    expect(await store.unoffered("")).toEqual([]);
    expect((await store.keys()).size).toBe(1);
  });
});

/** A phone that has entries, as far as a list asks for it. */
function having(held: readonly Row[], own: readonly string[]): LocalStore {
  const known = {
    places: () => Promise.resolve(placesOf(held)),
    replicas: () => Promise.resolve(own.map((id) => ({ id }))),
  };
  return known as unknown as LocalStore;
}

function placesOf(rows: readonly Row[]): readonly EntryPlace[] {
  const rest = { blobs: [], ackedEpoch: "", effect: "", reason: "" };
  return rows.map((row) => ({ ...row, ...rest }) as EntryPlace);
}

describe("the list of a phone", () => {
  test.each(lists.lists)("that has $name", async (vector) => {
    const { held, own, partner_held, says, task, text } = vector;
    const read = readHaving(text) as Having;
    const theirs = placesOf(partner_held);
    const sendable = theirs.filter((row) => row.task === task);
    const sent = await lackedBy(read, sendable, theirs);

    expect(await havingOf(having(held, own), task)).toBe(text);
    expect([read.task, [...read.own]]).toEqual([task, says.own]);
    expect(Object.fromEntries(read.runs)).toEqual(says.runs);
    expect(sent.map(({ hash }) => hash)).toEqual(vector.sent);
  });

  test.each(lists.refused)("is not $name", ({ text }) => {
    expect(readHaving(text)).toBeUndefined();
  });
});
