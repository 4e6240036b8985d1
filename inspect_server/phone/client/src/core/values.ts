/** What operations carry: their types, the schema of each one's value, and the rules in it. */

import { ORDERED } from "./digests.ts";
import { faultOf, given } from "./given.ts";
import { BadEntry } from "./problems.ts";
import { plain } from "./reading/json.ts";
import type { Json } from "./reading/json.ts";
import { Mismatch, asWritten, flag, list, oneOf, record, text, whole } from "./reading/shapes.ts";
import type { Shape } from "./reading/shapes.ts";
import * as texts from "./texts.ts";

/** What one operation type demands of its item and its value. */
export interface OperationType {
  readonly prefix: string;
  readonly value: Shape<unknown>;
  /** Why a value of the right shape cannot stand, "" where it can. */
  readonly fault?: (value: Fields, item: string) => string;
  readonly blob?: true;
  /** The item ends in the entry's replica id. */
  readonly ownReplica?: true;
  readonly serverOnly?: true;
  /** Its value is "nothing". */
  readonly retracts?: true;
}

type Fields = Readonly<Record<string, unknown>>;

const { anyText, shortText, said, hash, uuid, uuidOrEmpty, degrees, metres, moment } = texts;
const phoneNumber = text(40, texts.NO_NUL);
const base64 = text(100, texts.NO_NUL);

const answer = record(
  {
    result: oneOf("pass", "fail", "not_applicable", "not_checked", "given"),
    reason: anyText,
    note: anyText,
  },
  { given },
);
const withdrawal = record({ reason: said });
const finding = record(
  {
    answer_item: shortText,
    level: oneOf("general", "major"),
    text: said,
    place: anyText,
    basis: anyText,
    penalty_basis: anyText,
    measure: oneOf("rectify_now", "rectify_within", "suspend", "withdraw", "stop_use", "refer"),
    deadline: texts.dayOrEmpty,
    corrected_on_site: flag,
  },
  {
    further_measures: list(
      oneOf("rectify_within", "withdraw", "suspend", "stop_use"),
      4,
      1,
    ),
  },
);
const photo = record({
  sha256: hash,
  size: whole(1, 2 ** 40),
  mime: texts.written("[a-z]+/[a-z0-9.+-]{1,60}", "应为文件类型"),
  caption: anyText,
  finding: texts.written("(finding/[0-9a-f-]{36})?", "应为问题的编号或者空"),
  answer_item: shortText,
  taken_wall: moment,
  latitude: degrees,
  longitude: degrees,
  accuracy_m: metres,
  datum: shortText,
  device: shortText,
});
const participant = record(
  {
    kind: oneOf("in_charge", "responsible", "safety", "operator", "expert", "witness"),
    name: texts.name,
    position: shortText,
    phone: phoneNumber,
  },
  { unit: shortText },
);
const signature = record(
  {
    signer: oneOf("lead", "member", "enterprise", "witness", "participant"),
    name: texts.perhapsName,
    officer_id: uuidOrEmpty,
    view: hash,
    strokes: list(texts.stroke, 500),
    refused: flag,
    refusal_reason: anyText,
  },
  { document: oneOf("record", "order"), participant: texts.participantItem },
);
const gate = record({
  code: oneOf("enterprise", "bureau"),
  named: texts.name,
  name: shortText,
  agrees: flag,
  typed: flag,
  read_at: moment,
});
const arrival = record(
  {
    latitude: degrees,
    longitude: degrees,
    accuracy_m: metres,
    datum: shortText,
    badge_shown: flag,
    rights_told: flag,
    recording: shortText,
    place: shortText,
  },
  { gate, arrived_at: moment },
);
const member = record({ user: uuid, role: oneOf("lead", "member") });
const dispatch = record({ form: text(400, undefined, 1), team: list(member, 20, 1) });
const lost = record({
  upto_seq: whole(1, Number.MAX_SAFE_INTEGER),
  head_hash: hash,
  receipt: said,
  signature: base64,
  kid: texts.name,
});
const nothing = record({});
const gap = record({ from: moment, to: moment, reason: said });
const note = record({ text: said });
const recheck = record({
  result: oneOf("rectified", "partly", "not_rectified", "not_checked"),
  note: anyText,
});
const resolution = record({ chosen: asWritten, reason: said });

