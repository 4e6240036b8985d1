/** What an inspector captures; each becomes one operation. */

import { sha256Hex } from "../core/digests.ts";
import { uuid7 } from "../core/ids.ts";
import type { Item } from "../merging/items.ts";
import type { MergedRecord } from "../merging/record.ts";
import type { Checklists } from "./checklists.ts";
import { moment } from "./clock.ts";
import type { PhoneClock } from "./clock.ts";
import { ChangedMeanwhile, NoConflict, NothingToRetract } from "./problems.ts";
import type { Saved } from "./saving.ts";
import { citable } from "./seen.ts";
import type { Seen } from "./seen.ts";

/** Where somebody stood; texts as docs/sync.md has them. */
export interface Place {
  readonly latitude?: string;
  readonly longitude?: string;
  readonly accuracy_m?: string;
  readonly datum?: string;
}

export interface VisitStart extends Place {
  readonly place: string;
  readonly badge_shown?: boolean;
  readonly rights_told?: boolean;
  readonly recording?: string;
  readonly gate?: Gate;
  /** Of a correction, the moment of the arrival that it corrects. */
  readonly arrived_at?: string;
}

/** A code that was read at the gate (扫码入企), as docs/sync.md has it. */
export interface Gate {
  readonly code: "enterprise" | "bureau";
  readonly named: string;
  readonly name: string;
  readonly agrees: boolean;
  readonly typed: boolean;
  readonly read_at: string;
}

/** What stands behind an answer. */
export interface Behind {
  readonly reason?: string;
  readonly note?: string;
  readonly given?: unknown;
}

export interface Finding {
  readonly answer_item: string;
  readonly level: string;
  readonly text: string;
  readonly place: string;
  readonly basis: string;
  readonly penalty_basis: string;
  readonly measure: string;
  readonly deadline: string;
  readonly corrected_on_site: boolean;
  /** What is ordered beside `measure`, in the order of `ORDERED`; absent where nothing is. */
  readonly further_measures?: readonly string[];
}

/** Somebody who took part; `unit` is an expert's or a witness's own. */
export interface Participant {
  readonly kind: string;
  readonly name: string;
  readonly position: string;
  readonly phone: string;
  readonly unit?: string;
}

export interface PhotoDetails extends Place {
  readonly caption?: string;
  readonly mime?: string;
  readonly finding?: string;
  readonly answer_item?: string;
  readonly device?: string;
  readonly taken_wall?: string;
}

const WGS84 = "WGS-84";
const OFFICERS: readonly string[] = ["lead", "member"];

/** Strokes of points `[x, y]`, integers 0 … 1000 of a 3:1 box, y downwards. */
export type Strokes = readonly (readonly (readonly [number, number])[])[];

export interface SigningOptions {
  readonly officer_id?: string; // by default the enrolled one, of an inspector's signature
  readonly refused?: boolean;
  readonly refusal_reason?: string;
  /** What is signed: the record, or the order; of the enterprise its receipt (签收). */
  readonly document?: "record" | "order";
  /** Whose it is, where the signer is `participant`: the item. */
  readonly participant?: string;
  /** What the signer had on the screen; by default what the phone shows now. */
  readonly seen?: MergedRecord;
}

/** What a signature cites now, and who the officer of this phone is. */
export interface Signable {
  readonly view: string;
  readonly parents: readonly string[];
  readonly officer: string;
}

/** What capturing needs of the phone. */
export interface CapturingOf {
  readonly clock: PhoneClock;
  readonly checklists: Checklists;
  /** How this phone is called. */
  readonly label: string;
  /** Return the id of the replica in use. */
  replica(): Promise<string>;
  /** Return one item as this phone shows it, undefined when nothing is known of it. */
  item(task: string, item: string): Promise<Item | undefined>;
  /** Save what is made when its turn comes, in the order of asking; return its item. */
  save(task: string, make: () => Promise<Saved>): Promise<string>;
  signable(task: string, document: "record" | "order", seen?: MergedRecord): Promise<Signable>;
}

