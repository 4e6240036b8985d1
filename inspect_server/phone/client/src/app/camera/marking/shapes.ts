/** Marks as paths in pixels of a picture; screen and copy draw the same ones. */

import { FULL, INKS } from "./marks.ts";
import type { Mark, Marks, Point } from "./marks.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Widths of lines, edges and letters on a picture. */
export interface Strengths {
  readonly line: number;
  readonly edge: number;
  readonly letter: number;
}

const FACE = '"PingFang SC", "HarmonyOS Sans SC", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';
const HEAD_ANGLE = Math.PI / 7;

/** Return how strong marks are on a picture, whatever its size. */
export function strengths({ width, height }: Size): Strengths {
  const unit = Math.max(width, height) / 1000;
  return { line: 9 * unit, edge: 15 * unit, letter: 50 * unit };
}

/** Return the path of a mark; of a text none. */
export function pathOf(mark: Mark, size: Size): string {
  const points = mark.points.map((point) => placed(point, size));
  if (mark.kind === "text") return "";
  if (mark.kind === "line") return lineOf(points);
  const [from, to] = [points[0] as Point, points.at(-1) as Point];
  return mark.kind === "circle" ? ellipse(from, to) : arrow(from, to, strengths(size).line);
}

/** Return where a mark begins, in pixels. */
export function placeOf(mark: Mark, size: Size): Point {
  return placed(mark.points[0] as Point, size);
}

/** Return the share of a picture at which a finger is. */
export function shareOf(x: number, y: number, box: DOMRectReadOnly): Point {
  return [share(x - box.left, box.width), share(y - box.top, box.height)];
}

/** Draw marks on a canvas that shows their picture. */
export function drawMarks(context: CanvasRenderingContext2D, marks: Marks, size: Size): void {
  const { line, edge, letter } = strengths(size);
  Object.assign(context, { lineCap: "round", lineJoin: "round", textBaseline: "middle" });
  context.font = `bold ${letter}px ${FACE}`;
  for (const mark of marks) {
    const { ink, edge: around } = INKS[mark.colour];
    Object.assign(context, { fillStyle: ink });
    if (mark.kind === "text") {
      const [x, y] = placeOf(mark, size);
      Object.assign(context, { strokeStyle: around, lineWidth: edge - line });
      context.strokeText(mark.text ?? "", x, y);
      context.fillText(mark.text ?? "", x, y);
      continue;
    }
    const path = new Path2D(pathOf(mark, size));
    Object.assign(context, { strokeStyle: around, lineWidth: edge });
    context.stroke(path);
    Object.assign(context, { strokeStyle: ink, lineWidth: line });
    context.stroke(path);
  }
}

function lineOf(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${x} ${y}`).join("L")}`;
}

function arrow(from: Point, to: Point, line: number): string {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const long = Math.max(5 * line, Math.min(9 * line, Math.hypot(to[0] - from[0], to[1] - from[1])));
  const wing = (side: number): Point => [
    round(to[0] - long * Math.cos(angle + side * HEAD_ANGLE)),
    round(to[1] - long * Math.sin(angle + side * HEAD_ANGLE)),
  ];
  return lineOf([from, to]) + lineOf([wing(1), to, wing(-1)]);
}

function ellipse(one: Point, other: Point): string {
  const [x, y] = [Math.min(one[0], other[0]), (one[1] + other[1]) / 2];
  const width = round(Math.abs(one[0] - other[0]));
  const radii = `${round(width / 2)} ${round(Math.abs(one[1] - other[1]) / 2)}`;
  return `M${x} ${y}a${radii} 0 1 0 ${width} 0a${radii} 0 1 0 ${-width} 0z`;
}

function placed([x, y]: Point, { width, height }: Size): Point {
  return [round((x / FULL) * width), round((y / FULL) * height)];
}

function share(offset: number, length: number): number {
  if (!(length > 0)) return 0;
  return Math.min(FULL, Math.max(0, Math.round((offset / length) * FULL)));
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