/** Every type of operation. */
export const TYPES: ReadonlyMap<string, OperationType> = new Map<string, OperationType>([
  ["answer.set", { prefix: "answer/", value: answer, fault: faultOfAnswer }],
  ["answer.retract", { prefix: "answer/", value: record({ reason: anyText }), retracts: true }],
  ["finding.add", { prefix: "finding/", value: finding, fault: faultOfFinding }],
  ["finding.amend", { prefix: "finding/", value: finding, fault: faultOfFinding }],
  ["finding.retract", { prefix: "finding/", value: withdrawal, retracts: true }],
  ["photo.add", { prefix: "photo/", value: photo, fault: faultOfPhoto, blob: true }],
  ["photo.retract", { prefix: "photo/", value: withdrawal, retracts: true }],
  ["participant.add", { prefix: "participant/", value: participant }],
  ["participant.retract", { prefix: "participant/", value: withdrawal, retracts: true }],
  ["signature.add", { prefix: "signature/", value: signature, fault: faultOfSignature }],
  ["signature.retract", { prefix: "signature/", value: withdrawal, retracts: true }],
  ["note.add", { prefix: "note/", value: note }],
  ["note.retract", { prefix: "note/", value: withdrawal, retracts: true }],
  ["gap.declare", { prefix: "gap/", value: gap, fault: faultOfGap }],
  ["gap.retract", { prefix: "gap/", value: withdrawal, retracts: true }],
  ["recheck.set", { prefix: "recheck/", value: recheck, fault: faultOfRecheck }],
  ["recheck.retract", { prefix: "recheck/", value: record({ reason: anyText }), retracts: true }],
  [
    "visit.start",
    { prefix: "visit/start/", value: arrival, fault: faultOfArrival, ownReplica: true },
  ],
  ["visit.complete", { prefix: "visit/complete/", value: nothing, ownReplica: true }],
  ["conflict.resolve", { prefix: "", value: resolution, fault: faultOfResolution }],
  ["task.assign", { prefix: "task/", value: dispatch, fault: faultOfTeam, serverOnly: true }],
  ["task.reassign", { prefix: "task/", value: dispatch, fault: faultOfTeam, serverOnly: true }],
  ["task.close", { prefix: "task/", value: nothing, serverOnly: true }],
  ["task.reopen", { prefix: "task/", value: withdrawal, serverOnly: true }],
  ["replica.enrol", { prefix: "replica/", value: record({ user: uuid }), serverOnly: true }],
  ["replica.lost", { prefix: "replica/", value: lost, serverOnly: true }],
  ["replica.revoke", { prefix: "replica/", value: withdrawal, serverOnly: true }],
  ["inbox.accept", { prefix: "entry/", value: withdrawal, serverOnly: true }],
  ["inbox.decline", { prefix: "entry/", value: withdrawal, serverOnly: true }],
]);

/**
 * The operation as whose value a conflict of these items may be settled, or null: retracted.
 *
 * Nobody chooses a signature for another.
 */
const RESOLVABLE: readonly (readonly [string, string])[] = [
  ["answer/", "answer.set"],
  ["finding/", "finding.add"],
  ["photo/", "photo.add"],
  ["participant/", "participant.add"],
  ["note/", "note.add"],
  ["gap/", "gap.declare"],
  ["recheck/", "recheck.set"],
  ["visit/start/", "visit.start"],
  ["signature/", ""],
];

/**
 * Return the value of an operation as plain data.
 *
 * @param field Where it stands, for the error.
 * @throws BadEntry if it breaks its schema or a rule between its fields.
 */
