/** What an arrival keeps of a code that was read at the gate (扫码入企). */

import type { Gate } from "../../../capture/phone.ts";
import type { Named } from "../../camera/scanning/codes.ts";
import { GATE_TOLD } from "../../words/visit.ts";

/** Return what is kept of a code; undefined of one that names no enterprise. */
export function gateOf(named: Named, typed: boolean, read_at: string): Gate | undefined {
  if (named.kind === "none") return undefined;
  const { code, named: text, name, kind } = named;
  return { code, named: text, name, agrees: kind === "same", typed, read_at };
}

/** Return a gate that a draft kept; null for what an earlier version of this app put there. */
export function gateKept(kept: unknown): Gate | null {
  const gate = kept as Partial<Gate> | null;
  return typeof gate === "object" && gate?.read_at !== undefined ? (gate as Gate) : null;
}

/** Return in words what a code at the gate said, for whoever reads the arrival. */
export function gateInWords(gate: Gate, moment: (at: string) => string): string {
  const { agrees, typed, code, name, named } = gate;
  const how = typed ? GATE_TOLD.typed : GATE_TOLD.scanned;
  const which = agrees ? "" : [name || GATE_TOLD.unknown, code === "enterprise" ? named : ""];
  const other = which && GATE_TOLD.other(which.filter(Boolean).join(" "));
  const said = `${moment(gate.read_at)} ${how}${GATE_TOLD.codes[code]}`;
  return `${said}，${agrees ? GATE_TOLD.same : other}`;
}
