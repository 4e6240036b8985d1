"""One inspection as lists and pages show it."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma

from inspect_server.api.resources.documents import DocumentOut
from inspect_server.api.schemas import PageOut, code
from inspect_server.domain.enums import FindingLevel, InspectionState, TeamRole
from inspect_server.domain.inspection import END_REASON_NAMES, EndReason


class InspectionOut(ma.Schema):
    """One inspection in a list."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    state = code(InspectionState, required=True)
    enterprise_id = ma.fields.UUID(required=True)
    enterprise = ma.fields.String(required=True)
    uscc = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    draw_no = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    visit_from = ma.fields.Date(required=True)
    visit_to = ma.fields.Date(required=True)
    team = ma.fields.List(ma.fields.String(), required=True)
    conflicts = ma.fields.Integer(required=True)
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class InspectionListOut(PageOut):
    """One page of inspections, the newest number first."""

    rows = ma.fields.List(ma.fields.Nested(InspectionOut), required=True)


class MemberOut(ma.Schema):
    """Somebody who is or was on the team."""

    officer_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    cert_no = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    role = code(TeamRole, required=True)
    joined_at = ma.fields.AwareDateTime(required=True)
    left_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    left_reason = ma.fields.String(required=True)


class FormOut(ma.Schema):
    """A pinned checklist."""

    name = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    content_sha256 = ma.fields.String(required=True)


class TimelineOut(ma.Schema):
    """One leaf of the case; of what a phone brought also its own time and who delivered it."""

    seq = ma.fields.Integer(required=True)
    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    said = ma.fields.String(
        required=True,
        metadata={
            "description": "事项的补充说明：文号、条数、所签文书、扫码入企的核对结果；没有的为空"
        },
    )
    at = ma.fields.AwareDateTime(required=True)
    phone_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    actor = ma.fields.String(required=True)
    carrier = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)


class HeadOut(ma.Schema):
    """One of the values that disagree; null: retracted."""

    operation = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    user = ma.fields.String(required=True)
    wall = ma.fields.String(required=True)
    replica = ma.fields.String(required=True)


class ConflictOut(ma.Schema):
    """One item on which the phones disagree."""

    item = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    heads = ma.fields.List(ma.fields.Nested(HeadOut), required=True)


class UnappliedOut(ma.Schema):
    """One entry of a phone that is kept and not applied."""

    hash = ma.fields.String(required=True)
    effect = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    received_at = ma.fields.AwareDateTime(required=True)
    replica = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)


class AnswerOut(ma.Schema):
    """One answered item of the closed record."""

    item = ma.fields.String(required=True)
    section = ma.fields.String(required=True)
    question = ma.fields.String(required=True)
    result = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    value = ma.fields.String(
        required=True,
        metadata={"description": "填写或计算的数据，含单位；表格每行一条，没有的为空。"},
    )
    settled_reason = ma.fields.String(required=True)


class FindingOut(ma.Schema):
    """One problem of the closed record."""

    id = ma.fields.String(required=True)
    item = ma.fields.String(required=True)
    level = code(FindingLevel, required=True)
    text = ma.fields.String(required=True)
    place = ma.fields.String(required=True)
    basis = ma.fields.String(required=True)
    measure = ma.fields.String(required=True)
    further_measures = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "与 measure 并用的其他处理措施，没有的为空列表。"},
    )
    deadline = ma.fields.String(required=True)
    corrected_on_site = ma.fields.Boolean(required=True)
    refer_to = ma.fields.String(
        required=True, metadata={"description": "须移送的部门代码，本机关查处的为空。"}
    )

    @ma.pre_dump
    def level_as_code(self, row: Any, **_: Any) -> dict[str, Any]:
        """Give the level as the code that it is: the record keeps plain text."""
        return {**asdict(row), "level": FindingLevel(row.level)}


class RecordOut(ma.Schema):
    """The closed record."""

    answers = ma.fields.List(ma.fields.Nested(AnswerOut), required=True)
    findings = ma.fields.List(ma.fields.Nested(FindingOut), required=True)
    photos = ma.fields.Function(
        lambda record: len(record.photos), required=True, metadata={"type": "integer"}
    )


class ReferralOut(ma.Schema):
    """A problem that is to be referred to whoever enforces it."""

    problem = ma.fields.Integer(
        required=True, metadata={"description": "《现场检查记录》中的问题序号。"}
    )
    authority = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    place = ma.fields.String(required=True)
    basis = ma.fields.String(required=True)


class EndingOut(ma.Schema):
    """Why an inspection ended before its visit."""

    reason = code(EndReason, required=True)
    reason_name = ma.fields.Function(
        lambda row: END_REASON_NAMES[row.reason], metadata={"type": "string"}
    )
    ended_at = ma.fields.AwareDateTime(required=True)
    ended_by = ma.fields.String(required=True)


class InspectionPageOut(InspectionOut):
    """Everything about one inspection; `record` is null until it is closed."""

    scheme_made_by = ma.fields.String(required=True)
    approved_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    approved_by = ma.fields.String(required=True)
    dispatched_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    members = ma.fields.List(ma.fields.Nested(MemberOut), required=True)
    forms = ma.fields.List(ma.fields.Nested(FormOut), required=True)
    timeline = ma.fields.List(ma.fields.Nested(TimelineOut), required=True)
    documents = ma.fields.List(ma.fields.Nested(DocumentOut), required=True)
    open_conflicts = ma.fields.List(ma.fields.Nested(ConflictOut), required=True)
    unapplied = ma.fields.List(ma.fields.Nested(UnappliedOut), required=True)
    ending = ma.fields.Nested(
        EndingOut,
        required=True,
        allow_none=True,
        metadata={"description": "终止的原因、时间和办理人；没有终止的为 null。"},
    )
    record = ma.fields.Nested(RecordOut, required=True, allow_none=True)
    referrals = ma.fields.List(
        ma.fields.Nested(ReferralOut),
        required=True,
        metadata={"description": "办结后须移送其他部门的线索。"},
    )
    to_supervise = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={"description": "办结后待挂牌督办的问题序号。"},
    )
