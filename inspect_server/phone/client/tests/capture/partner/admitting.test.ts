/** A fresh key proves no person: what a partner's file may bring, and by which code it is told. */

import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as admitting from "../../../src/capture/partner/admitting.ts";
import { codeOf } from "../../../src/capture/partner/bringing.ts";
import type { Phone } from "../../../src/capture/phone.ts";
import { OwnFile, RefusedFile } from "../../../src/capture/problems.ts";
import { base64 } from "../../../src/core/bytes.ts";
import { entryHash } from "../../../src/core/entries.ts";
import type { Op } from "../../../src/core/entries.ts";
import { uuid7 } from "../../../src/core/ids.ts";
import { newKey, rawPublicKey, replicaId } from "../../../src/core/keys.ts";
import type { LocalReplica } from "../../../src/store/local.ts";
import { FORM, OTHER_TASK, TASK, emptyBrowser, entryOf, show } from "../../store/keeping.ts";
import { ITEM, holding } from "../team.ts";
import type { Held } from "../team.ts";

const THIRD = "0198cccc-0000-4000-8000-000000000003";
emptyBrowser();
let lead: Held;
let member: Held;

beforeEach(async () => {
  lead = await holding(1);
  member = await holding(2);
});

afterEach(() => {
  lead.phone.close();
  member.phone.close();
});

type Written = readonly [user: string, op?: Op, task?: string];

/** Return the file of somebody who signs with a key of their own under any name. */
async function forged(...written: readonly Written[]): Promise<Uint8Array> {
  const pair = await newKey();
  const publicKey = await rawPublicKey(pair);
  const id = await replicaId(publicKey);
  const entries: { bytes_b64: string; sig: string }[] = [];
  let headHash = "";
  for (const [user, op = note(), task = TASK] of written) {
    const key = pair.privateKey;
    const replica = { id, ordinal: 1, key, publicKey, uptoSeq: entries.length, headHash };
    const { content, signature } = await entryOf(replica as LocalReplica, user, [op], task);
    entries.push({ bytes_b64: base64(content), sig: base64(signature) });
    headHash = await entryHash(content);
  }
  return gzipSync(JSON.stringify({ v: 1, entries, keys: { [id]: base64(publicKey) } }));
}

function note(): Op {
  return { type: "note.add", item: `note/${uuid7(1)}`, parents: [], value: { text: "补记" } };
}

async function refused(phone: Phone, file: Uint8Array, reason: string): Promise<void> {
  const before = (await phone.entries()).length;
  await expect(phone.lookInto(file)).rejects.toThrow(reason);
  const taking = phone.takeIn(file);
  await expect(taking).rejects.toBeInstanceOf(RefusedFile);
  await expect(taking).rejects.toThrow("本机记录没有变化");
  expect((await phone.entries()).length).toBe(before);
  expect((await phone.store.keys()).size).toBe(1);
}

describe("a file is refused, and nothing of it taken in,", () => {
  test("with anything by somebody who does not work on the task", async () => {
    await refused(lead.phone, await forged([THIRD]), admitting.STRANGER);
    await refused(lead.phone, await forged([member.of.user], [THIRD]), admitting.STRANGER);
  });

  test("with the officer's own name under another key", async () => {
    await refused(lead.phone, await forged([lead.of.user]), admitting.OWN_NAME);
  });

  test.each<[string, string, unknown]>([
    ["task.close", `task/${TASK}`, {}],
    ["replica.revoke", `replica/${"0".repeat(64)}`, { reason: "丢失" }],
  ])("with %s, which the server alone does", async (type, item, value) => {
    const file = await forged([member.of.user, { type, item, parents: [], value }]);
    await refused(lead.phone, file, admitting.SERVER_ONLY);
  });

  test("with a settlement by somebody else than the lead", async () => {
    const parents = [`${"a".repeat(64)}#0`];
    const value = { chosen: null, reason: "复核" };
    const settled = { type: "conflict.resolve", item: ITEM, parents, value };

    await refused(lead.phone, await forged([member.of.user, settled]), admitting.NOT_LEAD);
    expect(await member.phone.takeIn(await forged([lead.of.user, settled]))).toBe(1);
  });

  test("with a task that is not here, unless something here follows it", async () => {
    const { user } = member.of;
    const elsewhere = [user, note(), OTHER_TASK] as const;
    await refused(lead.phone, await forged(elsewhere), admitting.NO_TASK);
    await refused(lead.phone, await forged([user], elsewhere), admitting.NO_TASK);
    const another = [lead.of.user, note(), OTHER_TASK] as const;
    await refused(lead.phone, await forged(another, [user]), admitting.NO_TASK);

    expect(await lead.phone.takeIn(await forged(elsewhere, [user]))).toBe(2);
  });
});

