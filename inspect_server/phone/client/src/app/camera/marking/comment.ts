/**
 * The layer of a marked copy, in a comment of its JPEG: `marked/1 sha256:<original> <marks>`.
 *
 * As with `photo/1` of the documents, the copy says by itself what it was made from; here also what
 * was drawn, so that the layer can be laid over the untouched original again.
 */

import { concat, fromUtf8, utf8 } from "../../../core/bytes.ts";
import type { Bytes } from "../../../core/bytes.ts";
import { marksIn } from "./marks.ts";
import type { Marks } from "./marks.ts";

/** What a copy says of itself. */
export interface Layer {
  /** The SHA-256 of the photo that was drawn on. */
  readonly original: string;
  readonly marks: Marks;
}

const SAID = /^marked\/1 sha256:([0-9a-f]{64}) (\[.*\])$/su;
const MARKER = 0xff;
const BEGIN = 0xd8;
const JFIF = 0xe0;
const COMMENT = 0xfe;
const SCAN = 0xda;
const MOST_BYTES = 0xffff - 2;

/** Return a JPEG with a layer as its comment; what it shows is the same. */
export function withLayer(jpeg: Uint8Array, { original, marks }: Layer): Bytes {
  const said = utf8(`marked/1 sha256:${original} ${JSON.stringify(marks)}`);
  if (said.length > MOST_BYTES) throw new RangeError("marks are more than a comment holds");
  const length = said.length + 2;
  const head = Uint8Array.of(MARKER, COMMENT, length >> 8, length & 0xff);
  const [first] = segments(jpeg);
  const at = first?.kind === JFIF ? first.end : 2;
  return concat(jpeg.subarray(0, at), head, said, jpeg.subarray(at));
}

/** Return the layer that a file has as a comment, undefined if it is no marked copy. */
export function layerOf(content: Uint8Array): Layer | undefined {
  for (const { kind, start, end } of segments(content)) {
    if (kind !== COMMENT) continue;
    const layer = read(content.subarray(start, end));
    if (layer) return layer;
  }
  return undefined;
}

function read(comment: Uint8Array): Layer | undefined {
  try {
    const [, original, listed] = SAID.exec(fromUtf8(comment)) ?? [];
    const marks = listed === undefined ? undefined : marksIn(JSON.parse(listed));
    return original !== undefined && marks ? { original, marks } : undefined;
  } catch {
    return undefined; // somebody else's comment
  }
}

interface Segment {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** Return what stands before the picture itself, as far as it is whole. */
function segments(content: Uint8Array): Segment[] {
  const found: Segment[] = [];
  if (content[0] !== MARKER || content[1] !== BEGIN) return found;
  for (let at = 2; ; ) {
    const [mark, kind, high, low] = content.subarray(at, at + 4);
    if (mark !== MARKER || kind === undefined || kind === SCAN) return found;
    const length = 256 * (high ?? 0) + (low ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > content.length) return found;
    found.push({ kind, start: at + 4, end });
    at = end;
  }
}
