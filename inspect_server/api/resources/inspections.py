"""Inspections: from the scheme to the closed record, each to whom it concerns."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.resources.inspecting.shown import (
    InspectionListOut,
    InspectionOut,
    InspectionPageOut,
)
from inspect_server.api.schemas import PageQuery, Text, checklist_names, code, number
from inspect_server.domain.assignment import ReassignReason
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.reads import evidence, record_checks
from inspect_server.reads import inspections as reads
from inspect_server.usecases.disclosing.identities import note_unvisited
from inspect_server.usecases.inspecting import close_record, dispatch
from inspect_server.usecases.journal import settle_conflict
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU, CASES, DECIDES

blp = Resource("inspections", "/inspections", "检查任务：方案、派发、改派、记录、办结")


REASSIGN_EXAMPLE = {
    "officer_out": "7d3c1c9e-3a0b-4f59-9f43-0c1d2b6a7e51",
    "officer_in": "2f6b7c80-54c3-4b0e-8a55-5d4c1e9f0a22",
    "reason": "illness",
}
CLOSE_EXAMPLE = {"stale_reason": "企业负责人已离开现场，补充的内容已由其电话确认"}
SETTLE_EXAMPLE = {
    "item": "answer/general-safety/G01",
    "chosen": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef#0",
    "reason": "现场复核确认",
}


class InspectionQuery(PageQuery):
    """What to look for among the inspections that the account may see."""

    state = code(InspectionState, load_default=None)
    draw_no = Text(60, load_default="")
    text = Text(100, load_default="", metadata={"description": "企业名称或检查编号的一部分。"})
    year = number(2000, 2200, load_default=None)


class ReassignIn(ma.Schema):
    """Who leaves, who comes, and why."""

    officer_out = ma.fields.UUID(required=True)
    officer_in = ma.fields.UUID(required=True)
    reason = code(ReassignReason, required=True)


class SettleIn(ma.Schema):
    """Which of the disagreeing values holds: the item, the operation of that value, and why."""

    item = Text(160, required=True)
    chosen = Text(80, required=True)
    reason = Text(200, required=True)


class CloseIn(ma.Schema):
    """Why a record is closed though somebody signed before its last change, or a failure is out."""

    stale_reason = Text(200, load_default="")
    unasked_reason = Text(
        200,
        load_default="",
        metadata={
            "description": "曾填为不符合（或者是否不符合已不能确定）的检查项"
            "不再属于本次检查内容而办结的理由。"
        },
    )


class SettledOut(ma.Schema):
    """A settled item: its entry, the operation whose value holds, and who must sign again."""

    item = ma.fields.String(required=True)
    entry_hash = ma.fields.String(required=True)
    chosen = ma.fields.String(required=True)
    stale = ma.fields.List(ma.fields.String(), required=True)


class StepOut(ma.Schema):
    """Where the inspection stands after a step."""

    inspection_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    state = code(InspectionState, required=True)


class CaseCheckOut(ma.Schema):
    """One case after recomputing; `faults` say in Chinese what does not hold."""

    case = ma.fields.String(required=True)
    ok = ma.fields.Boolean(required=True)
    events = ma.fields.Integer(required=True)
    faults = ma.fields.List(ma.fields.String(), required=True)


class ClosedOut(StepOut):
    """The sealed record, by its hash and figures."""

    record_sha256 = ma.fields.String(required=True)
    entry_count = ma.fields.Integer(required=True)
    general_findings = ma.fields.Integer(required=True)
    major_findings = ma.fields.Integer(required=True)
    referred_findings = ma.fields.Integer(
        required=True, metadata={"description": "须移送其他部门的线索，不计入一般和重大隐患。"}
    )
    supervised_findings = ma.fields.Integer(
        required=True, metadata={"description": "重大隐患中待挂牌督办的。"}
    )
    stale = ma.fields.List(ma.fields.String(), required=True)
    failures_unasked = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={
            "description": "曾填为不符合（或者是否不符合已不能确定）而不列为问题的检查项，"
            "理由已存入办结记录。"
        },
    )
    unlocated_findings = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={"description": "没有带定位的照片的重大事故隐患，按问题序号。"},
    )


@blp.route("")
class Inspections(MethodView):
    """The inspections that the account may see."""

    @allow(*CASES)
    @blp.operation("listInspections", "列出检查任务", "编号新的在前，只含本账号可见的。")
    @blp.arguments(InspectionQuery, location="query")
    @blp.response(200, InspectionListOut)
    def get(self, query: dict[str, Any]) -> Any:
        """List inspections, the newest number first."""
        with reading() as session:
            found = reads.listing(session, actor(), **query)
        note_unvisited(backend(), actor(), ((row.number, row.state) for row in found.rows))
        return found


@blp.route("/<uuid:inspection_id>")
class Inspection(MethodView):
    """One inspection."""

    @allow(*CASES)
    @blp.operation("getInspection", "查看一次检查", "方案、检查组、全过程、分歧、记录和文书。")
    @blp.response(200, InspectionPageOut)
    def get(self, inspection_id: UUID) -> dict[str, Any]:
        """Return one inspection with all that led to its state."""
        with reading() as session:
            page = reads.one(session, actor(), inspection_id)
            conflicts = evidence.conflicts(session, inspection_id)
            unapplied = evidence.unapplied(session, inspection_id)
        note_unvisited(backend(), actor(), [(page.row.number, page.row.state)])
        return {
            **{name: getattr(page.row, name) for name in InspectionOut().fields},
            "scheme_made_by": page.scheme_made_by,
            "approved_at": page.approved_at,
            "approved_by": page.approved_by,
            "dispatched_at": page.dispatched_at,
            "members": page.members,
            "forms": page.forms,
            "timeline": page.timeline,
            "documents": page.documents,
            "open_conflicts": conflicts,
            "unapplied": unapplied,
            "ending": page.ending,
            "record": page.record,
            "referrals": page.referrals,
            "to_supervise": page.to_supervise,
        }


@blp.route("/<uuid:inspection_id>/verification")
class Verification(MethodView):
    """The check of one case of the record."""

    @allow(*BUREAU)
    @blp.operation(
        "verifyRecord", "核验一次检查的全过程记录", "由存储的字节重新计算哈希链并逐项比对。"
    )
    @blp.response(200, CaseCheckOut)
    def get(self, inspection_id: UUID) -> dict[str, Any]:
        """Recompute the case of one inspection from what is stored."""
        with reading() as session:
            number = reads.one(session, actor(), inspection_id).row.number
            (check,) = record_checks.check_cases(session, f"inspection/{number}")
        return {**asdict(check), "ok": not check.faults}


@blp.route("/<uuid:inspection_id>/approve")
class Approve(MethodView):
    """The approval of a scheme."""

    @allow(*DECIDES)
    @blp.operation("approveScheme", "审批检查方案", "不能由编制人自己审批。")
    @blp.response(200, StepOut)
    def post(self, inspection_id: UUID) -> dispatch.Step:
        """Approve the 检查方案 that somebody else wrote."""
        with begin() as work:
            return dispatch.approve_scheme(work, inspection_id)


class RefreshIn(ma.Schema):
    """Checklists beside those of the enterprise's sectors; left out, those asked for before."""

    checklists = checklist_names(load_default=None, allow_none=True)


