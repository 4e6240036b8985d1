/**
 * Small pictures of photos, made once and kept sealed beside them on this phone; no entry has them.
 *
 * A visit has hundreds of photos of megabytes each: lists show these, and a few are made at a time.
 */

import type { LocalStore } from "../../../store/local.ts";
import { jpegOf } from "../device/stream.ts";

/** A picture, or why there is none: its file is not here, or the browser cannot show it. */
export type Small = Blob | "absent" | "unseen";

type Kept = Pick<LocalStore, "small" | "addSmall" | "blob">;

/** Pixels of the shorter side: sharp at 72 points of any screen; and at most of the longer one. */
const SHORT = 216;
const LONG = 3 * SHORT;
const QUALITY = 0.75;
const KIND = "image/jpeg";
/** An original is decoded whole, up to 50 MB of memory each. */
const AT_ONCE = 2;

/** Does a few things at once, the others in turn; what nobody wants any more is passed over. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(work: () => Promise<T>, isWanted: () => boolean): Promise<T | undefined> {
    if (this.#running >= this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return isWanted() ? await work() : undefined;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

const turns = new Turns(AT_ONCE);

/**
 * Return the small picture of a photo, made now if nobody has seen it yet.
 *
 * @param isWanted Whether it is still to be shown; undefined is returned for what is not.
 */
export async function smallOf(
  store: Kept,
  { sha256, mime }: { readonly sha256: string; readonly mime: string },
  isWanted: () => boolean,
  draw: (picture: Blob) => Promise<Blob> = drawn,
): Promise<Small | undefined> {
  const known = await store.small(sha256);
  if (known.length > 0) return new Blob([known], { type: KIND });
  return await turns.run(async () => {
    const meanwhile = await store.small(sha256);
    if (meanwhile.length > 0) return new Blob([meanwhile], { type: KIND });
    const content = await store.blob(sha256);
    if (content.length === 0) return "absent";
    const small = await draw(new Blob([content], { type: mime })).catch(() => undefined);
    if (small === undefined) return "unseen";
    // Where it cannot be kept it is made anew the next time; a window that only reads keeps none.
    const bytes = new Uint8Array(await small.arrayBuffer());
    await store.addSmall(sha256, bytes).catch(() => undefined);
    return small;
  }, isWanted);
}

/**
 * Return a small picture of what lies in no store yet; undefined where the browser cannot show it.
 *
 * @param isWanted Whether it is still to be shown; undefined is returned for what is not.
 */
export async function smallDrawn(
  picture: Blob,
  isWanted: () => boolean,
  draw: (picture: Blob) => Promise<Blob> = drawn,
): Promise<Blob | undefined> {
  return await turns.run(() => draw(picture).catch(() => undefined), isWanted);
}

/** Return the hashes of those photos of which this phone can show nothing: they are not here. */
export async function absentOf(
  store: Pick<LocalStore, "files" | "small">,
  photos: readonly { readonly sha256: string }[],
): Promise<ReadonlySet<string>> {
  const hashes = [...new Set(photos.map(({ sha256 }) => sha256))];
  const here = await store.files(hashes);
  const absent = new Set<string>();
  for (const sha256 of hashes) {
    if (!here.has(sha256) && (await store.small(sha256)).length === 0) absent.add(sha256);
  }
  return absent;
}

/** Return how large a picture is drawn small. */
export function smallSize(width: number, height: number): [width: number, height: number] {
  const scale = Math.min(1, SHORT / Math.min(width, height), LONG / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Draw a picture small, upright as it is shown. */
async function drawn(picture: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(picture, { imageOrientation: "from-image" });
  try {
    const canvas = document.createElement("canvas");
    const [width, height] = smallSize(bitmap.width, bitmap.height);
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("the browser has no canvas to draw on");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    return await jpegOf(canvas, QUALITY);
  } finally {
    bitmap.close();
  }
}
