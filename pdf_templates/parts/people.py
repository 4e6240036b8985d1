"""Who stands in a document: officers, the party, whoever takes part; and their particulars."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, part, text
from pdf_templates.setting.forms import Block, Field
from pdf_templates.setting.lines import unbroken
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Stationery

LONGEST_UNPARTED = 16
"""Characters of a name or number that goes to the next line as a whole."""
OLDEST = 150
"""Years; a larger number is most likely another, such as that of the year of birth."""
SHOWN = "证件号码为{执法证号}，这是我们的证件（出示证件）。"


@dataclass(frozen=True)
class Officer:
    """An officer as documents name them."""

    name: str = text("执法人员姓名", personal=True)
    cert_no: str = text("执法证号", personal=True)
    unit: str = text("所属单位", optional=True)


@dataclass(frozen=True)
class Attendee:
    """Somebody who takes part, by name and post."""

    name: str = text("姓名", personal=True)
    post: str = text("单位及职务", personal=True, optional=True)


@dataclass(frozen=True)
class Organisation:
    """A unit that is a party."""

    name: str = text("单位名称")
    uscc: str = text("统一社会信用代码")
    address: str = text("地址")
    postcode: str = text("邮政编码", optional=True)
    legal_person: str = text("法定代表人（负责人）", personal=True)
    position: str = text("职务", personal=True, optional=True)
    phone: str = text("联系电话", personal=True, optional=True)


@dataclass(frozen=True)
class Person:
    """A natural person who is a party."""

    name: str = text("姓名", personal=True)
    gender: str = text("性别", personal=True)
    age: int = count("年龄（周岁）", personal=True, most=OLDEST)
    id_no: str = text("居民身份证号", personal=True)
    address: str = text("家庭住址", personal=True)
    employer: str = text("所在单位", personal=True, optional=True)
    position: str = text("职务", personal=True, optional=True)
    employer_address: str = text("单位地址", personal=True, optional=True)
    phone: str = text("联系电话", personal=True, optional=True)
    postcode: str = text("邮政编码", personal=True, optional=True)


def _one_of_both(_: object, organisation: object, person: object) -> str:
    is_one = (organisation is None) != (person is None)
    return "" if is_one else "应当写明单位或者个人，只写一个"


@dataclass(frozen=True)
class Party:
    """Who a case is about: a unit or a person, exactly one of both."""

    organisation: Organisation | None = part("单位，当事人为个人的为 null")
    person: Person | None = part("个人，当事人为单位的为 null")

    CONSTRAINTS = (Constraint("", ("organisation", "person"), _one_of_both),)

    @property
    def name(self) -> str:
        """Its name."""
        known = self.organisation or self.person
        return known.name if known else ""

    @property
    def you(self) -> str:
        """How a document speaks to it."""
        return "你单位" if self.organisation else "你"


@dataclass(frozen=True)
class Addressee:
    """Whom a document speaks to by name alone."""

    name: str = text("单位名称或者个人姓名", personal=True)
    is_unit: bool = part("是否为单位")

    @property
    def you(self) -> str:
        """How a document speaks to it."""
        return "你单位" if self.is_unit else "你"


def unparted(said: str) -> str:
    """Return a name or number of usual length so that it stays on one line."""
    return unbroken(said) if len(said) <= LONGEST_UNPARTED else said


def names_of(officers: Sequence[Officer]) -> str:
    """Return the officers' names, each staying on one line."""
    return "、".join(unparted(officer.name) for officer in officers)


def certs_of(officers: Sequence[Officer]) -> str:
    """Return the numbers of their certificates in the same order."""
    return "、".join(unparted(officer.cert_no) for officer in officers)


def attendees(people: Sequence[Attendee]) -> str:
    """Return names with posts: 赵某（安全管理人员）、钱某."""
    return "、".join(f"{one.name}（{one.post}）" if one.post else one.name for one in people)


