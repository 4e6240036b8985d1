"""Publishing a draw (一公开), an enterprise's own proof, and the audit against the registry."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resources.draws import blp
from inspect_server.api.schemas import Text, code
from inspect_server.domain.disclosure import RESULT_NAMES, Result
from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.enums import Role
from inspect_server.usecases.disclosing.batches import (
    BatchPreview,
    PublishedBatch,
    preview_batch,
    publish_batch,
)
from inspect_server.usecases.disclosing.proofs import GivenProof, give_proof
from inspect_server.usecases.disclosing.results import Stated, correct_result, state_result
from inspect_server.usecases.drawing.auditing.audit_draw import Audit, audit_draw
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow

PRIVATE = "批次公示之前不得外传。"


class DisclosureIn(ma.Schema):
    """Why a published batch is published again."""

    reason = Text(
        200,
        shortest=0,
        load_default="",
        metadata={"description": "首次公示不填；再次公示为更正原因，一并公示。"},
    )


class ProofIn(ma.Schema):
    """Which enterprise."""

    uscc = Text(18, required=True)


class StatedResultIn(ProofIn):
    """A result that a person states, with a reason that is published with it."""

    result = code(Result, required=True)
    reason = Text(200, required=True, metadata={"description": "一并公示，不得写入个人信息。"})


STATED_EXAMPLE = {
    "uscc": "91320799MA1WXXXX00",
    "result": "unreachable",
    "reason": "登记住所无此单位",
}


class DisclosedResultOut(ma.Schema):
    """The result of one enterprise."""

    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    number = ma.fields.String(required=True)
    checked_on = ma.fields.Date(required=True, allow_none=True)
    items = ma.fields.List(ma.fields.String(), required=True)
    result = code(Result, required=True)
    result_name = ma.fields.Function(
        lambda row: RESULT_NAMES[row.result], metadata={"type": "string"}
    )
    reason = ma.fields.String(required=True)


class PublishedFileOut(ma.Schema):
    """A file as it would be published."""

    name = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)


class DisclosurePreviewOut(ma.Schema):
    """What publishing now would show; `due_on` is null while a check is open."""

    draw_id = ma.fields.UUID(required=True)
    draw_no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    selected = ma.fields.Integer(required=True)
    open_checks = ma.fields.Integer(required=True)
    may_publish = ma.fields.Boolean(required=True)
    over_on = ma.fields.Date(required=True, allow_none=True)
    due_on = ma.fields.Date(required=True, allow_none=True)
    due_is_estimated = ma.fields.Boolean(required=True)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)
    results = ma.fields.List(ma.fields.Nested(DisclosedResultOut), required=True)
    files = ma.fields.List(ma.fields.Nested(PublishedFileOut), required=True)


class PublishedBatchOut(ma.Schema):
    """What has been made public."""

    draw_id = ma.fields.UUID(required=True)
    draw_no = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    results = ma.fields.Integer(required=True)
    files = ma.fields.List(ma.fields.String(), required=True)
    due_on = ma.fields.Date(required=True)
    late = ma.fields.Boolean(required=True)


class StatedResultOut(ma.Schema):
    """A result that a person stated or corrected; revision 0 while it is not public."""

    draw_no = ma.fields.String(required=True)
    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    result = code(Result, required=True)
    revision = ma.fields.Integer(required=True)


class ProofOut(ma.Schema):
    """An enterprise's own proof with its explanation in Chinese."""

    proof = ma.fields.Dict(required=True)
    explanation = ma.fields.String(required=True)


class AuditCheckOut(ma.Schema):
    """One statement about the draw, and whether it holds."""

    what = ma.fields.String(required=True)
    verdict = ma.fields.Enum(Verdict, by_value=True, required=True)
    detail = ma.fields.String(required=True)


class RegistryDifferenceOut(ma.Schema):
    """One enterprise that is not as it should be."""

    uscc = ma.fields.String(required=True)
    what = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    wanted = ma.fields.String(required=True)


class RegistryAuditOut(ma.Schema):
    """All checks of the draw and against the registry, and every difference."""

    draw_no = ma.fields.String(required=True)
    ok = ma.fields.Boolean(required=True)
    enterprises = ma.fields.Integer(required=True)
    checks = ma.fields.List(ma.fields.Nested(AuditCheckOut), required=True)
    differences = ma.fields.List(ma.fields.Nested(RegistryDifferenceOut), required=True)


