"""What a template is: a kind, a version in force from a day, its facts and its layout."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pdf_templates.setting.page import Page


class Named(Protocol):
    """What all facts have."""

    @property
    def doc_no(self) -> str:
        """文号."""

    @property
    def authority(self) -> str:
        """机关全称."""

    @property
    def made_at(self) -> str:
        """制作时间（RFC 3339）."""


@dataclass(frozen=True)
class Template:
    """
    One version of one document.

    Attributes:
        kind: Stable English name, as stored with issued documents.
        title: 文书名称.
        mark: 文种代字 after 应急, as in 应急检记.
        version: Changes whenever the printed result for the same facts changes.
        effective_from: ISO date from which new cases use this version.
        facts: The dataclass.
        layout: Facts and the hashes of photos that can be shown, to pages of all copies.
        source: Where the form comes from.
    """

    kind: str
    title: str
    mark: str
    version: str
    effective_from: str
    facts: type
    layout: Callable[[Any, Collection[str]], list[Page]]
    photos: Callable[[Any], Sequence[str]]
    source: str

    def doc_no(self, region: str, year: int, serial: int, sub_serial: int = 0) -> str:
        """Return 文号, such as （苏·云）应急检记〔2026〕1号; a re-issue adds -1, -2 …"""
        number = f"{serial}-{sub_serial}" if sub_serial else f"{serial}"
        return f"（{region}）应急{self.mark}〔{year}〕{number}号"


def moment(facts: Named) -> datetime:
    """Return when the document was made, as its facts say."""
    return datetime.fromisoformat(facts.made_at)


Pictures = Mapping[str, bytes]
