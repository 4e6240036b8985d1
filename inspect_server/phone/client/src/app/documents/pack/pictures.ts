/** Small copies of photos, to be printed: upright, as large as those that the server makes. */

import type { Phone } from "../../../capture/phone.ts";
import type { Bytes } from "../../../core/bytes.ts";

/** As in the server's recipe. */
const LONG_SIDE = 1000;
const QUALITY = 0.8;

/** Return a JPEG of each photo that is on this phone and can be read, by the original's hash. */
export async function smallCopies(
  phone: Phone,
  photos: readonly string[],
): Promise<ReadonlyMap<string, ArrayBuffer>> {
  const found = new Map<string, ArrayBuffer>();
  for (const sha256 of photos) {
    const content = await phone.photo(sha256);
    const copy = content.length > 0 ? await smallCopy(content) : null;
    if (copy !== null) found.set(sha256, copy);
  }
  return found;
}

/** Return how large a copy is of a picture. */
export function sizeOfCopy(width: number, height: number): readonly [number, number] {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

async function smallCopy(content: Bytes): Promise<ArrayBuffer | null> {
  const picture = await createImageBitmap(new Blob([content])).catch(() => null);
  if (picture === null) return null; // a video, or what no browser reads
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = sizeOfCopy(picture.width, picture.height);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return null;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", QUALITY);
  });
  return (await made?.arrayBuffer()) ?? null;
}