/**
 * Captures at once, or into a group; each method returns the item's id when it is saved.
 *
 * Whatever a method looks at first, it looks at when its turn comes: taps that follow each other
 * faster than they are saved count in their order. But what a value replaces is what its officer
 * saw: `seen` is the item as it was when the form opened, by default as it is when its turn comes.
 */
export class Capturing {
  readonly #of: CapturingOf;

  constructor(of: CapturingOf) {
    this.#of = of;
  }

  /** Begin the visit. */
  async startVisit(task: string, start: VisitStart, seen?: Seen): Promise<string> {
    const value = {
      ...placed(start),
      badge_shown: start.badge_shown ?? true,
      rights_told: start.rights_told ?? true,
      recording: start.recording ?? "",
      place: start.place,
      ...(start.gate && { gate: start.gate }),
      ...(start.arrived_at && { arrived_at: start.arrived_at }),
    };
    return await this.#of.save(task, async () => {
      const item = `visit/start/${await this.#of.replica()}`;
      return { type: "visit.start", item, value, seen };
    });
  }

  /** Answer an item `answer/<form>/<code>` of the checklists (else UnknownItem), anew. */
  async answer(
    task: string,
    item: string,
    result: string,
    behind: Behind = {},
    seen?: Seen,
  ): Promise<string> {
    const { reason = "", note = "", given } = behind;
    const value = { result, reason, note, ...(given !== undefined && { given }) };
    return await this.#of.save(task, async () => {
      await this.#of.checklists.check(task, item);
      return { type: "answer.set", item, value, seen };
    });
  }

  /** Take an answer back. */
  async retractAnswer(task: string, item: string, reason = "", seen?: Seen): Promise<string> {
    return await this.#change(task, "answer.retract", item, { reason }, seen);
  }

  /** Add a finding; its `answer_item` as in `answer`, or empty. */
  async addFinding(task: string, value: Finding): Promise<string> {
    return await this.#of.save(task, async () => {
      await this.#of.checklists.check(task, value.answer_item);
      return { type: "finding.add", item: this.#newItem("finding"), value };
    });
  }

  /** Replace a finding by its whole new value. */
  async amendFinding(task: string, item: string, value: Finding, seen?: Seen): Promise<string> {
    return await this.#change(task, "finding.amend", item, value, seen);
  }

  /** Keep a photo, a recording or a video, and the entry that cites it. */
  async addPhoto(task: string, content: Uint8Array, details: PhotoDetails = {}): Promise<string> {
    const { clock } = this.#of;
    const taken_wall = details.taken_wall ?? moment(clock, clock.now());
    return await this.#of.save(task, async () => {
      const sha256 = await sha256Hex(content);
      const value = {
        sha256,
        size: content.length,
        mime: details.mime ?? "image/jpeg",
        caption: details.caption ?? "",
        finding: details.finding ?? "",
        answer_item: details.answer_item ?? "",
        taken_wall,
        ...placed(details),
        device: details.device ?? this.#of.label,
      };
      const file = { sha256, content };
      return { type: "photo.add", item: this.#newItem("photo"), value, file };
    });
  }

  /** Note somebody who took part; the unit is an expert's or a witness's own. */
  async participant(
    task: string,
    kind: string,
    name: string,
    position = "",
    phone = "",
    unit = "",
  ): Promise<string> {
    const value = { kind, name, position, phone, ...(unit && { unit }) };
    return await this.#save(task, "participant.add", this.#newItem("participant"), value);
  }

  /** Replace what is noted of somebody by the whole new value: signatures name the item. */
  async amendParticipant(
    task: string,
    item: string,
    value: Participant,
    seen?: Seen,
  ): Promise<string> {
    return await this.#change(task, "participant.add", item, value, seen);
  }

  /** Add a note. */
  async note(task: string, text: string): Promise<string> {
    return await this.#save(task, "note.add", this.#newItem("note"), { text });
  }

  /** Declare a break of the recording between two RFC 3339 moments. */
  async declareGap(task: string, from: string, to: string, reason: string): Promise<string> {
    const value = { from, to, reason };
    return await this.#save(task, "gap.declare", this.#newItem("gap"), value);
  }

  /** Say how a problem of an earlier check stands: `recheck/<inspection>/<number>`. */
  async recheck(
    task: string,
    item: string,
    result: string,
    note = "",
    seen?: Seen,
  ): Promise<string> {
    const value = { result, note };
    return await this.#of.save(task, () =>
      Promise.resolve({ type: "recheck.set", item, value, seen }),
    );
  }

  /**
   * Withdraw a finding, photo, participant, note, gap or signature; it stays in the journal.
   *
   * To correct one but a participant, withdraw it and add it anew within one group.
   *
   * @throws NothingToRetract if nothing of it is known here; BadEntry if it is of another kind.
   */
  async retract(task: string, item: string, reason: string, seen?: Seen): Promise<string> {
    const kind = item.split("/", 1)[0] as string;
    return await this.#change(task, `${kind}.retract`, item, { reason }, seen);
  }

  /**
   * Sign what was on the screen, by digest; in a group nothing is signed.
   *
   * @throws NothingOrdered if no finding on this phone is left to be rectified.
   * @throws UnknownTask if an order lacks the task's number and enterprise.
   */
  async sign(
    task: string,
    signer: string,
    name: string,
    strokes: Strokes = [],
    options: SigningOptions = {},
  ): Promise<string> {
    const { refused = false, refusal_reason = "", document = "record", participant } = options;
    return await this.#of.save(task, async () => {
      const shown = await this.#of.signable(task, document, options.seen);
      const { view, parents, officer } = shown;
      const officer_id = options.officer_id ?? (OFFICERS.includes(signer) ? officer : "");
      const how = {
        strokes,
        refused,
        refusal_reason,
        document,
        ...(participant && { participant }),
      };
      const value = { signer, name, officer_id, view, ...how };
      return { type: "signature.add", item: this.#newItem("signature"), value, parents };
    });
  }

  /** State that capturing ended on this phone. */
  async complete(task: string): Promise<string> {
    return await this.#of.save(task, async () => {
      const item = `visit/complete/${await this.#of.replica()}`;
      return { type: "visit.complete", item, value: {} };
    });
  }

  /**
   * Settle a conflict as the lead, citing every value that was seen; one that came since stays.
   *
   * @throws NoConflict if there is none.
   * @throws ChangedMeanwhile if of what was seen nothing stands any more.
   */
  async resolve(
    task: string,
    item: string,
    chosen: unknown,
    reason: string,
    seen?: Seen,
  ): Promise<string> {
    return await this.#of.save(task, async () => {
      const [now, replica] = [await this.#of.item(task, item), await this.#of.replica()];
      if (!now?.conflict) throw new NoConflict(item);
      const parents = citable(now, seen, replica).heads.map((head) => head.id);
      if (parents.length === 0) throw new ChangedMeanwhile(item);
      return { type: "conflict.resolve", item, value: { chosen, reason }, parents };
    });
  }

  async #change(
    task: string,
    type: string,
    item: string,
    value: unknown,
    seen: Seen | undefined,
  ): Promise<string> {
    return await this.#of.save(task, async () => {
      const now = await this.#of.item(task, item);
      if (!now || now.heads.length === 0) throw new NothingToRetract(item);
      return { type, item, value, seen };
    });
  }

  async #save(task: string, type: string, item: string, value: unknown): Promise<string> {
    return await this.#of.save(task, () => Promise.resolve({ type, item, value }));
  }

  #newItem(kind: string): string {
    return `${kind}/${uuid7(this.#of.clock.now())}`;
  }
}

function placed(place: Place): Required<Place> {
  const { latitude = "", longitude = "", accuracy_m = "", datum = WGS84 } = place;
  return { latitude, longitude, accuracy_m, datum };
}
