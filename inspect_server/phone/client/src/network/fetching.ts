/** A file from the server: somebody else's photo, kept only if it is what its hash says. */

import { concat } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { sha256Hex } from "../core/digests.ts";
import type { LocalStore } from "../store/local.ts";
import { DamagedPhoto, OutOfReach, RemoteProblem } from "./asking/failures.ts";
import { CHUNK_BYTES, MAX_BLOB_BYTES, PATHS } from "./asking/messages.ts";
import { wireOf } from "./wire.ts";
import type { Reply, Wire, WireOfOptions } from "./wire.ts";

const RANGE = /^bytes ([0-9]{1,15})-[0-9]{1,15}\/([0-9]{1,15})$/;
const PARTIAL = 206;
const BEYOND = 416;
/** What only a server says of a file; without one of them the answer is of something between. */
const SAID_OF_A_FILE = ["Content-Digest", "Repr-Digest", "Content-Range"];

/**
 * Return a file that a task in view cites; it stays on the phone from then on.
 *
 * It comes in parts, each of which stays until the file is whole: after a break, the end of the app
 * or a day the next call goes on behind the last one.
 *
 * @throws RemoteProblem 401 asks for a login, 403 says that this user may not see it, 404 that the
 * server does not have it yet: ask again later.
 * @throws OutOfReach when no whole answer came; the parts before are kept.
 * @throws DamagedPhoto when the bytes that came have another hash; nothing was kept.
 */
export async function fetchPhoto(
  store: LocalStore,
  name: string,
  options: WireOfOptions = {},
): Promise<Bytes> {
  const here = await store.blob(name);
  if (here.length > 0) return here;
  const wire = await wireOf(store, options);
  const content = await whole(store, wire, name);
  const isSound = (await sha256Hex(content)) === name;
  if (isSound) await store.addBlob(content, wire.replica.id);
  await store.forgetParts(name);
  if (!isSound) throw new DamagedPhoto();
  return content;
}

/** Return all bytes of a file; what came before its last part is kept on the way. */
async function whole(store: LocalStore, wire: Wire, name: string): Promise<Bytes> {
  let held = await store.parts(name);
  for (;;) {
    const reply = await part(wire, name, held.length);
    if (reply === undefined) {
      await store.forgetParts(name);
      held = new Uint8Array();
      continue;
    }
    if (!SAID_OF_A_FILE.some((header) => reply.headers.has(header))) throw new OutOfReach();
    if (reply.status !== PARTIAL) return reply.content; // it knows no ranges and sent everything
    const size = sizeIn(reply, held.length);
    if (held.length + reply.content.length === size) return concat(held, reply.content);
    await store.addPart(name, held.length, reply.content);
    held = concat(held, reply.content);
  }
}

/** Return the next part; undefined where the file ends before it: what is here is not of it. */
async function part(wire: Wire, name: string, start: number): Promise<Reply | undefined> {
  const range = `bytes=${start}-${start + CHUNK_BYTES - 1}`;
  try {
    return await wire.send("GET", `${PATHS.blobs}/${name}`, null, { Range: range });
  } catch (error) {
    const isBeyond = error instanceof RemoteProblem && error.status === BEYOND && start > 0;
    if (!isBeyond) throw error;
    return undefined;
  }
}

/**
 * Return the size of the file of which a part came.
 *
 * @throws OutOfReach if it is not the part that was asked for, or cut, or the file is too large.
 */
function sizeIn(reply: Reply, start: number): number {
  const said = RANGE.exec(reply.headers.get("Content-Range") ?? "");
  if (said === null || Number(said[1]) !== start) throw new OutOfReach();
  const size = Number(said[2]);
  const isWhole = reply.content.length === Math.min(CHUNK_BYTES, size - start);
  if (size > MAX_BLOB_BYTES || !isWhole) throw new OutOfReach();
  return size;
}
