/** Documents for tests: a phone with its task, and replies of a server. */

import { Phone } from "../../src/capture/phone.ts";
import { utf8 } from "../../src/core/bytes.ts";
import type { Shown } from "../../src/app/documents/keeping.ts";
import type { Fetch } from "../../src/network/wire.ts";
import { COMPANY, NUMBER, STROKES, StepClock } from "../capture/team.ts";
import { json } from "../network/server/replying.ts";
import { ENTERPRISE, FORM, TASK, account, enrolled, show } from "../store/keeping.ts";

export const RECORD = { task: TASK, document: "record", paper: "a4" } as const;
export const SAID = "1".repeat(64);

/** Both sign on this phone, as officers may. */
const TEAM = (["lead", "member"] as const).map((role, at) => ({
  role,
  officer_id: `0198dddd-0000-4000-8000-00000000000${at + 1}`,
  name: `检查员${at + 1}`,
  cert_no: "",
  unit: "",
}));

export const SHOWN: Shown = {
  title: "现场检查记录",
  number: NUMBER,
  stage: "open",
  said: SAID,
  lacking: [],
  leftOut: 0,
  waiting: 0,
  at: "2026-03-02T01:00:00.000Z",
  pdf: utf8("%PDF-1.7 secret page"),
};

/** Return a phone that has pulled its task and all that belongs to it. */
export async function working(state = "under_way"): Promise<Phone> {
  const of = await account();
  const store = await enrolled(of);
  const task = { id: TASK, state, number: NUMBER, form_set: FORM, enterprise_id: ENTERPRISE };
  await show(store, {
    [`task/${TASK}`]: { ...task, team: TEAM.map((one) => ({ ...one, user_id: of.user })) },
    [`enterprise/${ENTERPRISE}`]: { id: ENTERPRISE, ...COMPANY },
    [`form/${FORM}`]: { name: "dust", version: 1, sections: [{ items: [{ code: "D01" }] }] },
  });
  return new Phone(store, "phone", new StepClock());
}

/** Everybody who has to signs the record. */
export async function signAll(phone: Phone): Promise<void> {
  for (const { role, name, officer_id } of TEAM) {
    await phone.sign(TASK, role, name, STROKES, { officer_id });
  }
  await phone.sign(TASK, "enterprise", "某某", STROKES);
}

/** Return a server that always sends this preview, counting how often it is asked. */
export function sending(more: object = {}): { fetch: Fetch; asked: () => number } {
  let asked = 0;
  const reply = {
    title: "现场检查记录",
    number: NUMBER,
    stage: "open",
    said_sha256: SAID,
    lacking: [{ code: "close.unsigned", detail: "企业尚未签名。" }],
    pictures_left_out: 0,
    pdf_b64: btoa("%PDF-1.7"),
    server_time: "2026-03-02T09:00:00.000+08:00",
    ...more,
  };
  const fetch = (): Promise<Response> => {
    asked += 1;
    return json(reply);
  };
  return { fetch, asked: () => asked };
}

/** There is no network. */
export const offline: Fetch = () => Promise.reject(new TypeError("Failed to fetch"));
