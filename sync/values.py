"""The value of every operation type: one schema each, all fields required, no floats."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from sync.errors import BadEntry

# Patterns end in \Z: $ would let a line feed through. U+0000 is the one character that PostgreSQL
# cannot keep.
NO_NUL = r"^[^\x00]*\Z"
BLANKS = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # Unicode White_Space
NOT_BLANK = rf"^[{BLANKS}]*[^{BLANKS}\x00][^\x00]*\Z"
ShortText = Annotated[str, Meta(max_length=200, pattern=NO_NUL)]
Text = Annotated[str, Meta(max_length=4000, pattern=NO_NUL)]
Said = Annotated[str, Meta(max_length=4000, pattern=NOT_BLANK)]
Name = Annotated[str, Meta(max_length=100, pattern=NOT_BLANK)]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UuidText = Annotated[str, Meta(pattern=rf"^{UUID}\Z")]
UuidOrEmpty = Annotated[str, Meta(pattern=rf"^({UUID})?\Z")]
Degrees = Annotated[str, Meta(pattern=r"^(-?[0-9]{1,3}(\.[0-9]{1,8})?)?\Z")]
Metres = Annotated[str, Meta(pattern=r"^([0-9]{1,6}(\.[0-9]{1,3})?)?\Z")]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})\Z"
    ),
]
Point = Annotated[list[Annotated[int, Meta(ge=0, le=1000)]], Meta(min_length=2, max_length=2)]
Stroke = Annotated[list[Point], Meta(min_length=1, max_length=2000)]


class _Value(Struct, forbid_unknown_fields=True):
    """A value has exactly its fields: what is not named here is not signed by accident."""


class AnswerValue(_Value):
    """answer.set; `reason` must be given for not_checked."""

    result: Literal["pass", "fail", "not_applicable", "not_checked"]
    reason: Text
    note: Text


class RetractValue(_Value):
    """answer.retract; the reason may be empty."""

    reason: Text


class WithdrawValue(_Value):
    """Retracting anything but an answer: evidence is only withdrawn with a reason."""

    reason: Said


class FindingValue(_Value):
    """finding.add and finding.amend: the whole finding as it now stands."""

    answer_item: ShortText
    level: Literal["general", "major"]
    text: Said
    place: Text
    basis: Text
    penalty_basis: Text
    measure: Literal["rectify_now", "rectify_within", "suspend", "withdraw", "stop_use"]
    deadline: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]
    corrected_on_site: bool


class PhotoValue(_Value):
    """photo.add: the file by its hash, and when, where and with what it was taken."""

    sha256: Hex64
    size: Annotated[int, Meta(ge=1, le=2**40)]
    mime: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9.+-]{1,60}\Z")]
    caption: Text
    finding: Annotated[str, Meta(pattern=r"^(finding/[0-9a-f-]{36})?\Z")]
    answer_item: ShortText
    taken_wall: Moment
    latitude: Degrees
    longitude: Degrees
    accuracy_m: Metres
    datum: ShortText
    device: ShortText


class ParticipantValue(_Value):
    """participant.add: somebody of the enterprise, an expert or a witness."""

    kind: Literal["responsible", "safety", "operator", "expert", "witness"]
    name: Name
    position: ShortText
    phone: Annotated[str, Meta(max_length=40, pattern=NO_NUL)]


Document = Literal["record", "order"]
"""What a signature is given to: the 现场检查记录, or the 责令限期整改指令书."""


class SignatureValue(_Value):
    """
    signature.add: vector strokes in a 3:1 box of 1000 × 1000 units, y downwards.

    Without `document` it is given to the record.
    """

    signer: Literal["lead", "member", "enterprise", "witness"]
    name: Annotated[str, Meta(max_length=100, pattern=NO_NUL)]
    officer_id: UuidOrEmpty
    view: Hex64
    strokes: Annotated[list[Stroke], Meta(max_length=500)]
    refused: bool
    refusal_reason: Text
    document: Document = "record"


class NoteValue(_Value):
    """note.add."""

    text: Said


class GapValue(_Value, rename={"begin": "from"}):
    """gap.declare: the recording broke off between two moments, and why."""

    begin: Moment
    to: Moment
    reason: Said


class VisitStartValue(_Value):
    """visit.start: where the visit began, badge shown, rights told, how it is recorded."""

    latitude: Degrees
    longitude: Degrees
    accuracy_m: Metres
    datum: ShortText
    badge_shown: bool
    rights_told: bool
    recording: ShortText
    place: ShortText


class NoValue(_Value):
    """visit.complete and task.close: the operation itself says everything."""


class ResolveValue(_Value):
    """conflict.resolve: the value that holds (null: retracted) and why."""

    chosen: msgspec.Raw
    reason: Said


class TeamMemberValue(_Value):
    """One member of a task's team; exactly one is the lead."""

    user: UuidText
    role: Literal["lead", "member"]


