/** What waits for delivery, for the page about it and for the last resort. */

import type { Phone } from "../../capture/phone.ts";
import { outstanding } from "../../network/progress.ts";
import type { TaskBody } from "../reading/bodies.ts";
import { live } from "./live.ts";
import { waitingTasks } from "./waiting.ts";
import type { WaitingTask } from "./waiting.ts";

/** What waits of a task, with how it is called; a task that left the phone has no name here. */
export interface OutboxTask extends WaitingTask {
  readonly number: string;
  readonly enterprise: string;
}

/** Return what waits, by task. */
export async function outbox(phone: Phone): Promise<readonly OutboxTask[]> {
  const { store } = phone;
  const [places, epoch, tasks] = await Promise.all([
    store.places(),
    store.get("epoch"),
    phone.tasks<TaskBody>(),
  ]);
  const { photos, films } = await outstanding(store, places);
  const known = new Map(tasks.map((one) => [one.id, one]));
  return waitingTasks(places, epoch, new Set(photos.keys()), films).map((one) => {
    const task = known.get(one.task);
    return { ...one, number: task?.number ?? "", enterprise: task?.scheme.enterprise ?? "" };
  });
}

export const useOutbox = () => live(outbox);

