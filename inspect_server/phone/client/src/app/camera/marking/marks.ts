/**
 * What is drawn on a photo: vectors above it, which never change the photo.
 *
 * Points are integers 0 … 10000 of the upright picture's width and height, y downwards, so that
 * they fit it at every size.
 */

export type Point = readonly [number, number];
export type Colour = "red" | "yellow" | "white" | "blue";
export type Tool = "arrow" | "circle" | "line" | "text";

/** Of an arrow tail and head, of a circle two corners of its box, of a text where it begins. */
export interface Mark {
  readonly kind: Tool;
  readonly colour: Colour;
  readonly points: readonly Point[];
  /** Of a text only. */
  readonly text?: string;
}

export type Marks = readonly Mark[];

export const FULL = 10_000;
export const COLOURS = ["red", "yellow", "white", "blue"] as const;
export const TOOLS = ["arrow", "circle", "line", "text"] as const;
/** Each with an edge against which it is seen on whatever the photo shows. */
export const INKS: Readonly<Record<Colour, { readonly ink: string; readonly edge: string }>> = {
  red: { ink: "#d6001c", edge: "#ffffff" },
  yellow: { ink: "#ffd400", edge: "#000000" },
  white: { ink: "#ffffff", edge: "#000000" },
  blue: { ink: "#0a4fc4", edge: "#ffffff" },
};
/** Characters of what all marks take; a comment of a JPEG holds no more. */
export const MOST_CHARACTERS = 40_000;
export const LONGEST_TEXT = 40;
/** Below this distance a further point is not seen. */
const LEAST = 30;
const MOST_POINTS = 600;

/** Return a mark that begins here. */
export function begun(kind: Tool, colour: Colour, at: Point): Mark {
  return { kind, colour, points: [at] };
}

/** Return a mark drawn on to here. */
export function drawnOn(mark: Mark, at: Point): Mark {
  const first = mark.points[0] as Point;
  if (mark.kind !== "line") return { ...mark, points: [first, at] };
  const last = mark.points.at(-1) as Point;
  const isFar = Math.hypot(at[0] - last[0], at[1] - last[1]) >= LEAST;
  return isFar && mark.points.length < MOST_POINTS
    ? { ...mark, points: [...mark.points, at] }
    : mark;
}

/** Whether a mark is more than a tap. */
export function isSeen(mark: Mark): boolean {
  if (mark.kind === "text") return (mark.text ?? "").trim() !== "";
  const [x, y] = mark.points[0] as Point;
  return mark.points.some(([px, py]) => Math.hypot(px - x, py - y) >= 2 * LEAST);
}

/** Whether one more still fits. */
export function fits(marks: Marks, mark: Mark): boolean {
  return JSON.stringify([...marks, mark]).length <= MOST_CHARACTERS;
}

/** Return marks that were read somewhere, undefined if they are none. */
export function marksIn(read: unknown): Marks | undefined {
  return Array.isArray(read) && read.every(isMark) ? read : undefined;
}

function isMark(one: Partial<Mark> | null): one is Mark {
  if (typeof one !== "object" || one === null) return false;
  const { kind, colour, points, text = "" } = one;
  return (
    TOOLS.includes(kind as Tool) &&
    COLOURS.includes(colour as Colour) &&
    typeof text === "string" &&
    Array.isArray(points) &&
    points.length > 0 &&
    points.every(isPoint)
  );
}

function isPoint(one: unknown): boolean {
  const isShare = (number: unknown): boolean =>
    Number.isInteger(number) && (number as number) >= 0 && (number as number) <= FULL;
  return Array.isArray(one) && one.length === 2 && one.every(isShare);
}
