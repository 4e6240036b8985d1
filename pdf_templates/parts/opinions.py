"""Opinions in a ruled form: what was said, who signs for it, on which day."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.fields import day, part, text
from pdf_templates.parts.people import Officer
from pdf_templates.setting.forms import Opinion, Signing
from pdf_templates.wording import long_date

TO_FILL_IN = "　　年　　月　　日"


@dataclass(frozen=True)
class Said:
    """An opinion; text and day are "" where they will be written by hand."""

    text: str = text("意见", optional=True)
    officers: tuple[Officer, ...] = part("签名的承办人及证号，其他意见为空列表")
    said_on: str = day("签名", optional=True)


def opinion(label: str, said: Said, signer: str) -> Opinion:
    """
    Return an opinion with its lines to sign.

    Args:
        label: Of the row, such as 审批意见.
        said: What was decided.
        signer: In which capacity one signs, such as 审批人; one line for each officer, or one.
    """
    at = long_date(said.said_on) if said.said_on else TO_FILL_IN
    lines = [Signing(signer, officer.cert_no, at) for officer in said.officers]
    return Opinion(label, said.text, tuple(lines) or (Signing(signer, "", at),))


def opinions(rows: Sequence[tuple[str, Said, str]]) -> list[Opinion]:
    """Return several in a row: label, opinion, capacity of who signs."""
    return [opinion(*row) for row in rows]
