/** A server of the protocol in memory, and the network before it, which can break in every way. */

import { base64, concat, fromBase64, fromUtf8, hex, utf8 } from "../../../src/core/bytes.ts";
import { canonical } from "../../../src/core/canonical.ts";
import { blobRoot, sha256, sha256Hex } from "../../../src/core/digests.ts";
import { replicaId, verify } from "../../../src/core/keys.ts";
import { contentDigest, signatureBase } from "../../../src/core/requests.ts";
import type { Fetch } from "../../../src/network/wire.ts";
import { Journal } from "./journal.ts";
import type { Result } from "./journal.ts";
import { Refused, cut, json, problem, read } from "./replying.ts";
import type { Asked } from "./replying.ts";

/** What happens to one request instead of an answer. */
export type Fault =
  | "none"
  | "lose_request"
  | "lose_answer"
  | "cut_answer"
  | "portal"
  | "portal_says_no"
  | number
  | (() => Response);

interface Upload {
  readonly name: string;
  readonly length: number;
  content: Uint8Array;
}

const SERVER_TIME = "2026-03-02T09:00:00.000+08:00";
export const SERVER_SECONDS = Date.parse(SERVER_TIME) / 1000;
const PULL_TOKEN = "pull-token";

/** Every endpoint that a phone uses. */
export class Server {
  journal = new Journal();
  readonly users = new Map<string, string>(); // login -> user id; the password is the login
  readonly owners = new Map<string, string>(); // replica -> user id
  readonly keys = new Map<string, Uint8Array>();
  readonly entryKeys = new Map<string, Uint8Array>(); // where entries are judged by another key
  readonly uploads = new Map<string, Upload>();
  readonly faults: (readonly [string, Fault])[] = [];
  readonly seen: string[] = [];
  readonly bodies: Uint8Array[] = [];
  readonly waits: number[] = [];
  readonly enrolments: Record<string, unknown>[] = [];
  revoked = false;
  loggedOut = false;
  /** Of entries for which only a receipt stands. */
  lacking: readonly { readonly seq: number; readonly hash: string }[] = [];
  /** What receipts say instead. */
  inReceipts: Readonly<Record<string, unknown>> = {};
  isFull = false; // no room for what somebody brings
  maxEntries = 500;
  maxPage = 1000;
  kid = "k1";
  /** Looks at every request before it arrives, and may answer itself. */
  before: (asked: Asked) => Response | undefined | void = () => undefined;
  #receiptKey: CryptoKeyPair | undefined;
  #uploadCount = 0;

  readonly fetch: Fetch = async (address, init) => {
    const [path = "", query = ""] = address.split("?");
    const { method = "GET" } = init;
    const body = (init.body as Uint8Array | null | undefined)?.slice() ?? null;
    const headers = new Headers(init.headers);
    const asked = { method, path, query: new URLSearchParams(query), headers, body };
    this.seen.push(`${method} ${path}`);
    if (init.signal?.aborted === true) throw new DOMException("aborted", "AbortError");
    const made = this.before(asked);
    if (made) return made;
    const fault = this.#fault(path);
    if (typeof fault === "function") return fault();
    if (typeof fault === "number") return problem(fault, "test.fault");
    if (fault === "lose_request") throw new TypeError("Failed to fetch");
    if (fault === "portal") return new Response("<html>请登录 Wi-Fi</html>", { status: 200 });
    if (fault === "portal_says_no") return new Response("<html>no</html>", { status: 403 });
    const answer = await this.#answer(asked, query);
    if (fault === "lose_answer") throw new TypeError("network error");
    return fault === "cut_answer" ? await cut(answer) : answer;
  };

  /** Sign receipts with another key from here on, or with the first again. */
  async useReceiptKey(pair?: CryptoKeyPair): Promise<CryptoKeyPair> {
    const before = await this.#signing();
    this.#receiptKey = pair ?? (await ed25519());
    return before;
  }

  /** Go back to an earlier life; unless nobody says so, in a new epoch. */
  restore(journal: Journal, { silently = false } = {}): void {
    const { epoch } = this.journal;
    this.journal = journal.copy();
    this.journal.epoch = silently ? journal.epoch : `${epoch}+`;
  }

