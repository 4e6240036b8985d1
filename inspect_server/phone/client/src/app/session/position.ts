/** Where the phone is, as entries hold it: decimals as texts, metres of accuracy, WGS-84. */

export interface Position {
  readonly latitude: string;
  readonly longitude: string;
  readonly accuracy_m: string;
  readonly datum: string;
}

/** Why there is none; the words say what to do. */
export type Refusal = "denied" | "unavailable" | "timeout";

/** No position came. */
export class NoPosition extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

export const NOWHERE: Position = { latitude: "", longitude: "", accuracy_m: "", datum: "" };

const REFUSALS: Readonly<Record<number, Refusal>> = { 1: "denied", 2: "unavailable", 3: "timeout" };
const WAIT_MS = 20_000;
const FRESH_MS = 30_000;

/**
 * Ask the phone where it is.
 *
 * @throws NoPosition where its user, or the sky, refuses.
 */
export function locate(geolocation: Geolocation = navigator.geolocation): Promise<Position> {
  return new Promise((resolve, reject) => {
    geolocation.getCurrentPosition(
      ({ coords }) => resolve(written(coords)),
      ({ code }) => reject(new NoPosition(REFUSALS[code] ?? "unavailable")),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: FRESH_MS },
    );
  });
}

/** Return coordinates as they are recorded: degrees to a decimetre, accuracy to one as well. */
export function written(
  coords: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">,
): Position {
  return {
    latitude: degrees(coords.latitude),
    longitude: degrees(coords.longitude),
    accuracy_m: Math.min(coords.accuracy, 999_999).toFixed(1),
    datum: "WGS-84",
  };
}

function degrees(value: number): string {
  return value.toFixed(6).replace(/^-(0\.0*)$/, "$1");
}
