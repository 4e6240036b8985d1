"""A checklist (检查表): what is asked, how it is looked at, and what a failure means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forms.expressions.tree import Tree


class Kind(StrEnum):
    """
    What an item asks for; named as XLSForm names it where XLSForm has it.

    The loader refuses every kind that is not listed here.
    """

    CHECK = "check"  # 符合 / 不符合 / 不适用 / 未检查
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RANGE = "range"  # a decimal on a slider
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    DATE = "date"
    TIME = "time"
    MOMENT = "dateTime"
    PHOTO = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    SIGNATURE = "signature"
    LOCATION = "geopoint"
    BARCODE = "barcode"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"  # is read, not answered
    TABLE = "repeat"  # rows of `columns`
    CALCULATE = "calculate"  # follows from other answers, is not shown
    HIDDEN = "hidden"  # a fixed value
    # What the phone knows by itself.
    START = "start"
    END = "end"
    TODAY = "today"
    DEVICE = "deviceid"
    USER = "username"
    PHONE_NUMBER = "phonenumber"
    EMAIL = "email"


NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RANGE})
CHOICES = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
ATTACHMENTS = frozenset({Kind.PHOTO, Kind.AUDIO, Kind.VIDEO, Kind.FILE})
KNOWN_TO_THE_PHONE = frozenset(
    {Kind.START, Kind.END, Kind.TODAY, Kind.DEVICE, Kind.USER, Kind.PHONE_NUMBER, Kind.EMAIL}
)
NOT_ASKED = KNOWN_TO_THE_PHONE | {Kind.CALCULATE, Kind.HIDDEN, Kind.NOTE}
"""Kinds that nobody answers."""


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


class Competence(StrEnum):
    """Whose matter a failure is. Only the bureau's own are rectified and penalised by it."""

    OWN = "own"
    MARKET_SUPERVISION = "market_supervision"  # 特种设备
    FIRE = "fire"
    PUBLIC_SECURITY = "public_security"
    ECOLOGY = "ecology"
    HEALTH = "health"
    HOUSING = "housing"
    OTHER = "other"


COMPETENCE_NAMES = {
    Competence.OWN: "应急管理部门",
    Competence.MARKET_SUPERVISION: "市场监督管理部门",
    Competence.FIRE: "消防救援机构",
    Competence.PUBLIC_SECURITY: "公安机关",
    Competence.ECOLOGY: "生态环境主管部门",
    Competence.HEALTH: "卫生健康主管部门",
    Competence.HOUSING: "住房城乡建设主管部门",
    Competence.OTHER: "其他有管辖权的部门",
}


@dataclass(frozen=True)
class Condition:
    """An XLSForm expression as its author wrote it, and what it was read as (`expressions`)."""

    text: str
    tree: Tree


Kept = tuple[tuple[str, str], ...]
"""Columns of a workbook that mean nothing here, with their cells, in the order of the sheet."""


@dataclass(frozen=True)
class Choice:
    """One choice of a list; `columns` are what choice filters compare, `kept` all else."""

    name: str
    label: str
    columns: Kept = ()
    kept: Kept = ()


