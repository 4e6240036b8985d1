/** What a server of the protocol keeps and makes of what phones deliver; much simplified. */

import { fromUtf8 } from "../../../src/core/bytes.ts";
import { scopeDigest, sha256Hex } from "../../../src/core/digests.ts";

export interface Row {
  readonly hash: string;
  readonly replica: string;
  readonly carrier: string;
  readonly seq: number;
  readonly prev: string;
  readonly task: string;
  readonly blobs: readonly string[];
  readonly pos: number;
  effect: string;
  reason: string;
}

export interface Document {
  readonly id: string;
  readonly scope: string;
  readonly kind: string;
  readonly ver: number;
  readonly pos: number;
  readonly deleted: boolean;
  readonly body: unknown;
}

export interface Result {
  readonly seq: number;
  readonly hash: string;
  readonly stored: string;
  readonly effect: string;
  readonly reason: string;
  readonly pos: number;
  readonly flags: readonly string[];
}

interface Said {
  readonly replica: string;
  readonly seq: number;
  readonly prev: string;
  readonly assignment: string;
  readonly ops: readonly { readonly item: string; readonly blob?: string }[];
}

/** Everything of one life of a server; a restore goes back to a copy of it. */
export class Journal {
  epoch = "epoch-1";
  rows = new Map<string, Row>();
  files = new Map<string, Uint8Array>();
  documents = new Map<string, Document>();
  known = new Set<string>(); // replicas
  bridged = new Map<string, { upto: number; head: string }>(); // by receipts
  position = 0;
  /** Why an entry does not count, empty where it does. */
  verdict: (said: Said) => string = () => "";
  flags: (said: Said) => readonly string[] = () => [];

  copy(): Journal {
    const other = Object.assign(new Journal(), this);
    other.rows = new Map([...this.rows].map(([hash, row]) => [hash, { ...row }]));
    for (const name of ["files", "documents", "bridged"] as const) {
      Object.assign(other, { [name]: new Map<string, unknown>(this[name]) });
    }
    other.known = new Set(this.known);
    return other;
  }

  /** Return how far a replica's entries are here without a gap: of a fork the first branch. */
  upto(replica: string): { upto: number; head: string } {
    const own = [...this.rows.values()].filter((row) => row.replica === replica);
    let { upto, head } = this.bridged.get(replica) ?? { upto: 0, head: "" };
    for (let next = this.#after(own, upto, head); next; next = this.#after(own, upto, head)) {
      [upto, head] = [next.seq, next.hash];
    }
    return { upto, head };
  }

  #after(own: readonly Row[], upto: number, head: string): Row | undefined {
    const next = own.filter(({ seq }) => seq === upto + 1);
    return next.find(({ prev }) => prev === head) ?? next[0];
  }

  /** Return a branch from its head down, if it has no gap. */
  chain(replica: string, head: string): readonly Row[] {
    const found: Row[] = [];
    const bridge = this.bridged.get(replica)?.head ?? "";
    let next = head;
    for (let row = this.rows.get(next); row; row = this.rows.get(next)) {
      found.push(row);
      next = row.prev;
    }
    return next === "" || next === bridge ? found : [];
  }

  /** Take in an entry whose signature holds. */
  async take(content: Uint8Array, carrier = ""): Promise<Result> {
    const said = JSON.parse(fromUtf8(content)) as Said;
    const { replica, seq, prev, assignment: task, ops } = said;
    const hash = await sha256Hex(content);
    const at = { seq, hash, flags: this.flags(said) };
    const known = this.rows.get(hash);
    if (known) return { ...at, ...known, stored: "duplicate" };
    const beside = [...this.rows.values()].filter((row) => row.replica === replica);
    const twin = beside.find((row) => row.seq === seq);
    this.position += 1;
    const reason = this.verdict(said);
    const blobs = ops.flatMap(({ blob }) => blob ?? []);
    const place = { hash, replica, carrier, seq, prev, task, blobs, pos: this.position };
    const row: Row = { ...place, effect: reason === "" ? "applied" : "quarantined", reason };
    this.rows.set(hash, row);
    const follows = seq <= this.upto(replica).upto || twin !== undefined;
    if (!follows) row.effect = "held";
    if (follows) this.#release(replica);
    for (const { item } of ops) this.publish(`item/${task}/${item}`, `inspection/${task}`, "item", {
      item,
      heads: [],
      gone: [],
    });
    return { ...at, ...row, stored: twin ? "fork" : "new" };
  }

  #release(replica: string): void {
    const { upto } = this.upto(replica);
    for (const row of this.rows.values()) {
      if (row.replica === replica && row.seq <= upto && row.effect === "held") {
        row.effect = "applied";
      }
    }
  }

  /** Put a document in everybody's view. */
  publish(id: string, scope: string, kind: string, body: unknown, deleted = false): void {
    this.position += 1;
    const ver = (this.documents.get(id)?.ver ?? 0) + 1;
    this.documents.set(id, { id, scope, kind, ver, pos: this.position, deleted, body });
  }

  digest(): Promise<string> {
    const live = [...this.documents.values()].filter(({ deleted }) => !deleted);
    return scopeDigest(live.map(({ id, ver }) => [id, ver] as const));
  }

  /** Return the files that these entries cite and that are not here. */
  missing(rows: Iterable<Row>): readonly string[] {
    const cited = [...rows].flatMap(({ blobs }) => blobs);
    return [...new Set(cited)].filter((name) => !this.files.has(name)).sort();
  }

  /** Return the files that a replica may send: it wrote or brought the entries that cite them. */
  wantedOf(replica: string): readonly string[] {
    const rows = [...this.rows.values()];
    return this.missing(rows.filter((row) => [row.replica, row.carrier].includes(replica)));
  }

  of(replica: string): readonly Row[] {
    return [...this.rows.values()].filter((row) => row.replica === replica);
  }
}
