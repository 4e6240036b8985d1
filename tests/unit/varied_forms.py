"""Checklists of every kind of item, as definitions may hold them, for property tests."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from forms.definition.tables import Table
from forms.load import packaged_tables
from forms.model import (
    CHOICES,
    NUMBERS,
    Basis,
    Choice,
    ChoiceList,
    Competence,
    Form,
    Item,
    Kind,
    Law,
    Major,
    Penalty,
    Section,
)

days = st.dates(date(2000, 1, 1), date(2099, 1, 1))
words = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="《》"),
    min_size=1,
    max_size=12,
)
lines = st.lists(words, min_size=1, max_size=3).map("\n\t".join)
perhaps = st.just("") | lines
# Cells that nobody reads hold whatever a workbook may hold.
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
kept = st.lists(st.tuples(words, cells), max_size=2).map(tuple)
READER = Table(
    {
        "condition": "today() > date('2026-01-01')",
        "lines": "1 + 2 * 3\n= 7",
        "ends": "5\r\n=5",
        "quotes": '\'a "b" \\c\' = "x"',
        "answer": "yes",
        "text": "某某公司 1-2",
        "day": "2026-01-01",
        "columns": "site = 'a' and name != ''",
    },
    "file",
    "item",
)
"""Every way of reading an expression, with texts that are hard to write."""
conditions = st.sampled_from(
    [READER.condition(field) for field in ("condition", "lines", "ends", "quotes", "answer")]
)
defaults = st.sampled_from([READER.starting_value(field) for field in ("text", "day", "condition")])
filters = st.sampled_from([READER.filter("columns"), None])
maybe = st.none() | conditions


def _new_law(number: int) -> st.SearchStrategy[Law]:
    return st.builds(
        lambda title, no, start, length, verified, source: Law(
            f"own-{number}",
            title,
            no,
            start,
            length and start + timedelta(length),
            verified,
            source,
        ),
        words,
        st.just("") | words,
        days,
        st.none() | st.integers(1, 9999),
        st.booleans(),
        words,
    )


ALWAYS = Law("always", "常用法", "", date(1990, 1, 1), None, verified=True, source="测试")
"""A law that applies on every day: without one a checklist would cite nothing on its first."""
CLAUSE = Penalty("OWN9", ALWAYS, "第九条", "", "处罚款", "", "", verified=True, source="测试")


@st.composite
def _citable(draw: st.DrawFn) -> tuple[list[Law], list[Penalty]]:
    """Laws and penalty clauses of the program's tables and others, one under each code."""
    tables = packaged_tables()
    own = [draw(_new_law(number)) for number in range(draw(st.integers(0, 2)))]
    laws = [*draw(st.lists(st.sampled_from(list(tables.laws.values())), max_size=2)), *own]
    laws = laws or [tables.laws["work-safety-law"]]
    penalties = [draw(st.sampled_from(list(tables.penalties.values())))]
    for number in range(draw(st.integers(0, 2))):
        penalties.append(
            Penalty(
                code=f"OWN{number}",
                law=draw(st.sampled_from(laws)),
                article=draw(words),
                clause="",
                unit_range=draw(words),
                person_range=draw(st.just("") | words),
                aggravated_range=draw(st.just("") | words),
                verified=draw(st.booleans()),
                source=draw(words),
            )
        )
    return laws, penalties


