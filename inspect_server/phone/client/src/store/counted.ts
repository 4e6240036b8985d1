/** Files as people count them: photos and films apart. */

/** How many of each. */
export interface Files {
  readonly photos: number;
  readonly films: number;
}

/** Whether a file of this media type is a film. */
export function isFilm(mime: string): boolean {
  return mime.startsWith("video/");
}

/** Return counts in words, each only where there is something of it; "" for none. */
export function counted({ entries = 0, photos, films }: Files & { entries?: number }): string {
  return joined([
    entries > 0 ? `${entries} 项` : "",
    photos > 0 ? `${photos} 张照片` : "",
    films > 0 ? `${films} 段录像` : "",
  ]);
}

/** Return what there is, one after the other. */
export function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("、");
}
