"""哈希链: which anchors are published, and publishing one."""

from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import Text, number
from inspect_server.domain.draw.ceremony.holders import LONGEST_HOLDER
from inspect_server.domain.draw.entropy import LONGEST_CHAIN
from inspect_server.domain.enums import Role
from inspect_server.gateways import chains
from inspect_server.reads import draws as reads
from inspect_server.usecases.drawing.chains import (
    AUTHORITY,
    WITNESS,
    PublishedChain,
    publish_anchor,
)
from inspect_server.usecases.drawing.papers import print_anchors
from inspect_server.web.begin import backend, begin, reading
from inspect_server.web.files import PDF, pdf
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU, PRINTS

blp = Resource("hash-chains", "/hash-chains", "哈希链锚值")

EXAMPLE = {
    "kind": "witness",
    "year": 2026,
    "holder": "区司法局",
    "anchor": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    "length": 60,
    "public_key": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
}


class AnchorIn(ma.Schema):
    """The anchor of one year's chain; the bureau's own comes from its file on the server."""

    kind = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([AUTHORITY, WITNESS], error="只能是：{choices}。"),
        metadata={"description": "authority 本机关，witness 见证方。"},
    )
    year = number(2000, 2200, required=True, strict=True)
    holder = Text(
        LONGEST_HOLDER,
        load_default="",
        shortest=0,
        metadata={"description": "持有单位的名称，随锚值对外公布；不含个人姓名、电话等。"},
    )
    anchor = Text(64, load_default="", shortest=0)
    public_key = Text(
        64,
        load_default="",
        shortest=0,
        metadata={"description": "见证方的公钥，用于核对其对作废的电子签名；事后不能补公布。"},
    )
    length = number(0, LONGEST_CHAIN, load_default=0, strict=True)
    suite = ma.fields.String(
        load_default=chains.SUITES[0],
        validate=ma.validate.OneOf(chains.SUITES, error="只能是：{choices}。"),
    )

    @ma.validates_schema
    def whole(self, given: dict[str, Any], **_: Any) -> None:
        """Refuse a witness's anchor without its holder, value and length."""
        names = ("holder", "anchor", "length")
        if given["kind"] == WITNESS and (missing := [n for n in names if not given[n]]):
            raise ma.ValidationError({name: ["见证方的锚值应写明此项。"] for name in missing})


class NoticeIn(ma.Schema):
    """Of which year."""

    year = number(2000, 2200, required=True, strict=True)


class PublishedOut(ma.Schema):
    """An anchor that stands in the record."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    anchor = ma.fields.String(required=True)
    length = ma.fields.Integer(required=True)


class ChainOut(PublishedOut):
    """One published chain."""

    holder = ma.fields.String(required=True)
    suite = ma.fields.String(required=True)


@blp.route("")
class HashChains(MethodView):
    """All published chains."""

    @allow(*BUREAU)
    @blp.operation("listHashChains", "列出已公布的哈希链锚值")
    @blp.response(200, ChainOut(many=True))
    def get(self) -> list[reads.ChainLine]:
        """List the published chains by year and kind."""
        with reading() as session:
            return list(reads.chains(session))

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "publishAnchor",
        "公布一年的哈希链锚值",
        "本机关的锚值取自服务器密钥目录中的秘密文件（由系统管理员用命令行生成）；"
        "见证方的锚值、链长和持有单位按其提供的填写。",
    )
    @blp.arguments(AnchorIn, example=EXAMPLE)
    @blp.response(201, PublishedOut)
    @blp.alt_response(404, description="本机关尚未生成该年度的哈希链。")
    def post(self, given: dict[str, Any]) -> PublishedChain:
        """Publish an anchor, before the first draw that uses its chain."""
        wanted = _own(given) if given["kind"] == AUTHORITY else given
        with begin() as work:
            return publish_anchor(
                work,
                kind=wanted["kind"],
                holder=wanted["holder"],
                year=wanted["year"],
                anchor_hex=wanted["anchor"].lower(),
                length=wanted["length"],
                suite_name=wanted["suite"],
                public_key_hex=wanted["public_key"].lower(),
            )


@blp.route("/notices")
class Notices(MethodView):
    """The notice of a year's anchors."""

    @allow(*PRINTS)
    @blp.operation("printAnchors", "印制哈希链锚值公告", "在抽取日志中记下文件的哈希。")
    @blp.arguments(NoticeIn, example={"year": 2026})
    @blp.response(
        201, {"type": "string", "format": "binary"}, content_type=PDF, description="公告。"
    )
    @blp.alt_response(404, description="该年度没有公布过锚值。")
    def post(self, given: dict[str, Any]) -> Response:
        """Print the notice; every printing stands in the draw log."""
        with begin() as work:
            made = print_anchors(work, given["year"])
        answer = pdf(made.pdf, made.file_name, inline=False)
        answer.status_code = 201
        return answer


def _own(given: dict[str, Any]) -> dict[str, Any]:
    own = chains.header(chains.authority_file(backend().settings.data_dir, given["year"]))
    return {
        **given,
        "holder": own.holder,
        "anchor": own.anchor_hex,
        "length": own.length,
        "suite": own.suite,
    }
