/** A visit as the page has it that is about to be signed, of a phone that holds the task. */

import type { TaskBody, TeamMember } from "../../src/app/reading/bodies.ts";
import { said } from "../../src/app/session/visit.ts";
import type { Arrival, Participant, SeenVisit } from "../../src/app/session/visit.ts";
import type { Form } from "../../src/forms/body.ts";
import type { Held } from "../capture/team.ts";
import { ENTERPRISE, FORM, TASK } from "../store/keeping.ts";

/** Return the checklist of the task, with these items. */
export function dust(...codes: readonly string[]): Form {
  const items = codes.map((code) => ({ code, kind: "check", question: `问题${code}` }));
  const sections = [{ title: "现场", items }];
  return { name: "dust", version: 1, title: "粉尘检查表", sections } as unknown as Form;
}

/** Return somebody of the team. */
export function officer(number: number, role: "lead" | "member", name: string): TeamMember {
  const end = String(number).padStart(12, "0");
  const user_id = `0198cccc-0000-4000-8000-${end}`;
  const officer_id = `0198dddd-0000-4000-8000-${end}`;
  return { user_id, officer_id, name, cert_no: "", unit: "", role };
}

/** Return the task with this team. */
export function taskOf(team: readonly TeamMember[]): TaskBody {
  const forms = [{ name: "dust", version: 1 }];
  const body = { id: TASK, form_set: FORM, forms, enterprise_id: ENTERPRISE, scheme: {}, team };
  return body as unknown as TaskBody;
}

/** Return the visit as it stands on a phone. */
export async function seenBy(
  { phone, of }: Held,
  team: readonly TeamMember[],
): Promise<SeenVisit> {
  const record = await phone.record(TASK);
  const arrived = said<Arrival>(record, "visit/start/");
  return {
    task: taskOf(team),
    record,
    user: of.user,
    replica: "",
    begun: true,
    completed: false,
    arrivals: new Map(arrived.map((one) => [one.user, one])),
    participants: said<Participant>(record, "participant/"),
    notes: said<{ text: string }>(record, "note/"),
  } as unknown as SeenVisit;
}
