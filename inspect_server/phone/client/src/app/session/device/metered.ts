/** Whether photos may be sent now: on mobile data they wait if their user said so. */

/** What some browsers tell of the network (the Network Information API). */
export interface Connection {
  readonly type?: string;
  readonly saveData?: boolean;
}

/** `unknown`: this browser tells nothing, as on an iPhone. */
export type Network = "free" | "metered" | "unknown";

const FREE = new Set(["wifi", "ethernet"]);

/** Return what the browser knows of the network's cost. */
export function networkOf(connection: Connection | undefined): Network {
  if (connection?.saveData) return "metered";
  if (connection?.type === undefined || connection.type === "unknown") return "unknown";
  return FREE.has(connection.type) ? "free" : "metered";
}

/** Return the browser's connection, if it has such a thing. */
export function connection(): Connection | undefined {
  return (navigator as { connection?: Connection }).connection;
}

/** What decides about photos while an account is open. */
export class Metering {
  wifiOnly = false;
  #allowed = false;

  /** Send the photos that wait, whatever the network, until the next lock. */
  allowOnce(): void {
    this.#allowed = true;
  }

  /** Whether photos may be sent now. */
  mayUpload(now: Network = networkOf(connection())): boolean {
    return !this.wifiOnly || this.#allowed || now === "free";
  }
}
