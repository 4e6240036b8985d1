"""The vocabulary of workbooks: every word means one thing."""

from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from forms.model import Competence, Item, Kind, Major
from forms.workbook import words
from forms.workbook.words import Vocabulary, plain
from forms.workbook.xlsforms.reading.questions import BUREAU as ITEM_COLUMNS
from forms.workbook.xlsforms.reading.settings import BUREAU as SETTINGS

VOCABULARIES = {name: value for name, value in vars(words).items() if isinstance(value, Vocabulary)}


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_no_word_stands_for_two_values(vocabulary: Vocabulary[str]) -> None:
    counts = Counter(plain(word) for known in vocabulary.words.values() for word in known)

    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_what_is_written_for_a_value_is_read_as_it(vocabulary: Vocabulary[str]) -> None:
    assert [vocabulary.value(word) for word in vocabulary.written] == list(vocabulary.words)


def test_every_kind_grade_and_authority_has_a_word() -> None:
    assert set(words.KINDS.words) == set(Kind)
    assert set(words.MAJORS.words) == set(Major)
    assert set(words.COMPETENCES.words) == set(Competence)


def test_every_field_of_an_item_has_a_column_but_what_stands_in_rows_of_its_own() -> None:
    asked = {one.name for one in fields(Item)} - {"columns", "kept"}

    assert set(words.ITEM_HEADERS.words) == asked | {words.SECTION, words.PARENT}


@pytest.mark.parametrize(
    "text", ["不符合时照片(张)", " 不符合时照片（张） ", "不符合时\n照片（张）"]
)
def test_blanks_and_the_width_of_signs_make_no_other_header(text: str) -> None:
    assert words.ITEM_HEADERS.value(text) == "photos_on_failure"


def test_an_unknown_word_stands_for_nothing() -> None:
    assert words.KINDS.value("检察") is None


def test_every_sheet_and_header_stands_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    template = text.partition("### The template for offices")[2].partition("## Commands")[0]
    xlsform = text.partition("The bureau's own columns stand")[2].partition("### ")[0]
    headers = [words.SHEETS, *(one for name, one in VOCABULARIES.items() if "HEADERS" in name)]

    for vocabulary in (*headers, words.FORM_ROWS):
        assert [word for word in vocabulary.written if word not in template] == []
    for vocabulary, fields_of in ((words.ITEM_HEADERS, ITEM_COLUMNS), (words.FORM_ROWS, SETTINGS)):
        assert [f for f in fields_of if vocabulary.word(f) not in xlsform] == []
