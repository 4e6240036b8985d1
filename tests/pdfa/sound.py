"""Sound files: a small one with all that documents have, and the documents themselves."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from PIL import Image

from pdf_templates.catalogue import TEMPLATES, render
from pdf_templates.examples import draw as example_draw
from pdf_templates.examples import example
from pdf_templates.facts import to_json
from pdf_templates.file.conformance import PDFA_3U, Conformance
from pdf_templates.file.document import Attachment, Meta
from pdf_templates.file.drawing import write
from pdf_templates.file.outline import Bookmark, Label
from pdf_templates.photos import prepare
from pdf_templates.setting.page import FORM, Box, Link, Page, Picture, Strokes
from pdf_templates.setting.records import left_aligned
from pdf_templates.template import moment
from tests.golden import example_documents
from tests.golden.unusual import UNUSUAL

META = Meta(
    "责令限期整改指令书（样张）",
    "云湾区应急管理局",
    "责令限期整改指令书",
    datetime.fromisoformat("2026-03-02T14:20:00+08:00"),
)
FACTS = Attachment("facts.json", "application/json", "文书内容数据", b'{"kind":"sample"}')
SIGNED = Strokes(90, 300, 90, (((0, 0), (500, 900), (1000, 100)),))


def small(conformance: Conformance = PDFA_3U) -> bytes:
    """Return a file of two pages with a bit of everything that the engine writes."""
    first = Page.of(
        (
            left_aligned(
                "云湾区恒茂木业制品有限公司，统一社会信用代码91320799MA1WXYZ123", 10.5, 100, "body"
            ),
            left_aligned("法定代表人：赵𫖯䶮  电话 0518-8000 0000", 10.5, 130, "song"),
            Picture(90, 150, 120, 90, "photo"),
            Picture(230, 150, 120, 90, "grey"),
            SIGNED,
            Box(84, 80, 400, 300),
            Link(84, 90, 400, 20, 2),
        ),
        FORM,
    )
    second = Page.of((left_aligned("（以下空白）", 10.5, 100, "title"),), FORM)
    return write(
        [first, second],
        META,
        {"photo": jpeg("RGB"), "grey": jpeg("L")},
        "样张",
        [FACTS] if conformance.attachments else [],
        [Bookmark("第一页", 1, (Bookmark("第二页", 2),)), Bookmark("末页", 2)],
        [Label(1, "第", 1)],
        conformance,
    )


def jpeg(mode: str) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.linear_gradient("L").convert(mode).resize((48, 36)).save(out, "JPEG", quality=80)
    return out.getvalue()


@dataclass(frozen=True)
class Example:
    """A document: what to call it, its kind, its facts."""

    name: str
    kind: str
    facts: Any

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """Its photos by the hash of the original."""
        return _pictures(self.kind, self.facts)

    def document(self, watermark: str = "") -> bytes:
        """Return its file, as people get it."""
        return render(self.kind, to_json(self.facts), self.pictures, watermark=watermark)

    def twin(self, conformance: Conformance, *, receipt: bool = False) -> bytes:
        """Return its pages as another file, without the facts."""
        form = TEMPLATES[self.kind]
        layout = form.receipt if receipt and form.receipt else form.layout
        meta = Meta(form.title, self.facts.authority, form.title, moment(self.facts))
        pages = layout(self.facts, self.pictures.keys())
        return write(pages, meta, self.pictures, "作废", conformance=conformance)


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples that there are: of the package, and unusual ones of the golden texts."""
    return tuple(_examples())


def _examples() -> Iterator[Example]:
    told = {kind: example(kind) for kind in TEMPLATES}
    named = {**told, **_golden(), **example_draw.EXAMPLES}
    for kind, unusual in UNUSUAL.items():
        named |= {f"{kind}_{number}": facts for number, facts in enumerate(unusual, start=1)}
    kinds = {TEMPLATES[kind].facts: kind for kind in TEMPLATES}
    for name, facts in named.items():
        kind = kinds[type(facts)]
        if name == kind or facts != told[kind]:
            yield Example(name, kind, facts)


def _golden() -> dict[str, Any]:
    return {
        "inspection_record": example_documents.RECORD,
        "inspection_record_unusual": example_documents.unusual(),
        "inspection_record_clean": example_documents.clean(),
        "inspection_record_crowded": example_documents.crowded(),
        "rectification_order": example_documents.ORDER,
        "rectification_order_signed": example_documents.SIGNED_ORDER,
        "rectification_order_unusual": example_documents.unusual_order(),
    }


def _pictures(kind: str, facts: Any) -> dict[str, bytes]:
    """Return a picture for every photo that the facts name but the one that is lost."""
    named = [one for one in TEMPLATES[kind].photos(facts) if one]
    lost = example_documents.LOST_PHOTO.sha256
    made = {one: prepare(example_documents.jpeg(n)) or b"" for n, one in enumerate(named, start=1)}
    return {one: made[one] for one in named if one != lost}