@blp.route("/<uuid:draw_id>/disclosure")
class Disclosure(MethodView):
    """What is published of one draw."""

    @allow(Role.SUPERVISOR, Role.AUDITOR)
    @blp.operation("previewDisclosure", "预览公示内容", f"结果、文件和最迟公示日；{PRIVATE}")
    @blp.response(200, DisclosurePreviewOut)
    @blp.alt_response(409, description="该次抽取尚未揭示。")
    def get(self, draw_id: UUID) -> dict[str, Any]:
        """Show what publishing now would do, writing nothing."""
        with begin() as work:
            return _preview(preview_batch(work, draw_id))

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "publishDraw", "公示一个批次", "全部检查办结后方可公示；再次公示属于更正，须写明原因。"
    )
    @blp.arguments(DisclosureIn, example={"reason": ""})
    @blp.response(201, PublishedBatchOut)
    @blp.alt_response(409, description="尚有检查未办结，或已公示且没有变化。")
    def post(self, body: dict[str, Any], draw_id: UUID) -> PublishedBatch:
        """Publish the batch, or its correction."""
        with begin() as work:
            return publish_batch(work, draw_id, body["reason"])


@blp.route("/<uuid:draw_id>/results")
class StatedResults(MethodView):
    """Results that no record shows."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "stateResult",
        "登记无法检查的企业的结果",
        "不配合检查，或无法联系；检查任务随之终止。现场检查已开始的须先办结记录，"
        "没有发现问题的，公示之前仍可登记不配合检查。",
    )
    @blp.arguments(StatedResultIn, example=STATED_EXAMPLE)
    @blp.response(201, StatedResultOut)
    @blp.alt_response(409, description="该企业已有结果，尚未编制方案，或现场检查已开始。")
    def post(self, body: dict[str, Any], draw_id: UUID) -> Stated:
        """State why a check could not be made."""
        with begin() as work:
            return state_result(work, draw_id, body["uscc"], body["result"], body["reason"])


@blp.route("/<uuid:draw_id>/corrections")
class Corrections(MethodView):
    """Corrections of published results."""

    @allow(Role.SUPERVISOR)
    @blp.operation("correctResult", "更正已公示的结果", "原公示内容与更正并列，不删除。")
    @blp.arguments(StatedResultIn, example=STATED_EXAMPLE)
    @blp.response(201, StatedResultOut)
    @blp.alt_response(409, description="公示的已是该结果。")
    def post(self, body: dict[str, Any], draw_id: UUID) -> Stated:
        """Publish a corrected result beside the earlier one."""
        with begin() as work:
            return correct_result(work, draw_id, body["uscc"], body["result"], body["reason"])


@blp.route("/<uuid:draw_id>/proofs")
class Proofs(MethodView):
    """Proofs for enterprises."""

    @allow(Role.SUPERVISOR, Role.OFFICE)
    @blp.operation(
        "giveProof",
        "出具企业的包含证明",
        "盐值、清单行和到根哈希的路径，只交给该企业；批次公示之后方可出具，"
        "承诺之前揭示的抽取也须已经公示；每次出具记入全过程记录。",
    )
    @blp.arguments(ProofIn, example={"uscc": "91320799MA1WXXXX00"})
    @blp.response(201, ProofOut)
    @blp.alt_response(409, description="该批次，或者其承诺之前揭示的抽取，尚未公示。")
    def post(self, body: dict[str, Any], draw_id: UUID) -> GivenProof:
        """Give an enterprise its salt and its inclusion proof."""
        with begin() as work:
            return give_proof(work, draw_id, body["uscc"])


@blp.route("/<uuid:draw_id>/audit")
class RegistryAudit(MethodView):
    """The check of one draw against the registry."""

    @allow(Role.SUPERVISOR, Role.AUDITOR)
    @blp.operation(
        "auditDraw",
        "对照名录核查一次抽取",
        "逐家重算单元、概率和排除原因，与当日名录对照，并核验存储的证书、清单、结果和抽取日志；"
        "全过程记录的各案卷另由 record verify 核验，列为未查。",
    )
    @blp.response(200, RegistryAuditOut)
    def get(self, draw_id: UUID) -> Audit:
        """Place every enterprise again and name the differences."""
        with reading() as session:
            return audit_draw(backend(), session, actor(), draw_id)


def _preview(found: BatchPreview) -> dict[str, Any]:
    plain = {name: getattr(found, name, None) for name in DisclosurePreviewOut().fields}
    return plain | {
        "due_on": found.due.last_day if found.due else None,
        "due_is_estimated": bool(found.due and found.due.is_estimated),
        "files": [{"name": name, "size": size} for name, size in found.files],
    }
