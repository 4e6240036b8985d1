import { expect, test, vi } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { newKey, rawPublicKey, replicaId } from "../../src/core/keys.ts";
import { contentDigest } from "../../src/core/requests.ts";
import type { Is } from "../../src/network/asking/messages.ts";
import { Wire } from "../../src/network/wire.ts";
import type { Fetch } from "../../src/network/wire.ts";

const anything: Is<unknown> = (value): value is unknown => value !== undefined;

async function wire(fetch: Fetch, signal?: AbortSignal): Promise<Wire> {
  const pair = await newKey();
  const publicKey = await rawPublicKey(pair);
  const id = await replicaId(publicKey);
  const replica = { id, key: pair.privateKey, publicKey, ordinal: 1, uptoSeq: 0, headHash: "" };
  return new Wire({ fetch, replica, unixNow: () => 1, token: "t", signal });
}

/** Send one message; return what came of it and how it looked on the network. */
async function posted(
  value: object,
  answer: () => Response,
): Promise<{ said: unknown; sent: RequestInit }> {
  const sent: RequestInit[] = [];
  const one = await wire((_, init) => {
    sent.push(init);
    return Promise.resolve(answer());
  });
  const said: unknown = await one.post("/x", value, anything).catch((error: unknown) => error);
  return { said, sent: sent[0] as RequestInit };
}

const fine = (): Response => new Response("{}");

test("a long message is compressed, a short one and one that would only grow is not", async () => {
  const long = await posted({ text: "检查".repeat(500) }, fine);
  const short = await posted({ text: "检查" }, fine);
  const dense = crypto.getRandomValues(new Uint8Array(200));
  const grown = await posted(Array.from(dense, (byte) => byte), fine);
  const body = new Blob([long.sent.body as BlobPart]).stream();
  const plain = new Response(body.pipeThrough(new DecompressionStream("gzip")));

  expect(new Headers(long.sent.headers).get("Content-Encoding")).toBe("gzip");
  expect(await plain.json()).toEqual({ text: "检查".repeat(500) });
  expect(new Headers(short.sent.headers).has("Content-Encoding")).toBe(false);
  expect(fromUtf8(short.sent.body as Uint8Array)).toBe('{"text":"检查"}');
  expect((grown.sent.body as Uint8Array).length).toBeLessThan(900);
});

test("what is sent has its digest, as sent, and goes without cookies or redirection", async () => {
  const { sent } = await posted({ text: "检查".repeat(500) }, fine);
  const headers = new Headers(sent.headers);

  expect(headers.get("Content-Digest")).toBe(await contentDigest(sent.body as Uint8Array));
  expect(headers.get("Signature-Input")).toContain('"content-digest");created=1;keyid=');
  expect(headers.get("Authorization")).toBe("Bearer t");
  expect([sent.credentials, sent.redirect, sent.cache]).toEqual(["omit", "error", "no-store"]);
});

test("an answer with another digest than its content's is no answer", async () => {
  const right = await contentDigest(utf8("{}"));
  const wrong = await contentDigest(utf8("{ }"));
  const held = await posted({}, () => new Response("{}", { headers: { "Content-Digest": right } }));
  const not = await posted({}, () => new Response("{}", { headers: { "Content-Digest": wrong } }));

  expect(held.said).toEqual({});
  expect(not.said).toMatchObject({ code: "phone.out_of_reach" });
});

test("the digest of what the browser has unpacked cannot be looked at", async () => {
  const digest = await contentDigest(utf8("packed"));
  const headers = { "Content-Digest": digest, "Content-Encoding": "gzip" };
  const { said } = await posted({}, () => new Response("{}", { headers }));

  expect(said).toEqual({});
});

test("an error is told with the server's code, sentence and wait", async () => {
  const problem = { code: "sync.full", detail: "服务器存储空间不足。", status: 507, missing: ["a"] };
  const type = "application/problem+json; charset=utf-8";
  const how = { status: 507, headers: { "Content-Type": type, "Retry-After": "900" } };
  const { said } = await posted({}, () => new Response(JSON.stringify(problem), how));

  expect(said).toMatchObject({
    code: "phone.remote",
    status: 507,
    remote: "sync.full",
    message: "服务器存储空间不足。",
    missing: ["a"],
    retryAfter: 300,
  });
});

for (const status of [413, 429, 503]) {
  test(`a proxy's ${status} counts whatever its words`, async () => {
    const page = (): Response =>
      new Response("<html>", { status, headers: { "Retry-After": "7" } });

    expect((await posted({}, page)).said).toMatchObject({ status, remote: "", retryAfter: 7 });
  });
}

for (const status of [400, 403, 404, 500, 502, 504, 511]) {
  test(`${status} without a problem is of something between, and no answer`, async () => {
    const page = (): Response =>
      new Response("<html>", { status, headers: { "Content-Type": "text/html" } });

    expect((await posted({}, page)).said).toMatchObject({ code: "phone.out_of_reach" });
  });
}

test("an answer without an end is left", async () => {
  const block = new Uint8Array(1024 * 1024);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(block) });
  const { said } = await posted({}, () => new Response(endless));

  expect(said).toMatchObject({ code: "phone.out_of_reach" });
});

test("who waits in vain gives up, later the more is sent", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const silent: Fetch = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      });
    const ended: string[] = [];
    const one = await wire(silent);
    const small = one.send("GET", "/x", null).catch(() => ended.push("small"));
    const large = one
      .send("PATCH", "/x", new Uint8Array(1024 * 1024))
      .catch(() => ended.push("large"));
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2), { timeout: 30_000 });
    await vi.advanceTimersByTimeAsync(31_000);
    const soon = [...ended];
    await vi.advanceTimersByTimeAsync(130_000);
    await Promise.all([small, large]);

    expect(soon).toEqual(["small"]);
    expect(ended).toEqual(["small", "large"]);
  } finally {
    vi.useRealTimers();
  }
});

test("who waits ends at once when the phone is locked", async () => {
  const ending = new AbortController();
  const silent: Fetch = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      ending.abort();
    });

  await expect((await wire(silent, ending.signal)).send("GET", "/x", null)).rejects.toMatchObject({
    code: "phone.out_of_reach",
  });
});
