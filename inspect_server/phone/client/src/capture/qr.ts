/**
 * QR codes: drawing one, and reading those that a camera sees.
 *
 * Browsers that read codes themselves do it faster. Where one cannot, or says that it can and then
 * fails (Android without Google's services), the reader of the library is fetched.
 */

/** A code with its quiet zone, row by row; true is dark. */
export type Modules = readonly (readonly boolean[])[];

/** What a camera, a file or a canvas shows. */
export type Picture = HTMLVideoElement | HTMLCanvasElement | ImageBitmap;

/** Reads the codes in a picture; none is no failure. */
export type ReadCodes = (picture: Picture) => Promise<readonly string[]>;

interface Detector {
  detect(picture: Picture): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorKind {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Modules around a code that must be light. */
const QUIET = 4;
/** Pixels of the longer side that are searched: more make it slow, not better. */
const MOST_PIXELS = 1280;
/** Milliseconds for further tries with one picture; the next one comes soon. */
const PATIENCE = 120;
/** HTMLMediaElement.HAVE_CURRENT_DATA */
const HAS_DATA = 2;

/** Return the code of a text in capitals, digits and ` $%*+-./:`, at level M. */
export async function drawn(text: string): Promise<Modules> {
  const { encodeQR } = await import("qr");
  return encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: QUIET });
}

/** Return the dark modules as the path of an SVG, a unit a module. */
export function outline(modules: Modules): string {
  const parts = modules.flatMap((row, y) =>
    runs(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`),
  );
  return parts.join("");
}

/**
 * Return what reads codes in this browser.
 *
 * @param bars Whether the bars of goods and devices count as well, where the browser reads them.
 */
export async function codeReader(bars = false): Promise<ReadCodes> {
  const own = await ownReader(bars);
  let read = own ?? (await libraryReader());
  return async (picture) => {
    if (isYetToCome(picture)) return [];
    try {
      return await read(picture);
    } catch (error) {
      if (read !== own) throw error;
      read = await libraryReader();
      return await read(picture);
    }
  };
}

/** Return the browser's own reader, undefined if it has none for these codes. */
async function ownReader(bars: boolean): Promise<ReadCodes | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorKind };
  if (BarcodeDetector === undefined) return undefined;
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    if (!formats.includes("qr_code")) return undefined;
    const wanted = bars ? formats.filter((format) => format !== "unknown") : ["qr_code"];
    const detector = new BarcodeDetector({ formats: wanted });
    return async (picture) => (await detector.detect(picture)).map((found) => found.rawValue);
  } catch {
    return undefined;
  }
}

async function libraryReader(): Promise<ReadCodes> {
  const { decodeQR } = await import("qr/decode.js");
  return async (picture) => {
    const pixels = pixelsOf(picture);
    if (pixels === undefined) return [];
    try {
      return [decodeQR(pixels, { timeLimit: PATIENCE })];
    } catch {
      return []; // there is none, or none that can be read
    }
  };
}

/** Whether a camera has not begun: its readers fail at it, without being broken. */
function isYetToCome(picture: Picture): boolean {
  return "videoWidth" in picture && (picture.videoWidth === 0 || picture.readyState < HAS_DATA);
}

/** Return the pixels of a picture, undefined if it has none. */
function pixelsOf(picture: Picture): ImageData | undefined {
  const [width, height] =
    "videoWidth" in picture
      ? [picture.videoWidth, picture.videoHeight]
      : [picture.width, picture.height];
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
  const [shownWidth, shownHeight] = [Math.floor(width * scale), Math.floor(height * scale)];
  if (!(shownWidth > 0 && shownHeight > 0)) return undefined;
  const canvas = new OffscreenCanvas(shownWidth, shownHeight);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(picture, 0, 0, shownWidth, shownHeight);
  return context?.getImageData(0, 0, shownWidth, shownHeight);
}

/** Return where dark modules follow each other in a row, and how many. */
function runs(row: readonly boolean[]): (readonly [number, number])[] {
  const found: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = found.at(-1);
    if (!isDark) return;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  });
  return found;
}
