/** The server's keys that a phone pins at enrolment, and the receipts that they sign. */

import { fromBase64, fromHex, hex } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import { BadReceipt } from "../../core/problems.ts";
import { isMoment } from "../../core/texts.ts";
import type { LocalStore } from "../../store/local.ts";
import type { EnrolReply } from "./messages.ts";

/** Return kid -> raw Ed25519 key as pinned at enrolment. */
export async function pinnedKeys(store: LocalStore): Promise<ReadonlyMap<string, Bytes>> {
  return new Map([...(await pins(store))].map(([kid, key]) => [kid, fromHex(key)]));
}

/**
 * Return what is to be kept of what a server showed when a replica was enrolled.
 *
 * @throws BadReceipt if a key that is pinned here is no longer among those it shows.
 */
export async function pinned(
  store: LocalStore,
  reply: EnrolReply,
): Promise<Readonly<Record<string, string>>> {
  const shown = new Map(
    reply.server_keys.map(({ kid, public_key_b64: key }) => [kid, hex(fromBase64(key))]),
  );
  for (const [kid, key] of await pins(store)) {
    if (shown.get(kid) !== key) throw new BadReceipt("服务器回执密钥与登记时不同");
  }
  const epoch = await store.get("epoch");
  return {
    user: reply.user_id,
    user_name: reply.user_name,
    officer: reply.officer_id,
    device: reply.device_id,
    token: reply.pull_token,
    server_keys: JSON.stringify(Object.fromEntries(shown)),
    epoch: epoch === "" ? reply.dataset_epoch : epoch,
    ...timeTold(reply.server_time),
  };
}

/** Return the server's time as a setting; nothing if it is none, for every entry names it. */
export function timeTold(serverTime: string): Readonly<Record<string, string>> {
  return isMoment(serverTime) ? { server_time: serverTime } : {};
}

async function pins(store: LocalStore): Promise<ReadonlyMap<string, string>> {
  const said = await store.get("server_keys");
  return new Map(said === "" ? [] : Object.entries(JSON.parse(said) as Record<string, string>));
}
