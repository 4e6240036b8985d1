"""哈希链锚值公告: the anchors of a year, published before the first draw that uses them."""

from collections.abc import Collection
from dataclasses import dataclass

from pdf_templates.draw.parts import (
    SUITE_NAMES,
    Signer,
    dense,
    digest,
    heading,
    paper,
    signing_lines,
)
from pdf_templates.fields import choice, count, hex64, moment, several, sha256, text
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Cell
from pdf_templates.template import Template
from pdf_templates.wording import long_date, long_time

NOTE = "锚值公布之后不再更换；链用完后另行生成的，重新公告。"
MEANING = (
    "每条哈希链由持有单位各自随机生成并保密，锚值是链的起点。每次抽取按次序各取出下一个值，"
    "对该值作一次哈希运算即得上一个值，最终归于本公告的锚值；因此各值在年初即已固定，"
    "持有单位不能更换，扣留的值在下一次取值时显现。"
    "见证方只凭承诺书或者替补申请单取值，一个值只为一份取出。请各监督单位留存本公告，抽取时核对。"
)


@dataclass(frozen=True)
class Anchor:
    """One published chain."""

    title: str = text("链的名称，如 本机关哈希链")
    holder: str = text("持有单位")
    suite: str = choice("哈希套件", SUITE_NAMES)
    length: int = count("值的个数", least=1)
    anchor: str = hex64("锚值")
    published_at: str = moment("公布时间")
    public_key: str = hex64("见证方签署公钥，无则为空", optional=True)


@dataclass(frozen=True)
class AnchorNotice:
    """The facts of a 哈希链锚值公告."""

    doc_no: str = text("公告编号：年度")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    anchors: tuple[Anchor, ...] = several("锚值")
    verifier: str = text("独立核验程序名称")
    verifier_sha256: str = sha256("独立核验程序的")
    witness_tool: str = text("见证方工具名称")
    witness_tool_sha256: str = sha256("见证方工具的")
    signers: tuple[Signer, ...] = several("签名人")


def layout(facts: AnchorNotice, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages."""
    closing = [
        *signing_lines(facts.signers),
        *RECORDS.seal(facts.authority, long_date(facts.made_at[:10])),
    ]
    return paper(TEMPLATE.title, facts.doc_no, "", NOTE, _body(facts), closing)


def _body(facts: AnchorNotice) -> list[Strip]:
    rows = dense([Span(MEANING)])
    for one in facts.anchors:
        rows += heading(one.title)
        rows += RECORDS.fields(Cell("持有单位", one.holder, 100))
        rows += RECORDS.fields(
            Cell("公布时间", long_time(one.published_at), 60), Cell("值的个数", f"{one.length}", 40)
        )
        rows += digest(f"锚值（{SUITE_NAMES[one.suite]}）：", one.anchor)
        if one.public_key:
            rows += digest("签署公钥（Ed25519）：", one.public_key)
    rows += heading("程序")
    for name, tool, hashed in (
        ("独立核验程序", facts.verifier, facts.verifier_sha256),
        ("见证方工具", facts.witness_tool, facts.witness_tool_sha256),
    ):
        rows += dense([Span(f"{name}{tool}的 SHA-256：{hashed}。", field=name)])
    return rows


TEMPLATE = Template(
    kind="draw_anchors",
    title="哈希链锚值公告",
    mark="链锚",
    version="2026.2",
    effective_from="2026-01-01",
    facts=AnchorNotice,
    layout=layout,
    source="自拟式样；内容依 SJC-DRAW/1 年初公布的范围（锚值、规则、核验程序哈希）",
)
