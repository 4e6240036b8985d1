"""
Documents before they are issued: in the layout in which they would be, and marked as previews.

No database is asked: the server and a phone with the print pack set the same of the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.usecases.documents.facts import Numbering, plain, record_facts, said_sha256
from inspect_server.usecases.documents.order import order_facts, to_rectify
from inspect_server.usecases.documents.people import Issuer, first_day
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.setting.faces import Fonts, using
from pdf_templates.template import PREVIEW, Template

Wanted = Literal["record", "order"]
Paper = Literal["a4", "80mm"]
RECEIPT: Paper = "80mm"
KINDS: Mapping[Wanted, str] = {"record": "inspection_record", "order": "rectification_order"}
MAKERS: Mapping[Wanted, Callable[[Issuer, ClosedRecord, Numbering], Any]] = {
    "record": record_facts,
    "order": order_facts,
}
OPEN, CLOSED = f"{PREVIEW}·尚未办结", f"{PREVIEW}·已办结，文号待编"
"""What stands before the provisional number."""
PROVISIONAL = "临时编号 {number}"
TO_BE_SAID = "（办结时写明）"
"""In the place of a reason that whoever closes the record will give."""


class NothingOrdered(InspectError):
    """No finding is left to be rectified, so there will be no order."""

    code, kind = "preview.nothing_ordered", "conflict"
    message = "没有须责令限期整改的问题，不制作责令限期整改指令书。"


class NotPreviewable(InspectError):
    """The document cannot be set from what there is."""

    code, kind = "preview.not_possible", "conflict"
    message = "暂不能预览{title}：{reason}"


@dataclass(frozen=True)
class Preview:
    """A document that has no 文号 yet."""

    title: str
    said_sha256: str  # of the document issued later the same, if it says the same
    pdf: bytes


@dataclass(frozen=True)
class Draft:
    """A preview that is not set yet: its template and its facts."""

    form: Template
    facts: Any

    @property
    def photos(self) -> tuple[str, ...]:
        """The hashes of the photos that it shows, in order."""
        return tuple(self.form.photos(self.facts))


def drafted(issuer: Issuer, closed: ClosedRecord, wanted: Wanted, mark: str = OPEN) -> Draft:
    """
    Return what a document says before it is issued, in the version with which it will be.

    Args:
        closed: The record as it would be sealed now.
        mark: OPEN or CLOSED.

    Raises:
        NothingOrdered: An order is wanted and nothing is left to be rectified.
        NotPreviewable: A text that nothing can be set of.
    """
    if wanted == "order" and not to_rectify(closed):
        raise NothingOrdered
    marked = f"{mark}　{PROVISIONAL.format(number=closed.number)}"
    if closed.failures_unasked and not closed.unasked_reason:
        closed = replace(closed, unasked_reason=TO_BE_SAID)
    began = first_day(issuer, closed).isoformat()
    record_no = marked if wanted == "record" else _blank_number(issuer, began)
    numbers = Numbering(record_no, marked, record_replaces="", order_replaces="")
    form = catalogue.in_force(KINDS[wanted], began)
    return Draft(form, MAKERS[wanted](issuer, closed, numbers))


def _blank_number(issuer: Issuer, began: str) -> str:
    """Return the record's 文号 without its serial: about as long, so that lines stay the same."""
    record = catalogue.in_force(KINDS["record"], began)
    year = issuer.now.astimezone(issuer.settings.zone).year
    whole = record.doc_no(issuer.settings.authority_short, year, serial=0)
    return whole.replace("〕0号", "〕×号")


def previewed(draft: Draft, paper: Paper, pictures: Mapping[str, bytes], fonts: Fonts) -> Preview:
    """
    Return a draft set as the document will be, with 预览 behind it and no code.

    Args:
        pictures: JPEG files by the hash of the original; photos that are not among them are listed
            without.

    Raises:
        NotPreviewable: A character without a glyph, or facts that contradict each other.
    """
    form, content = draft.form, plain(draft.facts)
    how: dict[str, Any] = {"version": form.version, "watermark": PREVIEW}
    try:
        with using(fonts):
            pdf = (
                catalogue.render_receipt(form.kind, content, **how)
                if paper == RECEIPT
                else catalogue.render(form.kind, content, pictures, **how)
            )
    except DocumentError as error:
        raise NotPreviewable(title=form.title, reason=str(error)) from error
    return Preview(form.title, said_sha256(content), pdf)
