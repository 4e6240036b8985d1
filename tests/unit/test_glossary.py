"""The glossary keeps up with the closed lists of the domain."""

from enum import StrEnum
from pathlib import Path

import pytest

from inspect_server.domain import enums

TEXT = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
LISTS = [
    kind
    for kind in vars(enums).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_every_closed_list_of_the_domain_is_in_the_glossary(kind: type[StrEnum]) -> None:
    assert f"`{kind.__name__}`" in TEXT or f"`{kind.__name__}." in TEXT


@pytest.mark.parametrize("kind", [enums.Role, enums.Sector, enums.InspectionState])
def test_every_role_sector_and_state_is_in_the_glossary(kind: type[StrEnum]) -> None:
    assert [member.value for member in kind if f"`{member.value}`" not in TEXT] == []


@pytest.mark.parametrize(
    "term", ["文号", "责令限期整改指令书", "现场检查记录", "双随机", "回避", "主办", "协办"]
)
def test_the_terms_that_every_reader_meets_are_in_the_glossary(term: str) -> None:
    assert f"| {term}" in TEXT


def test_no_chinese_term_has_two_rows_of_one_table() -> None:
    for table in TEXT.split("\n## ")[1:]:
        rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")]

        assert len(rows) == len(set(rows))
