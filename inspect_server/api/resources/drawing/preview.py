"""A draw before it is committed: the pool, and the enterprises behind every figure."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resources.draws import DrawCellOut, blp
from inspect_server.api.schemas import PageOut, PageQuery, Text
from inspect_server.domain.plan import EXCLUSIONS, cell_name
from inspect_server.reads import draws as reads
from inspect_server.reads.paging import Page, bounds
from inspect_server.usecases.drawing.beforehand.preview import preview_draw, preview_list
from inspect_server.web.begin import backend, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU


class VisitDays(ma.Schema):
    """The days on which visits may take place."""

    visit_from = ma.fields.Date(required=True, metadata={"example": "2026-03-09"})
    visit_to = ma.fields.Date(required=True, metadata={"example": "2026-03-20"})


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


class ListQuery(VisitDays, PageQuery):
    """Which enterprises of a preview."""

    label = Text(
        120,
        load_default="",
        shortest=0,
        metadata={"description": "单元编码或排除原因代码；不填则为全部不入池的企业。"},
    )


class ListedOut(ma.Schema):
    """One enterprise as the preview places it."""

    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    included = ma.fields.Boolean(required=True)


class ListedPageOut(PageOut):
    """One page of them, by code."""

    rows = ma.fields.List(ma.fields.Nested(ListedOut), required=True)


@blp.route("/preview")
class Preview(MethodView):
    """A draw before it is committed."""

    @allow(*BUREAU)
    @blp.operation("previewDraw", "预览抽取池", "各单元家数、概率和排除原因；不写入任何数据。")
    @blp.arguments(VisitDays, location="query")
    @blp.response(200, PreviewOut)
    @blp.alt_response(404, description="该年度没有已批准的检查计划。")
    def get(self, days: dict[str, Any]) -> dict[str, Any]:
        """Show pool, odds and exclusions without committing to anything."""
        first, last = days["visit_from"], days["visit_to"]
        held = backend()
        with reading() as session:
            found = preview_draw(
                session,
                reads.plan_in_force(session, first.year),
                first,
                last,
                authority=held.settings.authority,
                today=held.clock.now().astimezone(held.settings.zone).date(),
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
        }


@blp.route("/preview/enterprises")
class PreviewList(MethodView):
    """The enterprises behind a figure of the preview."""

    @allow(*BUREAU)
    @blp.operation(
        "listPreview", "列出预览中的企业", "不入池的企业和原因，或者一个单元、一种原因的企业。"
    )
    @blp.arguments(ListQuery, location="query")
    @blp.response(200, ListedPageOut)
    @blp.alt_response(404, description="该年度没有已批准的检查计划。")
    def get(self, asked: dict[str, Any]) -> Any:
        """List who is out and why, or who is in one cell."""
        first, last = asked["visit_from"], asked["visit_to"]
        with reading() as session:
            plan_id = reads.plan_in_force(session, first.year)
            rows = preview_list(session, plan_id, first, last, asked["label"])
        found = [row for row in rows if row.uscc > asked["after"]]
        size, offset = bounds(1 if asked["after"] else asked["page"], asked["size"])
        page = tuple(found[offset : offset + size])
        behind = page[-1].uscc if offset + size < len(found) else ""
        return Page(page, len(rows), asked["page"], size, behind)
