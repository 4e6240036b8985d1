/** Photos, recordings and codes: by the camera, or by the phone's own picker. */

import type { InjectionKey } from "vue";
import type { Phone } from "../../capture/phone.ts";
import { say } from "../parts/frame/toasts.ts";
import { inTurn } from "./visit.ts";

export type AttachKind = "image" | "audio" | "video" | "file";

/** What is taken for an item, a finding, or both; "" for none. */
export interface Attached {
  readonly kind: AttachKind;
  readonly item: string;
  readonly finding: string;
  /** Of a table the row and column: what is taken there and not saved comes back there only. */
  readonly row?: string;
}

/** Take and save photos or recordings; resolves to the ids of their items, none if given up. */
export type Attach = (task: string, what: Attached) => Promise<readonly string[]>;
/** Read a bar or QR code; resolves to "" if given up. */
export type Scan = () => Promise<string>;

/** The camera provides these; where nobody does, the phone's own picker is opened. */
export const ATTACH: InjectionKey<Attach> = Symbol("attach");
export const SCAN: InjectionKey<Scan> = Symbol("scan");

const ACCEPTED: Readonly<Record<AttachKind, string>> = {
  image: "image/*",
  audio: "audio/*",
  video: "video/*",
  file: "",
};
const PLAIN_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,60}$/u;

/** Return an `Attach` that opens the camera for photos and videos, else the phone's own picker. */
export function attachByCamera(phone: Phone): Attach {
  return async (task, what) => {
    if (what.kind !== "image" && what.kind !== "video") return await attachFiles(phone, task, what);
    const { takePhotos } = await import("../camera/asking.ts");
    return await takePhotos(phone, task, what);
  };
}

/** Read a bar or QR code by the camera, or as it is typed. */
export async function scanByCamera(): Promise<string> {
  const { scanCode } = await import("../camera/asking.ts");
  const { text } = await scanCode({
    title: "扫码",
    hint: "对准条码或者二维码；读不出的，在下方填写",
    typed: "填写编码",
    bars: true,
  });
  return text;
}

async function attachFiles(phone: Phone, task: string, what: Attached): Promise<readonly string[]> {
  const { kind } = what;
  const { saved, refused } = await saveFiles(
    phone,
    task,
    await pick(ACCEPTED[kind], kind !== "file"),
    what,
  );
  if (refused !== "") say(refused, "danger");
  return saved;
}

/**
 * Save files as they are, one entry each; a file that no server would take is cited by none.
 *
 * @returns The items of those that were saved, and why others were not.
 */
export async function saveFiles(
  phone: Phone,
  task: string,
  files: readonly File[],
  { item, finding }: Pick<Attached, "item" | "finding">,
): Promise<{ readonly saved: readonly string[]; readonly refused: string }> {
  const { misfitOf } = await import("../camera/limits.ts");
  const saved: string[] = [];
  for (const file of files) {
    if (misfitOf(file) !== "") continue;
    const content = new Uint8Array(await file.arrayBuffer());
    const details = { mime: typeOf(file), answer_item: item, finding };
    saved.push(await inTurn(phone, () => phone.addPhoto(task, content, details)));
  }
  return { saved, refused: files.map(misfitOf).join("") };
}

function pick(accept: string, isTaken: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    if (isTaken) input.setAttribute("capture", "environment");
    else input.multiple = true;
    input.addEventListener("change", () => resolve([...(input.files ?? [])]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** Return a media type without parameters, as it is sent. */
function typeOf(file: File): string {
  const plain = file.type.toLowerCase().split(";")[0]?.trim() ?? "";
  return PLAIN_TYPE.test(plain) ? plain : "application/octet-stream";
}
