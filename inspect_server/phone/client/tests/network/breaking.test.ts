import "fake-indexeddb/auto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Hand, picture } from "./hand.ts";
import type { Fault } from "./server/server.ts";
import type { Journal } from "./server/journal.ts";

const FAULTS: readonly Fault[] = [
  "none",
  "none",
  "lose_request",
  "lose_answer",
  "cut_answer",
  "portal",
  "portal_says_no",
  401,
  413,
  429,
  500,
  503,
];
const paths = fc.constantFrom(...Object.values(PATHS), "/");
const faults = fc.array(fc.tuple(paths, fc.constantFrom(...FAULTS)), { maxLength: 8 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("note" as const) }),
  fc.record({ kind: fc.constant("photo" as const), size: fc.integer({ min: 4, max: 1_200_000 }) }),
  fc.record({ kind: fc.constant("sync" as const), faults, wifi: fc.boolean() }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("backup" as const) }),
  fc.record({ kind: fc.constant("restore" as const) }),
);

test("whatever breaks, the acknowledged is stored, every sync ends, and all arrives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const hand = await Hand.enrolled();
      let backup: Journal = hand.server.journal.copy();
      let seed = 0;
      for (const one of steps) {
        seed += 1;
        if (one.kind === "note") await hand.note(`第 ${seed} 项`);
        if (one.kind === "photo") await hand.photo(picture(one.size, seed));
        if (one.kind === "restart") await hand.restart();
        if (one.kind === "backup") backup = hand.server.journal.copy();
        if (one.kind === "restore") hand.server.restore(backup);
        if (one.kind === "sync") {
          hand.server.faults.push(...one.faults.filter(([path, fault]) => hasBody(path, fault)));
          await hand.sync({ mayUpload: () => one.wifi });
          hand.server.faults.length = 0;
        }
        expect(await hand.isHonest()).toBe(true);
      }
      const places = await hand.store.places();
      await hand.sync();
      const last = await hand.sync();

      expect(last.problems).toEqual([]);
      expect(last.complete).toBe(true);
      expect(await hand.stored()).toEqual(places.map(({ seq }) => seq));
      const cited = places.flatMap(({ blobs }) => blobs);
      expect(cited.filter((name) => !hand.server.journal.files.has(name))).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 120_000);

/** An answer to an upload has no content that could be cut. */
function hasBody(path: string, fault: Fault): boolean {
  return fault !== "cut_answer" || (path !== PATHS.uploads && path !== "/");
}
