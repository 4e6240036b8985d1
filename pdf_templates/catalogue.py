"""All templates, and rendering one by kind."""

from collections.abc import Mapping
from typing import Any

from pdf_templates.check import inspection_record, rectification_order
from pdf_templates.draw import anchors, checklist, commitment, replacement_request, result
from pdf_templates.errors import UnknownKind
from pdf_templates.facts import canonical_json, from_json
from pdf_templates.file.document import Attachment, Meta
from pdf_templates.file.drawing import write
from pdf_templates.template import Pictures, Template, moment

TEMPLATES: Mapping[str, Template] = {
    template.kind: template
    for template in (
        inspection_record.TEMPLATE,
        rectification_order.TEMPLATE,
        commitment.TEMPLATE,
        result.TEMPLATE,
        anchors.TEMPLATE,
        checklist.TEMPLATE,
        replacement_request.TEMPLATE,
    )
}


def template(kind: str, version: str | None = None) -> Template:
    """
    Return the template of a kind.

    Raises:
        UnknownKind: No such kind, or this program no longer has that version.
    """
    found = TEMPLATES.get(kind)
    if found is None or version not in (None, found.version):
        raise UnknownKind(kind=kind, version=version or "（最新）")
    return found


def render(
    kind: str,
    facts: Mapping[str, Any],
    pictures: Pictures | None = None,
    *,
    version: str | None = None,
    watermark: str = "",
) -> bytes:
    """
    Return the PDF of one document; the same facts and pictures give the same bytes.

    Args:
        kind: Such as inspection_record.
        facts: Plain JSON of the kind's facts.
        pictures: JPEG files from `photos.prepare` by the hash of the original photo. A photo that
            is not among them is listed with its data and a note in place of the picture.
        version: The template version that the case began with; the newest where None.
        watermark: 草稿 or 样张 behind every page.

    Raises:
        UnknownKind, BadFacts, MissingGlyph, FieldTooNarrow, BlockTooTall: see errors.py.
    """
    form = template(kind, version)
    known: Any = from_json(form.facts, facts)
    shown = pictures or {}
    meta = Meta(f"{form.title} {known.doc_no}", known.authority, form.title, moment(known))
    return write(form.layout(known, shown.keys()), meta, shown, watermark, [_embedded(facts)])


def _embedded(facts: Mapping[str, Any]) -> Attachment:
    """Return the facts as they stand inside the file: what its content hash is the hash of."""
    return Attachment("facts.json", "application/json", "文书内容数据", canonical_json(facts))
