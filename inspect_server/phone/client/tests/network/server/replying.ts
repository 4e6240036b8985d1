/** What goes over the wire to and from a server in memory. */

import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { contentDigest } from "../../../src/core/requests.ts";

/** What is asked, as the network sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array | null;
}

/** Ends as a problem. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: object;

  constructor(status: number, code: string, more: object = {}) {
    super(code);
    [this.status, this.code, this.more] = [status, code, more];
  }
}

/** Return an error as the server says it. */
export function problem(status: number, code: string, more: object = {}): Response {
  const said = { type: "about:blank", status, code, detail: "", ...more };
  const headers = new Headers({ "Content-Type": "application/problem+json" });
  if (status === 429 || status === 503) headers.set("Retry-After", "2");
  return new Response(JSON.stringify(said), { status, headers });
}

/** Return a message as the server says it. */
export async function json(said: object): Promise<Response> {
  const content = utf8(JSON.stringify(said));
  const digest = await contentDigest(content);
  const headers = { "Content-Type": "application/json", "Content-Digest": digest };
  return new Response(content, { headers });
}

/** Return an answer that breaks off in the middle. */
export async function cut(answer: Response): Promise<Response> {
  const content = new Uint8Array(await answer.arrayBuffer());
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(content.slice(0, content.length / 2)),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  const { status, headers } = answer;
  return new Response(status === 204 ? null : stream, { status, headers });
}

/** Return the message that a request brings. */
export async function read(asked: Asked): Promise<object> {
  const { body, headers } = asked;
  const content = body ?? new Uint8Array();
  if (headers.get("Content-Encoding") !== "gzip") return JSON.parse(fromUtf8(content)) as object;
  const stream = new Blob([content as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as object;
}
