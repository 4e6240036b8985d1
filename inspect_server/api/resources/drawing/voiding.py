"""作废: giving a draw up with the witness's consent; and the files that proved what came after."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView
from flask_smorest.fields import Upload

from inspect_server.api.resources.drawing.replacing import ApprovalIn, approving
from inspect_server.api.resources.draws import blp
from inspect_server.api.schemas import Text, code
from inspect_server.domain.draw.replacement.void import (
    PAPER_NAMES,
    VOID_NAMES,
    PaperReason,
    VoidReason,
)
from inspect_server.domain.enums import Role
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.reads import replacements as reads
from inspect_server.usecases.drawing.afterwards.open_evidence import OPENS, open_evidence
from inspect_server.usecases.drawing.afterwards.void_draw import (
    VoidedDraw,
    request_void,
    void_draw,
)
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.files import original
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

PAPER_MEANING = "，".join(f"{one.value} {name}" for one, name in PAPER_NAMES.items())
MEANING = "，".join(f"{one.value} {name}" for one, name in VOID_NAMES.items())
ENDS_CHAIN = (
    "见证方的哈希链随作废停用，须由见证方公布新链的锚值：书面签署的，或者理由为 witness.lost。"
)


class VoidRequestIn(ApprovalIn):
    """Why, the file that proves it, and who approves."""

    reason = code(VoidReason, required=True, metadata={"description": MEANING})
    evidence = Upload(required=True, metadata={"description": "证明材料文件。"})
    paper_because = code(
        PaperReason,
        load_default=None,
        metadata={"description": f"见证方已公布公钥、却只能书面签署的，填写原因：{PAPER_MEANING}"},
    )


class ConsentIn(ma.Schema):
    """How the witness agreed: one of the two, as the request says."""

    signature = Text(
        128,
        load_default="",
        shortest=0,
        metadata={"description": "见证方的电子签名（draw chain cosign 的输出）。"},
    )
    paper = Upload(load_default=None, metadata={"description": "或者：见证方书面签署的扫描件。"})


class VoidRequestedOut(ma.Schema):
    """What the witness signs on their own machine: `draw chain cosign` asks for these."""

    draw_no = ma.fields.String(required=True)
    commit = ma.fields.String(required=True)
    reason = code(VoidReason, required=True)
    request_leaf = ma.fields.String(required=True)
    has_key = ma.fields.Boolean(
        required=True, metadata={"description": "见证方的公钥已随锚值公布。"}
    )
    on_paper = ma.fields.Boolean(
        required=True,
        metadata={"description": "见证方书面签署：没有公布公钥，或者申请写明了不能使用的原因。"},
    )
    ends_chain = ma.fields.Boolean(required=True, metadata={"description": ENDS_CHAIN})


class DrawVoidOut(ma.Schema):
    """One request; `voided_at` is null while the witness has not agreed."""

    reason = ma.fields.String(required=True)
    request_leaf = ma.fields.String(required=True)
    evidence_sha256 = ma.fields.String(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    requested_by = ma.fields.String(required=True)
    approved_by = ma.fields.String(required=True)
    on_paper_because = ma.fields.String(required=True)
    voided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    witness_key = ma.fields.String(required=True)
    paper_sha256 = ma.fields.String(required=True)
    ends_chain = ma.fields.Boolean(required=True, metadata={"description": ENDS_CHAIN})


class DrawVoidedOut(ma.Schema):
    """The void draw: inspections that ended with it, and those that had begun and go on."""

    draw_no = ma.fields.String(required=True)
    reason = code(VoidReason, required=True)
    ended = ma.fields.Integer(required=True)
    kept = ma.fields.Integer(required=True)
    ends_chain = ma.fields.Boolean(required=True, metadata={"description": ENDS_CHAIN})


@blp.route("/<uuid:draw_id>/voids")
class Voids(MethodView):
    """The requests to void one draw."""

    @allow(*BUREAU)
    @blp.operation("listVoids", "列出一次抽取的作废申请")
    @blp.response(200, DrawVoidOut(many=True))
    def get(self, draw_id: UUID) -> list[reads.VoidLine]:
        """List the requests, the newest last."""
        with reading() as session:
            return list(reads.voids(session, draw_id))

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "requestVoid",
        "登记作废申请",
        "写明理由并附证明材料，由申请人以外的批准人凭本人密码批准；"
        "在见证方签署之前，抽取照常进行。返回见证方要签署的内容。"
        "理由为 witness.lost 的，或者见证方书面签署的，见证方的哈希链随作废停用（ends_chain）。",
    )
    @blp.arguments(VoidRequestIn, location="files")
    @blp.response(201, VoidRequestedOut)
    @blp.alt_response(403, description="无权申请，或批准人的密码不正确、不得批准本次申请。")
    @blp.alt_response(409, description="已经作废，或不能以此理由作废。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> dict[str, Any]:
        """Log why a draw should become void."""
        content, approver = given["evidence"].read(), approving(given)
        return asdict(
            noting_refusals(
                backend(),
                actor(),
                draw_id,
                lambda work: request_void(
                    work,
                    draw_id,
                    given["reason"],
                    content,
                    approver,
                    paper_because=given["paper_because"],
                ),
            )
        )


@blp.route("/<uuid:draw_id>/voids/complete")
class Consent(MethodView):
    """The witness's consent."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "completeVoid",
        "以见证方的签署完成作废",
        "电子签名；没有公布公钥的，或者申请写明不能使用密钥的，为书面签署的扫描件；证书重新签发，作废的抽取照样公示。"
        "尚未开始的检查任务随之终止，已开始的照常办结。",
    )
    @blp.arguments(ConsentIn, location="files")
    @blp.response(200, DrawVoidedOut)
    @blp.alt_response(409, description="尚未登记申请，已经作废，签名不符，或本应电子签名。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> VoidedDraw:
        """Make a draw void with the witness's consent to its newest request."""
        held = backend()
        signer = LocalKeys(held.settings.data_dir / "keys").receipts()
        paper = given["paper"].read() if given["paper"] else b""
        return noting_refusals(
            held,
            actor(),
            draw_id,
            lambda work: void_draw(
                work, draw_id, signer, ed25519_holds, signature_hex=given["signature"], paper=paper
            ),
        )


@blp.route("/<uuid:draw_id>/evidence/<string(length=64):sha256>")
class Proof(MethodView):
    """A file that proved a replacement or a void of one draw."""

    @allow(*OPENS)
    @blp.operation(
        "downloadProof",
        "下载替补、作废的证明材料",
        "替补、作废申请的证明材料，或者见证方书面签署的扫描件，按列表所示的 SHA-256 取；"
        "每次打开记入审计日志。",
    )
    @blp.response(
        200,
        {"type": "string", "format": "binary"},
        content_type="application/octet-stream",
        description="文件原样。",
    )
    def get(self, draw_id: UUID, sha256: str) -> Response:
        """Save a file as it was handed in; the audit notes who opened it."""
        with begin() as work:
            content = open_evidence(work, draw_id, sha256)
        return original(content, f"evidence-{sha256[:16]}")
