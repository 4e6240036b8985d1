"""The year's 监督检查计划."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import number
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.reads import plan as reads
from inspect_server.usecases.disclosing.identities import unseen_draws
from inspect_server.usecases.make_plan import ApprovedPlan, approve_plan, make_plan
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

blp = Resource("plans", "/plans", "年度监督检查计划")


LONGEST_RATES = 64 * 1024
"""Characters of a rates file; the shipped values with their sources take a tenth of it."""


class PlanQuery(ma.Schema):
    """Which year's plans."""

    year = number(2000, 2200, load_default=None)


class PlanIn(ma.Schema):
    """The year to plan; within it, what is left of it."""

    year = number(2000, 2200, required=True, strict=True)
    rates = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(1, LONGEST_RATES, error="长度应为 {min} 到 {max} 个字符。"),
        metadata={"description": "本机关自定抽查率（TOML 文本），写法同 plan make --rates。"},
    )


class CapacityOut(ma.Schema):
    """What the officers can carry, every factor of it."""

    first_day = ma.fields.String(required=True)
    last_day = ma.fields.String(required=True)
    is_estimated = ma.fields.Boolean(required=True)
    working_days = ma.fields.Integer(required=True)
    officers = ma.fields.Integer(required=True)
    officer_days = ma.fields.Integer(required=True)
    share_permille = ma.fields.Integer(required=True)
    team_officers = ma.fields.Integer(required=True)
    half_days_per_visit = ma.fields.Integer(required=True)
    visits = ma.fields.Integer(required=True)


class PlanOut(ma.Schema):
    """One plan in a list."""

    id = ma.fields.UUID(required=True)
    year = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    approved_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class CellOut(ma.Schema):
    """One published cell; odds and expected checks in parts per million."""

    label = ma.fields.String(required=True)
    name = ma.fields.String(required=True, metadata={"description": "The label in Chinese."})
    enterprises = ma.fields.Integer(required=True)
    p_ppm = ma.fields.Integer(required=True)
    visits_ppm = ma.fields.Integer(required=True)


class LeftOutOut(ma.Schema):
    """Why enterprises are not in the plan, and how many."""

    reason = ma.fields.String(required=True)
    enterprises = ma.fields.Integer(required=True)


class UncoveredOut(ma.Schema):
    """A key enterprise that no draw of the round can cover, and why."""

    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class CoverageOut(ma.Schema):
    """How far the round of the key enterprises is."""

    round_from = ma.fields.Date(required=True)
    on = ma.fields.Date(required=True)
    enterprises = ma.fields.Integer(required=True)
    covered = ma.fields.Integer(required=True)
    under_way = ma.fields.Integer(
        required=True,
        metadata={"description": "有抽取尚未公示而本账号不能查看其抽中企业的，其企业仍列入 due。"},
    )
    due = ma.fields.Integer(required=True)
    uncovered = ma.fields.List(ma.fields.Nested(UncoveredOut), required=True)


class PlanPageOut(PlanOut):
    """A plan with its cells and its arithmetic."""

    enterprises = ma.fields.Integer(required=True)
    key_enterprises = ma.fields.Integer(required=True)
    key_visits = ma.fields.Integer(required=True)
    random_visits = ma.fields.Integer(required=True)
    capacity = ma.fields.Nested(CapacityOut, required=True)
    capacity_text = ma.fields.String(required=True)
    cells = ma.fields.List(ma.fields.Nested(CellOut), required=True)
    excluded = ma.fields.List(ma.fields.Nested(LeftOutOut), required=True)
    coverage = ma.fields.Nested(CoverageOut, required=True)


class ApprovedOut(ma.Schema):
    """The plan now in force, and which ones it replaced."""

    id = ma.fields.UUID(required=True)
    year = ma.fields.Integer(required=True)
    superseded = ma.fields.List(ma.fields.UUID(), required=True)


@blp.route("")
class Plans(MethodView):
    """All plans."""

    @allow(*BUREAU)
    @blp.operation("listPlans", "列出检查计划")
    @blp.arguments(PlanQuery, location="query")
    @blp.response(200, PlanOut(many=True))
    def get(self, query: dict[str, Any]) -> list[reads.PlanLine]:
        """List the plans, the newest first."""
        with reading() as session:
            return list(reads.plans(session, query["year"]))

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "makePlan",
        "编制年度检查计划草稿",
        "按名录、人员和抽查率编制，须由他人审批；不可行的予以拒绝并说明原因。",
    )
    @blp.arguments(PlanIn, example={"year": 2026})
    @blp.response(201, PlanPageOut)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Make a draft from the registry; refused with reasons where it is impossible."""
        with begin() as work:
            made = make_plan(work, given["year"], given["rates"])
        return _page(made.id)


@blp.route("/<uuid:plan_id>")
class Plan(MethodView):
    """One plan."""

    @allow(*BUREAU)
    @blp.operation("getPlan", "查看一份检查计划", "含能力测算、抽取单元和概率。")
    @blp.response(200, PlanPageOut)
    def get(self, plan_id: UUID) -> dict[str, Any]:
        """Return one plan with its arithmetic."""
        return _page(plan_id)


@blp.route("/<uuid:plan_id>/approve")
class Approve(MethodView):
    """The approval of one plan."""

    @allow(Role.APPROVER)
    @blp.operation("approvePlan", "审批检查计划", "审批人不得是编制人；批准后同年旧计划自动失效。")
    @blp.response(200, ApprovedOut)
    def post(self, plan_id: UUID) -> ApprovedPlan:
        """Approve a draft that somebody else made."""
        with begin() as work:
            return approve_plan(work, plan_id)


def _page(plan_id: UUID) -> dict[str, Any]:
    unseen = unseen_draws(backend(), actor(), "coverage")
    with reading() as session:
        page = reads.plan_page(session, plan_id)
        if page is None:
            raise NotFound(what="该检查计划")
        coverage = reads.key_coverage(session, page.plan, backend().today(), unseen)
    line, plan = page.line, page.plan
    return {
        "id": line.id,
        "year": line.year,
        "state": line.state,
        "created_at": line.created_at,
        "approved_at": line.approved_at,
        "enterprises": plan.enterprises,
        "key_enterprises": plan.key_enterprises,
        "key_visits": plan.key_visits,
        "random_visits": plan.random_visits,
        "capacity": plan.capacity,
        "capacity_text": page.capacity_text,
        "cells": page.cells,
        "excluded": [{"reason": reason, "enterprises": count} for reason, count in page.excluded],
        "coverage": coverage,
    }
