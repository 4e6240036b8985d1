/** The phone's clocks: wall, monotonic, and which boot the monotonic one belongs to. */

/** Where the phone's times come from; tests hand in their own. */
export interface PhoneClock {
  readonly tz: string; // IANA name
  readonly boot: string;
  /** Return the wall clock, milliseconds since 1970. */
  now(): number;
  /** Return how far the local time is ahead of UTC then, in minutes. */
  offset(now: number): number;
  /** Return milliseconds of the monotonic clock. */
  mono(): number;
}

/**
 * The browser's clocks.
 *
 * Its monotonic one begins with the page, so that every opening of the app is another boot.
 */
export const browserClock: PhoneClock = {
  tz: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
  boot: globalThis.crypto?.randomUUID?.() ?? String(performance.timeOrigin),
  now: () => Date.now(),
  offset: (now) => -new Date(now).getTimezoneOffset(),
  mono: () => Math.floor(performance.now()),
};

/** Return a moment as RFC 3339 with the local offset and milliseconds. */
export function moment(clock: PhoneClock, now: number): string {
  const offset = clock.offset(now);
  const local = new Date(now + offset * 60_000).toISOString().slice(0, -1);
  const aside = Math.abs(offset);
  const parts = [Math.floor(aside / 60), aside % 60].map((part) => String(part).padStart(2, "0"));
  return `${local}${offset < 0 ? "-" : "+"}${parts.join(":")}`;
}
