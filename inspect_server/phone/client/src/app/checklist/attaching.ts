/** Photos, recordings and codes: by the camera, or by the phone's own picker. */

import type { InjectionKey } from "vue";
import type { Phone } from "../../capture/phone.ts";
import { locate } from "../session/position.ts";
import type { Position } from "../session/position.ts";

export type AttachKind = "image" | "audio" | "video" | "file";

/** What is taken for an item, a finding, or both; "" for none. */
export interface Attached {
  readonly kind: AttachKind;
  readonly item: string;
  readonly finding: string;
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
const FIX_MS = 4000;
const PLAIN_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,60}$/u;

/** Return an `Attach` that opens the phone's camera or files by an ordinary input. */
export function attachByPicker(phone: Phone): Attach {
  return async (task, { kind, item, finding }) => {
    const place = kind === "image" ? whereNow() : Promise.resolve({});
    const files = await pick(ACCEPTED[kind], kind !== "file");
    if (files.length === 0) return [];
    const fix = await place;
    const saved: string[] = [];
    for (const file of files) {
      const id = await phone.addPhoto(task, new Uint8Array(await file.arrayBuffer()), {
        mime: typeOf(file, kind),
        answer_item: item,
        finding,
        ...fix,
      });
      saved.push(id);
    }
    return saved;
  };
}

/** A bar code by a photo of it, undefined where the browser cannot read codes. */
export function scanByPicker(): Scan | undefined {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: new () => Detector };
  if (BarcodeDetector === undefined) return undefined;
  return async () => {
    const [file] = await pick(ACCEPTED.image, true);
    if (file === undefined) return "";
    const [found] = await new BarcodeDetector().detect(await createImageBitmap(file));
    if (found === undefined) throw new Error("照片中没有识别到条码或二维码，请靠近重拍或者手工填写。");
    return found.rawValue;
  };
}

interface Detector {
  detect(image: ImageBitmap): Promise<readonly { readonly rawValue: string }[]>;
}

/** Where the phone is; nowhere if it cannot be told in a few seconds: no photo waits for it. */
async function whereNow(): Promise<Partial<Position>> {
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, FIX_MS));
  return (await Promise.race([locate().catch(() => undefined), patience])) ?? {};
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
function typeOf(file: File, kind: AttachKind): string {
  const plain = file.type.toLowerCase().split(";")[0]?.trim() ?? "";
  if (PLAIN_TYPE.test(plain)) return plain;
  return kind === "image" ? "image/jpeg" : "application/octet-stream";
}
