/** What speaks against the phone's clock while an arrival is registered, and how that is told. */

import { onScopeDispose, shallowRef, watch } from "vue";
import type { ShallowRef } from "vue";
import { browserClock } from "../../../../capture/clock.ts";
import type { Phone } from "../../../../capture/phone.ts";
import type { MergedRecord } from "../../../../merging/record.ts";
import { lastTimed } from "../../../../network/asking/timing.ts";
import { doubtOf, spanOf } from "../../../reading/clocks.ts";
import type { Doubt, Reading } from "../../../reading/clocks.ts";
import { today } from "../../../reading/days.ts";
import { session } from "../../../session/state.ts";
import type { SeenVisit } from "../../../session/visit.ts";
import { CLOCK } from "../../../words/visit.ts";

const OFTEN_MS = 5_000;

export interface Doubting {
  readonly doubt: Readonly<ShallowRef<Doubt | null>>;
  /** Look at the clock now. */
  look(): Promise<Doubt | null>;
}

/** Follow the clock: what is put right while the page is open is not told any more. */
export function useDoubt(phone: Phone, visit: () => SeenVisit): Doubting {
  const doubt = shallowRef<Doubt | null>(null);

  async function look(): Promise<Doubt | null> {
    const { record, user } = visit();
    const [timed, serverTime] = await Promise.all([
      lastTimed(phone.store),
      phone.store.get("server_time"),
    ]);
    doubt.value = doubtOf({ timed, serverTime, readings: readingsIn(record, user) }, browserClock);
    return doubt.value;
  }
  // A phone that is being locked is not asked; what cannot be read is looked at the next time.
  const again = (): void => void look().catch(() => undefined);
  const timer = setInterval(again, OFTEN_MS);
  document.addEventListener("visibilitychange", again);
  watch([() => session.change, visit], again, { immediate: true });
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", again);
  });
  return { doubt, look };
}

/** Return when what is known of a visit was said, each by the clock of whoever said it. */
export function readingsIn(record: MergedRecord, user: string): Reading[] {
  return [...record.items.values()].flatMap(({ heads }) =>
    heads.map((head) => ({ wall: head.wall, isOwn: head.user === user })),
  );
}

/** Return in words what speaks against the clock. */
export function doubtInWords({ is, by, seconds, against }: Doubt): string {
  const at = wholeInWords(new Date(against));
  return by === "server" ? CLOCK.server[is](spanOf(seconds), at) : CLOCK[by](at);
}

/** Return a moment with its year: 2026年3月4日 09:30. */
export function wholeInWords(at: Date): string {
  const [year, month, day] = today(at).split("-").map(Number);
  const [hours, minutes] = [at.getHours(), at.getMinutes()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${year}年${month}月${day}日 ${hours}:${minutes}`;
}

/** Return what the record notes of an arrival whose clock nobody checked. */
export function notedOf(who: string, wall: Date, stated: Date | null): string {
  const end = stated ? CLOCK.notedStated(wholeInWords(stated)) : "";
  return `${CLOCK.noted(who, wholeInWords(wall))}${end}。`;
}
