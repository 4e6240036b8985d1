"""A draw before it is committed: the pool, and the enterprises behind every figure."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resources.draws import DrawCellOut, blp
from inspect_server.api.schemas import PageOut, PageQuery, Text
from inspect_server.domain.errors import BadInput
from inspect_server.domain.plan import EXCLUSIONS, cell_name
from inspect_server.reads import draws as reads
from inspect_server.reads.accounts import officer_of_certificate
from inspect_server.reads.paging import Page, bounds
from inspect_server.usecases.disclosing.identities import open_pool, unseen_draws
from inspect_server.usecases.drawing.beforehand.preview import preview_draw, preview_list
from inspect_server.usecases.drawing.beforehand.sources import public_source
from inspect_server.usecases.drawing.beforehand.staffing import RELAXATIONS, Wanted, wanted
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

MAX_PARTNERS, MAX_PAIRS, MAX_PUBLIC = 9, 50, 10


class VisitDays(ma.Schema):
    """The days on which visits may take place."""

    visit_from = ma.fields.Date(required=True, metadata={"example": "2026-03-09"})
    visit_to = ma.fields.Date(required=True, metadata={"example": "2026-03-20"})


class TeamsAsked(VisitDays):
    """What is asked of the teams, beside the days of their visits."""

    departments = ma.fields.List(
        Text(200),
        load_default=list,
        validate=ma.validate.Length(max=MAX_PARTNERS, error="不超过 {max} 个部门。"),
        metadata={"description": "联合检查的其他部门：配置的名称，或写作 名称=单位，单位。"},
    )
    experts = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(0, 5, error="应在 {min} 到 {max} 之间。"),
        metadata={"description": "每组另抽专家几名；不填则按年度计划的参数。"},
    )
    keep_apart = ma.fields.List(
        Text(121),
        load_default=list,
        validate=ma.validate.Length(max=MAX_PAIRS, error="不超过 {max} 对。"),
        metadata={
            "description": "本次不得同组的人员，每对写作 执法证号,执法证号；近期同组的已自动避开。"
        },
    )
    strict_specialty = ma.fields.Boolean(load_default=False)


class PreviewAsked(TeamsAsked):
    """The same, and the public values that the commit would name."""

    public = ma.fields.List(
        Text(141),
        load_default=list,
        validate=ma.validate.Length(max=MAX_PUBLIC, error="不超过 {max} 个。"),
        metadata={
            "description": "拟用的公开随机值，写作 名称/期号；可能已经产生、已被其他抽取用过、"
            "最迟揭示日之前不会产生的，列入 obstacles。"
        },
    )
    deadline = ma.fields.Date(
        load_default=None, metadata={"description": "最迟揭示日，默认检查时段第一天。"}
    )


def teams_of(given: dict[str, Any]) -> Wanted:
    """
    Return what a request asks of the teams.

    Raises:
        NotFound: A 执法证号 is in no registry.
        BadInput: A pair or a partner cannot be read.
    """
    with reading() as session:
        pairs = [
            (officer_of_certificate(session, one), officer_of_certificate(session, other))
            for one, other in map(_pair, given["keep_apart"])
        ]
    return wanted(
        backend().settings.partner_departments,
        partners=given["departments"],
        experts=given["experts"],
        relaxations=() if given["strict_specialty"] else RELAXATIONS,
        banned_pairs=pairs,
    )


def _pair(text: str) -> tuple[str, str]:
    one, comma, other = text.replace("，", ",").partition(",")
    if not comma or "," in other:
        raise BadInput(field="keep_apart", reason="每对应写作“执法证号,执法证号”")
    return one, other


class PartOut(ma.Schema):
    """A cell that was merged into a coarser one."""

    cell = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    enterprises = ma.fields.Integer(required=True)


class PreviewCellOut(DrawCellOut):
    """One cell with how many enterprises it has and how many would be drawn, in millionths."""

    enterprises = ma.fields.Integer(required=True)
    expected_ppm = ma.fields.Integer(required=True)
    parts = ma.fields.List(
        ma.fields.Nested(PartOut),
        required=True,
        metadata={"description": "合并成本单元的各单元；未合并的为空。"},
    )


class ExclusionOut(ma.Schema):
    """A reason that keeps enterprises out of the pool, and how many."""

    reason = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    enterprises = ma.fields.Integer(required=True)


class ListedOut(ma.Schema):
    """One enterprise as the preview places it."""

    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    included = ma.fields.Boolean(required=True)


class PreviewOut(ma.Schema):
    """What a commit made now would contain."""

    batch = ma.fields.String(required=True)
    registered = ma.fields.Integer(required=True)
    included = ma.fields.Integer(required=True)
    expected_ppm = ma.fields.Integer(required=True)
    cells = ma.fields.List(ma.fields.Nested(PreviewCellOut), required=True)
    excluded = ma.fields.List(ma.fields.Nested(ExclusionOut), required=True)
    obstacles = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "现在按此时段承诺会被拒绝的原因；可以承诺的为空。"},
    )
    uncovered = ma.fields.List(
        ma.fields.Nested(ListedOut),
        required=True,
        metadata={"description": "本轮抽取不能覆盖的重点企业和原因。"},
    )
    sealed = ma.fields.Boolean(
        required=True,
        metadata={
            "description": "有抽取尚未公示而本账号不能查看其抽中企业：能否为每家企业组成检查组"
            "不作回答，uncovered 和各单元的 parts 为空。"
        },
    )


class ListQuery(VisitDays, PageQuery):
    """Which enterprises of a preview."""

    label = Text(
        120,
        load_default="",
        shortest=0,
        metadata={"description": "单元编码或排除原因代码；不填则为全部不入池的企业。"},
    )


class ListedPageOut(PageOut):
    """One page of them, by code."""

    rows = ma.fields.List(ma.fields.Nested(ListedOut), required=True)


@blp.route("/preview")
class Preview(MethodView):
    """A draw before it is committed."""

    @allow(*BUREAU)
    @blp.operation(
        "previewDraw",
        "预览抽取池",
        "各单元家数、概率和排除原因；不作承诺。有抽取尚未公示时，涉及单个企业的内容"
        "只给可以查看其抽中企业的账号，并记入审计。",
    )
    @blp.arguments(PreviewAsked, location="query")
    @blp.response(200, PreviewOut)
    @blp.alt_response(404, description="该年度没有已批准的检查计划。")
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Show pool, odds and exclusions without committing to anything."""
        first, last = asked["visit_from"], asked["visit_to"]
        held, teams = backend(), teams_of(asked)
        public = [public_source(text, "public") for text in asked["public"]]
        unseen = unseen_draws(held, actor(), "preview")
        with reading() as session:
            found = preview_draw(
                session,
                reads.plan_in_force(session, first.year),
                first,
                last,
                today=held.today(),
                teams=teams,
                public=public,
                now=held.clock.now(),
                deadline=asked["deadline"],
                unseen=unseen,
            )
        return {
            "batch": found.batch,
            "registered": found.registered,
            "included": found.included,
            "expected_ppm": found.expected_ppm,
            "cells": [
                {
                    **asdict(one),
                    "parts": [
                        {**part._asdict(), "name": cell_name(part.cell)} for part in one.parts
                    ],
                }
                for one in found.cells
            ],
            "excluded": [
                {"reason": reason, "text": EXCLUSIONS.get(reason, reason), "enterprises": count}
                for reason, count in found.excluded
            ],
            "obstacles": list(found.obstacles),
            "uncovered": found.uncovered,
            "sealed": bool(found.sealed),
        }


