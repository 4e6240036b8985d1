/**
 * A phone in the middle of its work, written by today's program and frozen.
 *
 * `node tests/store/shipped/writing.ts 0.1.0` keeps it as `0.1.0.json` beside this module: with
 * every release one, so that all later programs are held to what its phones hold.
 */

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { writeFileSync } from "node:fs";
import { Phone } from "../../../src/capture/phone.ts";
import type { PhoneClock } from "../../../src/capture/clock.ts";
import { base64, utf8 } from "../../../src/core/bytes.ts";
import { sha256Hex } from "../../../src/core/digests.ts";
import type { MergedRecord } from "../../../src/merging/record.ts";
import { enrol } from "../../../src/network/enrolment.ts";
import { sync } from "../../../src/network/syncing.ts";
import type { LocalStore } from "../../../src/store/local.ts";
import { Vaults } from "../../../src/store/vaults.ts";
import { SERVER_SECONDS, Server } from "../../network/server/server.ts";
import { DOCUMENTS, TASK, USERS } from "./documents.ts";
import { frozen, keysThatCanBeKept } from "./freezing.ts";
import type { Frozen } from "./freezing.ts";

const SECRET = "735201";
const LABEL = "张建国的手机";
const LONG = "积".repeat(4000);
/** So many long notes that their entry is kept in two rows. */
const LONG_NOTES = 5;
const STROKES = [[[100, 200] as const, [400, 600] as const]];
/** What is expected and longer than so many characters stands there by its digest. */
const BRIEF = 1000;

/** What was on the phone when it was frozen, in the clear. */
export interface Expected {
  readonly secret: string;
  readonly login: string;
  readonly name: string;
  readonly label: string;
  readonly task: string;
  readonly view: string;
  /** What each item says, by its id. */
  readonly items: Readonly<Record<string, unknown>>;
  readonly entries: readonly ExpectedEntry[];
  readonly keys: Readonly<Record<string, string>>;
  /** Names of photos: their digests. */
  readonly photos: readonly string[];
  readonly parts: Readonly<Record<string, string>>;
  readonly drafts: Readonly<Record<string, string>>;
  readonly documents: readonly string[];
  /** The key of the server that signed the receipts. */
  readonly receiptKey: JsonWebKey;
}

export interface ExpectedEntry {
  readonly hash: string;
  readonly replica: string;
  readonly acknowledged: boolean;
  readonly signature: string;
}

export interface Shipped {
  readonly databases: Frozen;
  readonly expected: Expected;
}

/** A clock that is a second later at every look. */
export function clockFrom(wall: string): PhoneClock {
  let now = Date.parse(wall);
  const fixed = { tz: "Asia/Shanghai", boot: "boot-1", offset: () => 480, mono: () => 1 };
  return { ...fixed, now: () => (now += 1000) };
}

/** Return a phone with something in every store. */
export async function written(): Promise<Shipped> {
  const server = new Server();
  publish(server);
  const partners = await partnersFile(server);
  globalThis.indexedDB = new IDBFactory();
  const { keys, end } = keysThatCanBeKept();
  try {
    const vaults = new Vaults();
    const store = await vaults.create("lead", SECRET, "张建国");
    const phone = await enrolled(store, server, "lead", clockFrom("2026-03-02T09:00:00+08:00"));
    const device = await store.get("device");
    await vaults.setDevice({ id: device, label: LABEL });
    await delivered(phone, server);
    await waiting(phone, server, partners);
    const { id } = (await vaults.accounts())[0] ?? { id: "" };
    const expected = await told(phone, server);
    phone.close();
    await new Promise((resolve) => setTimeout(resolve, 20)); // the connection is given back
    const databases = await frozen(keys);
    if (!(`inspect-phone-${id}` in databases)) throw new Error("the account was not frozen");
    return { databases, expected };
  } finally {
    end();
  }
}

function publish(server: Server): void {
  for (const [login, user] of Object.entries(USERS)) server.users.set(login, user);
  for (const [id, scope, kind, body] of DOCUMENTS) server.journal.publish(id, scope, kind, body);
}

async function enrolled(
  store: LocalStore,
  server: Server,
  login: string,
  clock: PhoneClock,
): Promise<Phone> {
  await enrolledAgain(store, server, login);
  await synced(store, server);
  return new Phone(store, LABEL, clock);
}

async function enrolledAgain(store: LocalStore, server: Server, login: string): Promise<void> {
  const options = { fetch: server.fetch, unixNow: () => SERVER_SECONDS };
  const storage = (): Promise<{ persisted: boolean; installed: boolean; quota: number }> =>
    Promise.resolve({ persisted: true, installed: true, quota: 1 });
  await enrol(store, { login, password: login, label: LABEL }, { ...options, storage });
}

async function synced(store: LocalStore, server: Server): Promise<void> {
  const { fetch } = server;
  const options = { fetch, unixNow: () => SERVER_SECONDS, mayUpload: () => true };
  const { problems } = await sync({ store }, options);
  if (problems.length > 0) throw new Error(problems.join());
}

