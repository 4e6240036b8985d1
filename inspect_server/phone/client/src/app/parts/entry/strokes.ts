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

/** Return where a finger is in the box; one beyond the edge is at the edge. */
export function place(x: number, y: number, box: Box): Point {
  return [share(x - box.left, box.width), share(y - box.top, box.height)];
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

function share(offset: number, length: number): number {
  if (!(length > 0) || Number.isNaN(offset)) return 0;
  return Math.min(FULL, Math.max(0, Math.round((offset / length) * FULL)));
}