def _basis(laws: list[Law]) -> st.SearchStrategy[Basis]:
    return st.builds(Basis, st.sampled_from(laws), words, st.booleans())


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A checklist with items of any kind, sections in sections, and tables."""
    laws, penalties = draw(_citable())
    lists = [
        ChoiceList(f"list {number}", draw(_choices())) for number in range(draw(st.integers(1, 2)))
    ]
    codes = iter(f"A{number:02}" for number in range(1000))

    def judged(kind: Kind) -> dict[str, Any]:
        competence = draw(st.sampled_from(Competence))
        own = competence is Competence.OWN
        major = draw(st.sampled_from(Major)) if own else Major.NO
        cited = [replace(one, clause=draw(st.just("") | words)) for one in penalties]
        return {
            "fails_if": draw(conditions) if kind is not Kind.CHECK else draw(maybe),
            "question": draw(words),
            "how_to_check": draw(words),
            "basis": (*draw(st.lists(_basis(laws), max_size=2)), Basis(ALWAYS, "第一条", True)),
            "major": major,
            "major_note": "" if major is Major.NO else draw(words),
            "device_clause": major is not Major.NO and draw(st.booleans()),
            "penalties": (*cited, CLAUSE) if own else (),
            "rectify": draw(st.integers(1, 99) | st.just("deadline.some_days")) if own else 0,
            "finding": draw(words),
            "photos_on_failure": draw(st.integers(1, 3)),
            "correctable_on_site": draw(st.booleans()),
            "verification": draw(words),
            "competence": competence,
        }

    def item(level: int) -> Item:
        kind = draw(st.sampled_from(Kind))
        if level >= 2 and kind in (Kind.TABLE, Kind.CHECK):
            kind = Kind.TEXT
        more: dict[str, Any] = {"question": draw(perhaps)}
        if kind is Kind.CHECK or (kind in NUMBERS and level < 2 and draw(st.booleans())):
            more |= judged(kind)
        if kind in CHOICES:
            more |= {"choices": draw(st.sampled_from(lists)).name, "choice_filter": draw(filters)}
        if kind in NUMBERS:
            more |= {
                "unit": draw(st.just("") | words),
                "least": "-1.5",
                "most": "20",
                "step": "0.5",
            }
        if kind is Kind.TABLE:
            more |= {"columns": members(2), "count": draw(maybe)}
        if kind is Kind.CALCULATE:
            more |= {"calculation": draw(conditions)}
        code = next(codes)
        return Item(
            code=code,
            kind=kind,
            name=draw(st.just("") | st.just(f"name_{code}")),
            focus=draw(st.booleans()),
            hint=draw(perhaps),
            guidance=draw(perhaps),
            relevant=draw(maybe),
            required=draw(maybe),
            required_message=draw(perhaps),
            read_only=draw(maybe),
            constraint=draw(maybe),
            constraint_message=draw(perhaps),
            default=draw(st.none() | defaults),
            appearance=draw(st.just("") | words),
            kept=draw(kept),
            **more,
        )

    def section(level: int) -> Section:
        return Section(
            title=draw(perhaps),
            items=members(level),
            name=draw(st.just("") | st.just("group")),
            relevant=draw(maybe),
            hint=draw(perhaps),
            appearance=draw(st.just("") | words),
            kept=draw(kept),
        )

    def members(level: int) -> tuple[Item | Section, ...]:
        count = draw(st.integers(1, 2))
        return tuple(
            section(level + 1) if level < 3 and draw(st.integers(0, 3)) == 0 else item(level)
            for _ in range(count)
        )

    start = draw(days)
    return Form(
        name=draw(st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5})?", fullmatch=True)),
        version=draw(st.integers(1, 999)),
        title=draw(words),
        effective_from=start,
        retired_on=draw(st.none() | st.integers(1, 999).map(lambda n: start + timedelta(n))),
        sectors=draw(st.sampled_from([(), ("dust_explosion",), ("some_tag", "other")])),
        device_clause=draw(_basis(laws)),
        sections=tuple(section(0) for _ in range(draw(st.integers(1, 2)))),
        on_request=draw(st.booleans()),
        choice_lists=tuple(lists),
        language=draw(st.just("") | words),
        kept=draw(kept),
    )


@st.composite
def _choices(draw: st.DrawFn) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"c{number}", draw(lines), (("site", draw(cells)), *draw(kept)), draw(kept))
        for number in range(draw(st.integers(1, 3)))
    )
