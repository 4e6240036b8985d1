/** A document of a task as the server sets it from what was delivered: what will be printed. */

import { fromBase64 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import type { LocalStore } from "../store/local.ts";
import { PATHS, isPreviewReply } from "./asking/messages.ts";
import type { PreviewReply } from "./asking/messages.ts";
import { wireOf } from "./wire.ts";
import type { WireOfOptions } from "./wire.ts";

/** What is to be set. */
export interface Wanted {
  readonly task: string;
  readonly document: "record" | "order";
  readonly paper: "a4" | "80mm";
}

export interface Preview extends Omit<PreviewReply, "pdf_b64"> {
  readonly pdf: Bytes;
}

/**
 * Return a document as it would be issued now, or as it was; sync first, for only what was
 * delivered is in it.
 *
 * @throws RemoteProblem with a sentence to show where there is none; OutOfReach without an answer.
 */
export async function preview(
  store: LocalStore,
  { task, document, paper }: Wanted,
  options: WireOfOptions = {},
): Promise<Preview> {
  const wire = await wireOf(store, options);
  const asked = { inspection: task, document, paper };
  const { pdf_b64, ...said } = await wire.post(PATHS.previews, asked, isPreviewReply);
  return { ...said, pdf: fromBase64(pdf_b64) };
}
