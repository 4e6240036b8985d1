/** The order to rectify as a phone shows it, for those who sign it. */

import { isOrdered, orderView } from "../core/digests.ts";
import type { OrderedFinding } from "../core/digests.ts";
import { ofKind } from "../merging/record.ts";
import type { MergedRecord } from "../merging/record.ts";
import type { LocalStore } from "../store/local.ts";
import { NothingOrdered, UnknownTask } from "./problems.ts";

interface Task {
  readonly number: string;
  readonly enterprise_id: string;
}

interface Enterprise {
  readonly name: string;
  readonly uscc: string;
}

/**
 * Return the digest of the order as this phone shows it, under the inspection's number.
 *
 * @throws NothingOrdered if no finding on this phone is left to be rectified.
 * @throws UnknownTask if the task, or its enterprise, is not on this phone.
 */
export async function shownOrder(
  store: Pick<LocalStore, "document">,
  record: MergedRecord,
): Promise<string> {
  const task = await store.document(`task/${record.assignment}`);
  if (task === null) throw new UnknownTask(record.assignment);
  const found = ofKind(record, "finding/")
    .map((item) => item.value as OrderedFinding | null)
    .filter((value) => value !== null)
    .filter(isOrdered);
  if (found.length === 0) throw new NothingOrdered();
  const { number, enterprise_id: id } = task.body as Task;
  const enterprise = await store.document(`enterprise/${id}`);
  if (enterprise === null) throw new UnknownTask(record.assignment);
  return await orderView(number, enterprise.body as Enterprise, found);
}
