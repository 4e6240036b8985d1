/** Camera, scanner and viewer over the page that asks for them, each until it gives its answer. */

import { createApp, watch } from "vue";
import type { Component } from "vue";
import type { Phone } from "../../capture/phone.ts";
import type { Item as Merged } from "../../merging/items.ts";
import type { Attached } from "../checklist/attaching.ts";
import { say } from "../parts/frame/toasts.ts";
import { said } from "../session/saying.ts";
import { session } from "../session/state.ts";

/** Whose photos are looked at, and what may be done with them. */
export interface Looked {
  readonly phone: Phone;
  readonly task: string;
  readonly names: ReadonlyMap<string, string>;
  readonly isReadOnly: boolean;
}

/** What is scanned, and why a text is refused; "" takes it. */
export interface Scanned {
  readonly title: string;
  readonly hint: string;
  readonly typed: string;
  readonly refuse?: (text: string) => string;
  /** Also the bars of goods and devices, where the browser reads them. */
  readonly bars?: boolean;
}

/** Take photos or a video for an item or a finding; return the ids of what was saved. */
export async function takePhotos(
  phone: Phone,
  task: string,
  what: Attached,
): Promise<readonly string[]> {
  const { default: sheet } = await import("./CameraSheet.vue");
  return await opened<readonly string[]>(sheet, { phone, task, what }, []);
}

/** What was read of a code, and whether somebody typed it. */
export interface Read {
  readonly text: string;
  readonly typed: boolean;
}

/** Read a code by the camera, or as it is typed; of one that was given up the text is "". */
export async function scanCode(scanned: Scanned): Promise<Read> {
  const { default: sheet } = await import("./scanning/ScanSheet.vue");
  return await opened<Read>(sheet, { ...scanned }, { text: "", typed: false });
}

/** Show photos in full, from one of them on; return the ids of the items that changed. */
export async function lookAt(
  photos: readonly Merged[],
  first: string,
  looked: Looked,
): Promise<readonly string[]> {
  const { default: sheet } = await import("./viewing/PhotoViewer.vue");
  return await opened<readonly string[]>(sheet, { photos, first, ...looked }, []);
}

/** Show a sheet until it is done; a phone that is locked meanwhile gives it up. */
function opened<T>(sheet: Component, given: Record<string, unknown>, givenUp: T): Promise<T> {
  return new Promise((resolve) => {
    const root = document.createElement("div");
    document.body.append(root);
    const end = (result: T): void => {
      stop();
      app.unmount();
      root.remove();
      resolve(result);
    };
    const stop = watch(() => session.phone, () => end(givenUp));
    const app = createApp(sheet, { ...given, onDone: end });
    app.config.errorHandler = (problem) => say(said(problem), "danger");
    app.mount(root);
  });
}
