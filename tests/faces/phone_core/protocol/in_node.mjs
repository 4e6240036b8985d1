// The phone's protocol carries out what it reads from its standard input, until that ends: a line is
// a JSON list of orders, each a list of what to do and what with. Of each line it prints a JSON list
// of what came of its orders, on a line. Bytes are base64. Its argument is the folder of its sources.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const client = process.argv[2];
const load = (name) => import(pathToFileURL(`${client}/${name}.ts`).href);
const names = ["bytes", "digests", "entries", "ids", "keys", "problems", "receipts", "requests"];
const [bytes, digests, entries, ids, keys, problems, receipts, requests] = await Promise.all(
  names.map((name) => load(`core/${name}`)),
);
const [records, pulled] = await Promise.all([load("merging/record"), load("merging/pulled")]);
const { base64, fromBase64 } = bytes;

// An entry as read, or which part of it is refused and why.
async function parse(content) {
  const read = fromBase64(content);
  try {
    const entry = entries.parse(read);
    const hash = await entries.entryHash(read);
    const rebuilt = base64(entries.build(entry));
    return { hash, entry, rebuilt, operations: entries.operations(entry, hash).map(toldOf) };
  } catch (error) {
    if (!(error instanceof problems.BadEntry)) throw error;
    return { code: error.code, message: error.message, ...error.facts };
  }
}

function toldOf({ value, ...rest }) {
  return { ...rest, value };
}

// One operation before it stands in an entry: "" or the field that is refused.
function check(op, index, replica, assignment) {
  try {
    entries.checkOperation(op, index, replica, assignment);
    return "";
  } catch (error) {
    if (!(error instanceof problems.BadEntry)) throw error;
    return error.field;
  }
}

function verify(key, content, signature) {
  return keys.verify(fromBase64(key), fromBase64(content), fromBase64(signature));
}

// A key of its own, and what it signs.
async function sign(content, target, body, created) {
  const pair = await keys.newKey();
  const publicKey = await keys.rawPublicKey(pair);
  const replica = await keys.replicaId(publicKey);
  const signed = (message) => keys.sign(pair.privateKey, message);
  const raw = body === null ? null : fromBase64(body);
  return {
    key: base64(publicKey),
    replica,
    isOwn: await keys.isKeyOf(replica, publicKey),
    isAnothers: await keys.isKeyOf("0".repeat(64), publicKey),
    extractable: pair.privateKey.extractable,
    signature: base64(await signed(fromBase64(content))),
    headers: await requests.signedHeaders(target, raw, replica, created, signed),
  };
}

async function base(target, body, parameters) {
  const digest = body === null ? "" : await requests.contentDigest(fromBase64(body));
  return base64(requests.signatureBase(target, digest, parameters));
}

function digest(kind, ...given) {
  return digests[kind](...given);
}

async function receipt(reply, kid, key) {
  try {
    return await receipts.verifyReceipt(reply, new Map([[kid, fromBase64(key)]]));
  } catch (error) {
    if (!(error instanceof problems.BadReceipt)) throw error;
    return { code: error.code, ...error.facts };
  }
}

function proof(nonce, login, key) {
  return base64(receipts.enrolProofBytes(nonce, login, fromBase64(key)));
}

function clock(before, wallMs, replica) {
  return String(ids.Hlc.parse(before).next(wallMs, replica));
}

function named(unixMs, count) {
  return Array.from({ length: count }, () => ids.uuid7(unixMs));
}

// Operations as Python has them: `value` is the RFC 8785 text.
function operation({ value, ...rest }) {
  return { ...rest, value: JSON.parse(value), canonical: value };
}

async function fold(assignment, operations) {
  return shown(await records.fold(assignment, operations.map(operation)));
}

async function foldEntries(assignment, contents) {
  const read = await Promise.all(
    contents.map(async (content) => {
      const raw = fromBase64(content);
      return entries.operations(entries.parse(raw), await entries.entryHash(raw));
    }),
  );
  return shown(await records.fold(assignment, read.flat()));
}

// What a phone shows of one item that it pulled, of its own operations, or of both.
function foldPulled(body, local, task) {
  const of = body === null ? pulled.NOTHING_PULLED : pulled.pulledItem(body, task);
  const item = pulled.foldPulled(of, local.map(operation));
  return item === undefined ? null : item;
}

function shown({ items, signatures, ...rest }) {
  const states = [...signatures].map(([id, { stale, unseen, head }]) => [
    id,
    { stale, unseen, head: head.id },
  ]);
  return { ...rest, items: Object.fromEntries(items), signatures: Object.fromEntries(states) };
}

const KNOWN = { parse, check, verify, sign, base, digest, receipt, proof, clock, named, fold };
const ALL = { ...KNOWN, foldEntries, foldPulled };

async function done([name, ...given]) {
  try {
    return await ALL[name](...given);
  } catch (error) {
    return { threw: `${name}: ${error.stack}` };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const made = [];
  for (const order of JSON.parse(line)) made.push(await done(order));
  process.stdout.write(`${JSON.stringify(made)}\n`);
}
