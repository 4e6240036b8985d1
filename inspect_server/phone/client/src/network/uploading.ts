/** Files to the server by tus 1.0: in chunks of 1 MiB, resumed where the server stands. */

import { base64, utf8 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { sha256 } from "../core/digests.ts";
import type { LocalStore } from "../store/local.ts";
import { OutOfReach, RemoteProblem, SpoiltPhoto } from "./asking/failures.ts";
import { CHUNK_BYTES, MAX_HAVE_HASHES, PATHS, isHaveReply } from "./asking/messages.ts";
import type { WantedBlob } from "./asking/messages.ts";
import type { Patience } from "./asking/waiting.ts";
import { wholeIn } from "./wire.ts";
import type { Reply, Wire } from "./wire.ts";

/** How often one file may lose its place (offset, lock, checksum, vanished) in one sync. */
const TRIES = 5;
/** The server no longer has this upload, or found another hash: begin it again. */
const VANISHED: readonly number[] = [403, 404, 410, 422];
/** The upload stands elsewhere than thought, is locked, or a chunk came damaged: ask again. */
export const LOST_PLACE: readonly number[] = [...VANISHED, 409, 423, 460];
const UPLOAD = new RegExp(`${PATHS.uploads}/([0-9A-Za-z_-]{1,64})$`);
const CHUNK_TYPE = "application/offset+octet-stream";

export interface UploadingOptions {
  /** Whether the network may be used for photos now. */
  readonly mayUpload: () => boolean;
  /** Files at once. */
  readonly parallel: number;
  /** So many bytes of a file are with the server. */
  readonly onBytes: (name: string, offset: number) => void;
  /** A file is whole there, or was before. */
  readonly onThere: (name: string) => Promise<void>;
}

/** A file that is to be uploaded. */
interface Upload extends WantedBlob {
  readonly size: number;
}

/** Where an upload goes on, and how many bytes are there. */
interface Begun {
  readonly address: string;
  readonly offset: number;
}

/** Photos have to wait for another network: no failure, and nothing to be told as one. */
class Held extends Error {}

/** A file on the phone is not whole. */
class Spoilt extends Error {}

/** The uploads of one sync. */
export class Uploading {
  finished = 0;
  readonly #store: LocalStore;
  readonly #wire: Wire;
  readonly #patience: Patience;
  readonly #options: UploadingOptions;
  #failed: RemoteProblem | undefined;
  #spoilt = 0;
  #there = 0;

  constructor(store: LocalStore, wire: Wire, patience: Patience, options: UploadingOptions) {
    this.#store = store;
    this.#wire = wire;
    this.#patience = patience;
    this.#options = options;
  }

  /**
   * Upload those of these files that are on this phone, as long as the network may be used; return
   * how many have to wait for another one.
   *
   * @throws RemoteProblem, SpoiltPhoto when one could not be brought to its end; all others were
   * tried all the same.
   */
  async run(missing: readonly string[]): Promise<number> {
    const here = await this.#store.uploads(missing);
    const names = [...here.keys()].sort();
    let isHeld = false;
    try {
      for (let start = 0; start < names.length; start += MAX_HAVE_HASHES) {
        await this.#batch(names.slice(start, start + MAX_HAVE_HASHES), here);
      }
    } catch (error) {
      if (!(error instanceof Held)) throw error;
      isHeld = true;
    }
    if (this.#spoilt > 0) throw new SpoiltPhoto(this.#spoilt);
    if (this.#failed) throw this.#failed;
    return isHeld ? names.length - this.#there : 0;
  }

  async #batch(names: readonly string[], here: ReadonlyMap<string, string>): Promise<void> {
    this.#mayGoOn();
    const wanted = [...(await this.#have(names))];
    const asked = new Set(wanted.map(({ sha256: name }) => name));
    for (const name of names) if (!asked.has(name)) await this.#isThere(name);
    const work = async (): Promise<void> => {
      for (let one = wanted.shift(); one; one = wanted.shift()) {
        await this.#one(one, addressIn(here.get(one.sha256) ?? ""));
      }
    };
    const ended = await Promise.allSettled(
      Array.from({ length: this.#options.parallel }, () =>
        work().catch((error: unknown) => {
          wanted.length = 0; // nobody begins another one
          throw error;
        }),
      ),
    );
    const failed = ended.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** Bring one file to its end; what only this one meets is kept for the end of all. */
  async #one(wanted: WantedBlob, address: string): Promise<void> {
    this.#mayGoOn();
    try {
      const size = await this.#store.blobSize(wanted.sha256);
      await this.#upload({ ...wanted, size }, address);
      this.finished += 1;
      await this.#isThere(wanted.sha256);
    } catch (error) {
      if (error instanceof Spoilt) this.#spoilt += 1;
      else if (isOfOneFile(error)) this.#failed ??= error;
      else throw error;
    }
  }

  async #isThere(name: string): Promise<void> {
    this.#there += 1;
    await this.#options.onThere(name);
  }

  /** Return some bytes of a file; those of one that is damaged are not there. */
  async #chunk({ sha256: name, size }: Upload, start: number): Promise<Bytes> {
    const end = Math.min(start + CHUNK_BYTES, size);
    const chunk = await this.#store.blobSlice(name, start, end);
    if (chunk.length !== end - start) throw new Spoilt();
    return chunk;
  }

  async #upload(wanted: Upload, known: string): Promise<void> {
    let address = known;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        const isKnown = address !== "";
        const begun = isKnown ? undefined : await this.#begin(wanted);
        address = begun?.address ?? address;
        await this.#send(address, wanted, begun?.offset);
        if (!isKnown || (await this.#have([wanted.sha256])).length === 0) return;
        address = ""; // finished in an earlier life of the server, and lost since
      } catch (error) {
        if (!isOfOneFile(error) || attempt === TRIES) throw error;
        if (VANISHED.includes(error.status)) address = "";
      }
    }
    throw new OutOfReach(); // it says that all is there and asks for it, again and again
  }

  async #have(names: readonly string[]): Promise<readonly WantedBlob[]> {
    const request = { sha256: names };
    const ask = () => this.#wire.post(PATHS.have, request, isHaveReply);
    return (await this.#patience.ask(ask)).missing;
  }

  /**
   * Begin an upload; return its address and how many bytes are there.
   *
   * The first chunk comes along: a small photo is one request. Whether it arrived nobody knows when
   * no answer comes, and then an empty beginning is what costs little to repeat.
   */
  async #begin(wanted: Upload): Promise<Begun> {
    const { sha256: name, token, size } = wanted;
    const named = {
      "Upload-Length": String(size),
      "Upload-Metadata": `sha256 ${base64(utf8(name))}`,
    };
    let chunk = await this.#chunk(wanted, 0);
    let carried: Record<string, string> = await chunkHeaders(chunk);
    const begun = await this.#patience.ask(async () => {
      this.#mayGoOn();
      try {
        const headers = tusHeaders(token, { ...named, ...carried });
        const reply = await this.#wire.send("POST", PATHS.uploads, chunk, headers);
        const address = addressIn(reply.headers.get("Location") ?? "");
        if (address === "") throw new OutOfReach();
        return { address, offset: offsetIn(reply) };
      } catch (error) {
        if (error instanceof OutOfReach) [chunk, carried] = [new Uint8Array(), {}];
        throw error;
      }
    });
    await this.#store.setUpload(name, begun.address);
    this.#options.onBytes(name, begun.offset);
    return begun;
  }

  /** Send what is left of `known` bytes there; after a cut the server says where it stands. */
  async #send(address: string, wanted: Upload, known: number | undefined): Promise<void> {
    const { sha256: name, token, size } = wanted;
    let offset = known ?? 0;
    let isCertain = known !== undefined;
    const step = async (): Promise<void> => {
      this.#mayGoOn();
      if (!isCertain) offset = await this.#offset(address, token);
      this.#options.onBytes(name, Math.min(offset, size));
      if (offset >= size) return;
      isCertain = false;
      offset = await this.#patch(address, wanted, offset);
      isCertain = true;
      this.#options.onBytes(name, offset);
    };
    const most = (2 * size) / CHUNK_BYTES + TRIES;
    for (let steps = 0; steps < most; steps += 1) {
      await this.#patience.ask(step);
      if (offset >= size) return;
    }
    throw new OutOfReach(); // what it acknowledged it took back, again and again
  }

  async #offset(address: string, token: string): Promise<number> {
    return offsetIn(await this.#wire.send("HEAD", address, null, tusHeaders(token)));
  }

  async #patch(address: string, wanted: Upload, offset: number): Promise<number> {
    const chunk = await this.#chunk(wanted, offset);
    const headers = { "Upload-Offset": String(offset), ...(await chunkHeaders(chunk)) };
    const reply = await this.#wire.send("PATCH", address, chunk, tusHeaders(wanted.token, headers));
    if (offsetIn(reply) !== offset + chunk.length) throw new OutOfReach();
    return offset + chunk.length;
  }

  #mayGoOn(): void {
    if (!this.#options.mayUpload()) throw new Held();
  }
}

