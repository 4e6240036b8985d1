"""Which issues of a public value a draw may name: none whose value is known already."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import BadEntropy
from inspect_server.domain.draw.publications.issues import CHINA, ISSUES, Drawings


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("sse.000001", "2026-03-04"),
        ("cwl.kl8", "2026001"),
        ("cwl.kl8", "2028366"),
        ("cwl.ssq", "2026160"),
    ],
)
def test_an_issue_in_its_publications_grammar_can_be_declared(name: str, issue: str) -> None:
    Source(SourceKind.PUBLIC, name, issue).check()


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("sse.000001", "nonsense"),
        ("sse.000001", "2026-02-30"),
        ("sse.000001", "2026-03-07"),  # a Saturday
        ("sse.000001", "20260304"),
        ("sse.000001", "1999-03-04"),
        ("cwl.kl8", "abc"),
        ("cwl.kl8", "2026000"),
        ("cwl.kl8", "2026367"),
        ("cwl.kl8", "2026-060"),
        ("cwl.kl8", "026060"),
        ("cwl.ssq", "2026161"),
        ("other.source", "2026001"),
    ],
)
def test_an_issue_that_its_publication_cannot_have_is_refused(name: str, issue: str) -> None:
    with pytest.raises(BadEntropy):
        Source(SourceKind.PUBLIC, name, issue).check()


@pytest.mark.parametrize(
    ("name", "issue", "at", "known"),
    [
        ("sse.000001", "2026-03-04", "2026-03-04T06:59:59", False),  # 14:59:59 in China
        ("sse.000001", "2026-03-04", "2026-03-04T07:00:00", True),
        ("sse.000001", "2020-01-02", "2026-03-04T07:00:00", True),
        ("cwl.kl8", "2025366", "2025-12-31T15:59:00", False),
        ("cwl.kl8", "2025366", "2025-12-31T16:00:00", True),  # the new year in China
        ("cwl.kl8", "2026001", "2026-01-01T12:59:00", False),  # before nine in the evening
        ("cwl.kl8", "2026001", "2026-01-01T13:00:00", True),
        ("cwl.kl8", "2026001", "2026-01-15T12:00:00", True),
        ("cwl.kl8", "2026020", "2026-02-03T12:00:00", True),
        ("cwl.kl8", "2026044", "2026-02-13T13:00:00", True),  # the last before 春节
        ("cwl.kl8", "2026045", "2026-02-24T12:00:00", False),  # closed 14 to 23 February
        ("cwl.kl8", "2026045", "2026-02-24T13:00:00", True),
        ("cwl.kl8", "2027001", "2026-12-31T15:00:00", False),
        ("cwl.ssq", "2026001", "2026-01-01T12:59:00", False),  # a Thursday
        ("cwl.ssq", "2026001", "2026-01-01T13:00:00", True),
        ("cwl.ssq", "2026003", "2026-01-20T12:00:00", True),
    ],
)
def test_an_issue_may_be_known_from_the_first_day_on_which_it_can_be_drawn(
    name: str, issue: str, at: str, known: bool
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert (moment >= ISSUES[name].known_from(issue)) is known


@given(
    name=st.sampled_from(["cwl.kl8", "cwl.ssq"]),
    year=st.sampled_from([2026, 2027, 2028]),
    undeclared=st.sets(st.integers(0, 365), max_size=40),
    number=st.integers(1, 366),
)
def test_whatever_else_is_closed_no_drawn_issue_looks_unknown(
    name: str, year: int, undeclared: set[int], number: int
) -> None:
    """A year as it may come: the declared closure, and any days more on which nobody draws."""
    form = ISSUES[name]
    assert isinstance(form, Drawings)
    spring = {date(2026, 2, 14) + timedelta(n) for n in range(10)}
    whole = (date(year, 1, 1) + timedelta(n) for n in range(366))
    days = [
        day
        for n, day in enumerate(whole)
        if day.year == year
        and day.weekday() in form.weekdays
        and day not in spring
        and n not in undeclared
    ]
    drawn = dict(enumerate(days, start=1))
    assume(number in drawn)

    evening = datetime.combine(drawn[number], time(21, 15), CHINA)
    assert evening >= form.known_from(f"{year}{number:03d}")
    assert evening >= form.earliest(f"{year}{number:03d}")


@pytest.mark.parametrize(
    ("name", "issue", "earliest"),
    [
        ("sse.000001", "2026-11-23", "2026-11-23T15:00"),
        ("cwl.kl8", "2026001", "2026-01-01T21:00"),
        ("cwl.kl8", "2026045", "2026-02-14T21:00"),  # closed by a notice, which is not counted here
        ("cwl.kl8", "2026330", "2026-11-26T21:00"),
        ("cwl.kl8", "2026365", "2026-12-31T21:00"),
        ("cwl.kl8", "2026366", "2027-01-01T00:00"),  # there is no such day
        ("cwl.kl8", "2028366", "2028-12-31T21:00"),
        ("cwl.ssq", "2026001", "2026-01-01T21:00"),  # a Thursday
        ("cwl.ssq", "2026002", "2026-01-04T21:00"),
        ("cwl.ssq", "2027001", "2027-01-03T21:00"),
    ],
)
def test_no_value_exists_before_the_first_evening_that_it_could_have(
    name: str, issue: str, earliest: str
) -> None:
    expected = datetime.fromisoformat(earliest).replace(tzinfo=CHINA)

    assert ISSUES[name].earliest(issue) == expected
    assert Source(SourceKind.PUBLIC, name, issue).earliest() == expected


def test_only_public_values_have_a_first_moment() -> None:
    assert Source(SourceKind.DICE, "dice.d6", "1").earliest() is None


@pytest.mark.parametrize(
    ("name", "at", "first"),
    [
        ("cwl.kl8", "2026-02-24T01:00:00", "2026045"),
        ("cwl.kl8", "2026-03-02T01:00:00", "2026051"),
        ("cwl.kl8", "2026-12-31T14:00:00", "2027001"),
        ("cwl.ssq", "2026-03-02T01:00:00", "2026023"),
        ("sse.000001", "2026-03-06T08:00:00", "2026-03-09"),  # a Friday after the close
    ],
)
def test_the_first_issue_that_can_be_named_is_the_next_to_come(
    name: str, at: str, first: str
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert ISSUES[name].next_after(moment) == first
    assert moment < ISSUES[name].known_from(first)
