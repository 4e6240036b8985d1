/** What a phone keeps of an enrolment: who it is of, and the keys that sign receipts. */

import { fromBase64, hex } from "../../core/bytes.ts";
import { BadReceipt } from "../../core/problems.ts";
import { isMoment } from "../../core/texts.ts";
import { pinnedKeys } from "../../store/leaving/covering.ts";
import type { LocalStore } from "../../store/local.ts";
import type { EnrolReply } from "./messages.ts";

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
  for (const [kid, key] of await pinnedKeys(store)) {
    if (shown.get(kid) !== hex(key)) throw new BadReceipt("服务器回执密钥与登记时不同");
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
