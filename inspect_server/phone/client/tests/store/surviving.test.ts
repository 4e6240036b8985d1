/** Whatever happens between two saves, what was confirmed is there and the chain whole. */

import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { parse } from "../../src/core/entries.ts";
import { sha256Hex } from "../../src/core/digests.ts";
import { PhoneError } from "../../src/core/problems.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { fullAfter } from "./failing.ts";
import type { Failure } from "./failing.ts";
import { account, emptyBrowser, enrolled, inUse, saveNote, windowOf } from "./keeping.ts";
import type { Account } from "./keeping.ts";

emptyBrowser();

/** A phone in the hands of somebody unlucky, and what it has confirmed so far. */
class Trial {
  readonly of: Account;
  store: LocalStore;
  readonly entries: string[] = [];
  readonly photos: string[] = [];
  #number = 0;

  constructor(of: Account, store: LocalStore) {
    this.of = of;
    this.store = store;
  }

  async note(): Promise<void> {
    this.#number += 1;
    this.entries.push(await saveNote(this.store, this.of.user, `第 ${this.#number} 条`));
  }

  async photo(size: number): Promise<void> {
    this.#number += 1;
    const content = new Uint8Array(size).fill(this.#number);
    this.photos.push(await this.store.addBlob(content, (await inUse(this.store)).id));
  }

  /** The room ends in the middle: the save says so, and did not happen. */
  async withoutRoom(left: number, how: Failure, work: () => Promise<void>): Promise<void> {
    const freed = fullAfter(left, how);
    await work().catch((error: unknown) => {
      if (!(error instanceof PhoneError)) throw error;
    });
    freed();
  }

  /** The page dies so many turns after something began to be saved, and is opened again. */
  async killed(turns: number): Promise<void> {
    const before = this.entries.length;
    const unconfirmed = this.note().catch(() => undefined);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((next) => setImmediate(next));
    this.store.close();
    await unconfirmed;
    this.store = await windowOf(this.of);
    await vi.waitFor(() => expect(this.store.writing.isWriter).toBe(true));
    const found = (await this.store.places()).map((row) => row.hash);
    const isThere = found.length > before && this.entries.length === before;
    if (isThere) this.entries.push(found.at(-1) as string); // written, but nobody was told
  }

  async check(): Promise<void> {
    const rows = await this.store.entries();
    const head = await inUse(this.store);

    expect(rows.map((row) => row.hash)).toEqual(this.entries);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1));
    expect(rows.map((row) => parse(row.content).prev)).toEqual(["", ...this.entries].slice(0, -1));
    expect([head.uptoSeq, head.headHash]).toEqual([rows.length, this.entries.at(-1) ?? ""]);
    for (const name of this.photos) {
      expect(await sha256Hex(await this.store.blob(name))).toBe(name);
    }
  }
}

type Step = (trial: Trial) => Promise<void>;

const how = fc.constantFrom<Failure>("thrown", "aborted");
const size = fc.integer({ min: 1, max: 3_000_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((trial) => trial.note()),
  size.map((bytes): Step => (trial) => trial.photo(bytes)),
  fc.nat(20).map((turns): Step => (trial) => trial.killed(turns)),
  fc
    .tuple(fc.nat(4), how)
    .map(([left, by]): Step => (trial) => trial.withoutRoom(left, by, () => trial.note())),
  fc
    .tuple(fc.nat(4), how, size)
    .map(
      ([left, by, bytes]): Step =>
        (trial) =>
          trial.withoutRoom(left, by, () => trial.photo(bytes)),
    ),
);

describe("an unlucky day", () => {
  test("loses nothing that was confirmed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const of = await account();
        const trial = new Trial(of, await enrolled(of));
        for (const each of steps) await each(trial);
        await trial.note();
        await trial.check();
        trial.store.close();
      }),
      { numRuns: 40 },
    );
  });
});