/** What the partner's phone hands over. */
async function partnersFile(server: Server): Promise<Uint8Array> {
  const store = await new Vaults().create("member", SECRET);
  const phone = await enrolled(store, server, "member", clockFrom("2026-03-02T09:00:30+08:00"));
  await phone.startVisit(TASK, { place: "厂区北门" });
  await phone.answer(TASK, "answer/dust/D01", "pass");
  const file = await phone.exportEntries(TASK);
  phone.close();
  return file;
}

/** A morning that the server has, with its receipt. */
async function delivered(phone: Phone, server: Server): Promise<void> {
  const place = { latitude: "34.600000", longitude: "119.200000" };
  await phone.startVisit(TASK, { place: "厂区门口", ...place });
  await phone.answer(TASK, "answer/dust/D01", "fail", { note: "积尘三毫米" });
  const finding = await phone.addFinding(TASK, {
    answer_item: "answer/dust/D01",
    level: "general",
    text: "未清扫积尘",
    place: "打磨车间",
    basis: "《工贸企业粉尘防爆安全规定》第十五条",
    penalty_basis: "",
    measure: "rectify_within",
    deadline: "2026-03-17",
    corrected_on_site: false,
  });
  await phone.addPhoto(TASK, picture(1500, 1), { finding, caption: "打磨台" });
  await synced(phone.store, server);
}

/** An afternoon without a network: a second key, a partner's file, a draft, a broken pull. */
async function waiting(phone: Phone, server: Server, partners: Uint8Array): Promise<void> {
  const { store } = phone;
  await phone.answer(TASK, "answer/dust/D02", "not_checked", { reason: "设备停用，无法查看" });
  await store.put({ forked: await phone.replica() }); // as when the phone's data was copied
  await enrolledAgain(store, server, "lead");
  await phone.participant(TASK, "responsible", "钱大", "厂长", "13900000000");
  await phone.addPhoto(TASK, picture(1700, 2), { answer_item: "answer/dust/D02" });
  await phone.together(TASK, async (group) => {
    for (let at = 0; at < LONG_NOTES; at += 1) await group.note(TASK, `${at}${LONG.slice(1)}`);
  });
  await phone.takeIn(partners);
  await phone.sign(TASK, "enterprise", "钱大", STROKES);
  await phone.answer(TASK, "answer/dust/D03", "not_applicable");
  await store.addPart("f".repeat(64), 0, utf8("half a photo"));
  await store.putDraft("finding:new", "写到一半");
  await store.putDraft("shot:1", picture(300, 3));
  await store.put({ "ui.idle_minutes": "30" });
  const id = `item/${TASK}/note/x`;
  const body = { item: "note/x", heads: [], gone: [] };
  const page = { id, scope: `inspection/${TASK}`, kind: "item", ver: 1, pos: 99, body };
  await store.stage([[page, false]], ["inspection/0198aaaa-0000-4000-8000-000000000009"]);
}

async function told(phone: Phone, server: Server): Promise<Expected> {
  const { store } = phone;
  const [record, rows] = [await phone.record(TASK), await phone.entries()];
  const drafts: Record<string, string> = {};
  for (const name of await store.drafts()) drafts[name] = base64(await store.draftBytes(name));
  const pair = await server.useReceiptKey();
  const keys = [...(await store.keys())].map(([replica, key]) => [replica, base64(key)]);
  const documents = ["task", "enterprise", "form", "law"].map(async (kind) => {
    return (await store.documents(kind)).map((one) => one.id);
  });
  return {
    secret: SECRET,
    login: "lead",
    name: "张建国",
    label: LABEL,
    task: TASK,
    view: record.view,
    items: await itemsOf(record),
    entries: rows.map(({ hash, replica, signature, ackedEpoch }) => {
      return { hash, replica, acknowledged: ackedEpoch !== "", signature: base64(signature) };
    }),
    keys: Object.fromEntries(keys),
    photos: (await store.places()).flatMap((one) => one.blobs),
    parts: { ["f".repeat(64)]: base64(await store.parts("f".repeat(64))) },
    drafts,
    documents: (await Promise.all(documents)).flat(),
    receiptKey: await crypto.subtle.exportKey("jwk", pair.privateKey),
  };
}

/** Return what each item of a record says, by its id; of what is long its digest. */
export async function itemsOf(record: MergedRecord): Promise<Record<string, unknown>> {
  const brief = async (value: unknown): Promise<unknown> => {
    const text = JSON.stringify(value);
    return text.length > BRIEF ? { $sha256: await sha256Hex(utf8(text)) } : value;
  };
  const items = [...record.items].map(async ([id, item]) => [id, await brief(item.value)] as const);
  return Object.fromEntries(await Promise.all(items));
}

/** Return bytes that begin as a JPEG does, the same for the same seed. */
function picture(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[at] = state >>> 24;
  }
  content.set([0xff, 0xd8, 0xff]);
  return content;
}

if (import.meta.main) {
  const [, , release = ""] = process.argv;
  if (!/^\d+\.\d+\.\d+$/.test(release)) throw new Error("which release? as 0.1.0");
  const place = new URL(`./${release}.json`, import.meta.url);
  writeFileSync(place, `${JSON.stringify(await written(), null, 1)}\n`, { flag: "wx" });
  process.exit(0); // what waits for other windows goes on waiting
}