@blp.route("/preview/enterprises")
class PreviewList(MethodView):
    """The enterprises behind a figure of the preview."""

    @allow(*BUREAU)
    @blp.operation(
        "listPreview",
        "列出预览中的企业",
        "不入池的企业和原因，或者一个单元、一种原因的企业。"
        "已抽中而未公示的企业不入池，所以尚有抽取未公示时，只给可以查看其抽中企业的账号，并记入审计。",
    )
    @blp.arguments(ListQuery, location="query")
    @blp.response(200, ListedPageOut)
    @blp.alt_response(403, description="有抽取尚未公示，本账号不能查看其抽中企业。")
    @blp.alt_response(404, description="该年度没有已批准的检查计划。")
    def get(self, asked: dict[str, Any]) -> Any:
        """List who is out and why, or who is in one cell."""
        first, last = asked["visit_from"], asked["visit_to"]
        open_pool(backend(), actor())
        with reading() as session:
            plan_id = reads.plan_in_force(session, first.year)
            rows = preview_list(session, plan_id, first, last, asked["label"])
        found = [row for row in rows if row.uscc > asked["after"]]
        size, offset = bounds(1 if asked["after"] else asked["page"], asked["size"])
        page = tuple(found[offset : offset + size])
        behind = page[-1].uscc if offset + size < len(found) else ""
        return Page(page, len(rows), asked["page"], size, behind)
