"""What proves a draw: the certificate, the published lines, and the check of all that is stored."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from inspect_server.api import downloads
from inspect_server.api.resources.draws import blp
from inspect_server.domain.draw.verify import Report, Verdict
from inspect_server.gateways.keys import LocalKeys, ReceiptKey
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.drawing.verify_draw import verify_draw
from inspect_server.web.begin import backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

OPENINGS, KEYS = "openings.json", "keys.json"
NAMES = ("pool.txt", "excluded.txt", "eligibility.txt", OPENINGS, KEYS)
NAME = f"<any({', '.join(map(repr, NAMES))}):name>"
NAMED = [{"name": "name", "in": "path", "schema": {"type": "string", "enum": list(NAMES)}}]


class CheckOut(ma.Schema):
    """One statement about the draw, and whether it holds."""

    what = ma.fields.String(required=True)
    verdict = ma.fields.Enum(Verdict, by_value=True, required=True)
    detail = ma.fields.String(required=True)


class ReportOut(ma.Schema):
    """All checks; `level` is null when anything is wrong or there was no ceremony."""

    ok = ma.fields.Boolean(required=True)
    level = ma.fields.Integer(required=True, allow_none=True)
    checks = ma.fields.List(ma.fields.Nested(CheckOut), required=True)


@blp.route("/<uuid:draw_id>/certificate")
class Certificate(MethodView):
    """The certificate of one draw."""

    @allow(*BUREAU)
    @blp.operation(
        "downloadCertificate",
        "下载抽取证书",
        "按签名时的字节原样给出（SJC-DRAW/1）。单元家数少的，证书可以看出抽中了谁，"
        "所以公示之前与 openings.json 一样只给知情人员，每次下载记入审计日志。",
    )
    @blp.response(200, {"type": "object"}, description="抽取证书。")
    @blp.alt_response(403, description="批次尚未公示，本账号不能查看。")
    @blp.alt_response(304, description="与 If-None-Match 所列一致，不再发送。")
    def get(self, draw_id: UUID) -> Response:
        """Download the certificate as it was hashed and signed."""
        with begin() as work:
            open_drawn(work, draw_id, "certificate.json")
            found = reads.bundle(work.session, draw_id)
        content = found.certificate.encode("utf-8")
        return downloads.attachment(content, downloads.JSON, f"draw-{draw_id}.json")


@blp.route(f"/<uuid:draw_id>/files/{NAME}", parameters=NAMED)
class EvidenceFile(MethodView):
    """One of the files from which anybody can check a draw."""

    @allow(*BUREAU)
    @blp.operation(
        "downloadDrawFile",
        "下载抽取的清单",
        "抽取池、排除清单、资格清单只含承诺值，但与名录对照可以看出家数少的单元抽中了谁；"
        "openings.json 含抽中企业的身份和盐值。公示之前都只给组织抽取的机构负责人、"
        "审批人（编制方案后）和审计人员，每次下载记入审计日志；keys.json 为本机关公钥。",
    )
    @blp.response(
        200,
        {"type": "string"},
        content_type=downloads.TEXT.partition(";")[0],
        description="清单，一行一条；.json 为 JSON。",
    )
    @blp.alt_response(304, description="与 If-None-Match 所列一致，不再发送。")
    @blp.alt_response(403, description="批次尚未公示，本账号不能查看；keys.json 除外。")
    def get(self, draw_id: UUID, name: str) -> Response:
        """Download one file of a revealed draw."""
        with begin() as work:
            if name != KEYS:
                open_drawn(work, draw_id, name)
            found = reads.bundle(work.session, draw_id)
        return downloads.attachment(FILES[name](found).encode("utf-8"), downloads.TEXT, name)


@blp.route("/<uuid:draw_id>/verification")
class Verification(MethodView):
    """The check of one stored draw."""

    @allow(*BUREAU)
    @blp.operation("verifyDraw", "核验一次抽取", "由存储的数据重新计算并逐项比对。")
    @blp.response(200, ReportOut)
    @blp.alt_response(409, description="该次抽取尚未揭示。")
    def get(self, draw_id: UUID) -> Report:
        """Recompute a draw and compare everything that database and record say of it."""
        key = _key()
        with reading() as session:
            published = {key.kid: key.public_bytes}
            return verify_draw(session, backend().blobs, draw_id, published, ed25519_holds)


def _lines(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _key() -> ReceiptKey:
    return LocalKeys(backend().settings.data_dir / "keys").receipts()


def _keys(_: Any) -> str:
    return json.dumps({_key().kid: _key().public_bytes.hex()})


FILES: dict[str, Callable[[reads.Bundle], str]] = {
    "pool.txt": lambda found: _lines(found.pool),
    "excluded.txt": lambda found: _lines(found.excluded),
    "eligibility.txt": lambda found: _lines(found.eligibility),
    OPENINGS: lambda found: json.dumps(found.openings, ensure_ascii=False),
    KEYS: _keys,
}
