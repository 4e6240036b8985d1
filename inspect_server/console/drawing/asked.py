"""What a draw is asked to be: read from an address or a form, and written back into both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from inspect_server.domain.draw.entropy import DICE, Source, SourceKind
from inspect_server.domain.errors import BadInput
from inspect_server.reads.accounts import officer_of_certificate
from inspect_server.usecases.drawing.beforehand.sources import public_source
from inspect_server.usecases.drawing.beforehand.staffing import RELAXATIONS, Wanted, wanted

LONGEST = 200
MOST_PUBLIC, MOST_PARTNERS, MOST_PAIRS, MOST_EXPERTS = 10, 9, 50, 5


@dataclass(frozen=True)
class Asked:
    """Every option of a commit, as `draw commit` has them; a preview takes the same."""

    first: date
    last: date
    deadline: date | None  # of the reveal; the first day of the visits when None
    public: tuple[str, ...]  # name/issue
    dice: str  # number of the ceremony, "" without dice
    draw_no: str  # "" for the next free one
    departments: tuple[str, ...]  # partners of a joint check, as configured or name=unit
    experts: int | None  # as the plan says when None
    apart: tuple[tuple[str, str], ...]  # certificates of two who must not be in one team
    is_strict: bool

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Name and value of every field that is filled, in the order of the form."""
        return [
            ("from", self.first.isoformat()),
            ("to", self.last.isoformat()),
            *_filled("deadline", self.deadline.isoformat() if self.deadline else ""),
            *(("public", one) for one in self.public),
            *_filled("dice", self.dice),
            *_filled("no", self.draw_no),
            *(("department", one) for one in self.departments),
            *_filled("experts", "" if self.experts is None else str(self.experts)),
            *(("apart", number) for pair in self.apart for number in pair),
            *_filled("strict", "1" if self.is_strict else ""),
        ]

    @property
    def query(self) -> dict[str, list[str]]:
        """The same for an address."""
        return MultiDict(self.fields).to_dict(flat=False)

    def sources(self) -> list[Source]:
        """
        Return the sources that a commit would name beside the two chains.

        Raises:
            BadInput: A public value is not written as name/issue.
        """
        named = [public_source(text) for text in self.public]
        return [*named, Source(SourceKind.DICE, DICE, self.dice)] if self.dice else named

    def teams(self, session: Session, configured: str) -> Wanted:
        """
        Return what is asked of the teams.

        Args:
            configured: The configuration's `partner_departments`.

        Raises:
            NotFound: A 执法证号 is in no registry.
            BadInput: A partner is unknown or cannot be read.
        """
        pairs = [
            (officer_of_certificate(session, one), officer_of_certificate(session, other))
            for one, other in self.apart
        ]
        return wanted(
            configured,
            partners=self.departments,
            experts=self.experts,
            relaxations=() if self.is_strict else RELAXATIONS,
            banned_pairs=pairs,
        )


def read(given: MultiDict[str, str]) -> Asked:
    """
    Read what somebody asked for; empty fields of a form count for nothing.

    Raises:
        BadInput: A day, a number or a pair cannot be read, or there are too many.
    """
    return Asked(
        first=_day(given, "from", "检查时段"),
        last=_day(given, "to", "检查时段"),
        deadline=_day(given, "deadline", "最迟揭示日") if given.get("deadline") else None,
        public=_texts(given, "public", MOST_PUBLIC, "公开随机值"),
        dice=_one(given, "dice"),
        draw_no=_one(given, "no"),
        departments=_texts(given, "department", MOST_PARTNERS, "联合检查部门"),
        experts=_experts(given.get("experts", "").strip()),
        apart=_pairs([_plain(one) for one in given.getlist("apart")]),
        is_strict=bool(given.get("strict")),
    )


def _day(given: MultiDict[str, str], name: str, field: str) -> date:
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        raise BadInput(field=field, reason="应填写日期（年-月-日）") from None


def _texts(given: MultiDict[str, str], name: str, most: int, field: str) -> tuple[str, ...]:
    found = [text for text in map(_plain, given.getlist(name)) if text]
    if len(found) > most:
        raise BadInput(field=field, reason=f"不超过 {most} 个")
    return tuple(dict.fromkeys(found))


def _one(given: MultiDict[str, str], name: str) -> str:
    return _plain(given.get(name, ""))


def _plain(text: str) -> str:
    """Return what was typed: printable, on one line, not too long."""
    return "".join(char for char in text if char.isprintable())[:LONGEST].strip()


def _experts(text: str) -> int | None:
    if not text:
        return None
    if text not in {str(count) for count in range(MOST_EXPERTS + 1)}:
        raise BadInput(field="专家", reason=f"应在 0 到 {MOST_EXPERTS} 之间")
    return int(text)


def _pairs(numbers: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = [pair for pair in zip(numbers[::2], numbers[1::2], strict=False) if any(pair)]
    if len(numbers) % 2 or not all(map(all, pairs)):
        raise BadInput(field="不得同组的人员", reason="每对应填写两人的执法证号")
    if len(pairs) > MOST_PAIRS:
        raise BadInput(field="不得同组的人员", reason=f"不超过 {MOST_PAIRS} 对")
    return tuple(pairs)


def _filled(name: str, value: str) -> Iterator[tuple[str, str]]:
    if value:
        yield name, value
