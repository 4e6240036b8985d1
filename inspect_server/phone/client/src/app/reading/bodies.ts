/** The documents of docs/sync.md, "Documents pulled", as the pages read them. */

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
  readonly enterprise_id: string;
  readonly team: readonly TeamMember[];
  readonly others: readonly Officer[];
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
}

export interface PastCheck {
  readonly number: string;
  readonly checked_on: string;
  readonly source: string;
}

export interface EnterpriseBody {
  readonly id: string;
  readonly uscc: string;
  readonly name: string;
  readonly legal_person: string;
  readonly address: string;
  readonly division_name: string;
  readonly industry_code: string;
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
}