  #fault(path: string): Fault {
    const at = this.faults.findIndex(([prefix]) => path.startsWith(prefix));
    return at < 0 ? "none" : (this.faults.splice(at, 1)[0]?.[1] ?? "none");
  }

  async #answer(asked: Asked, query: string): Promise<Response> {
    try {
      const replica = await this.#signer(asked, query);
      const path = asked.path.replace("/sync/v1", "");
      if (path.startsWith("/uploads")) return await this.#tus(asked);
      if (path.startsWith("/blobs/") && asked.method === "GET") return this.#file(asked);
      const reply = await this.#message(path, asked, replica);
      return await json(reply);
    } catch (error) {
      if (error instanceof Refused) return problem(error.status, error.code, error.more);
      throw error;
    }
  }

  async #signer(asked: Asked, query: string): Promise<string> {
    const input = asked.headers.get("Signature-Input") ?? "";
    const replica = /keyid="([0-9a-f]{64})"/.exec(input)?.[1] ?? "";
    const digest = asked.headers.get("Content-Digest") ?? "";
    if (asked.body !== null && digest !== (await contentDigest(asked.body))) {
      throw new Refused(422, "sync.digest");
    }
    const isEnrolling = asked.path.endsWith("/nonce") || asked.path.endsWith("/replicas");
    if (isEnrolling) return replica;
    const key = this.keys.get(replica);
    if (key === undefined || !this.journal.known.has(replica)) {
      throw new Refused(401, "sync.unknown_replica");
    }
    const target = { method: asked.method, path: asked.path, query };
    const base = signatureBase(target, digest, input.replace("sig1=", ""));
    const signature = /^sig1=:(.*):$/.exec(asked.headers.get("Signature") ?? "")?.[1] ?? "";
    if (await verify(key, base, fromBase64(signature))) return replica;
    throw new Refused(401, "sync.signature");
  }

  async #message(path: string, asked: Asked, replica: string): Promise<object> {
    const body = asked.body === null ? {} : await read(asked);
    switch (path) {
      case "/nonce":
        return { nonce: crypto.randomUUID(), server_time: SERVER_TIME };
      case "/replicas":
        return await this.#enrol(body as Record<string, string>, replica);
      case "/state":
        return this.#state(asked.query);
      case "/push":
        return await this.#push(body as Pushed, replica);
      case "/pull":
        return await this.#pull(asked, body as { cursor: string; limit: number });
      case "/blobs/have":
        return this.#have(body as { sha256: string[] }, replica);
      case "/receipts":
        return await this.#receipt(body as Record<string, string | number>, replica);
      default:
        throw new Refused(404, "http.404");
    }
  }

  async #enrol(body: Record<string, string>, replica: string): Promise<object> {
    const { login = "", password, public_key_b64: key = "", nonce = "", proof_b64 = "" } = body;
    const user = this.users.get(login);
    if (user === undefined || password !== login) throw new Refused(401, "sync.login");
    const raw = fromBase64(key);
    const proof = utf8(`inspect-sync enrol v1\n${nonce}\n${login}\n${hex(raw)}\n`);
    const isProof = await verify(raw, proof, fromBase64(proof_b64));
    if (!isProof || (await replicaId(raw)) !== replica) throw new Refused(401, "sync.signature");
    const owner = this.owners.get(replica) ?? user;
    if (owner !== user) throw new Refused(409, "replica.other_user");
    this.enrolments.push(body);
    this.owners.set(replica, user);
    this.keys.set(replica, raw);
    this.journal.known.add(replica);
    this.loggedOut = false;
    const publicKey = (await this.#signing()).publicKey;
    const shown = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
    return {
      replica_id: replica,
      device_id: body["device_id"] || crypto.randomUUID(),
      user_id: user,
      user_name: login,
      officer_id: "",
      dataset_epoch: this.journal.epoch,
      server_keys: [{ kid: this.kid, alg: "ed25519", public_key_b64: base64(shown) }],
      pull_token: PULL_TOKEN,
      server_time: SERVER_TIME,
    };
  }

  #state(query: URLSearchParams): object {
    const replica = query.get("replica") ?? "";
    const { upto, head } = this.journal.upto(replica);
    const since = Number((query.get("cursor") ?? "").split(":")[1] ?? 0);
    const isOther = !(query.get("cursor") ?? "").startsWith(`${this.journal.epoch}:`);
    const isNew = [...this.journal.documents.values()].some(({ pos }) => pos > since);
    return {
      epoch: this.journal.epoch,
      upto_seq: upto,
      head_hash: head,
      held: [],
      missing_blobs: this.journal.missing(this.journal.of(replica)),
      pull_needed: isOther || isNew,
      server_time: SERVER_TIME,
      lacking: this.lacking.filter(({ hash }) => !this.journal.rows.has(hash)),
      unknown_to_this_phone: [1.5],
    };
  }

  async #push(body: Pushed, replica: string): Promise<object> {
    if (body.epoch !== this.journal.epoch) throw new Refused(409, "sync.epoch");
    if (body.entries.length > this.maxEntries) throw new Refused(413, "sync.too_large");
    for (const key of Object.values(body.keys)) {
      this.keys.set(await replicaId(fromBase64(key)), fromBase64(key));
    }
    for (const { receipt_b64 } of body.receipts) {
      const said = JSON.parse(fromUtf8(fromBase64(receipt_b64))) as Record<string, unknown>;
      const end = { upto: said["upto_seq"] as number, head: said["head_hash"] as string };
      if (said["replica"] === replica) this.journal.bridged.set(replica, end);
    }
    const taken: Result[] = [];
    for (const { bytes_b64, sig } of body.entries) {
      const content = fromBase64(bytes_b64);
      const id = authorOf(content);
      const author = this.entryKeys.get(id) ?? this.keys.get(id);
      const isSigned = author !== undefined && (await verify(author, content, fromBase64(sig)));
      const isBrought = this.isFull && id !== replica;
      if (isBrought) taken.push(await notTaken(content, "refused", "wrong_user"));
      else if (isSigned) taken.push(await this.journal.take(content, replica));
      else taken.push(await notTaken(content, "unverified", "unverified"));
    }
    const results = taken.map((one) => ({ ...one, ...this.#standing(one.hash) }));
    const rows = taken.flatMap(({ hash }) => this.journal.rows.get(hash) ?? []);
    const { upto, head } = this.journal.upto(replica);
    return {
      upto_seq: upto,
      head_hash: head,
      results,
      missing_blobs: this.journal.missing(rows),
      server_time: SERVER_TIME,
    };
  }

  #standing(hash: string): { effect?: string; reason?: string } {
    const row = this.journal.rows.get(hash);
    return row === undefined ? {} : { effect: row.effect, reason: row.reason };
  }

  async #pull(asked: Asked, { cursor, limit }: { cursor: string; limit: number }): Promise<object> {
    if (this.loggedOut) throw new Refused(401, "sync.login");
    if (asked.headers.get("Authorization") !== `Bearer ${PULL_TOKEN}`) {
      throw new Refused(401, "sync.login");
    }
    if (this.revoked) throw new Refused(403, "sync.revoked");
    const [epoch = "", since = "0"] = cursor.split(":");
    if (cursor !== "" && epoch !== this.journal.epoch) throw new Refused(410, "sync.cursor");
    const all = [...this.journal.documents.values()]
      .filter(({ pos }) => pos > Number(since))
      .sort((one, other) => one.pos - other.pos);
    const docs = all.slice(0, Math.min(limit, this.maxPage));
    const hasMore = docs.length < all.length;
    const end = docs.at(-1)?.pos ?? Number(since);
    return {
      docs,
      leave: [],
      applied_upto: {},
      cursor: `${this.journal.epoch}:${end}:`,
      has_more: hasMore,
      scope_digest: hasMore ? "" : await this.journal.digest(),
      log_pos: this.journal.position,
    };
  }

  #have({ sha256: names }: { sha256: string[] }, replica: string): object {
    const missing = new Set(this.journal.wantedOf(replica));
    const wanted = names.filter((name) => missing.has(name));
    return { missing: wanted.map((name) => ({ sha256: name, token: `token-${name}` })) };
  }

  async #receipt(body: Record<string, string | number>, replica: string): Promise<object> {
    const { upto_seq: upto = 0, head_hash: head = "", after_seq: after = 0 } = body;
    const chain = this.journal.chain(replica, String(head));
    if (chain.length === 0 || chain[0]?.seq !== upto) {
      throw new Refused(409, "sync.receipt_mismatch");
    }
    const rows = chain.filter(({ seq }) => seq > Number(after));
    const missing = this.journal.missing(rows);
    if (missing.length > 0) throw new Refused(409, "sync.blobs_missing", { missing });
    const root = await blobRoot(rows.flatMap(({ blobs }) => blobs));
    if (root !== body["blob_root"]) throw new Refused(409, "sync.receipt_mismatch");
    const said = {
      v: 1,
      epoch: this.journal.epoch,
      replica,
      upto_seq: upto,
      head_hash: head,
      entry_count: rows.length,
      blob_root: root,
      effects: { applied: rows.length },
      log_pos: this.journal.position,
      log_root: "0".repeat(64),
      time: SERVER_TIME,
      kid: this.kid,
      ...(after === 0 ? {} : { after_seq: after }),
      ...this.inReceipts,
    };
    const content = utf8(canonical(said));
    const signed = concat(utf8("inspect-sync receipt v1\n"), content);
    const { privateKey } = await this.#signing();
    const signature = await crypto.subtle.sign("Ed25519", privateKey, signed);
    const sig = base64(new Uint8Array(signature));
    return { receipt_b64: base64(content), sig_b64: sig, kid: this.kid };
  }

  #file(asked: Asked): Response {
    if (this.loggedOut) throw new Refused(401, "sync.login");
    const content = this.journal.files.get(asked.path.split("/").at(-1) ?? "");
    if (content === undefined) throw new Refused(403, "sync.not_in_scope");
    const range = /^bytes=([0-9]+)-([0-9]+)$/.exec(asked.headers.get("Range") ?? "");
    const [start, end] = [Number(range?.[1]), Number(range?.[2]) + 1];
    if (start >= content.length) throw new Refused(416, "http.416");
    const part = content.slice(start, end);
    const placed = `bytes ${start}-${start + part.length - 1}/${content.length}`;
    return new Response(part, { status: 206, headers: { "Content-Range": placed } });
  }

  async #tus(asked: Asked): Promise<Response> {
    const { headers, method, path, body } = asked;
    const content = body ?? new Uint8Array();
    if (method === "POST") {
      const [, named = ""] = (headers.get("Upload-Metadata") ?? "").split(" ");
      const name = fromUtf8(fromBase64(named));
      if (headers.get("Authorization") !== `Bearer token-${name}`) {
        throw new Refused(403, "sync.upload_token");
      }
      this.#uploadCount += 1;
      const id = `u${this.#uploadCount}`;
      const length = Number(headers.get("Upload-Length"));
      this.uploads.set(id, { name, length, content: new Uint8Array() });
      await this.#receive(id, content, headers);
      const location = `https://elsewhere.example/sync/v1/uploads/${id}`;
      const said = { Location: location, "Upload-Offset": String(content.length) };
      return new Response(null, { status: 201, headers: said });
    }
    const id = path.split("/").at(-1) ?? "";
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new Refused(404, "sync.not_found");
    if (method === "PATCH") {
      const isThere = Number(headers.get("Upload-Offset")) === upload.content.length;
      if (!isThere) throw new Refused(409, "sync.offset");
      await this.#receive(id, content, headers);
    }
    const offset = String(upload.content.length);
    return new Response(null, { status: 204, headers: { "Upload-Offset": offset } });
  }

  async #receive(id: string, content: Uint8Array, headers: Headers): Promise<void> {
    const upload = this.uploads.get(id) as Upload;
    const checksum = `sha256 ${base64(await sha256(content))}`;
    if (content.length > 0 && headers.get("Upload-Checksum") !== checksum) {
      throw new Refused(460, "sync.checksum");
    }
    upload.content = concat(upload.content, content);
    if (upload.content.length < upload.length) return;
    if ((await sha256Hex(upload.content)) !== upload.name) {
      this.uploads.delete(id);
      throw new Refused(422, "sync.digest");
    }
    this.journal.files.set(upload.name, upload.content);
  }

  async #signing(): Promise<CryptoKeyPair> {
    this.#receiptKey ??= await ed25519();
    return this.#receiptKey;
  }
}

interface Pushed {
  readonly epoch: string;
  readonly entries: readonly { readonly bytes_b64: string; readonly sig: string }[];
  readonly keys: Readonly<Record<string, string>>;
  readonly receipts: readonly { readonly receipt_b64: string }[];
}

function authorOf(content: Uint8Array): string {
  return (JSON.parse(fromUtf8(content)) as { replica: string }).replica;
}

async function notTaken(content: Uint8Array, stored: string, reason: string): Promise<Result> {
  const hash = await sha256Hex(content);
  return { seq: 0, hash, pos: 0, flags: [], stored, effect: "quarantined", reason };
}

function ed25519(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}