@blp.route("/<uuid:inspection_id>/refresh")
class Refresh(MethodView):
    """The renewal of a scheme."""

    @allow(*DECIDES)
    @blp.operation("refreshScheme", "重新编制检查方案", "企业信息补全后、派发之前；须重新审批。")
    @blp.arguments(RefreshIn, example={"checklists": []})
    @blp.response(200, StepOut)
    def post(self, given: dict[str, Any], inspection_id: UUID) -> dispatch.Step:
        """Draft a scheme anew from the registry as it is now, keeping its team."""
        with begin() as work:
            return dispatch.refresh_scheme(work, inspection_id, given["checklists"])


@blp.route("/<uuid:inspection_id>/dispatch")
class Dispatch(MethodView):
    """The dispatch of a task."""

    @allow(*DECIDES)
    @blp.operation("dispatchInspection", "派发检查任务", "发到检查组的手机。")
    @blp.response(200, StepOut)
    def post(self, inspection_id: UUID) -> dispatch.Step:
        """Send an approved task to the phones of its team."""
        with begin() as work:
            return dispatch.dispatch(work, inspection_id)


@blp.route("/<uuid:inspection_id>/reassign")
class Reassign(MethodView):
    """The replacement of an officer."""

    @allow(*DECIDES)
    @blp.operation(
        "reassignOfficer", "改派检查人员", "派发前改派须重新审批方案；离组人员已采集的记录仍保留。"
    )
    @blp.arguments(ReassignIn, example=REASSIGN_EXAMPLE)
    @blp.response(200, StepOut)
    def post(self, given: dict[str, Any], inspection_id: UUID) -> dispatch.Step:
        """Replace one officer; what the leaving one still delivers is kept."""
        with begin() as work:
            return dispatch.reassign(work, inspection_id, **given)


@blp.route("/<uuid:inspection_id>/settle")
class Settle(MethodView):
    """The settlement of one disagreement."""

    @allow(Role.INSPECTOR)
    @blp.operation("settleConflict", "确认分歧", "由主办人员确认采用哪一个值，其余的值仍保留。")
    @blp.arguments(SettleIn, example=SETTLE_EXAMPLE)
    @blp.response(200, SettledOut)
    def post(self, given: dict[str, Any], inspection_id: UUID) -> settle_conflict.Settled:
        """Let one of the disagreeing values hold; only the lead of the task may."""
        with begin() as work:
            return settle_conflict.settle_conflict(work, inspection_id, **given)


@blp.route("/<uuid:inspection_id>/close")
class Close(MethodView):
    """The closing of a record."""

    @allow(*DECIDES, Role.INSPECTOR)
    @blp.operation(
        "closeRecord",
        "办结检查记录",
        "由主办人员、承办机构负责人或审批人办理；签名后内容有变动的，重新签名，或写明不重签的理由。",
    )
    @blp.arguments(CloseIn, example=CLOSE_EXAMPLE)
    @blp.response(200, ClosedOut)
    def post(self, given: dict[str, Any], inspection_id: UUID) -> close_record.RecordClosed:
        """Seal the record of one inspection: by its lead, or by a supervisor or approver."""
        with begin() as work:
            return close_record.close_record(work, inspection_id, **given)
