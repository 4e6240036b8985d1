/**
 * What the enterprise reads of this check on the notice.
 *
 * Never why it was chosen: neither the source nor the 检查类别 that follows from it, of any check,
 * since a line that only some checks lack would tell, too: an enterprise must not learn that
 * somebody reported it. What nobody filled in has no line either; that is told to officers.
 */

import type { EnterpriseBody, TaskBody } from "../../../reading/bodies.ts";
import { spanInWords } from "../../../reading/days.ts";
import { frequencyBefore } from "../../../reading/enterprises.ts";
import type { Relief } from "../../../reading/rules.ts";
import { NOTICE } from "../../../words/visit.ts";

/** Return the lines about the check, each with its name. */
export function aboutCheck(
  task: TaskBody,
  enterprise: EnterpriseBody | null,
  recording: string,
): readonly (readonly [name: string, text: string])[] {
  const { legal_basis = [], contents = [] } = task.scheme;
  const { before, cap } = frequencyBefore(task, enterprise);
  const counts = !task.frequency?.is_exempt;
  const lines: [string, string][] = [
    [NOTICE.basis, legal_basis.join("、")],
    [NOTICE.matters, contents.join("；")],
    [NOTICE.days, spanInWords(task.visit_from, task.visit_to)],
    [NOTICE.recording, recording],
    [NOTICE.often, cap === null ? "" : NOTICE.oftenText(before, cap, counts)],
  ];
  return lines.filter(([, text]) => text !== "");
}

/** Return where to complain and how to contest, as far as it is known. */
export function waysOf({ phone, sentence }: Relief): readonly string[] {
  return [phone && NOTICE.complaint(phone), sentence].filter(Boolean);
}