class TaskValue(_Value):
    """task.assign and task.reassign (server only): who works on it, with which form versions."""

    form: Annotated[str, Meta(min_length=1, max_length=400)]
    team: Annotated[list[TeamMemberValue], Meta(min_length=1, max_length=20)]


class EnrolValue(_Value):
    """replica.enrol (server only): whose a replica is of which only the key was known so far."""

    user: UuidText


class LostValue(_Value):
    """
    replica.lost (server only): up to where a phone holds a receipt for what a restore lost.

    `receipt` and `signature` are standard base64: the receipt's exact bytes and the server's
    signature, so that whoever doubts the gap can check the promise that stands for it.
    """

    upto_seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    head_hash: Hex64
    receipt: Said
    signature: Annotated[str, Meta(max_length=100, pattern=NO_NUL)]
    kid: Name

    def stands_before(self, seq: int, prev: str) -> bool:
        """Whether the receipt stands for the predecessor `prev` of an entry numbered `seq`."""
        return 1 < seq <= self.upto_seq or (seq - 1, prev) == (self.upto_seq, self.head_hash)


class RulingValue(_Value):
    """task.reopen, replica.revoke, inbox.accept, inbox.decline (server only): the reason."""

    reason: Said


@dataclass(frozen=True)
class OperationType:
    """What one operation type demands of its item and its value."""

    name: str
    prefix: str
    value: type[Struct]
    blob: bool = False
    own_replica: bool = False  # the item ends in the entry's replica id
    server_only: bool = False
    retracts: bool = False  # its current value is "nothing"


TYPES: Mapping[str, OperationType] = {
    kind.name: kind
    for kind in (
        OperationType("answer.set", "answer/", AnswerValue),
        OperationType("answer.retract", "answer/", RetractValue, retracts=True),
        OperationType("finding.add", "finding/", FindingValue),
        OperationType("finding.amend", "finding/", FindingValue),
        OperationType("finding.retract", "finding/", WithdrawValue, retracts=True),
        OperationType("photo.add", "photo/", PhotoValue, blob=True),
        OperationType("photo.retract", "photo/", WithdrawValue, retracts=True),
        OperationType("participant.add", "participant/", ParticipantValue),
        OperationType("participant.retract", "participant/", WithdrawValue, retracts=True),
        OperationType("signature.add", "signature/", SignatureValue),
        OperationType("signature.retract", "signature/", WithdrawValue, retracts=True),
        OperationType("note.add", "note/", NoteValue),
        OperationType("note.retract", "note/", WithdrawValue, retracts=True),
        OperationType("gap.declare", "gap/", GapValue),
        OperationType("gap.retract", "gap/", WithdrawValue, retracts=True),
        OperationType("visit.start", "visit/start/", VisitStartValue, own_replica=True),
        OperationType("visit.complete", "visit/complete/", NoValue, own_replica=True),
        OperationType("conflict.resolve", "", ResolveValue),
        OperationType("task.assign", "task/", TaskValue, server_only=True),
        OperationType("task.reassign", "task/", TaskValue, server_only=True),
        OperationType("task.close", "task/", NoValue, server_only=True),
        OperationType("task.reopen", "task/", RulingValue, server_only=True),
        OperationType("replica.enrol", "replica/", EnrolValue, server_only=True),
        OperationType("replica.lost", "replica/", LostValue, server_only=True),
        OperationType("replica.revoke", "replica/", RulingValue, server_only=True),
        OperationType("inbox.accept", "entry/", RulingValue, server_only=True),
        OperationType("inbox.decline", "entry/", RulingValue, server_only=True),
    )
}