@dataclass(frozen=True)
class ChoiceList:
    """The choices that one or more items offer."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Item:
    """
    One question of a checklist.

    What is asked. `code` is its identity in answers and unique in the checklist; `name` is how
    conditions cite it (`${name}`), "" where that is the code too. `relevant`, `required`,
    `read_only`, `constraint`, `choice_filter` and `calculation` are conditions over the answers;
    a check item is always required unless it says otherwise. `choices` names a list of the form.
    `least` and `most` are decimals in `unit`, both included, "" for no bound. `columns` are the
    items of a table's row, `count` how many rows it has where the author fixed it.

    What a failure means, of check items and of others with `fails_if`: what is below.
    `major_needs` names the other items of the same checklist that must fail as well before a
    failure of this one is a 重大事故隐患. `major_note` is the condition that no other answer can
    decide (scope, circumstances): the officer confirms it. `device_clause` marks items about
    monitoring, alarm and protective devices, whose failure counts as much as their absence.
    `rectify` is the suggested time to rectify: natural days, or the id of a dated law value that
    the caller looks up; 0 where somebody else sees to it. `verification` says in words what of the
    item was checked against the text. A failure outside the bureau's `competence` is referred to
    whoever enforces it (线索移送) and has neither penalty nor period. `focus` marks what the
    bureau's 执法检查重点事项清单 names.
    """

    code: str
    kind: Kind
    question: str
    how_to_check: str = ""
    basis: tuple[Basis, ...] = ()
    major: Major = Major.NO
    major_needs: tuple[str, ...] = ()
    major_note: str = ""
    device_clause: bool = False
    penalties: tuple[Penalty, ...] = ()
    rectify: int | str = 0  # natural days or a law value's id; its name is part of the hashed body
    finding: str = ""  # suggested wording of the problem found
    photos_on_failure: int = 1  # 1 or more
    correctable_on_site: bool = False
    verification: str = ""
    competence: Competence = Competence.OWN
    focus: bool = False
    fails_if: Condition | None = None
    name: str = ""
    hint: str = ""
    guidance: str = ""
    relevant: Condition | None = None
    required: Condition | None = None
    required_message: str = ""
    read_only: Condition | None = None
    constraint: Condition | None = None
    constraint_message: str = ""
    calculation: Condition | None = None
    default: Condition | None = None
    choices: str = ""
    choice_filter: Condition | None = None
    unit: str = ""
    least: str = ""
    most: str = ""
    step: str = ""
    appearance: str = ""
    columns: "tuple[Item | Section, ...]" = ()
    count: Condition | None = None
    kept: Kept = ()

    @property
    def cited_as(self) -> str:
        """The name under which conditions cite it."""
        return self.name or self.code

    @property
    def is_judged(self) -> bool:
        """Whether an answer to it can fail."""
        return self.kind is Kind.CHECK or self.fails_if is not None

    @property
    def is_asked(self) -> bool:
        """Whether somebody answers it: it is no note, and nothing works it out; a table is one."""
        return self.kind not in NOT_ASKED and self.calculation is None

    @property
    def verified(self) -> bool:
        """Whether every basis and penalty clause of this item was checked against the text."""
        return all(basis.verified and basis.law.verified for basis in self.basis) and all(
            penalty.verified and penalty.law.verified for penalty in self.penalties
        )


@dataclass(frozen=True)
class Section:
    """
    Items that are looked at in one place or one go; sections may stand in sections.

    `name` and `relevant` are those of a group in a workbook. A section without title and name holds
    what a workbook asks outside of every group.
    """

    title: str
    items: "tuple[Item | Section, ...]"
    name: str = ""
    relevant: Condition | None = None
    hint: str = ""
    appearance: str = ""
    kept: Kept = ()


@dataclass(frozen=True)
class Form:
    """
    One published version of a checklist; never changed once used, but for `retired_on`.

    `sectors` are the tags of the enterprises that it is for, empty for every enterprise; one that
    is `on_request` is not handed out by itself; one `instead_of` others takes their place, as it
    asks what they ask. `retired_on` is the first day on which it is no longer handed out; tasks
    that already carry it keep it. `device_clause` is the basis that makes
    failed devices major (10号令第十四条). `language` is the one of a workbook's languages that
    stands here, "" where it names none; the others are kept beside each row.
    """

    name: str
    version: int
    title: str
    effective_from: date
    retired_on: date | None
    sectors: tuple[str, ...]
    device_clause: Basis | None
    sections: tuple[Section, ...]
    on_request: bool = False
    instead_of: tuple[str, ...] = ()
    choice_lists: tuple[ChoiceList, ...] = ()
    language: str = ""
    kept: Kept = ()

    def __hash__(self) -> int:
        """Return a hash of the identity: equal forms have it, and no form is walked for it."""
        return hash((self.name, self.version))

    @property
    def ref(self) -> str:
        """Name and version as inspections and sync entries pin them."""
        return f"{self.name}@{self.version}"

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the paper; a table counts as one, without its columns."""
        return tuple(item for item, _ in self.placed)

    @property
    def placed(self) -> "tuple[tuple[Item, tuple[Section, ...]], ...]":
        """All items in the order of the paper, each with the sections around it."""
        return tuple(placed(self.sections))

    @property
    def judged(self) -> tuple[Item, ...]:
        """The items that can fail."""
        return tuple(item for item in self.items if item.is_judged)

    def choices_of(self, item: Item) -> tuple[Choice, ...]:
        """Return the choices that an item offers before its filter."""
        return next((one.choices for one in self.choice_lists if one.name == item.choices), ())

    def is_for(self, sectors: frozenset[str], on: date) -> bool:
        """Return whether it is handed out by itself on that day for such an enterprise."""
        if on < self.effective_from or (self.retired_on is not None and on >= self.retired_on):
            return False
        return not self.on_request and (not self.sectors or not sectors.isdisjoint(self.sectors))


def placed(
    members: "Iterable[Item | Section]", around: tuple[Section, ...] = ()
) -> "Iterator[tuple[Item, tuple[Section, ...]]]":
    """Yield the items of one level in paper order, each with the sections around it."""
    for member in members:
        if isinstance(member, Section):
            yield from placed(member.items, (*around, member))
        else:
            yield member, around