def party_fields(on: Stationery, party: Party, label: str = "当事人") -> list[Strip]:
    """Return the party's particulars as labelled fields on underlines."""
    unit, person = party.organisation, party.person
    if unit is not None:
        return [
            *on.fields(Cell(label, unit.name)),
            *on.fields(Cell("统一社会信用代码", unit.uscc)),
            *on.fields(Cell("地址", unit.address, 70), Cell("邮政编码", unit.postcode, 30)),
            *on.fields(
                Cell("法定代表人（负责人）", unit.legal_person, 46),
                Cell("职务", unit.position, 22),
                Cell("联系电话", unit.phone, 32),
            ),
        ]
    if person is None:
        return []
    return [
        *on.fields(
            Cell(label, person.name, 46),
            Cell("性别", person.gender, 22),
            Cell("年龄", f"{person.age}", 32),
        ),
        *on.fields(Cell("居民身份证号", person.id_no, 56), Cell("联系电话", person.phone, 44)),
        *on.fields(Cell("家庭住址", person.address, 70), Cell("邮政编码", person.postcode, 30)),
        *on.fields(Cell("所在单位", person.employer, 68), Cell("职务", person.position, 32)),
        *on.fields(Cell("单位地址", person.employer_address)),
    ]


def _particulars(party: Party) -> list[list[str]]:
    """Return what is known of the party, what belongs together in one list."""
    unit, person = party.organisation, party.person
    lines: list[list[str]] = []
    if unit is not None:
        lines = [
            [f"统一社会信用代码：{unit.uscc}"],
            [f"住所：{unit.address}"],
            [_named("邮政编码", unit.postcode)],
            [f"法定代表人（负责人）：{unit.legal_person}", _named("职务", unit.position)],
            [_named("联系电话", unit.phone)],
        ]
    elif person is not None:
        lines = [
            [f"性别：{person.gender}，年龄：{person.age}岁"],
            [f"居民身份证号：{person.id_no}"],
            [f"住址：{person.address}"],
            [_named("邮政编码", person.postcode)],
            [_named("所在单位", person.employer)],
            [_named("职务", person.position), _named("联系电话", person.phone)],
        ]
    known = ([one for one in line if one] for line in lines)
    return [line for line in known if line]


def _named(name: str, value: str) -> str:
    return f"{name}：{value}" if value else ""


def party_lines(on: Stationery, party: Party) -> list[Strip]:
    """
    Return the particulars as the first lines of a reasoned document, under the party's name.

    Each is a line of its own: run on in a sentence, a figure that stays with its label draws the
    line before it apart.
    """
    return [
        strip
        for said in _particulars(party)
        for strip in on.said("　".join(said), "当事人基本情况")
    ]


def party_block(party: Party, label: str = "当事人\n基本情况") -> Block:
    """Return the particulars as a block of a ruled form."""
    unit, person = party.organisation, party.person
    if unit is not None:
        return Block(
            label,
            (
                (Field("名称", unit.name, 18, 82),),
                (Field("统一社会信用代码", unit.uscc, 18, 82),),
                (Field("地址", unit.address, 18, 48), Field("邮编", unit.postcode, 14, 20)),
                (
                    Field("法定代表人（负责人）", unit.legal_person, 18, 18),
                    Field("职务", unit.position, 10, 18),
                    Field("电话", unit.phone, 10, 26),
                ),
            ),
        )
    known = person or _NOBODY
    return Block(
        label,
        (
            (
                Field("姓名", known.name, 18, 24),
                Field("性别", known.gender, 10, 16),
                Field("年龄", str(known.age or ""), 10, 22),
            ),
            (Field("身份证号", known.id_no, 18, 40), Field("电话", known.phone, 14, 28)),
            (Field("家庭住址", known.address, 18, 48), Field("邮编", known.postcode, 14, 20)),
            (Field("所在单位", known.employer, 18, 48), Field("职务", known.position, 14, 20)),
            (Field("单位地址", known.employer_address, 18, 82),),
        ),
    )


_NOBODY = Person("", "", 0, "", "", "", "", "", "", "")
