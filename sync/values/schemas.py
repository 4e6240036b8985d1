"""The value of every operation type: one schema each, no floats."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sync.values.given import Given
from sync.values.texts import (
    NO_NUL,
    Degrees,
    Hex64,
    Metres,
    Moment,
    Name,
    ParticipantItem,
    Said,
    ShortText,
    Stroke,
    Text,
    UuidOrEmpty,
    UuidText,
)


class _Value(Struct, forbid_unknown_fields=True):
    """A value has exactly its fields: what is not named here is not signed by accident."""


class AnswerValue(_Value):
    """
    answer.set; `reason` must be given for not_checked.

    `given` stands exactly where the result is "given": the value of an item that is no check.
    """

    result: Literal["pass", "fail", "not_applicable", "not_checked", "given"]
    reason: Text
    note: Text
    given: Given | UnsetType = UNSET


class RetractValue(_Value):
    """answer.retract; the reason may be empty."""

    reason: Text


class WithdrawValue(_Value):
    """Retracting anything but an answer: evidence is only withdrawn with a reason."""

    reason: Said


ORDERED = ("rectify_now", "rectify_within", "withdraw", "suspend", "stop_use")
"""What can be ordered about one finding together, in the order in which it is written."""


class FindingValue(_Value):
    """
    finding.add and finding.amend: the whole finding as it now stands; `refer` is 线索移送.

    `further_measures` is what is ordered beside `measure`, in the order of `ORDERED`: absent where
    nothing is, as in every entry before it. Which go together is the law's, and not judged here.
    """

    answer_item: ShortText
    level: Literal["general", "major"]
    text: Said
    place: Text
    basis: Text
    penalty_basis: Text
    measure: Literal["rectify_now", "rectify_within", "suspend", "withdraw", "stop_use", "refer"]
    deadline: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]
    corrected_on_site: bool
    further_measures: (
        Annotated[
            list[Literal["rectify_within", "withdraw", "suspend", "stop_use"]],
            Meta(min_length=1, max_length=4),
        ]
        | UnsetType
    ) = UNSET


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
    """participant.add: somebody of the enterprise, an expert or a witness; `unit` is theirs."""

    kind: Literal["in_charge", "responsible", "safety", "operator", "expert", "witness"]
    name: Name
    position: ShortText
    phone: Annotated[str, Meta(max_length=40, pattern=NO_NUL)]
    unit: ShortText | UnsetType = UNSET


Document = Literal["record", "order"]
"""What a signature is given to: the 现场检查记录, or the 责令限期整改指令书."""


class SignatureValue(_Value):
    """
    signature.add: vector strokes in a 3:1 box of 1000 × 1000 units, y downwards.

    Without `document` it is given to the record. `participant` says whose it is, exactly where the
    signer is one of those who took part: they sign the record for themselves.
    """

    signer: Literal["lead", "member", "enterprise", "witness", "participant"]
    name: Annotated[str, Meta(max_length=100, pattern=NO_NUL)]
    officer_id: UuidOrEmpty
    view: Hex64
    strokes: Annotated[list[Stroke], Meta(max_length=500)]
    refused: bool
    refusal_reason: Text
    document: Document = "record"
    participant: ParticipantItem | UnsetType = UNSET


class NoteValue(_Value):
    """note.add."""

    text: Said


class GapValue(_Value, rename={"begin": "from"}):
    """gap.declare: the recording broke off between two moments, and why."""

    begin: Moment
    to: Moment
    reason: Said


class RecheckValue(_Value):
    """recheck.set: how a problem of an earlier check stands; `note` says why one was not seen."""

    result: Literal["rectified", "partly", "not_rectified", "not_checked"]
    note: Text


class GateValue(_Value):
    """
    A code that was read or typed at the gate (扫码入企), compared with the task's enterprise.

    `code` says whose it was: `enterprise` names a 统一社会信用代码, `bureau` the enterprise's id.
    """

    code: Literal["enterprise", "bureau"]
    named: Name
    name: ShortText
    agrees: bool
    typed: bool
    read_at: Moment


class VisitStartValue(_Value):
    """
    visit.start: where the visit began, badge shown, rights told, how it is recorded.

    Fields of later versions may be absent: `gate`, and of a correction `arrived_at`, the moment of
    the arrival that it corrects.
    """

    latitude: Degrees
    longitude: Degrees
    accuracy_m: Metres
    datum: ShortText
    badge_shown: bool
    rights_told: bool
    recording: ShortText
    place: ShortText
    gate: GateValue | UnsetType = UNSET
    arrived_at: Moment | UnsetType = UNSET


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
