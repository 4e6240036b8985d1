/** One code says what a phone has; the partner's codes then carry what it lacks, and no less. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_CHARACTERS, framesOf } from "../../../src/capture/frames.ts";
import {
  HANDY_FRAMES,
  havingOf,
  lackedBy,
  readHaving,
  roundFor,
} from "../../../src/capture/partner/lacking.ts";
import type { Having } from "../../../src/capture/partner/lacking.ts";
import type { Phone } from "../../../src/capture/phone.ts";
import { OTHER_TASK, FORM, TASK, show } from "../../store/keeping.ts";
import { ITEM, SECOND, holding, withTwo } from "../team.ts";

let lead: Phone;
let member: Phone;
withTwo((one, other) => ([lead, member] = [one.phone, other.phone]));

/** Words that do not pack well, others for each seed. */
function words(count: number, seed: number): string {
  const signs = Array.from({ length: count }, (_, at) => at * at * 31 + at * 7919 + seed * 104_729);
  return String.fromCodePoint(...signs.map((one) => 0x4e00 + (one % 20_900)));
}

async function having(phone: Phone): Promise<Having> {
  return readHaving(await havingOf(phone.store, TASK)) as Having;
}

/** Let one phone take in by codes what it lacks of the other; return how many rounds that took. */
async function byCodes(to: Phone, from: Phone): Promise<number> {
  for (let rounds = 0; ; rounds += 1) {
    const round = await roundFor(from.store, await having(to));
    if (round === null) return rounds;
    expect(round.frames.length).toBeLessThanOrEqual(HANDY_FRAMES);
    expect(await to.takeIn(round.content)).toBe(round.entries);
  }
}

async function hashes(phone: Phone): Promise<readonly string[]> {
  return (await phone.entries()).map((row) => row.hash).sort();
}

describe("the codes after a list", () => {
  test("carry only what is new since the last time, either way", async () => {
    for (const text of ["一", "二", "三"]) await member.note(TASK, text);
    await lead.takeIn(await member.exportEntries(TASK));
    await member.answer(TASK, ITEM, "pass");
    await lead.answer(TASK, SECOND, "pass");
    const round = await roundFor(member.store, await having(lead));

    expect(round).toMatchObject({ entries: 1, left: 0, framesLeft: 0 });
    const all = await framesOf(await member.exportEntries(TASK));
    expect(round?.frames.length).toBeLessThan(all.length);
    expect(await byCodes(lead, member)).toBe(1);
    expect(await byCodes(member, lead)).toBe(1);
    expect(await hashes(lead)).toEqual(await hashes(member));
    expect(await lead.record(TASK)).toEqual(await member.record(TASK));
    expect(await roundFor(member.store, await having(lead))).toBeNull();
  });

  test("carry all to a phone that has nothing", async () => {
    for (const text of ["一", "二"]) await member.note(TASK, text);
    const round = await roundFor(member.store, await having(lead));

    expect(round?.content).toEqual(await member.exportEntries(TASK));
  });

  test("come in several rounds where they are many, until nothing is lacking", async () => {
    for (let seed = 0; seed < 45; seed += 1) await member.note(TASK, words(700, seed));
    const first = await roundFor(member.store, await having(lead));

    expect(first?.left).toBeGreaterThan(0);
    expect(first?.framesLeft).toBeGreaterThan(0);
    expect((first?.entries ?? 0) + (first?.left ?? 0)).toBe(45);
    expect(await byCodes(lead, member)).toBeGreaterThan(1);
    expect(await hashes(lead)).toEqual(await hashes(member));
  });

  test("carry one save that is more than handy, and refuse what is too much", async () => {
    await member.together(TASK, async (group) => {
      for (let at = 0; at < 4; at += 1) await group.note(TASK, words(3900, at));
    });
    const round = await roundFor(member.store, await having(lead));
    await member.together(TASK, async (group) => {
      for (let at = 0; at < 14; at += 1) await group.note(TASK, words(3990, 10 + at));
    });
    if (round) await lead.takeIn(round.content);

    expect(round).toMatchObject({ entries: 1 });
    await expect(roundFor(member.store, await having(lead))).rejects.toThrow("发送文件");
  });

  test("carry a third phone's entries through the second, and none of them twice", async () => {
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(async (number) => (await holding(number, [1, 2, 3])).phone),
    ) as [Phone, Phone, Phone];
    await third.note(TASK, "三");
    await byCodes(second, third);
    await second.note(TASK, "二");
    await byCodes(first, second);
    await third.note(TASK, "又三");
    const direct = await roundFor(third.store, await having(first));
    await byCodes(first, third);
    const less = await roundFor(second.store, await having(first));
    for (const phone of [first, second, third]) phone.close();

    expect(direct?.entries).toBe(1);
    expect(less?.entries).toBe(1); // second holds less of third's run: it cannot know, and sends it
  });

  test("leave out what precedes of other tasks where nothing of this one follows", async () => {
    const users = [1, 2].map((n) => `0198cccc-0000-4000-8000-00000000000${n}`);
    const team = users.map((user, at) => ({ user_id: user, role: at ? "member" : "lead" }));
    await show(member.store, { [`task/${OTHER_TASK}`]: { form_set: FORM, team } });
    await member.note(OTHER_TASK, "先前");
    await member.note(TASK, "一");
    await member.note(OTHER_TASK, "之后");
    const round = await roundFor(member.store, await having(lead));
    await lead.takeIn(round!.content);

    expect(round?.entries).toBe(2);
    expect(await roundFor(member.store, await having(lead))).toBeNull();
  });
});

