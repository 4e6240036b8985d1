/** How a picture lies in its frame: how large, and how far aside, in pixels of the frame. */

export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const LARGEST = 8;
const CLOSE = 2.5;

/** Return the view with what lies at a point, from the frame's middle, nearer or farther. */
export function zoomed(
  view: View,
  factor: number,
  at: readonly [number, number],
  frame: Frame,
): View {
  const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  const x = at[0] - (at[0] - view.x) * grown;
  const y = at[1] - (at[1] - view.y) * grown;
  return within({ scale, x, y }, frame);
}

/** Return the view moved, not beyond its edges. */
export function moved(view: View, by: readonly [number, number], frame: Frame): View {
  return within({ ...view, x: view.x + by[0], y: view.y + by[1] }, frame);
}

/** Return the view after two taps at a point: near, or the whole again. */
export function turned(view: View, at: readonly [number, number], frame: Frame): View {
  return view.scale > 1 ? WHOLE : zoomed(view, CLOSE, at, frame);
}

function within({ scale, x, y }: View, { width, height }: Frame): View {
  const [most, highest] = [(width * (scale - 1)) / 2, (height * (scale - 1)) / 2];
  const held = (at: number, edge: number): number => Math.min(edge, Math.max(-edge, at)) + 0;
  return { scale, x: held(x, most), y: held(y, highest) };
}
