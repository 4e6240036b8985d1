"""Papers of a draw as PDF: made on demand, each noted in the draw log."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from inspect_server.api.resources.draws import blp
from inspect_server.usecases.drawing.papers import Paper, print_paper
from inspect_server.web.begin import begin
from inspect_server.web.files import PDF, pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import PRINTS


class PaperIn(ma.Schema):
    """Which paper."""

    what = ma.fields.Enum(
        Paper,
        by_value=True,
        required=True,
        metadata={
            "description": "commitment 承诺书；result 结果表见证联（不列企业名称）；"
            "result-internal 结果表内部留存联；checklist 现场工作清单；"
            "replacement-request 替补申请单（最近登记的一次）。"
        },
    )


@blp.route("/<uuid:draw_id>/papers")
class Papers(MethodView):
    """The papers of one draw."""

    @allow(*PRINTS)
    @blp.operation(
        "printDrawPaper",
        "印制抽取承诺书、结果表、工作清单或替补申请单",
        "在抽取日志中记下文件的哈希。",
    )
    @blp.arguments(PaperIn, example={"what": "commitment"})
    @blp.response(
        201, {"type": "string", "format": "binary"}, content_type=PDF, description="该文书。"
    )
    @blp.alt_response(409, description="尚未揭示，没有结果可印；或者没有登记过替补申请。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> Response:
        """Print one paper; every printing stands in the draw log."""
        with begin() as work:
            made = print_paper(work, draw_id, given["what"])
        answer = pdf(made.pdf, made.file_name, inline=False)
        answer.status_code = 201
        return answer