RESOLVABLE: Mapping[str, str] = {
    "answer/": "answer.set",
    "finding/": "finding.add",
    "photo/": "photo.add",
    "participant/": "participant.add",
    "note/": "note.add",
    "gap/": "gap.declare",
    "visit/start/": "visit.start",
    "signature/": "",
}
"""
The operation as whose value a conflict of these items may be settled, or null: retracted.

Where names are unique and values grow only, two values come from a cloned phone or a bad client;
without a way out they would keep the record open for ever. Nobody chooses a signature for another.
"""


def check(kind: OperationType, item: str, raw: bytes, field: str) -> Struct:
    """
    Return the typed value of an operation.

    Args:
        kind: Its type.
        item: Its item id.
        raw: The JSON text of its value.
        field: Where it stands, for the error.

    Raises:
        BadEntry: The value breaks its schema or a rule between its fields.
    """
    try:
        value: Struct = _decoder(kind.value)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEntry(field=field, reason=str(error)) from None
    rule = _RULES.get(kind.name)
    if rule and (broken := rule(value, item)):
        raise BadEntry(field=field, reason=broken)
    return value


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a value made of texts, integers, booleans, null, lists, dicts."""
    return _encode_sorted(value)


_encode_sorted = msgspec.json.Encoder(order="sorted").encode


@cache
def _decoder(kind: type[Struct]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind).decode


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """
    Return whether the text is an RFC 3339 moment with an offset that exists in the calendar.

    The years 1900 to 9998 leave room to show it in any other zone.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and 1900 <= moment.year <= 9998


def _answer(value: Any, _item: str) -> str:
    unsaid = value.result == "not_checked" and is_blank(value.reason)
    return "未检查项必须写明原因" if unsaid else ""


def _finding(value: Any, _item: str) -> str:
    wrong = value.deadline and not _is_day(value.deadline)
    return "整改期限不是有效日期" if wrong else ""


def _photo(value: Any, _item: str) -> str:
    if bool(value.latitude) != bool(value.longitude):
        return "经度和纬度须同时填写"
    return "" if is_moment(value.taken_wall) else "拍摄时间不是有效时刻"


def _signature(value: Any, _item: str) -> str:
    if value.refused and is_blank(value.refusal_reason):
        return "拒绝签字须写明原因"
    if not value.refused and not value.strokes:
        return "签名为空"
    return ""


def _gap(value: Any, _item: str) -> str:
    return "" if is_moment(value.begin) and is_moment(value.to) else "中断时间不是有效时刻"


def _resolve(value: Any, item: str) -> str:
    settled_as = next((op for prefix, op in RESOLVABLE.items() if item.startswith(prefix)), None)
    if settled_as is None:
        return "该项目不会产生冲突"
    raw = bytes(value.chosen)
    if raw.strip() == b"null":
        return ""
    if not settled_as:
        return "签名不能代为选定，请撤回后重签"
    try:
        chosen = _decoder(TYPES[settled_as].value)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return str(error)
    rule = _RULES.get(settled_as)
    return rule(chosen, item) if rule else ""


def _team(value: Any, _item: str) -> str:
    leads = [member for member in value.team if member.role == "lead"]
    return "" if len(leads) == 1 else "每个任务须有且仅有一名主办人员"


_RULES: Mapping[str, Callable[[Any, str], str]] = {
    "answer.set": _answer,
    "finding.add": _finding,
    "finding.amend": _finding,
    "photo.add": _photo,
    "signature.add": _signature,
    "gap.declare": _gap,
    "conflict.resolve": _resolve,
    "task.assign": _team,
    "task.reassign": _team,
}


def is_blank(text: str) -> bool:
    """Return whether the text says nothing: empty, or white space alone."""
    return re.match(NOT_BLANK, text) is None
