"""The dated values: what a file must hold, which row is in force, and that documents agree."""

import re
from datetime import date
from pathlib import Path

import pytest

from inspect_server.domain import law
from inspect_server.domain.assignment import SOURCE_NAMES
from inspect_server.domain.law.listing import as_markdown

ROOT = Path(__file__).parents[2]
PACKAGES = ("inspect_server", "forms", "sync", "pdf_templates")
TODAY = date(2026, 3, 2)
DURATIONS = ("working_days", "natural_days", "months", "years", "hours", "half_days")

ROW = """
[rate.test_ppm]
title = "试"
unit = "ppm"
[[rate.test_ppm.rows]]
from = 2025-01-01
value = 1
source = "本机关参数"
verified = true
"""


def test_the_row_in_force_is_the_last_one_that_began() -> None:
    later = ROW + '[[rate.test_ppm.rows]]\nfrom = 2026-01-01\nvalue = 2\nsource = "s"\n'
    book = law.Book({}).joined(_read(later + "verified = true\n"))

    assert book.integer("rate.test_ppm", date(2025, 12, 31)) == 1
    assert book.integer("rate.test_ppm", date(2026, 1, 1)) == 2
    assert book.entry("rate.test_ppm", TODAY).ref == "rate.test_ppm@2026-01-01"


def test_a_value_that_does_not_apply_yet_is_an_error_naming_id_and_date() -> None:
    with pytest.raises(law.NoLawValue) as caught:
        law.value("remedy.reconsideration_days", date(1990, 1, 1))

    assert "remedy.reconsideration_days" in str(caught.value)
    assert "1990-01-01" in str(caught.value)


def test_an_unknown_id_is_the_same_error() -> None:
    with pytest.raises(law.NoLawValue, match=r"deadline\.unheard_of"):
        law.value("deadline.unheard_of", TODAY)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('source = "本机关参数"', "", "source"),
        ('source = "本机关参数"', 'source = " "', "source"),
        ("from = 2025-01-01", "", "from"),
        ("from = 2025-01-01", 'from = "2025"', "from"),
        ("value = 1", "", "value"),
        ("value = 1", "value = 0.5", "整数"),
        ("verified = true", "", "verified"),
        ("verified = true", "verified = false", "note"),
        ('unit = "ppm"', 'unit = "pounds"', "unit"),
        ("value = 1", "value = 1\nuntil = 2026-01-01", "until"),
        ("[[rate.test_ppm.rows]]", "[[rate.test_ppm.row]]", "rows"),
        ("value = 1", "value = ", "TOML"),
    ],
)
def test_a_row_lacking_what_everyone_relies_on_is_refused(old: str, new: str, named: str) -> None:
    with pytest.raises(law.BadLawFile, match=named):
        _read(ROW.replace(old, new))


def test_rows_must_be_in_the_order_of_their_dates() -> None:
    twice = ROW + ROW[ROW.index("[[") :]

    with pytest.raises(law.BadLawFile, match="递增"):
        _read(twice)


def test_a_bureau_may_lay_its_own_rates_over_but_never_the_law() -> None:
    own = _read(
        ROW.replace("test_ppm", "recent_natural_days").replace('"ppm"', '"natural_days"'),
    )
    cap = _read(ROW.replace("rate.test_ppm", "team.min_officers").replace('"ppm"', '"officers"'))

    changed = law.book().with_local(own, "own.toml")

    assert changed.integer("rate.recent_natural_days", TODAY) == 1
    assert law.integer("rate.recent_natural_days", TODAY) == 365
    with pytest.raises(law.BadLawFile, match=r"team\.min_officers"):
        law.book().with_local(cap, "own.toml")
    with pytest.raises(law.BadLawFile, match=r"rate\.test_ppm"):
        law.book().with_local(_read(ROW), "own.toml")


def test_the_unit_of_every_duration_stands_in_its_name() -> None:
    endings = {"natural_days": "_days"}
    wrong = [
        row.id
        for row in law.book()
        if row.unit in DURATIONS
        and isinstance(row.value, int)
        and not row.id.endswith(endings.get(row.unit, f"_{row.unit}"))
        and row.id not in ("capacity.half_days_per_visit", "deadline.coercion_counting")
        and not row.id.startswith("plan.min_natural_days")
    ]

    assert wrong == []


def test_the_cap_table_knows_every_standardisation_grade() -> None:
    caps = law.table("cap.annual_checks", TODAY)

    assert caps["high_risk"] == {"1": 2, "2": 4, "3": 8, "none": 12}
    assert caps["other"] == {"1": 1, "2": 2, "3": 4, "none": 6}
    assert not law.entry("cap.annual_checks", TODAY).verified


def test_every_source_of_a_task_has_its_category_and_announced_ones_are_sources() -> None:
    on = date(2026, 1, 1)
    categories = law.table("scheme.category_by_source", on)

    assert set(categories) == set(SOURCE_NAMES)
    assert set(categories.values()) <= {"日常检查", "个案检查", "专项检查"}
    assert set(law.items("scheme.announced_sources", on)) <= set(SOURCE_NAMES)


def test_every_law_id_named_in_the_source_exists() -> None:
    named: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for line in re.findall(r"^\s*Law: (.+)$", path.read_text("utf-8"), re.MULTILINE):
                named |= {id: str(path) for id in re.findall(r"[a-z]+\.[a-z0-9_]+", line)}

    assert named
    assert {id: path for id, path in named.items() if id not in law.book().ids} == {}


def test_the_listing_in_docs_is_the_one_that_the_values_give() -> None:
    written = (ROOT / "docs" / "law.md").read_text("utf-8")

    assert written == as_markdown(law.book())


def _read(content: str) -> law.Book:
    from inspect_server.domain.law.book import read

    return read(content, "own.toml")
