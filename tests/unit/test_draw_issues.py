"""Which issues of a public value a draw may name: none whose value is known already."""

from datetime import UTC, datetime

import pytest

from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import BadEntropy
from inspect_server.domain.draw.publications.issues import ISSUES


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
    ("name", "issue", "at", "fixed"),
    [
        ("sse.000001", "2026-03-04", "2026-03-04T06:59:59", False),  # 14:59:59 in China
        ("sse.000001", "2026-03-04", "2026-03-04T07:00:00", True),
        ("sse.000001", "2020-01-02", "2026-03-04T07:00:00", True),
        ("cwl.kl8", "2025351", "2025-12-31T15:59:00", False),
        ("cwl.kl8", "2025351", "2025-12-31T16:00:00", True),  # the new year in China
        ("cwl.kl8", "2026001", "2026-01-01T01:00:00", False),
        ("cwl.kl8", "2026001", "2026-01-15T15:59:00", False),  # 15 January: after 14 days' pause
        ("cwl.kl8", "2026001", "2026-01-15T16:00:00", True),
        ("cwl.kl8", "2026060", "2026-03-15T01:00:00", False),
        ("cwl.kl8", "2026060", "2026-03-16T01:00:00", True),
        ("cwl.kl8", "2027001", "2026-12-31T15:00:00", False),
        ("cwl.ssq", "2026001", "2026-01-18T01:00:00", False),  # Sunday: its eighth day of the year
        ("cwl.ssq", "2026001", "2026-01-19T01:00:00", True),
    ],
)
def test_an_issue_is_fixed_from_the_moment_from_which_nobody_can_doubt_it(
    name: str, issue: str, at: str, fixed: bool
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert ISSUES[name].is_fixed(issue, moment) is fixed
