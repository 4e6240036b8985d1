"""替补: who went out after the draw, and who comes in by the witness's value."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView
from flask_smorest.fields import Upload

from inspect_server.api.resources.draws import blp
from inspect_server.api.schemas import Text, code
from inspect_server.domain.draw.replacement.requests import GIVEN, Reason
from inspect_server.domain.enums import Role
from inspect_server.domain.identity import CODE_MAX
from inspect_server.gateways.keys import LocalKeys
from inspect_server.reads import replacements as reads
from inspect_server.usecases.accounts import authenticate
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.drawing.afterwards.follow_cases import Followed, follow
from inspect_server.usecases.drawing.afterwards.replace_drawn import (
    RequestedReplacement,
    Wanted,
    complete_replacement,
    request_replacement,
)
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.work import Actor
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

MEANING = "，".join(f"{one.value} {name}" for one, name in GIVEN.items())
VALUE_EXAMPLE = {"witness": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}


class ApprovalIn(ma.Schema):
    """Who approves; shown to be there by their own password."""

    approver = Text(60, required=True, metadata={"description": "批准人的账号。"})
    password = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, 128, error="长度应为 {min} 到 {max} 个字符。"),
        metadata={"description": "批准人本人的密码。"},
    )
    code = Text(
        CODE_MAX,
        load_default="",
        shortest=0,
        metadata={"description": "批准人的账号启用了动态口令时必填。"},
    )


def approving(given: dict[str, Any]) -> Actor:
    """
    Return whoever approves.

    Raises:
        LoginRefused: The password is wrong; the attempt counts towards the account's lock.
    """
    return authenticate(backend(), given["approver"], given["password"], given["code"]).actor


class ReplacementIn(ApprovalIn):
    """Who should go out and why, and who approves."""

    reason = code(Reason, required=True, metadata={"description": MEANING, "enum": [*GIVEN]})
    uscc = Text(18, required=True, metadata={"description": "抽中企业的统一社会信用代码。"})
    officer_id = ma.fields.UUID(
        load_default=None, metadata={"description": "退出的人员；替补企业时不填。"}
    )
    evidence = Upload(required=True, metadata={"description": "证明材料文件。"})


class ValueIn(ma.Schema):
    """The value that a request waits for; without it only the cases go on."""

    witness = Text(
        64,
        load_default="",
        shortest=0,
        metadata={"description": "见证方取出的值；不填则只继续落实已完成的替补。"},
    )


class RequestedOut(ma.Schema):
    """A logged request, and the value of the witness's chain that will decide it."""

    draw_no = ma.fields.String(required=True)
    k = ma.fields.Integer(required=True)
    reason = code(Reason, required=True)
    anchor = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    holder = ma.fields.String(required=True)
    request_leaf = ma.fields.String(required=True)


class ReplacementOut(ma.Schema):
    """One replacement; `came_in` is empty while the witness's value is awaited."""

    k = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    enterprise = ma.fields.String(required=True)
    went_out = ma.fields.String(required=True)
    came_in = ma.fields.String(required=True)
    anchor = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    holder = ma.fields.String(required=True)
    request_leaf = ma.fields.String(required=True)
    evidence_sha256 = ma.fields.String(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    requested_by = ma.fields.String(required=True)
    approved_by = ma.fields.String(required=True)
    completed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class CaseStepOut(ma.Schema):
    """What a case did after a replacement, or why it could not yet."""

    k = ma.fields.Integer(required=True)
    what = ma.fields.String(required=True, metadata={"description": "draft, end or reassign."})
    number = ma.fields.String(required=True)
    refused = ma.fields.String(required=True)


class FollowedOut(ma.Schema):
    """All replacements as they stand now, and what the cases did just now."""

    replacements = ma.fields.List(ma.fields.Nested(ReplacementOut), required=True)
    cases = ma.fields.List(ma.fields.Nested(CaseStepOut), required=True)


@blp.route("/<uuid:draw_id>/replacements")
class Replacements(MethodView):
    """The replacements of one draw."""

    @allow(*BUREAU)
    @blp.operation("listReplacements", "列出一次抽取的替补", "待完成的也列出，在最后。")
    @blp.response(200, ReplacementOut(many=True))
    @blp.alt_response(403, description="批次尚未公示，本账号不能查看。")
    def get(self, draw_id: UUID) -> list[reads.ReplacementLine]:
        """List the replacements in their order."""
        with begin() as work:
            open_drawn(work, draw_id, "replacements")
            return list(reads.replacements(work.session, draw_id))

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "requestReplacement",
        "登记替补申请",
        "谁退出、原因和证明材料，由批准人凭本人密码批准；登记之后才取见证方的值，不能修改或撤回。",
    )
    @blp.arguments(ReplacementIn, location="files")
    @blp.response(201, RequestedOut)
    @blp.alt_response(403, description="无权申请，或批准人的密码不正确、不得批准本次申请。")
    @blp.alt_response(409, description="现在不能这样替补，或另有一次替补待完成。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> RequestedReplacement:
        """Log a request that somebody else approves."""
        wanted = Wanted(given["reason"], given["uscc"], given["officer_id"])
        content, approver = given["evidence"].read(), approving(given)
        return noting_refusals(
            backend(),
            actor(),
            draw_id,
            lambda work: request_replacement(work, draw_id, wanted, content, approver),
        )


@blp.route("/<uuid:draw_id>/replacements/complete")
class Completion(MethodView):
    """The witness's value."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "completeReplacement",
        "录入见证方的值，完成替补",
        "算出唯一的替补结果，重新签发证书，并落实到检查任务（终止、编制、改派）；中断后可重新请求。",
    )
    @blp.arguments(ValueIn, example=VALUE_EXAMPLE)
    @blp.response(200, FollowedOut)
    @blp.alt_response(403, description="不是组织抽取的机构，不能办理。")
    @blp.alt_response(409, description="没有待完成的替补，或不是申请所列序号的值。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> dict[str, Any]:
        """Let the value decide the open request, and bring the cases in line."""
        held = backend()
        if given["witness"]:
            signer = LocalKeys(held.settings.data_dir / "keys").receipts()
            noting_refusals(
                held,
                actor(),
                draw_id,
                lambda work: complete_replacement(work, draw_id, given["witness"], signer),
            )
        followed = follow(held, actor(), draw_id)
        with reading() as session:
            return {"replacements": reads.replacements(session, draw_id), "cases": _cases(followed)}


def _cases(followed: Followed) -> list[dict[str, Any]]:
    taken = [(step, "") for step in followed.done] + list(followed.refused)
    return [
        {"k": step.k, "what": step.what, "number": step.number, "refused": why}
        for step, why in taken
    ]