/**
 * Bring partners' files whose entries are with the server: it takes those whose entries this phone
 * brought, and leaves the others to who took them. Return how many were uploaded.
 *
 * Nothing waits for it: what one file meets is met again by the next sync.
 */
export async function carried(
  store: LocalStore,
  wire: Wire,
  patience: Patience,
  options: Pick<UploadingOptions, "mayUpload" | "parallel">,
): Promise<number> {
  const epoch = await store.get("epoch");
  const names = new Set(await store.unoffered(epoch));
  if (names.size === 0) return 0;
  const there = (await store.places()).filter((row) => row.ackedEpoch === epoch);
  const cited = new Set(there.flatMap((row) => row.blobs));
  const uploading = new Uploading(store, wire, patience, {
    ...options,
    onBytes: () => undefined,
    onThere: (name) => store.setOffered(name, epoch),
  });
  try {
    await uploading.run([...names].filter((name) => cited.has(name)));
  } catch (error) {
    if (!(error instanceof RemoteProblem || error instanceof SpoiltPhoto)) throw error;
  }
  return uploading.finished;
}

/** Return whether a failure is of one file, so that others may go on. */
function isOfOneFile(error: unknown): error is RemoteProblem {
  return error instanceof RemoteProblem && LOST_PLACE.includes(error.status);
}

async function chunkHeaders(chunk: Bytes): Promise<Record<string, string>> {
  const checksum = `sha256 ${base64(await sha256(chunk))}`;
  return { "Content-Type": CHUNK_TYPE, "Upload-Checksum": checksum };
}

function tusHeaders(
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { "Tus-Resumable": "1.0.0", Authorization: `Bearer ${token}`, ...headers };
}

/**
 * Return where an upload goes on, empty when that is not said.
 *
 * Of a location only the upload's name counts: file and token go to the phone's own server.
 */
function addressIn(location: string): string {
  const named = UPLOAD.exec(location);
  return named ? `${PATHS.uploads}/${named[1]}` : "";
}

/** Return how many bytes are there; an answer that does not say is made up. */
function offsetIn(reply: Reply): number {
  const offset = wholeIn(reply.headers.get("Upload-Offset"));
  if (offset === undefined) throw new OutOfReach();
  return offset;
}
