/** A short video: as long, as large and of such a kind as a phone in the field can deliver. */

import { litScreen } from "../../session/device/waking.ts";

export const MOST_SECONDS = 30;
/** About 2 Mbit/s: half a minute is some 8 MB. */
const BITS = { videoBitsPerSecond: 2_000_000, audioBitsPerSecond: 64_000 } as const;
/** A page that is killed loses as much of a film. */
const PIECE_MS = 1000;
const STEP_MS = 250;
/**
 * Chromium gives the bytes of an MP4 away at key frames only, of which it makes one in 100 s: so
 * they are asked for, of browsers that know the word.
 */
const KEY_FRAMES = { videoKeyFrameIntervalDuration: PIECE_MS } as const;
/** Those that most players know first. */
const KINDS = [
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2",
  "video/mp4",
  "video/webm;codecs=vp8,opus",
  "video/webm",
] as const;

type Supports = (kind: string) => boolean;

/** Return the kind in which this browser records, "" if it records none. */
export function kindOf(
  supports: Supports = (kind) => globalThis.MediaRecorder?.isTypeSupported(kind) ?? false,
): string {
  return KINDS.find(supports) ?? "";
}

/** What is shown while one is made; the bytes are an estimate where a browser keeps them back. */
export interface Recorded {
  readonly seconds: number;
  readonly bytes: number;
}

/** Return how large a video of so many seconds is, until it is known better. */
export function expectedBytes(seconds: number): number {
  return Math.round((seconds * (BITS.videoBitsPerSecond + BITS.audioBitsPerSecond)) / 8);
}

/** A video being recorded; it ends by itself when it is as long as may be. */
export class Recording {
  /** Resolves with the video when it has ended, by whom ever. */
  readonly done: Promise<Blob>;
  readonly hasSound: boolean;
  readonly #recorder: MediaRecorder;
  readonly #sound: MediaStream | undefined;
  readonly #clock: ReturnType<typeof setInterval>;
  /** A screen that goes dark would tear the film off. */
  readonly #darken: () => void;

  constructor(
    picture: MediaStream,
    sound: MediaStream | undefined,
    onStep: (recorded: Recorded) => void,
    onPiece: (piece: Blob) => void = () => undefined,
  ) {
    const tracks = [...picture.getVideoTracks(), ...(sound?.getAudioTracks() ?? [])];
    const mimeType = kindOf();
    const how = { mimeType, ...BITS, ...KEY_FRAMES };
    const recorder = new MediaRecorder(new MediaStream(tracks), how);
    const begun = performance.now();
    const pieces: Blob[] = [];
    let bytes = 0;
    this.#recorder = recorder;
    this.#sound = sound;
    this.hasSound = sound !== undefined;
    this.done = new Promise((resolve, reject) => {
      recorder.addEventListener("dataavailable", ({ data }) => {
        pieces.push(data);
        bytes += data.size;
        onPiece(data);
      });
      recorder.addEventListener("stop", () => {
        this.#close();
        resolve(new Blob(pieces, { type: recorder.mimeType || mimeType }));
      });
      recorder.addEventListener("error", () => {
        this.#close();
        reject(new Error("recording broke off"));
      });
    });
    recorder.start(PIECE_MS);
    this.#darken = litScreen();
    this.#clock = setInterval(() => {
      const seconds = Math.min(MOST_SECONDS, (performance.now() - begun) / 1000);
      onStep({ seconds, bytes: bytes || expectedBytes(seconds) });
      if (seconds >= MOST_SECONDS) this.stop();
    }, STEP_MS);
  }

  stop(): void {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
  }

  #close(): void {
    clearInterval(this.#clock);
    this.#darken();
    for (const track of this.#sound?.getTracks() ?? []) track.stop();
  }
}

/** Return the microphone, undefined where nobody allows it: then the video is silent. */
export async function soundOf(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return undefined;
  }
}
