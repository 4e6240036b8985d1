/** A document from wherever it can be had now: the server, the print pack, what was kept. */

import type { Phone } from "../../capture/phone.ts";
import { OutOfReach, RemoteProblem } from "../../network/asking/failures.ts";
import { preview } from "../../network/previewing.ts";
import type { Wanted } from "../../network/previewing.ts";
import type { WireOfOptions } from "../../network/wire.ts";
import type { TaskBody } from "../reading/bodies.ts";
import { waitingTasks } from "../session/waiting.ts";
import { isSigned, keep, keptOf, witness } from "./keeping.ts";
import type { Shown } from "./keeping.ts";
import { NowhereToBeHad } from "./problems.ts";
import { withoutCommands } from "./words.ts";

/** Where a document comes from. */
export type Source = "server" | "pack" | "kept";

export interface Obtained {
  readonly source: Source;
  readonly shown: Shown;
}

/** Sets a document on the phone, null where there is no print pack. */
export type SetHere = (phone: Phone, wanted: Wanted) => Promise<Shown | null>;

/** What a proxy answers whose server is away, and a server that is too busy. */
const GATEWAYS: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Return a document as it stands, and keep it.
 *
 * @param deliver Sends what waits: only what was delivered is in the server's document.
 * @throws PhoneError with the server's sentence where it refuses; NowhereToBeHad.
 */
export async function obtain(
  phone: Phone,
  wanted: Wanted,
  deliver: () => Promise<void>,
  setHere: SetHere,
  options: WireOfOptions = {},
): Promise<Obtained> {
  try {
    if ((await waitingOf(phone, wanted.task)) > 0) await deliver();
    const shown = await ofServer(phone, wanted, options);
    await keepIfWriter(phone, wanted, shown);
    return { source: "server", shown };
  } catch (problem) {
    if (!isOutOfReach(problem)) throw problem;
  }
  const kept = await keptOf(phone.store, wanted);
  // What was closed or issued changes no more, and is the office's own.
  const isFinal = kept !== null && kept.stage !== "open";
  const set = isFinal ? null : await setHere(phone, wanted);
  if (set !== null) {
    await keepIfWriter(phone, wanted, set);
    return { source: "pack", shown: set };
  }
  if (kept === null) throw new NowhereToBeHad();
  return { source: "kept", shown: kept };
}

/** Return whether a failure says that no server answered, or none that could. */
export function isOutOfReach(problem: unknown): boolean {
  if (problem instanceof OutOfReach) return true;
  return problem instanceof RemoteProblem && GATEWAYS.has(problem.status);
}

async function ofServer(phone: Phone, wanted: Wanted, options: WireOfOptions): Promise<Shown> {
  const waiting = await waitingOf(phone, wanted.task);
  const { said_sha256, pictures_left_out, lacking, title, number, stage, pdf } = await preview(
    phone.store,
    wanted,
    options,
  );
  return {
    title,
    number,
    stage,
    said: said_sha256,
    lacking: lacking.map((one) => withoutCommands(one.detail)),
    leftOut: pictures_left_out,
    waiting,
    at: new Date().toISOString(),
    pdf,
  };
}

/** Return how many saves of a task the server does not have. */
async function waitingOf({ store }: Phone, task: string): Promise<number> {
  const [places, epoch] = await Promise.all([store.places(), store.get("epoch")]);
  const found = waitingTasks(places, epoch, new Set()).find((one) => one.task === task);
  return found?.entries ?? 0;
}

/** Keep what is shown; a window that may only read shows it all the same. */
async function keepIfWriter(phone: Phone, wanted: Wanted, shown: Shown): Promise<void> {
  const { store } = phone;
  if (!store.writing.isWriter) return;
  const tasks = await phone.tasks<TaskBody>();
  const ids = tasks.map((one) => one.id);
  await keep(store, wanted, shown, ids);
  if (shown.stage !== "open" || shown.waiting > 0) return;
  const team = tasks.find((one) => one.id === wanted.task)?.team;
  if (isSigned(await phone.record(wanted.task), wanted.document, team)) {
    await witness(store, wanted, shown);
  }
}
