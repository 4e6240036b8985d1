/** The marked copy of a photo: a file of its own, which names the untouched original. */

import type { PhotoDetails } from "../../../capture/phone.ts";
import type { Bytes } from "../../../core/bytes.ts";
import { sha256Hex } from "../../../core/digests.ts";
import { jpegOf } from "../device/stream.ts";
import { MARKING } from "../words.ts";
import { withLayer } from "./comment.ts";
import type { Marks } from "./marks.ts";
import { drawMarks } from "./shapes.ts";

/** A copy with what it was drawn on. */
export interface MarkedCopy {
  readonly content: Bytes;
  readonly original: string;
}

/** Pixels of the longer side: enough for paper and screen, the original has the rest. */
const MOST_PIXELS = 2000;
const QUALITY = 0.88;
const NAMED = /^标注图，原照片 SHA-256：([0-9a-f]{64})$/u;

/** Return the copy of a photo with marks on it, upright as it is shown. */
export async function markedCopy(
  content: Bytes,
  { mime, marks }: { readonly mime: string; readonly marks: Marks },
): Promise<MarkedCopy> {
  const upright = { imageOrientation: "from-image" } as const;
  const picture = await createImageBitmap(new Blob([content], { type: mime }), upright);
  const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  const size = {
    width: Math.round(picture.width * scale),
    height: Math.round(picture.height * scale),
  };
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the browser has no canvas to draw on");
  context.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  drawMarks(context, marks, size);
  const jpeg = new Uint8Array(await (await jpegOf(canvas, QUALITY)).arrayBuffer());
  const original = await sha256Hex(content);
  return { content: withLayer(jpeg, { original, marks }), original };
}

/** Return what is recorded of a copy: where and when its original was taken, and which that is. */
export function markedDetails(details: PhotoDetails, original: string): PhotoDetails {
  return { ...details, mime: "image/jpeg", caption: MARKING.caption(original) };
}

/** Return the hash of the photo that a caption says was drawn on, "" if it says none. */
export function originalIn(caption: string): string {
  return NAMED.exec(caption)?.[1] ?? "";
}
