"""
Documents that were set by `documents render`, read back from their files to be bound.

What a file shows is taken for proven where setting the facts inside again gives its very bytes:
then nothing on a page is other than its facts say, and no reader of PDF has to be trusted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from inspect_server.domain.errors import InspectError
from inspect_server.reads.case_files.paper import json_inside
from pdf_templates import catalogue
from pdf_templates.case_file.binding import CaseFile, Filed
from pdf_templates.errors import DocumentError
from pdf_templates.facts import content_sha256
from pdf_templates.setting.faces import Fonts, using
from pdf_templates.template import Pictures, Template

COVERS = ("case_cover", "inspection_cover")
PHOTO = re.compile(
    rb"stream\r?\n(\xff\xd8.{0,64}?photo/\d+ sha256:([0-9a-f]{64}).*?)\r?\nendstream", re.DOTALL
)
"""A print copy of a photo (pdf_templates/photos.py), which names its original in its head."""
OTHER_PRINTS = {"样张": "是样张", "草稿": "是草稿"}


class NotBound(InspectError):
    """A file cannot be bound into a case file."""

    code, kind = "case_file.not_bound", "invalid"
    message = "{name} 不能编入案卷：{reason}。"


@dataclass(frozen=True)
class Rendered:
    """One document and the file that it was read from."""

    path: Path
    content: bytes
    title: str
    filed: Filed
    pictures: Pictures
    is_signed: bool

    @property
    def doc_no(self) -> str:
        """文号, "" for none."""
        return str(self.filed.facts["doc_no"])

    @property
    def name(self) -> str:
        """Title and 文号."""
        return f"{self.title} {self.doc_no}".rstrip()


def recognised(path: Path, content: bytes, inside: str, fonts: Fonts) -> Rendered:
    """
    Return the document that a file holds.

    Args:
        path: What the file is called.
        content: Its bytes.
        inside: The text of facts.json inside.
        fonts: What it is set in again.

    Raises:
        NotBound: It is no document of this program, or its pages do not say what its facts do.
    """
    facts = json_inside(inside)
    forms = list(_forms(facts))
    if not forms:
        raise NotBound(name=path.name, reason="不是本系统排印的文书，或者其模板版本本程序没有")
    shown = {found[2].decode(): found[1] for found in PHOTO.finditer(content)}
    for form in forms:
        for watermark in ("", "作废"):
            again = _again(fonts, form, facts, shown, watermark)
            if again and content.startswith(again):
                filed = Filed(
                    form.kind, form.version, facts, str(facts["made_at"])[:10], bool(watermark)
                )
                is_signed = len(content) > len(again)
                return Rendered(path, content, form.title, filed, shown, is_signed)
    reason = _otherwise(fonts, content, forms, facts, shown)
    raise NotBound(name=path.name, reason=reason)


def _forms(facts: Mapping[str, Any]) -> Iterator[Template]:
    """Yield every version of every kind whose facts have these fields, the newest first."""
    for kind in catalogue.MODULES:
        for form in catalogue.versions(kind):
            if facts.keys() == {one.name for one in fields(form.facts)}:
                yield form


def _again(
    fonts: Fonts, form: Template, facts: Mapping[str, Any], shown: Pictures, watermark: str
) -> bytes:
    """Return the document as it is set from its facts; nothing where it cannot be."""
    try:
        with using(fonts):
            return catalogue.render(
                form.kind, facts, shown, version=form.version, watermark=watermark
            )
    except DocumentError:
        return b""


def _otherwise(
    fonts: Fonts,
    content: bytes,
    forms: list[Template],
    facts: Mapping[str, Any],
    shown: Pictures,
) -> str:
    """Return why the pages are not those of a document that could be bound."""
    for form in forms:
        for watermark, said in OTHER_PRINTS.items():
            if content == _again(fonts, form, facts, shown, watermark):
                return f"{said}，请不加水印重新排印"
        if form.receipt is not None and content == _receipt(fonts, form, facts):
            return "是热敏纸版，请用 A4 纸重新排印"
    return (
        "页面与所附内容数据不符，可能已被改动，也可能是以其他字体或其他版本的程序排印的，"
        "请用 documents render 重新排印"
    )


def _receipt(fonts: Fonts, form: Template, facts: Mapping[str, Any]) -> bytes:
    try:
        with using(fonts):
            return catalogue.render_receipt(form.kind, facts, version=form.version)
    except DocumentError:
        return b""


def to_bind(cover: Rendered, documents: list[Rendered]) -> CaseFile:
    """
    Return the case file of a cover and documents in their order.

    Raises:
        NotBound: The first is no cover, one of the others is one or a list of contents, or two
            are the same document.
    """
    if cover.filed.kind not in COVERS:
        titles = "或".join(f"《{catalogue.label(kind)}》" for kind in COVERS)
        raise NotBound(name=cover.path.name, reason=f"第一个文件应是{titles}，它是{cover.title}")
    seen: dict[tuple[str, str], Rendered] = {}
    for one in documents:
        if one.filed.kind in COVERS:
            raise NotBound(name=one.path.name, reason="封面只能有一份，应写在最前")
        if one.filed.kind == "case_contents":
            raise NotBound(name=one.path.name, reason="卷内目录由本命令编制，不必另给")
        digest = content_sha256(one.filed.facts)
        other = seen.setdefault((one.filed.kind, one.doc_no or digest), one)
        if other is not one:
            same = content_sha256(other.filed.facts) == digest
            said = "是同一份文书" if same else f"同为 {one.name}，内容却不同"
            raise NotBound(name=one.path.name, reason=f"与 {other.path.name} {said}")
    facts = cover.filed.facts
    is_check = cover.filed.kind == "inspection_cover"
    return CaseFile(
        case_no=facts["doc_no"],
        title=f"{facts['unit']}行政检查案卷" if is_check else facts["case_name"],
        authority=facts["authority"],
        cover=cover.filed,
        filed=[one.filed for one in documents],
    )


def pictures_of(documents: list[Rendered]) -> dict[str, bytes]:
    """Return the photos of all documents, each once."""
    return {sha256: copy for one in documents for sha256, copy in one.pictures.items()}
