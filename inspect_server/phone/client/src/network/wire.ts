/** Requests of a phone: signed, compressed, checked, and errors told apart from no answer. */

import { utf8 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { sign } from "../core/keys.ts";
import { PhoneError } from "../core/problems.ts";
import { contentDigest, signedHeaders } from "../core/requests.ts";
import type { LocalReplica, LocalStore } from "../store/local.ts";
import { NotEnrolled, OutOfReach, RemoteProblem } from "./asking/failures.ts";
import { decode, isProblem } from "./asking/messages.ts";
import type { Is } from "./asking/messages.ts";
import { Waiting } from "./asking/waiting.ts";

/** The browser's own, or one that goes to a server elsewhere. */
export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

const WORTH_COMPRESSING = 256;
/** Seconds that a server may ask for. */
const MAX_WAIT = 300;
/** What a proxy before the server may answer by itself, in whatever words. */
const OF_A_PROXY: readonly number[] = [413, 429, 503];
const PROBLEM_TYPE = "application/problem+json";
const NUMBER = /^[0-9]{1,15}$/;

/** An answer below 400, its content decompressed and, as far as that can be, checked. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Bytes;
}

export interface WireOptions {
  readonly fetch: Fetch;
  readonly replica: LocalReplica;
  /** Seconds since 1970. */
  readonly unixNow: () => number;
  readonly token?: string;
  /** Ends every request: the phone was locked. */
  readonly signal?: AbortSignal | undefined;
}

/** What differs in tests, and what ends it. */
export interface WireOfOptions {
  readonly fetch?: Fetch;
  readonly unixNow?: () => number;
  readonly signal?: AbortSignal;
}

/** Return the browser's own. */
export const browserFetch: Fetch = (address, init) => globalThis.fetch(address, init);

/** Return seconds since 1970 by the phone's clock. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * Return the connection of an enrolled phone.
 *
 * @throws NotEnrolled before it is.
 */
export async function wireOf(store: LocalStore, options: WireOfOptions = {}): Promise<Wire> {
  const replica = (await store.replicas()).at(-1);
  const token = await store.get("token");
  if (replica === undefined || token === "") throw new NotEnrolled();
  const { signal } = options;
  return new Wire({ fetch: browserFetch, unixNow, ...options, replica, token, signal });
}

/** One replica's connection to the server. */
export class Wire {
  requests = 0;
  readonly replica: LocalReplica;
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.replica = options.replica;
    this.#options = options;
  }

  /** Ask for a message. */
  async get<T>(path: string, is: Is<T>, query: Readonly<Record<string, string>> = {}): Promise<T> {
    return message(is, await this.send("GET", path, null, {}, query));
  }

  /** Send a message and return the answer. */
  async post<T>(path: string, value: object, is: Is<T>): Promise<T> {
    const plain = utf8(JSON.stringify(value));
    const packed = plain.length > WORTH_COMPRESSING ? await gzipped(plain) : plain;
    const isSmaller = packed.length < plain.length;
    const headers = {
      "Content-Type": "application/json",
      ...(isSmaller && { "Content-Encoding": "gzip" }),
    };
    return message(is, await this.send("POST", path, isSmaller ? packed : plain, headers));
  }

  /**
   * Send one signed request.
   *
   * @throws OutOfReach when no whole answer of the server came; RemoteProblem when it is an error.
   */
  async send(
    method: string,
    path: string,
    content: Bytes | null,
    headers: Readonly<Record<string, string>> = {},
    query: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    this.requests += 1;
    const { fetch, replica, unixNow, token = "", signal } = this.#options;
    const asked = new URLSearchParams(query).toString();
    const signed = await signedHeaders(
      { method, path, query: asked },
      content,
      replica.id,
      unixNow(),
      (base) => sign(replica.key, base),
    );
    const bearer = token === "" ? {} : { Authorization: `Bearer ${token}` };
    const waiting = new Waiting(content?.length ?? 0, signal);
    try {
      const response = await fetch(asked === "" ? path : `${path}?${asked}`, {
        method,
        headers: { ...bearer, ...headers, ...signed },
        body: content,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: waiting.signal,
      });
      return await checked(method, response, await waiting.read(response));
    } catch (error) {
      throw error instanceof PhoneError ? error : new OutOfReach();
    } finally {
      waiting.end();
    }
  }
}

/** Return what a header says, undefined where that is no whole number below 10 to the 15th. */
export function wholeIn(header: string | null): number | undefined {
  return header !== null && NUMBER.test(header) ? Number(header) : undefined;
}

function message<T>(is: Is<T>, reply: Reply): T {
  const said = decode(is, reply.content);
  if (said === undefined) throw new OutOfReach();
  return said;
}

/**
 * Return an answer that may be believed.
 *
 * `Content-Digest` is over the content as sent. What came compressed the browser has unpacked
 * already and nobody sees it as it was: then gzip's own check is all there is.
 */
async function checked(method: string, response: Response, content: Bytes): Promise<Reply> {
  const { status, headers } = response;
  const digest = headers.get("Content-Digest");
  const isSeen = method !== "HEAD" && !headers.has("Content-Encoding");
  if (digest !== null && isSeen && digest.trim() !== (await contentDigest(content))) {
    throw new OutOfReach();
  }
  if (status < 400) return { status, headers, content };
  const isOurs = headers.get("Content-Type")?.startsWith(PROBLEM_TYPE) === true;
  if (!isOurs && !OF_A_PROXY.includes(status)) throw new OutOfReach();
  const problem = isOurs ? decode(isProblem, content) : undefined;
  const seconds = wholeIn(headers.get("Retry-After")) ?? 0;
  const { code: remote = "", detail = "", missing = [] } = problem ?? {};
  const facts = { status, remote, missing, retryAfter: Math.min(seconds, MAX_WAIT) };
  throw new RemoteProblem(facts, detail);
}

async function gzipped(content: Bytes): Promise<Bytes> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