describe("a file is taken in", () => {
  test("with who left the team", async () => {
    const team = [{ user_id: lead.of.user, role: "lead" }];
    const others = [{ user_id: THIRD }];
    await show(lead.phone.store, { [`task/${TASK}`]: { form_set: FORM, team, others } });

    expect(await lead.phone.takeIn(await forged([THIRD]))).toBe(1);
  });

  test("with the officer's earlier phone, once the server says that it was theirs", async () => {
    const old = await holding(1);
    await old.phone.answer(TASK, ITEM, "pass");
    const [head] = (await old.phone.item(TASK, ITEM))?.heads ?? [];
    const file = await old.phone.exportEntries(TASK);
    await refused(lead.phone, file, admitting.OWN_NAME);
    const body = { item: ITEM, heads: [{ ...head, blob: null }], gone: [] };
    await show(lead.phone.store, { [`item/${TASK}/${ITEM}`]: body });
    old.phone.close();

    expect(await lead.phone.takeIn(file)).toBe(1);
  });
});

describe("before a file is taken in", () => {
  test("the phones that speak in it are named with a short code of their keys", async () => {
    await member.phone.answer(TASK, ITEM, "pass");
    const file = await member.phone.exportEntries(TASK);
    const replica = await member.phone.replica();
    const bringer = { replica, user: member.of.user, entries: 1, isKnown: false };
    expect(await lead.phone.lookInto(file)).toEqual([bringer]);
    expect(await lead.phone.entries()).toEqual([]);
    await lead.phone.takeIn(file);

    expect(await lead.phone.lookInto(file)).toEqual([{ ...bringer, isKnown: true }]);
    await expect(member.phone.lookInto(file)).rejects.toBeInstanceOf(OwnFile);
    expect(codeOf("1a2b3c4d5e")).toBe("1A2B 3C4D");
  });
});

describe("what came from a phone whose code does not match", () => {
  test("goes again, own entries and what a server has stay", async () => {
    await lead.phone.note(TASK, "本人");
    await lead.phone.takeIn(await forged([member.of.user], [member.of.user]));
    await member.phone.note(TASK, "同伴");
    await lead.phone.takeIn(await member.phone.exportEntries(TASK));
    const partners = await lead.phone.partners();
    const forger = partners.find((one) => one.entries === 2)?.replica ?? "";
    const first = (await lead.phone.entries()).find((row) => row.replica === forger);
    const acked = { hash: first?.hash ?? "", effect: "applied", reason: "" };
    await lead.phone.record(TASK);
    await lead.phone.store.acknowledge("epoch", [acked]);

    expect(await lead.phone.dropPartner(forger)).toBe(1);
    expect(await lead.phone.dropPartner(await lead.phone.replica())).toBe(0);
    const left = await lead.phone.entries();
    expect(left.map((row) => row.hash)).toContain(first?.hash);
    expect(left.filter((row) => row.replica === forger).length).toBe(1);
    expect(left.length).toBe(3);
  });

  test("is shown no more, and its key is forgotten", async () => {
    await lead.phone.takeIn(await forged([member.of.user]));
    expect((await lead.phone.record(TASK)).items.size).toBe(1);
    const [{ replica } = { replica: "" }] = await lead.phone.partners();

    expect(await lead.phone.dropPartner(replica)).toBe(1);
    expect((await lead.phone.record(TASK)).items.size).toBe(0);
    expect((await lead.phone.store.keys()).size).toBe(1);
    expect(await lead.phone.partners()).toEqual([]);
  });
});
