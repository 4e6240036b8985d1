"""A checklist (检查表): what is asked, how it is looked at, and what a failure means."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What an item asks for. The loader refuses every kind that is not listed here."""

    CHECK = "check"  # 符合 / 不符合 / 不适用 / 未检查


class Result(StrEnum):
    """The answers to a check item."""

    PASS = "pass"  # noqa: S105 -- an answer, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class Major(StrEnum):
    """Whether a failure is a 重大事故隐患 by the judging standard: ★, ☆ or — on paper."""

    YES = "yes"
    POSSIBLE = "possible"
    NO = "no"


@dataclass(frozen=True)
class Law:
    """
    A law, rule or standard as it is cited in full.

    `effective_from` is the first day of the text that was used, not of its first version;
    `effective_until` is the first day on which it no longer applies, None while it is in force.
    `verified` tells whether name, number and dates were compared with a published text.
    """

    code: str
    title: str
    number: str  # 发布令号 or standard number, "" when the title alone is cited
    effective_from: date
    effective_until: date | None
    verified: bool
    source: str

    @property
    def printed(self) -> str:
        """The full name as documents cite it."""
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"

    def in_force(self, on: date) -> bool:
        """Return whether the text applies on that day."""
        return self.effective_from <= on and (
            self.effective_until is None or on < self.effective_until
        )


@dataclass(frozen=True)
class Basis:
    """
    One legal basis of an item.

    `article` is printed behind the law's name ("第三十六条第一款"); it may be empty only where the
    number is still to be checked. `verified` tells whether the article was compared with the text.
    """

    law: Law
    article: str
    verified: bool

    @property
    def printed(self) -> str:
        """The basis as documents cite it."""
        return f"{self.law.printed}{self.article}"


@dataclass(frozen=True)
class Penalty:
    """
    One penalty clause that a failure may fall under; the amounts are the law's, in words.

    `clause` is the item of the article ("第（二）项") that this checklist item falls under, "" when
    the whole article is meant. Ranges are for reading; discretion (裁量) is not decided here.
    """

    code: str
    law: Law
    article: str
    clause: str
    unit_range: str  # 对单位
    person_range: str  # 对责任人
    aggravated_range: str  # 逾期不改或情节严重
    verified: bool
    source: str

    @property
    def printed(self) -> str:
        """The penalty clause as documents cite it."""
        return f"{self.law.printed}{self.article}{self.clause}"


@dataclass(frozen=True)
class Item:
    """
    One question of a checklist.

    `major_needs` names the other items of the same checklist that must fail as well before a
    failure of this one is a 重大事故隐患. `major_note` is the condition that no other answer can
    decide (scope, circumstances): the officer confirms it. `device_clause` marks items about
    monitoring, alarm and protective devices, whose failure counts as much as their absence.
    `rectify` is the suggested time to rectify: natural days, or the id of a dated law value that
    the caller looks up. `verification` says in words what of the item was checked against the text.
    """

    code: str
    kind: Kind
    question: str
    how_to_check: str
    basis: tuple[Basis, ...]
    major: Major
    major_needs: tuple[str, ...]
    major_note: str
    device_clause: bool
    penalties: tuple[Penalty, ...]
    rectify: int | str  # natural days or a law value's id; its name is part of the hashed body
    finding: str  # suggested wording of the problem found
    photos_on_failure: int  # 1 or more
    correctable_on_site: bool
    verification: str

    @property
    def verified(self) -> bool:
        """Whether every basis and penalty clause of this item was checked against the text."""
        return all(basis.verified and basis.law.verified for basis in self.basis) and all(
            penalty.verified and penalty.law.verified for penalty in self.penalties
        )


@dataclass(frozen=True)
class Section:
    """Items that are looked at in one place or one go."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Form:
    """
    One published version of a checklist; never changed once used, but for `retired_on`.

    `sectors` are the tags of the enterprises that it is for, empty for every enterprise.
    `retired_on` is the first day on which it is no longer handed out; tasks that already carry it
    keep it. `device_clause` is the basis that makes failed devices major (10号令第十四条).
    """

    name: str
    version: int
    title: str
    effective_from: date
    retired_on: date | None
    sectors: tuple[str, ...]
    device_clause: Basis | None
    sections: tuple[Section, ...]

    @property
    def ref(self) -> str:
        """Name and version as inspections and sync entries pin them."""
        return f"{self.name}@{self.version}"

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the paper."""
        return tuple(item for section in self.sections for item in section.items)

    def is_for(self, sectors: frozenset[str], on: date) -> bool:
        """Return whether it is handed out on that day for an enterprise with these tags."""
        if on < self.effective_from or (self.retired_on is not None and on >= self.retired_on):
            return False
        return not self.sectors or not sectors.isdisjoint(self.sectors)
