/** In which tone it is shown how somebody stands to what is to be signed. */

import type { Tone } from "../../../parts/Badge.vue";
import type { State } from "../../../session/signing.ts";

export const TONES: Readonly<Record<State, Tone>> = {
  unsigned: "plain",
  signed: "good",
  refused: "danger",
  stale: "waiting",
};
