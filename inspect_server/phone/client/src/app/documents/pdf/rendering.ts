/**
 * The pages of a PDF on canvases, by pdf.js, which is loaded when the first document is opened.
 *
 * Nothing is asked of any host: documents embed their fonts, which are drawn as outlines.
 */

import type { PDFDocumentProxy, PDFWorker, RenderTask } from "pdfjs-dist";
import type { Bytes } from "../../../core/bytes.ts";

/** More pixels than this a phone's browser does not give to one canvas. */
const MOST_PIXELS = 12_000_000;
const MOST_SIDE = 8192;

export interface PageSize {
  /** In points. */
  readonly width: number;
  readonly height: number;
}

/** An open document. */
export interface Pages {
  readonly sizes: readonly PageSize[];
  /** Draw a page, counted from 0, so that it is `width` pixels of the screen wide. */
  draw(canvas: HTMLCanvasElement, page: number, width: number, signal: AbortSignal): Promise<void>;
  end(): Promise<void>;
}

/** Return how many dots a pixel of the screen gets on a canvas. */
export function density(width: number, height: number, ratio: number): number {
  const bySide = MOST_SIDE / Math.max(width, height);
  const byArea = Math.sqrt(MOST_PIXELS / (width * height));
  return Math.min(ratio, bySide, byArea);
}

/** Fetch what shows pages, so that it is here when there is no network. */
export async function fetchViewer(): Promise<void> {
  const { PDFWorker: Reader } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const { port, failed } = begin();
  try {
    const reader = Reader.fromPort({ port }) as PDFWorker;
    await Promise.race([reader.promise, failed]);
    reader.destroy();
  } finally {
    port.terminate();
  }
}

/** Open a document; its bytes stay the caller's. */
export async function openPdf(content: Bytes): Promise<Pages> {
  const { PDFWorker: Reader, getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const { port, failed } = begin();
  try {
    const reading = getDocument({
      data: content.slice(), // it is handed over to the worker
      worker: Reader.fromPort({ port }) as PDFWorker,
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      enableXfa: false,
    });
    const document = await Promise.race([reading.promise, failed]);
    return await Promise.race([pagesOf(document, port), failed]);
  } catch (error) {
    port.terminate();
    throw error;
  }
}

/** Start a worker; `failed` ends as soon as it cannot be loaded. */
function begin(): { port: Worker; failed: Promise<never> } {
  const port = new Worker(new URL("./pdf-worker.ts", import.meta.url), { type: "module" });
  const failed = new Promise<never>((_, reject) => {
    port.addEventListener("error", () => reject(new TypeError("pdf-worker was not loaded")));
  });
  return { port, failed };
}

async function pagesOf(document: PDFDocumentProxy, port: Worker): Promise<Pages> {
  const numbers = Array.from({ length: document.numPages }, (_, at) => at + 1);
  const pages = await Promise.all(numbers.map((number) => document.getPage(number)));
  const views = pages.map((page) => page.getViewport({ scale: 1 }));

  async function draw(
    canvas: HTMLCanvasElement,
    at: number,
    width: number,
    signal: AbortSignal,
  ): Promise<void> {
    const [page, view] = [pages[at], views[at]];
    const canvasContext = canvas.getContext("2d", { alpha: false });
    if (!page || !view || !canvasContext) return;
    const scale = width / view.width;
    const dots = density(width, view.height * scale, devicePixelRatio);
    const viewport = page.getViewport({ scale: scale * dots });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await unlessStopped(page.render({ canvasContext, viewport }), signal);
  }

  return {
    sizes: views.map(({ width, height }) => ({ width, height })),
    draw,
    async end(): Promise<void> {
      await document.destroy();
      port.terminate();
    },
  };
}

async function unlessStopped(task: RenderTask, signal: AbortSignal): Promise<void> {
  const stop = (): void => task.cancel();
  signal.addEventListener("abort", stop);
  try {
    await task.promise;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
