"""Checks outside of the draw, for a recorded reason."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resources.inspections import StepOut, blp
from inspect_server.api.schemas import Text, checklist_names, code
from inspect_server.domain.assignment import DIRECTED_NAMES, DirectedReason
from inspect_server.domain.enums import Role
from inspect_server.usecases.inspecting.direct_check import MOST, Directed, direct_check
from inspect_server.usecases.inspecting.dispatch import Step
from inspect_server.web.begin import begin
from inspect_server.web.guard import allow

MEANING = "，".join(f"{one.value} {name}" for one, name in DIRECTED_NAMES.items())

EXAMPLE = {
    "reason": "complaint.hazard",
    "text": "反映除尘器长期不清灰",
    "reference": "举报2026-017",
    "uscc": "91320799MA1WXXXX00",
    "lead": "7d3c1c9e-3a0b-4f59-9f43-0c1d2b6a7e51",
    "members": ["2f6b7c80-54c3-4b0e-8a55-5d4c1e9f0a22"],
    "visit_from": "2026-03-09",
    "visit_to": "2026-03-13",
}


class DirectedIn(ma.Schema):
    """Why, whom, when and by which officers."""

    reason = code(DirectedReason, required=True, metadata={"description": MEANING})
    text = Text(
        MOST,
        required=True,
        metadata={"description": "事由说明，不写举报人的任何信息；有 7 位及以上数字的不予编制。"},
    )
    reference = Text(
        MOST,
        required=True,
        metadata={"description": "举报件、交办件的编号；复查的，填所复查的检查编号。"},
    )
    uscc = Text(18, required=True)
    lead = ma.fields.UUID(required=True)
    members: Any = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=ma.validate.Length(1, 20, error="应有 {min} 到 {max} 名协办人员。"),
    )
    visit_from = ma.fields.Date(required=True, metadata={"example": "2026-03-09"})
    visit_to = ma.fields.Date(required=True, metadata={"example": "2026-03-20"})
    checklists = checklist_names(load_default=[])


@blp.route("/directed")
class DirectedChecks(MethodView):
    """Checks that no draw chose."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "directCheck",
        "编制双随机之外的检查方案",
        "投诉举报、交办、复查：理由写入记录，方案由他人审批后派发；是否计入年度频次按来源的规定。",
    )
    @blp.arguments(DirectedIn, example=EXAMPLE)
    @blp.response(201, StepOut)
    @blp.alt_response(404, description="没有该企业，或人员不在名录中。")
    @blp.alt_response(409, description="同一来件、企业、时段和人员的方案已编制，待审批。")
    def post(self, given: dict[str, Any]) -> Step:
        """Draft the scheme of a check outside of the draw."""
        members: list[UUID] = given.pop("members")
        lists: list[str] = given.pop("checklists")
        wanted = Directed(**given, members=tuple(members), asked_for=tuple(lists))
        with begin() as work:
            return direct_check(work, wanted)
