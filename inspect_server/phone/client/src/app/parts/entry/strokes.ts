/**
 * A signature as docs/sync.md wants it: strokes of points [x, y], integers 0 … 1000 of a box three
 * times as wide as high, y downwards.
 */

export type Point = readonly [number, number];
export type Stroke = readonly Point[];
export type Strokes = readonly Stroke[];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const FULL = 1000;
export const MOST_STROKES = 500;
export const MOST_POINTS = 2000;
/** Below this distance a further point is not seen on paper. */
const LEAST = 2;

/** The whole box as it is drawn, by the unit of its height. */
export const WHOLE: Box = { left: 0, top: 0, width: 3 * FULL, height: FULL };

/**
 * Return what of the box a pad shows: a pad that is higher shows the middle in full height, and
 * where strokes reach beyond that, the whole box. Nothing is stretched either way.
 *
 * @param ratio The pad's width by its height; 0 while it is not laid out.
 */
export function shownPart(ratio: number, strokes: Strokes): Box {
  if (!(ratio > 0 && Number.isFinite(ratio))) return WHOLE;
  const width = ratio * FULL;
  const left = (WHOLE.width - width) / 2;
  const isInside = ([x]: Point): boolean => Math.abs(3 * x - WHOLE.width / 2) <= width / 2 + 3;
  if (strokes.flat().every(isInside)) return { left, top: 0, width, height: FULL };
  const height = WHOLE.width / ratio;
  return { left: 0, top: (FULL - height) / 2, width: WHOLE.width, height };
}

/** Return where a finger is in the box; one beyond the edge of the pad, or the box, is at it. */
export function place(x: number, y: number, pad: Box, shown: Box = WHOLE): Point {
  const across = shown.left + share(x - pad.left, pad.width) * shown.width;
  const down = shown.top + share(y - pad.top, pad.height) * shown.height;
  return [whole(across / 3), whole(down)];
}

/** Return the strokes with a new one begun; all of them, where there may be no more. */
export function begun(strokes: Strokes, at: Point): Strokes {
  return strokes.length < MOST_STROKES ? [...strokes, [at]] : strokes;
}

/** Return the strokes with the last one drawn on through these points. */
export function drawn(strokes: Strokes, points: readonly Point[]): Strokes {
  const last = strokes.at(-1);
  if (last === undefined) return strokes;
  const line = [...last];
  for (const point of points) {
    const [x, y] = line.at(-1) as Point;
    const isFar = Math.abs(point[0] - x) >= LEAST || Math.abs(point[1] - y) >= LEAST;
    if (isFar && line.length < MOST_POINTS) line.push(point);
  }
  return [...strokes.slice(0, -1), line];
}

/** Return a stroke as an SVG path in a box of 3000 by 1000; a dot is a line of no length. */
export function path(stroke: Stroke): string {
  const [first, ...rest] = stroke.map(([x, y]) => `${x * 3} ${y}`);
  return first === undefined ? "" : `M${first}L${(rest.length ? rest : [first]).join("L")}`;
}

/** Return how far along a length something is, 0 … 1. */
function share(offset: number, length: number): number {
  if (!(length > 0) || Number.isNaN(offset)) return 0;
  return Math.min(1, Math.max(0, offset / length));
}

function whole(units: number): number {
  return Math.min(FULL, Math.max(0, Math.round(units)));
}
