/** What goes from phone to phone without a network is verified before any of it is kept. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Phone } from "../../../src/capture/phone.ts";
import { fileName } from "../../../src/app/exchange/taking.ts";
import { contentOf } from "../../../src/capture/exchange.ts";
import { BadFile, EmptyFile, NoPartnerFile, OwnFile } from "../../../src/capture/problems.ts";
import { base64, fromBase64, fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { newKey, rawPublicKey, replicaId } from "../../../src/core/keys.ts";
import { vaultName } from "../../../src/store/schema.ts";
import { fullAfter } from "../../store/failing.ts";
import { EPOCH, FORM, OTHER_TASK, TASK, dumped, emptyBrowser, show } from "../../store/keeping.ts";
import { ITEM, SECOND, STROKES, holding, signed } from "../team.ts";
import type { Held } from "../team.ts";

interface File {
  v: number;
  entries: { bytes_b64: string; sig: string }[];
  keys: Record<string, string>;
}

emptyBrowser();
let lead: Phone;
let other: Held;
let member: Phone;

beforeEach(async () => {
  lead = (await holding(1)).phone;
  other = await holding(2);
  member = other.phone;
});

afterEach(() => {
  lead.close();
  member.close();
});

async function gzipped(content: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([content as BlobPart]).stream();
  const packed = new Response(stream.pipeThrough(new CompressionStream("gzip")));
  return new Uint8Array(await packed.arrayBuffer());
}

async function unpacked(content: Uint8Array): Promise<File> {
  const stream = new Blob([content as BlobPart]).stream();
  const plain = new Response(stream.pipeThrough(new DecompressionStream("gzip")));
  return (await plain.json()) as File;
}

async function otherTask(phone: Phone, users: readonly string[]): Promise<void> {
  const team = users.map((user) => ({ user_id: user }));
  await show(phone.store, { [`task/${OTHER_TASK}`]: { form_set: FORM, team } });
}

describe("a partner's file", () => {
  test("is taken in before signing; once more brings nothing new", async () => {
    await member.answer(TASK, SECOND, "pass");
    const file = await member.exportEntries(TASK);
    const taken = [await lead.takeIn(file), await lead.takeIn(file)];
    await lead.answer(TASK, ITEM, "pass");
    await lead.sign(TASK, "lead", "甲", STROKES);
    await member.takeIn(await lead.exportEntries(TASK));
    const [state] = [...(await member.record(TASK)).signatures.values()];

    expect(taken).toEqual([1, 0]);
    expect([state?.stale, state?.unseen]).toEqual([false, []]);
    expect(await lead.record(TASK)).toEqual(await member.record(TASK));
  });

  test("is gzipped JSON as docs/sync.md says, with the keys of its replicas", async () => {
    await member.answer(TASK, SECOND, "pass");
    const file = await unpacked(await member.exportEntries(TASK));
    const [row] = await member.entries();
    const key = (await member.store.keys()).get(await member.replica()) as Uint8Array;

    expect(file).toEqual({
      v: 1,
      entries: [
        {
          bytes_b64: base64(row?.content ?? new Uint8Array()),
          sig: base64(row?.signature ?? new Uint8Array()),
        },
      ],
      keys: { [await member.replica()]: base64(key) },
    });
  });

  test("of a partner brings what a third phone gave it", async () => {
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(async (number) => (await holding(number, [1, 2, 3])).phone),
    ) as [Phone, Phone, Phone];
    await third.answer(TASK, ITEM, "pass");
    await second.takeIn(await third.exportEntries(TASK));
    const taken = await first.takeIn(await second.exportEntries(TASK));
    const { value } = (await first.item(TASK, ITEM)) ?? {};
    for (const phone of [first, second, third]) phone.close();

    expect(taken).toBe(1);
    expect(value).toMatchObject({ result: "pass" });
  });

  test("never counts own entries as somebody else's", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.takeIn(await lead.exportEntries(TASK));

    expect(await lead.takeIn(await member.exportEntries(TASK))).toBe(0);
    expect((await lead.entries()).length).toBe(1);
  });

  test("brings back nothing that this phone removed under a receipt", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.takeIn(await lead.exportEntries(TASK));
    await lead.store.removeUpto(await lead.replica(), 1);

    expect(await lead.takeIn(await member.exportEntries(TASK))).toBe(0);
    expect(await lead.entries()).toEqual([]);
  });

  test.each<[string, (file: File) => Promise<File> | File, string]>([
    ["of another version", (file) => ({ ...file, v: 2 }), "版本不同"],
    ["without a key", (file) => ({ ...file, keys: {} }), "缺少公钥"],
    ["with another key", withAnotherKey, "缺少公钥"],
    ["with another's signature", withAnotherSignature, "签名不符"],
    ["with changed bytes", withChangedBytes, "签名不符"],
    ["with an entry that is none", (file) => withBytes(file, utf8("{}")), "记录格式有误"],
    ["with no base64", (file) => withSignature(file, "*"), "文件已损坏"],
    ["of another shape", (file) => ({ ...file, entries: [7] }) as unknown as File, "文件已损坏"],
    ["that is null", () => null as unknown as File, "文件已损坏"],
  ])("%s is refused, and nothing of it kept", async (_, change, reason) => {
    await member.note(TASK, "真的");
    await member.answer(TASK, SECOND, "pass");
    const file = await unpacked(await member.exportEntries(TASK));
    const changed = await gzipped(utf8(JSON.stringify(await change(file))));
    const refused = lead.takeIn(changed);
    await expect(refused).rejects.toBeInstanceOf(BadFile);
    await expect(refused).rejects.toThrow(reason);

    expect(await lead.entries()).toEqual([]);
    expect((await lead.store.keys()).size).toBe(1);
  });

  test("that is cut, or no file at all, is refused", async () => {
    await member.note(TASK, "一");
    const file = await member.exportEntries(TASK);
    for (const content of [file.slice(0, -9), utf8("no gzip"), new Uint8Array(), file.slice(5)]) {
      await expect(lead.takeIn(content)).rejects.toBeInstanceOf(BadFile);
    }

    expect(await lead.entries()).toEqual([]);
  });

  test("that unpacks to more than any phone holds is refused before it does", async () => {
    const bomb = await gzipped(new Uint8Array(65 * 1024 * 1024));

    expect(bomb.length).toBeLessThan(100_000);
    await expect(lead.takeIn(bomb)).rejects.toThrow("文件过大");
  });

  test("that is this phone's own, or holds nothing, is told apart before it is read", async () => {
    await lead.answer(TASK, ITEM, "pass");
    const own = await lead.exportEntries(TASK);
    await member.takeIn(own);
    const empty = await gzipped(utf8(JSON.stringify({ v: 1, entries: [], keys: {} })));

    await expect(lead.lookInto(own)).rejects.toBeInstanceOf(OwnFile);
    await expect(lead.lookInto(await member.exportEntries(TASK))).rejects.toThrow("没有同伴的内容");
    await expect(lead.lookInto(empty)).rejects.toBeInstanceOf(EmptyFile);
    await member.answer(TASK, SECOND, "pass");
    expect(await lead.lookInto(await member.exportEntries(TASK))).toMatchObject([{ entries: 1 }]);
  });

  test("is no other kind of file, and none that cannot be read", async () => {
    const photo = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
    const film = Object.defineProperty(new Blob([]), "size", { value: 3 * 1024 ** 3 });
    const gone = new Blob([]);
    gone.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));

    await expect(lead.lookInto(photo)).rejects.toBeInstanceOf(NoPartnerFile);
    await expect(lead.lookInto(photo)).rejects.toThrow("不是同伴手机发出的交换记录");
    await expect(contentOf(film)).rejects.toThrow("文件过大");
    await expect(contentOf(gone)).rejects.toThrow("打不开");
    expect(await contentOf(new Blob([photo]))).toEqual(photo);
  });

  test("is called after its check and whom it is from", () => {
    const [number, odd] = ["2026-0001", "阿依·古丽 /..\\:?"];
    expect(fileName(number, "钱检查", "whole")).toBe("2026-0001-钱检查.inspect");
    expect(fileName(number, odd, "entries")).toBe("2026-0001-阿依·古丽.inspect.gz");
    expect(fileName(number, "", "entries")).toBe("2026-0001.inspect.gz");
  });

  test("for which there is no room is not taken in by halves", async () => {
    for (const text of ["一", "二", "三"]) await member.note(TASK, text);
    const file = await member.exportEntries(TASK);
    const name = vaultName(lead.store.vault);
    const before = await dumped(name);
    const freed = fullAfter(2);
    await expect(lead.takeIn(file)).rejects.toThrow("请清理空间后重新保存");
    freed();

    expect(await dumped(name)).toBe(before);
    expect(await lead.takeIn(file)).toBe(3);
  });
});

describe("entries of other tasks", () => {
  test("go along where everybody here is on those, too, and no server has them", async () => {
    const users = [1, 2].map((user) => other.of.user.slice(0, -1) + String(user));
    await otherTask(member, users);
    await member.note(OTHER_TASK, "先前的任务");
    await member.answer(TASK, SECOND, "pass");
    await member.note(OTHER_TASK, "之后的任务");
    const file = await unpacked(await member.exportEntries(TASK));

    expect(file.entries.length).toBe(2);
    const [first] = await member.entries();
    const acked = { hash: first?.hash ?? "", effect: "applied", reason: "" };
    await member.store.acknowledge(EPOCH, [acked]);
    expect((await unpacked(await member.exportEntries(TASK))).entries.length).toBe(1);
  });

  test("stay on the phone where somebody here has nothing to do with them", async () => {
    await otherTask(member, [other.of.user]);
    await member.note(OTHER_TASK, "别人的任务");
    await member.answer(TASK, SECOND, "pass");
    const file = await unpacked(await member.exportEntries(TASK));
    const texts = file.entries.map((entry) => fromUtf8(fromBase64(entry.bytes_b64)));

    expect(texts.length).toBe(1);
    expect(texts.join()).not.toContain("别人的任务");
    expect((await signed(member)).length).toBe(2);
  });
});

async function withAnotherKey(file: File): Promise<File> {
  const key = await rawPublicKey(await newKey());
  const keys = Object.fromEntries(Object.keys(file.keys).map((id) => [id, base64(key)]));
  return { ...file, keys: { ...keys, [await replicaId(key)]: base64(key) } };
}

function withAnotherSignature(file: File): File {
  return withSignature(file, file.entries[0]?.sig ?? "");
}

function withChangedBytes(file: File): File {
  const text = fromUtf8(fromBase64(file.entries[1]?.bytes_b64 ?? ""));
  return withBytes(file, utf8(text.replace('"pass"', '"fail"')));
}

function withBytes(file: File, content: Uint8Array): File {
  const [first, second] = file.entries as [File["entries"][number], File["entries"][number]];
  return { ...file, entries: [first, { ...second, bytes_b64: base64(content) }] };
}

function withSignature(file: File, sig: string): File {
  const [first, second] = file.entries as [File["entries"][number], File["entries"][number]];
  return { ...file, entries: [first, { ...second, sig }] };
}
