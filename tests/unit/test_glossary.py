"""The glossary and the code say the same: every name is used, every term is explained, once."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from inspect_server.domain import assignment, enums, inspection, saying
from inspect_server.domain.identity import ROLE_NAMES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for package in ("inspect_server", "sync", "forms", "pdf_templates")
    for file in (ROOT / package).rglob("*")
    if file.suffix in {".py", ".toml"}
)
LISTS = [
    kind
    for kind in vars(enums).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]
WORDS: Mapping[str, Mapping[str, str]] = {
    "roles": {role.value: name for role, name in ROLE_NAMES.items()},
    "states": {state.value: name for state, name in inspection.STATE_NAMES.items()},
    "sources": assignment.SOURCE_NAMES,
    "reasons": {reason.value: name for reason, name in assignment.REASON_NAMES.items()},
    "results": saying.RESULT_NAMES,
    "levels": saying.LEVEL_NAMES,
    "kinds of entries": saying.KIND_NAMES,
    "measures": saying.MEASURE_NAMES,
    "participants": saying.PARTICIPANT_NAMES,
}
"""The tables of Chinese words whose keys are English names."""
IN_PROSE = {"answer": "item", "inspector": "officer"}
"""Keys that name a part of what the term means: an item's answer, an officer's account."""


def _rows() -> list[tuple[str, str]]:
    """Return the Chinese and the English cell of every row."""
    lines = [line.split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    return [(cells[1].strip(), cells[2].strip()) for cells in lines if cells[1].strip() != "中文"]


ENGLISH_OF = {
    term.strip(): english
    for chinese, english in _rows()
    for term in re.split(r"[、/]", re.sub(r"（.*?）", "", chinese))
}


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_every_closed_list_of_the_domain_is_in_the_glossary(kind: type[StrEnum]) -> None:
    assert f"`{kind.__name__}`" in TEXT or f"`{kind.__name__}." in TEXT


@pytest.mark.parametrize("kind", [enums.Role, enums.Sector, enums.InspectionState])
def test_every_role_sector_and_state_is_in_the_glossary(kind: type[StrEnum]) -> None:
    assert [member.value for member in kind if f"`{member.value}`" not in TEXT] == []


@pytest.mark.parametrize("table", WORDS)
def test_every_chinese_term_that_the_program_says_has_its_entry(table: str) -> None:
    assert [name for name in WORDS[table].values() if name not in ENGLISH_OF] == []


@pytest.mark.parametrize("table", WORDS)
def test_the_program_says_each_term_under_the_name_of_the_glossary(table: str) -> None:
    wrong = {
        name: key
        for key, name in WORDS[table].items()
        if IN_PROSE.get(key, key) not in re.findall(r"\w+", ENGLISH_OF[name])
    }

    assert wrong == {}


def test_every_name_of_the_glossary_is_used_in_the_code() -> None:
    names = {name for _, english in _rows() for name in re.findall(r"`([^`]+)`", english)}

    words = set(re.findall(r"\w+", CODE))

    unused = [
        name
        for name in sorted(names)
        if not set(re.findall(r"\w+", name.rpartition(".")[2])) <= words
    ]
    assert unused == []


@pytest.mark.parametrize(
    "term", ["文号", "责令限期整改指令书", "现场检查记录", "双随机", "回避", "主办", "协办"]
)
def test_the_terms_that_every_reader_meets_are_in_the_glossary(term: str) -> None:
    assert f"| {term}" in TEXT


def test_no_chinese_term_has_two_rows_of_one_table() -> None:
    for table in TEXT.split("\n## ")[1:]:
        rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")]

        assert len(rows) == len(set(rows))


def test_no_chinese_term_has_two_english_names() -> None:
    names: dict[str, set[str]] = {}
    for chinese, english in _rows():
        names.setdefault(chinese, set()).add(english)

    assert {term: two for term, two in names.items() if len(two) > 1} == {}
