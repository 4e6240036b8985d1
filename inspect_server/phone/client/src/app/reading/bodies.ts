/**
 * The documents of docs/sync.md, "Documents pulled", as the pages read them.
 *
 * What may be absent came later: what an earlier server told lacks it.
 */

export interface Officer {
  readonly user_id: string;
  readonly officer_id: string;
  readonly name: string;
  readonly cert_no: string;
  readonly unit: string;
}

export interface TeamMember extends Officer {
  readonly role: "lead" | "member";
}

export interface Helper {
  readonly name: string;
  readonly unit: string;
  readonly field: string;
}

/** The scheme of a check as it was approved; of an old server any part may be absent. */
export interface Scheme {
  readonly enterprise?: string;
  readonly address?: string;
  readonly contact?: string;
  readonly contact_phone?: string;
  readonly contents?: readonly string[];
  readonly methods?: readonly string[];
  readonly source?: string;
  readonly draw_no?: string;
  readonly legal_basis?: readonly string[];
  readonly category?: string;
  readonly checks_this_year?: number;
  readonly cap?: number;
  readonly announced?: boolean;
  readonly helpers?: readonly Helper[];
  readonly remark?: string;
  readonly follows?: string;
}

export interface TaskBody {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly source: string;
  readonly visit_from: string;
  readonly visit_to: string;
  readonly form_set: string;
  readonly forms: readonly { readonly name: string; readonly version: number }[];
  readonly scheme: Scheme;
  readonly frequency?: CapRule;
  readonly enterprise_id: string;
  readonly team: readonly TeamMember[];
  readonly others: readonly Officer[];
}

/** How the annual cap holds for a check, and who approved its scheme. */
export interface CapRule {
  readonly is_exempt: boolean;
  readonly basis: string;
  readonly verified: boolean;
  readonly approved_by: string;
  readonly approved_at: string;
}

export interface Contact {
  readonly name: string;
  readonly position: string;
  readonly phone: string;
}

export interface Hazard {
  readonly inspection: string;
  readonly found_on: string;
  readonly level: string;
  readonly text: string;
  readonly place: string;
  readonly basis: string;
  readonly measure: string;
  readonly state: string;
  readonly order_no: string;
  readonly deadline: string;
  readonly is_supervised: boolean;
  /** What was ordered beside `measure`; an earlier server did not tell. */
  readonly further_measures?: readonly string[];
  /** The check that found it, and the problem's number in its order. */
  readonly inspection_id?: string;
  readonly number?: number;
  /** Hashes of the photos that were taken then. */
  readonly photos?: readonly string[];
  /** Numbers of the rechecks that say something of it; what the last said, and on which day. */
  readonly rechecks?: readonly string[];
  readonly result?: string;
  readonly rechecked_on?: string;
}

export interface PastCheck {
  readonly number: string;
  readonly checked_on: string;
  readonly source: string;
  /** Whether it counts toward the annual cap. */
  readonly counts?: boolean;
}

/** A problem that is not open any more. */
export interface RectifiedHazard {
  readonly inspection: string;
  readonly found_on: string;
  readonly level: string;
  readonly text: string;
  readonly place: string;
  readonly basis: string;
  readonly order_no: string;
  readonly how: string;
  readonly rectified_on: string;
  readonly recheck: string;
  readonly inspection_id?: string;
  /** In the order, 0 of what was put right on site. */
  readonly number?: number;
}

export interface EnterpriseBody {
  readonly id: string;
  readonly uscc: string;
  readonly name: string;
  readonly legal_person: string;
  readonly address: string;
  readonly division_name: string;
  readonly industry_code: string;
  readonly industry_section?: string;
  readonly business_scope?: string;
  readonly status?: string;
  readonly recusal?: string;
  readonly sectors: readonly string[];
  readonly risk: string;
  readonly credit: string;
  readonly standardisation: string;
  readonly is_key: boolean;
  readonly longitude: string;
  readonly latitude: string;
  readonly datum: string;
  readonly contacts: readonly Contact[];
  readonly history: readonly PastCheck[];
  readonly open_hazards: readonly Hazard[];
  readonly rectified_hazards?: readonly RectifiedHazard[];
  readonly rectified_count?: number;
}

/** Where an enterprise turns to, as the bureau configured it; what it did not is "". */
export interface BureauBody {
  readonly authority: string;
  readonly complaint_phone: string;
  readonly address: string;
  readonly phone: string;
  readonly relief: string;
}

/** One dated value of the law, as it is told. */
export interface LawBody {
  readonly id: string;
  readonly title: string;
  readonly value: unknown;
  readonly source: string;
  readonly verified: boolean;
}
