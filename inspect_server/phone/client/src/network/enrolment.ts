/** Making a replica known to the server, and pinning what the server shows. */

import { base64 } from "../core/bytes.ts";
import { newKey, rawPublicKey, replicaId, sign } from "../core/keys.ts";
import { enrolProofBytes } from "../core/receipts.ts";
import type { LocalReplica, LocalStore } from "../store/local.ts";
import { OtherAccount, RemoteProblem, WrongLogin } from "./asking/failures.ts";
import { PATHS, isEnrolReply, isNonceReply } from "./asking/messages.ts";
import type { EnrolReply } from "./asking/messages.ts";
import { pinned } from "./asking/pinning.ts";
import { Wire, browserFetch, unixNow } from "./wire.ts";
import type { WireOfOptions } from "./wire.ts";

export interface Credentials {
  readonly login: string;
  readonly password: string;
  /** Of the account's second factor, where it has one. */
  readonly code?: string;
  /** How the device is called in the office. */
  readonly label: string;
  /** Of an earlier replica of the same phone, of whichever account. */
  readonly deviceId?: string | undefined;
}

export interface EnrolmentOptions extends WireOfOptions {
  readonly storage?: () => Promise<StorageSaid>;
}

const OTHER_USER = "replica.other_user";

/** How safe the phone's storage is, as it says itself. */
export interface StorageSaid {
  readonly persisted: boolean;
  readonly installed: boolean;
  /** Bytes, 0 when not known. */
  readonly quota: number;
}

/**
 * Enrol the replica in use, or log in again with it; repeating it is harmless.
 *
 * After it was cloned, or if the server knows its key as another account's, a new one takes its
 * place, once the server has taken it: the old replica delivers what it has and takes no new
 * entries.
 *
 * @throws OtherAccount when what is kept here is somebody else's; nothing was changed.
 * @throws WrongLogin when the login, the password or the code is wrong.
 * @throws RemoteProblem for another refusal; OutOfReach without an answer.
 * @throws BadReceipt when the server shows other receipt keys than those pinned here.
 */
export async function enrol(
  store: LocalStore,
  credentials: Credentials,
  options: EnrolmentOptions = {},
): Promise<EnrolReply> {
  const last = (await store.replicas()).at(-1);
  const isForked = last !== undefined && (await store.get("forked")) === last.id;
  if (last === undefined || isForked) return await enrolAnew(store, credentials, options);
  try {
    const reply = await enrolled(store, last, credentials, options);
    await store.put(await pinned(store, reply));
    return reply;
  } catch (error) {
    if (!(error instanceof RemoteProblem) || error.remote !== OTHER_USER) throw error;
    return await enrolAnew(store, credentials, options);
  }
}

/**
 * Enrol a key that no account on the phone keeps yet; repeating it with the same key is harmless.
 *
 * @throws WrongLogin, RemoteProblem, OutOfReach as `enrol`.
 */
export async function enrolKey(
  pair: CryptoKeyPair,
  credentials: Credentials,
  options: EnrolmentOptions = {},
): Promise<EnrolReply> {
  return await requested(await unused(pair), credentials, options);
}

async function enrolAnew(
  store: LocalStore,
  credentials: Credentials,
  options: EnrolmentOptions,
): Promise<EnrolReply> {
  const pair = await newKey();
  const reply = await enrolled(store, await unused(pair), credentials, options);
  await store.addReplica(pair, { hlc: "", ...(await pinned(store, reply)) });
  return reply;
}

async function unused(pair: CryptoKeyPair): Promise<LocalReplica> {
  const publicKey = await rawPublicKey(pair);
  const id = await replicaId(publicKey);
  return { id, key: pair.privateKey, publicKey, ordinal: 0, uptoSeq: 0, headHash: "" };
}

/** Return how safe this browser's storage is, after asking that it be kept. */
export async function browserStorage(): Promise<StorageSaid> {
  const { storage } = navigator;
  const isIosApp = (navigator as { standalone?: boolean }).standalone === true;
  const persisted = (await storage.persisted()) || (await storage.persist());
  const { quota = 0 } = await storage.estimate();
  const installed = isIosApp || matchMedia("(display-mode: standalone)").matches;
  return { persisted, installed, quota: Math.floor(quota) };
}

async function enrolled(
  store: LocalStore,
  replica: LocalReplica,
  credentials: Credentials,
  options: EnrolmentOptions,
): Promise<EnrolReply> {
  const deviceId = credentials.deviceId ?? (await store.get("device"));
  const reply = await requested(replica, { ...credentials, deviceId }, options);
  const user = await store.get("user");
  if (user !== "" && user !== reply.user_id) throw new OtherAccount();
  return reply;
}

async function requested(
  replica: LocalReplica,
  { login, password, code = "", label, deviceId = "" }: Credentials,
  { storage = browserStorage, signal, ...others }: EnrolmentOptions,
): Promise<EnrolReply> {
  const wire = new Wire({ fetch: browserFetch, unixNow, ...others, replica, signal });
  const { nonce } = await wire.get(PATHS.nonce, isNonceReply);
  const proof = await sign(replica.key, enrolProofBytes(nonce, login, replica.publicKey));
  return await posted(wire, {
    login,
    password,
    nonce,
    public_key_b64: base64(replica.publicKey),
    label,
    device_id: deviceId,
    storage: await storage(),
    proof_b64: base64(proof),
    code,
  });
}

async function posted(wire: Wire, request: object): Promise<EnrolReply> {
  try {
    return await wire.post(PATHS.replicas, request, isEnrolReply);
  } catch (error) {
    if (error instanceof RemoteProblem && error.remote === "sync.login") throw new WrongLogin();
    throw error;
  }
}
