/** The phone's camera: opened, lit, looked through, closed. */

/** Why there is none; the words say what to do. */
export type NoCameraReason = "denied" | "absent" | "busy" | "unable";

/** The camera cannot be opened. */
export class NoCamera extends Error {
  readonly reason: NoCameraReason;

  constructor(reason: NoCameraReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Of pictures that are taken; a scanner needs less. */
export const SHARP = { width: { ideal: 2560 }, height: { ideal: 1440 } } as const;
export const FAST = { width: { ideal: 1280 }, height: { ideal: 720 } } as const;
const REASONS: Readonly<Record<string, NoCameraReason>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};
const QUALITY = 0.9;

/** What browsers of phones know of a lamp, beside the types of the standard. */
type Lit = MediaTrackCapabilities & { readonly torch?: boolean };

/** Return why a camera did not open. */
export function reasonOf(error: unknown): NoCameraReason {
  return (error instanceof Error && REASONS[error.name]) || "unable";
}

/**
 * Open the camera that looks away from who holds the phone.
 *
 * @throws NoCamera
 */
export async function openCamera(size: MediaTrackConstraints = SHARP): Promise<Camera> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) throw new NoCamera("unable");
  try {
    const video = { ...size, facingMode: { ideal: "environment" } };
    return new Camera(await mediaDevices.getUserMedia({ video }));
  } catch (error) {
    throw new NoCamera(reasonOf(error));
  }
}

/** A camera that is open. */
export class Camera {
  readonly stream: MediaStream;
  readonly #track: MediaStreamTrack;

  constructor(stream: MediaStream) {
    this.stream = stream;
    this.#track = stream.getVideoTracks()[0] as MediaStreamTrack;
  }

  /** Whether it has a lamp. */
  get hasTorch(): boolean {
    return (this.#track.getCapabilities?.() as Lit | undefined)?.torch === true;
  }

  async light(isOn: boolean): Promise<void> {
    await this.#track.applyConstraints({ advanced: [{ torch: isOn } as MediaTrackConstraintSet] });
  }

  /** Ask for another size; a camera that cannot stays as it is. */
  async resize(size: MediaTrackConstraints): Promise<void> {
    await this.#track.applyConstraints(size).catch(() => undefined);
  }

  /** Be told when the system takes the camera away. */
  onEnd(listener: () => void): void {
    this.#track.addEventListener("ended", listener);
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }
}

/** Return what a video shows now as a JPEG, undefined before its first picture. */
export async function pictureOf(video: HTMLVideoElement): Promise<Blob | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return await jpegOf(canvas, QUALITY);
}

/** Return a canvas as a JPEG. */
export async function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  const made = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", quality),
  );
  if (made === null) throw new Error("the browser made no picture of a canvas");
  return made;
}