export function checkValue(kind: OperationType, item: string, json: Json, field: string): unknown {
  try {
    return read(kind, item, json);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new BadEntry(field, named(error), `$${error.path}`);
  }
}

/** Return what is wrong, with the place where it is not the whole. */
export function named(error: Mismatch): string {
  return error.path === "" ? error.reason : `${error.path.replace(/^\./, "")} ${error.reason}`;
}

function read(kind: OperationType, item: string, json: Json): unknown {
  const fields = kind.value(json) as Fields;
  const fault = kind.fault?.(fields, item) ?? "";
  if (fault !== "") throw new Mismatch(fault);
  return plain(json);
}

function faultOfAnswer({ result, reason, ...rest }: Fields): string {
  if (result === "not_checked" && texts.isBlank(reason as string)) return "未检查项必须写明原因";
  if ((result === "given") !== "given" in rest) return "填写的内容与结果不一致";
  return "given" in rest ? faultOf(rest["given"]) : "";
}

function faultOfFinding({ deadline, measure, further_measures: further }: Fields): string {
  if (deadline !== "" && !texts.isDay(deadline as string)) return "整改期限不是有效日期";
  if (further === undefined) return "";
  const places = [measure, ...(further as readonly unknown[])].map((one) =>
    ORDERED.indexOf(one as string),
  );
  if (places[0] === -1) return "线索移送不与其他处理措施并用";
  const isRising = places.every((place, at) => at === 0 || place > (places[at - 1] as number));
  return isRising ? "" : "几项处理措施应按规定的顺序，各写一次";
}

function faultOfPhoto({ latitude, longitude, taken_wall }: Fields): string {
  if ((latitude === "") !== (longitude === "")) return "经度和纬度须同时填写";
  return texts.isMoment(taken_wall as string) ? "" : "拍摄时间不是有效时刻";
}

function faultOfSignature(value: Fields): string {
  const { refused, refusal_reason, strokes, signer, document = "record" } = value;
  if (refused && texts.isBlank(refusal_reason as string)) return "拒绝签字须写明原因";
  if (!refused && (strokes as readonly unknown[]).length === 0) return "签名为空";
  const isOwn = signer === "participant";
  if (isOwn !== "participant" in value) return "参加人员签名须写明是哪一位参加人员";
  return isOwn && document !== "record" ? "参加人员只在现场检查记录上签名" : "";
}

function faultOfGap({ from, to }: Fields): string {
  const exist = texts.isMoment(from as string) && texts.isMoment(to as string);
  return exist ? "" : "中断时间不是有效时刻";
}

function faultOfRecheck({ result, note: why }: Fields): string {
  const isUnsaid = result === "not_checked" && texts.isBlank(why as string);
  return isUnsaid ? "未复查的问题必须写明原因" : "";
}

function faultOfArrival({ gate: read, arrived_at: arrived }: Fields): string {
  if (read !== undefined && !texts.isMoment((read as Fields)["read_at"] as string)) {
    return "扫码时间不是有效时刻";
  }
  if (arrived === undefined || texts.isMoment(arrived as string)) return "";
  return "到场时间不是有效时刻";
}

function faultOfResolution({ chosen }: Fields, item: string): string {
  const settledAs = RESOLVABLE.find(([prefix]) => item.startsWith(prefix))?.[1];
  if (settledAs === undefined) return "该项目不会产生冲突";
  if (chosen === null) return "";
  const kind = TYPES.get(settledAs);
  if (kind === undefined) return "签名不能代为选定，请撤回后重签";
  read(kind, item, chosen as Json); // throws what is wrong, with its place in the chosen value
  return "";
}

function faultOfTeam({ team }: Fields): string {
  const leads = (team as readonly Fields[]).filter(({ role }) => role === "lead");
  return leads.length === 1 ? "" : "每个任务须有且仅有一名主办人员";
}
