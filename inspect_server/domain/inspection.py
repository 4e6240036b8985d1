"""One inspection: how its state moves, and what its closed record holds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from inspect_server.domain.enums import FindingLevel, InspectionState
from inspect_server.domain.errors import InspectError
from inspect_server.domain.findings.rechecking import Rechecked
from inspect_server.domain.findings.unasked import FailureUnasked


class Event(StrEnum):
    """What moves an inspection from state to state."""

    AMEND_SCHEME = "amend_scheme"
    APPROVE_SCHEME = "approve_scheme"
    DISPATCH = "dispatch"
    REASSIGN = "reassign"
    START_VISIT = "start_visit"
    CLOSE_RECORD = "close_record"
    ISSUE_DOCUMENTS = "issue_documents"
    END = "end"


class EndReason(StrEnum):
    """
    Why an inspection ends without a visit.

    Its enterprise was replaced, its draw is void, or no visit could be made: whoever said so ended
    it with the statement, so that no record can contradict what is published.
    """

    CLOSED = "enterprise.closed"
    MOVED = "enterprise.moved"
    STOPPED = "enterprise.stopped"
    DRAW_VOID = "draw.void"
    UNREACHABLE = "check.unreachable"
    UNCOOPERATIVE = "check.uncooperative"
    CAPPED = "check.capped"


END_REASON_NAMES: Mapping[EndReason, str] = {
    EndReason.CLOSED: "企业注销或关闭，已替补",
    EndReason.MOVED: "企业迁出，已替补",
    EndReason.STOPPED: "企业停产，已替补",
    EndReason.DRAW_VOID: "所属抽取已作废",
    EndReason.UNREACHABLE: "无法联系，已登记结果",
    EndReason.UNCOOPERATIVE: "不配合检查，已登记结果",
    EndReason.CAPPED: "已达年度频次上限，已登记结果",
}


class StepNotAllowed(InspectError):
    """The inspection is not in a state from which this step can be taken."""

    code, kind = "inspection.step_not_allowed", "conflict"
    message = "该检查当前为“{state}”，不能进行此操作；{next}。"


MOVES: Mapping[tuple[InspectionState, Event], InspectionState] = {
    (InspectionState.SCHEME_DRAFT, Event.AMEND_SCHEME): InspectionState.SCHEME_DRAFT,
    # A changed scheme needs a new approval.
    (InspectionState.SCHEME_APPROVED, Event.AMEND_SCHEME): InspectionState.SCHEME_DRAFT,
    (InspectionState.SCHEME_DRAFT, Event.APPROVE_SCHEME): InspectionState.SCHEME_APPROVED,
    (InspectionState.SCHEME_APPROVED, Event.DISPATCH): InspectionState.DISPATCHED,
    (InspectionState.DISPATCHED, Event.REASSIGN): InspectionState.DISPATCHED,
    (InspectionState.UNDER_WAY, Event.REASSIGN): InspectionState.UNDER_WAY,
    (InspectionState.DISPATCHED, Event.START_VISIT): InspectionState.UNDER_WAY,
    (InspectionState.UNDER_WAY, Event.START_VISIT): InspectionState.UNDER_WAY,
    (InspectionState.UNDER_WAY, Event.CLOSE_RECORD): InspectionState.RECORD_CLOSED,
    (InspectionState.RECORD_CLOSED, Event.ISSUE_DOCUMENTS): InspectionState.DOCUMENTS_ISSUED,
    # Once somebody has begun the visit, its record is closed as it was found.
    (InspectionState.SCHEME_DRAFT, Event.END): InspectionState.ENDED,
    (InspectionState.SCHEME_APPROVED, Event.END): InspectionState.ENDED,
    (InspectionState.DISPATCHED, Event.END): InspectionState.ENDED,
}

UNANNOUNCED = frozenset(
    {InspectionState.SCHEME_DRAFT, InspectionState.SCHEME_APPROVED, InspectionState.DISPATCHED}
)
"""States in which the visit is still to come, and who is visited must not get about."""

SIGNER_NAMES: Mapping[str, str] = {
    "lead": "主办人员",
    "member": "协办人员",
    "enterprise": "被检查单位",
    "witness": "见证人",
    "participant": "参加人员",
}

STATE_NAMES: Mapping[InspectionState, str] = {
    InspectionState.SCHEME_DRAFT: "方案待审批",
    InspectionState.SCHEME_APPROVED: "方案已批准",
    InspectionState.DISPATCHED: "已派发",
    InspectionState.UNDER_WAY: "检查中",
    InspectionState.RECORD_CLOSED: "记录已办结",
    InspectionState.DOCUMENTS_ISSUED: "文书已制作",
    InspectionState.ENDED: "已终止",
}

NEXT_STEPS: Mapping[InspectionState, str] = {
    InspectionState.SCHEME_DRAFT: "下一步由编制人以外的审批人审批检查方案",
    InspectionState.SCHEME_APPROVED: "下一步由承办机构负责人派发任务",
    InspectionState.DISPATCHED: "下一步由检查人员到场，在手机上记录开始检查并同步",
    InspectionState.UNDER_WAY: "下一步由主办人员办结检查记录",
    InspectionState.RECORD_CLOSED: "下一步由内勤制作文书",
    InspectionState.DOCUMENTS_ISSUED: "文书已制作，下一步由内勤导出并送达",
    InspectionState.ENDED: "该检查已终止，无需再办",
}
"""What comes next in each state, and whose step it is."""


def move(state: InspectionState, event: Event) -> InspectionState:
    """
    Return the state after `event`.

    Raises:
        StepNotAllowed: The procedure has no such step from here.

    Source: shared procedure 2.1 (I2 to I10).
    """
    try:
        return MOVES[state, event]
    except KeyError:
        raise StepNotAllowed(state=STATE_NAMES[state], next=NEXT_STEPS[state]) from None


@dataclass(frozen=True)
class TeamMember:
    """An inspector as the record names them."""

    officer_id: str
    name: str
    cert_no: str
    unit: str
    role: str  # lead | member


@dataclass(frozen=True)
class Answer:
    """One checklist item as settled after the merge."""

    item: str  # answer/<form>/<code>
    code: str
    section: str
    question: str
    result: str  # pass | fail | not_applicable | not_checked | given | calculated
    reason: str  # why not applicable or not checked; "" otherwise
    note: str
    answered_by: tuple[str, ...]  # officer ids, two when they corroborate each other
    settled_by: str  # officer id of the lead where a conflict was settled, else ""
    settled_reason: str
    value: str = ""  # given or calculated, as people read it; of a table a line for each row


@dataclass(frozen=True)
class Photo:
    """A photo as evidence: its hash, and where, when and with what it was taken."""

    sha256: str
    size: int
    mime: str
    caption: str
    taken_at: str  # local wall time of the phone, RFC 3339 with offset
    latitude: str  # decimal degrees as text, "" when the phone had no fix
    longitude: str
    accuracy_m: str
    datum: str
    device: str
    finding_id: str


REFER = "refer"
"""线索移送: the measure about what others enforce."""
DECIDED_APART = frozenset({"suspend", "withdraw", "stop_use"})
"""停产停业, 撤人, 停止使用: neither a record nor an order can impose them."""
AT_ONCE = "rectify_now"
"""责令立即改正, of a 重大事故隐患 责令立即排除."""
ON_SITE = DECIDED_APART | {AT_ONCE}
"""现场处理措施: what a 重大事故隐患 is met with at once (安全生产法 art. 65)."""


@dataclass(frozen=True)
class Finding:
    """One problem found (问题隐患)."""

    id: str
    item: str  # the answer item it comes from
    level: str  # general | major
    text: str
    place: str  # 部位
    basis: str  # law and article as printed
    penalty_basis: str
    measure: str  # rectify_now | rectify_within | suspend | withdraw | stop_use | refer
    deadline: str  # ISO date; "" when corrected on site, or referred
    corrected_on_site: bool
    photos: tuple[Photo, ...]
    refer_to: str = ""  # whose matter it is (线索移送), "" for the bureau's own
    further_measures: tuple[str, ...] = ()  # what is ordered beside `measure`, in one fixed order

    @property
    def measures(self) -> tuple[str, ...]:
        """Everything that is ordered about it, in the order in which it is written."""
        return (self.measure, *self.further_measures)

    @property
    def is_referred(self) -> bool:
        """Whether others enforce it: it is neither ordered nor penalised here."""
        return self.measure == REFER

    @property
    def is_ordered(self) -> bool:
        """Whether an order demands it: what was put right during the visit is not."""
        return not self.corrected_on_site and not self.is_referred

    @property
    def is_supervised(self) -> bool:
        """Whether 挂牌督办 follows: a 重大事故隐患 that is not yet put right."""
        return self.level == FindingLevel.MAJOR and self.is_ordered

    @property
    def needs_decision(self) -> bool:
        """
        Whether a measure binds only by a 现场处理措施决定书.

        So it is with what stops work, and with a 重大事故隐患 to be removed at once (责令立即排除):
        what is ordered about one must stand in a decision with its day of receipt. An order is
        enough for anything else to be put right at once.

        Source: 安全生产法 第六十五条第一款第二项、第三项; shared procedure 2.1 (I5, I7), 3.6.
        """
        is_at_once = self.level == FindingLevel.MAJOR and self.measure == AT_ONCE
        is_apart = not DECIDED_APART.isdisjoint(self.measures)
        return (is_apart or is_at_once) and not self.corrected_on_site


@dataclass(frozen=True)
class Participant:
    """Somebody of the enterprise, an expert or a witness who took part."""

    kind: str  # in_charge | responsible | safety | operator | expert | witness
    name: str
    position: str
    phone: str
    unit: str = ""  # whose an expert or a witness is
    id: str = ""  # the item, where a signature names it


TO_RECORD, TO_ORDER = "record", "order"
"""What a signature is given to: 现场检查记录, 责令限期整改指令书."""


@dataclass(frozen=True)
class Signature:
    """A handwritten signature from a phone, as vector strokes."""

    signer: str  # lead | member | enterprise | witness | participant
    name: str
    officer_id: str  # "" for the enterprise
    signed_at: str  # RFC 3339 with offset
    strokes: tuple[tuple[tuple[int, int], ...], ...]  # x, y in 0..1000 of a 3:1 box, y downwards
    refused: bool
    refusal_reason: str
    view: str  # digest of what was on screen
    stale: bool  # something changed after it
    unseen: tuple[str, ...]  # items captured before it that were not in that view (签名时未见)
    document: str = TO_RECORD
    phone_of: str = ""  # the officer on whose phone another one signed, whose key it carries
    participant: str = ""  # the item of the participant whose it is


@dataclass(frozen=True)
class Settlement:
    """One disagreement of the phones as the lead settled it."""

    item: str
    code: str  # of the checklist's item, else the kind of thing, e.g. 问题隐患
    question: str  # of the checklist's item, else what it is about
    said: tuple[tuple[str, str], ...]  # whose phone, and what it had, in words
    chosen: str  # in words
    reason: str
    settled_by: str  # the lead's name


ADDED_LATER = frozenset(
    {"stale_reason", "settlements", "unasked", "failures_unasked", "unasked_reason", "rechecked"}
)
"""Fields of a closed record that earlier ones lack, whose hashes must stay what they are."""
ADDED_TO_PARTS: Mapping[str, tuple[str, ...]] = {
    "answers": ("value",),
    "findings": ("refer_to", "further_measures"),
    "participants": ("unit", "id"),
    "signatures": ("phone_of", "participant"),
}
"""Fields of its parts that stand only where they say something, for the same reason."""


@dataclass(frozen=True)
class ClosedRecord:
    """
    Everything that the documents of one inspection may say, frozen when the record is closed.

    Plain texts and integers only, so that its JSON is canonical and its hash is stable.
    """

    inspection_id: str
    number: str
    source: str
    draw_no: str
    enterprise: Mapping[str, str]  # uscc, name, address, legal_person, phone, position, division
    place: str  # 检查场所
    team: tuple[TeamMember, ...]
    started_at: str
    ended_at: str
    forms: tuple[Mapping[str, str], ...]  # name, title, version, content_sha256
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    photos: tuple[Photo, ...]  # all, those of findings included
    participants: tuple[Participant, ...]
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]
    gaps: tuple[Mapping[str, str], ...]  # recording breaks: from, to, reason
    entry_hashes: tuple[str, ...]  # the journal entries that this was computed from, sorted
    settlements: tuple[Settlement, ...] = ()
    stale_reason: str = ""  # why it was closed though somebody signed before the last change
    unasked: tuple[str, ...] = ()  # codes that were answered and then not asked: not in `answers`
    failures_unasked: tuple[FailureUnasked, ...] = ()  # of these, or judged by these
    unasked_reason: str = ""  # why it was closed though there are such
    rechecked: tuple[Rechecked, ...] = ()  # of a recheck, how the earlier problems stand

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts; fields added later stand only where they say something."""
        plain: dict[str, Any] = _plain(asdict(self))
        for given in plain["signatures"]:
            if given["document"] == TO_RECORD:  # as on the phones, where nothing says the record
                del given["document"]
        for parts, added in ADDED_TO_PARTS.items():
            for part in plain[parts]:
                for field in added:
                    if not part[field]:
                        del part[field]
        return {name: value for name, value in plain.items() if value or name not in ADDED_LATER}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "ClosedRecord":
        """Rebuild the record from `to_json`."""
        return ClosedRecord(
            **{
                **data,
                "team": tuple(TeamMember(**row) for row in data["team"]),
                "forms": tuple(data["forms"]),
                "answers": tuple(
                    Answer(**{**row, "answered_by": tuple(row["answered_by"])})
                    for row in data["answers"]
                ),
                "findings": tuple(_finding(row) for row in data["findings"]),
                "photos": _photos(data["photos"]),
                "participants": tuple(Participant(**row) for row in data["participants"]),
                "signatures": tuple(_signature(row) for row in data["signatures"]),
                "notes": tuple(data["notes"]),
                "gaps": tuple(data["gaps"]),
                "entry_hashes": tuple(data["entry_hashes"]),
                "settlements": tuple(_settlement(row) for row in data.get("settlements", ())),
                "unasked": tuple(data.get("unasked", ())),
                "failures_unasked": tuple(
                    FailureUnasked(**{**row, "answered_by": tuple(row["answered_by"])})
                    for row in data.get("failures_unasked", ())
                ),
                "rechecked": tuple(Rechecked.from_json(row) for row in data.get("rechecked", ())),
            }
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _finding(row: Mapping[str, Any]) -> Finding:
    further = tuple(row.get("further_measures", ()))
    return Finding(**{**row, "photos": _photos(row["photos"]), "further_measures": further})


def _photos(rows: list[Mapping[str, Any]]) -> tuple[Photo, ...]:
    return tuple(Photo(**row) for row in rows)


def _settlement(row: Mapping[str, Any]) -> Settlement:
    return Settlement(**{**row, "said": tuple((who, what) for who, what in row["said"])})


def _signature(row: Mapping[str, Any]) -> Signature:
    strokes = tuple(tuple((x, y) for x, y in stroke) for stroke in row["strokes"])
    return Signature(**{**row, "strokes": strokes, "unseen": tuple(row["unseen"])})