test("a branch of the same numbers is not taken for the other one", async () => {
  const id = "ab".repeat(32);
  const row = (seq: number, hash: string) => ({
    ...{ replica: id, seq, hash: hash.repeat(32), task: TASK, blobs: [] },
    ...{ ackedEpoch: "", effect: "", reason: "" },
  });
  const here = [row(1, "01"), row(2, "02"), row(4, "04")];
  const there = [row(1, "01"), row(2, "0f"), row(4, "04"), row(5, "05")];
  const fake = { places: () => Promise.resolve(here), replicas: () => Promise.resolve([]) };
  const said = readHaving(await havingOf(fake as unknown as Phone["store"], TASK)) as Having;
  const lacked = await lackedBy(said, there, there);

  expect(lacked.map(({ seq }) => seq)).toEqual([1, 2, 5]);
  expect(await lackedBy(said, here, here)).toEqual([]);
});

describe("the list", () => {
  test("is one code, with the task's id, in the signs of which one holds most", async () => {
    for (const text of ["一", "二"]) await member.note(TASK, text);
    await lead.takeIn(await member.exportEntries(TASK));
    const text = await havingOf(lead.store, TASK);
    const [name, own] = [await member.replica(), await lead.replica()].map((id) => id.slice(0, 16));
    const said = readHaving(text) as Having;

    expect(text).toMatch(/^IXN1\/[0-9A-Z $%*+\-./:]+$/);
    expect(text.length).toBeLessThan(120);
    expect([said.task, [...said.own], [...said.runs.keys()]]).toEqual([TASK, [own], [name]]);
    expect(said.runs.get(name as string)).toMatchObject([{ first: 1, last: 2 }]);
  });

  test("fits one code however torn the chains are; what is left out is sent again", async () => {
    const id = "ab".repeat(32);
    const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(seqs, async (all) => {
        const places = all.map((seq) => ({
          ...{ replica: id, seq, hash: seq.toString(16).padStart(64, "0"), task: TASK, blobs: [] },
          ...{ ackedEpoch: "", effect: "", reason: "" },
        }));
        const [found, none] = [Promise.resolve(places), Promise.resolve([])];
        const fake = { places: () => found, replicas: () => none };
        const text = await havingOf(fake as unknown as Phone["store"], TASK);
        const lacked = await lackedBy(readHaving(text) as Having, places, places);
        expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        if (all.length < 60) expect(lacked).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("is nothing else: no frame, no cut list, no more than a list", async () => {
    await member.note(TASK, "一");
    await lead.takeIn(await member.exportEntries(TASK));
    const text = await havingOf(lead.store, TASK);
    const [frame] = await framesOf(Uint8Array.of(1, 2, 3));
    const cut = [text.slice(0, -3), `${text}BB8`, text.toLowerCase()];
    const strange = ["", "IXN1/", frame as string, ...cut];

    expect(strange.map(readHaving)).toEqual(strange.map(() => undefined));
    await fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (any) => {
        const said = readHaving(`IXN1/${any}`);
        expect(said === undefined || said.task.length === 36).toBe(true);
      }),
    );
  });
});
