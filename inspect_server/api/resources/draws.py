"""双随机抽取: what was committed and what came of it, and the schemes made from it."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import checklist_names, code
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.plan import cell_name
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.identities import show_drawn, shows_cells
from inspect_server.usecases.inspecting.dispatch import SchemesMade, make_schemes
from inspect_server.web.begin import begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU, DECIDES

blp = Resource("draws", "/draws", "双随机抽取：承诺、结果、证书")


class DrawOut(ma.Schema):
    """One draw in a list."""

    id = ma.fields.UUID(required=True)
    draw_no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    visit_from = ma.fields.Date(required=True)
    visit_to = ma.fields.Date(required=True)
    commit = ma.fields.String(required=True)
    included = ma.fields.Integer(required=True)
    excluded = ma.fields.Integer(required=True)
    committed_at = ma.fields.AwareDateTime(required=True)
    revealed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    selected = ma.fields.Integer(required=True)


class SourceOut(ma.Schema):
    """A declared source of chance."""

    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    issue = ma.fields.String(required=True)


class DrawCellOut(ma.Schema):
    """One cell and its odds in parts per million."""

    cell = ma.fields.String(
        required=True,
        metadata={"description": "单元编码；家数少的几个单元只列合计的，为 sum 或者 sum.行业。"},
    )
    name = ma.fields.String(required=True, metadata={"description": "The cell in Chinese."})
    p_ppm = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "只列合计的各不相同，为 null。"},
    )


class DrawnOfficerOut(ma.Schema):
    """Who was drawn for a task, in which stage."""

    stage = ma.fields.String(required=True)
    officer_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class PartnerTeamOut(ma.Schema):
    """Whom a partner department of a joint check sends."""

    department = ma.fields.String(required=True)
    officers = ma.fields.List(ma.fields.Nested(DrawnOfficerOut), required=True)


class TaskOut(ma.Schema):
    """One selected enterprise with its teams."""

    commitment = ma.fields.String(required=True)
    cell = ma.fields.String(required=True)
    cell_name = ma.fields.String(required=True, metadata={"description": "The cell in Chinese."})
    enterprise_id = ma.fields.UUID(required=True)
    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    officers = ma.fields.List(ma.fields.Nested(DrawnOfficerOut), required=True)
    partners = ma.fields.List(
        ma.fields.Nested(PartnerTeamOut),
        required=True,
        metadata={"description": "部门联合检查的其他部门各派一组；不是联合检查的为空。"},
    )


class DrawPageOut(DrawOut):
    """One draw with rules, sources and result; `seed` is empty until it is revealed."""

    cells = ma.fields.List(ma.fields.Nested(DrawCellOut), required=True)
    sources = ma.fields.List(ma.fields.Nested(SourceOut), required=True)
    deadline = ma.fields.String(required=True)
    dice = ma.fields.String(
        required=True, metadata={"description": "骰子点数；没有声明掷骰或者尚未登记的为空。"}
    )
    dice_before = ma.fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "骰子须在此刻之前登记；没有声明掷骰的为 null。"},
    )
    seed = ma.fields.String(
        required=True,
        metadata={"description": "尚未揭示的为空；本账号不能查看抽中企业的，公示之前也为空。"},
    )
    sealed = ma.fields.Boolean(
        required=True,
        metadata={"description": "批次尚未公示，本账号不能查看抽中企业和人员，tasks 为空。"},
    )
    tasks = ma.fields.List(ma.fields.Nested(TaskOut), required=True)


class SchemeOut(ma.Schema):
    """The inspection whose scheme was made."""

    inspection_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    state = code(InspectionState, required=True)


class SchemesOut(ma.Schema):
    """The schemes of one draw, by number."""

    draw_no = ma.fields.String(required=True)
    schemes = ma.fields.List(ma.fields.Nested(SchemeOut), required=True)


@blp.route("")
class Draws(MethodView):
    """All draws."""

    @allow(*BUREAU)
    @blp.operation("listDraws", "列出全部抽取")
    @blp.response(200, DrawOut(many=True))
    def get(self) -> list[reads.DrawLine]:
        """List the draws, the newest first."""
        with reading() as session:
            return list(reads.draws(session))


@blp.route("/<uuid:draw_id>")
class Draw(MethodView):
    """One draw."""

    @allow(*BUREAU)
    @blp.operation(
        "getDraw",
        "查看一次抽取",
        "规则、随机源、结果和检查组；揭示之前 seed 为空。公示之前的每次查看都记入审计日志。",
    )
    @blp.response(200, DrawPageOut)
    def get(self, draw_id: UUID) -> dict[str, Any]:
        """Return one draw with its rules, sources and result."""
        with begin() as work:
            is_open = show_drawn(work, draw_id, "tasks")
            has_cells = shows_cells(work, draw_id)
            page = reads.draw_page(work.session, draw_id, is_open=is_open, has_cells=has_cells)
            return _page(page, not is_open)


class SchemesIn(ma.Schema):
    """Checklists for every enterprise of the draw, beside those of its sectors."""

    checklists = checklist_names(load_default=[])


@blp.route("/<uuid:draw_id>/schemes")
class Schemes(MethodView):
    """The schemes of one draw."""

    @allow(*DECIDES)
    @blp.operation(
        "makeSchemes", "编制检查方案", "为一次抽取选中的每家企业编制一份，每次抽取只编制一次。"
    )
    @blp.arguments(SchemesIn, example={"checklists": []})
    @blp.response(201, SchemesOut)
    def post(self, given: dict[str, Any], draw_id: UUID) -> SchemesMade:
        """Draft the scheme of every selected enterprise, once."""
        with begin() as work:
            return make_schemes(work, draw_id, given["checklists"])


def _page(page: reads.DrawPage, sealed: bool) -> dict[str, Any]:
    return {
        **{name: getattr(page.line, name) for name in DrawOut().fields},
        "cells": [{"cell": row.code, "name": row.name, "p_ppm": row.p_ppm} for row in page.cells],
        "sources": page.sources,
        "deadline": page.deadline,
        "dice": page.dice,
        "dice_before": page.dice_before,
        "seed": page.seed,
        "sealed": sealed,
        "tasks": [_task(task) for task in page.tasks],
    }


def _task(task: reads.TeamOfTask) -> dict[str, Any]:
    return {
        "commitment": task.commitment,
        "cell": task.cell,
        "cell_name": cell_name(task.cell),
        "enterprise_id": task.enterprise_id,
        "uscc": task.uscc,
        "name": task.name,
        "officers": _officers(task.officers),
        "partners": [
            {"department": dept, "officers": _officers(team)} for dept, team in task.teams[1:]
        ],
    }


def _officers(team: reads.Team) -> list[dict[str, Any]]:
    return [{"stage": stage, "officer_id": officer, "name": name} for stage, officer, name in team]
