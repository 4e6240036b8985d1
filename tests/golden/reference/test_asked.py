"""Per kind: every field of the official form is a fact that is printed, every wording stands."""

import pytest

from pdf_templates.catalogue import MODULES, template
from tests.golden.reference.asked import (
    asked,
    chosen,
    exists,
    flowing,
    printed,
    stands,
    texts,
)
from tests.pdfa.reading_text import bare

ASKED = asked()


@pytest.mark.parametrize("kind", ASKED)
def test_every_field_of_the_form_is_a_fact(kind: str) -> None:
    facts = template(kind).facts

    assert [place for place in ASKED[kind].places() if not exists(facts, place)] == []


@pytest.mark.parametrize("kind", ASKED)
def test_every_field_of_the_form_is_printed(kind: str) -> None:
    assert [place for place in ASKED[kind].places() if not stands(kind, place)] == []


@pytest.mark.parametrize("kind", ASKED)
def test_signatures_seals_and_choices_have_their_words(kind: str) -> None:
    flows = [flowing(text) + bare(text) for _, text in texts(kind)]

    missing = [words for words in ASKED[kind].words() if not any(printed(words, f) for f in flows)]
    unworded = [
        field
        for field, places in ASKED[kind].fields.items()
        if any(chosen(kind, place) for place in places)
        and not any(place.startswith("「") for place in places)
    ]
    assert missing == []
    assert unworded == [], "a choice is told by the words that the page has for it"


@pytest.mark.parametrize("kind", ASKED)
def test_the_wording_in_force_is_printed(kind: str) -> None:
    flows = [flowing(text) for _, text in texts(kind)]

    assert [one for one in ASKED[kind].wording if not any(printed(one, f) for f in flows)] == []


def test_each_table_is_of_the_folder_that_it_is_called_after() -> None:
    assert [
        kind for kind, one in ASKED.items() if MODULES[kind].partition(".")[0] != one.folder
    ] == []


def test_a_field_that_is_missing_or_not_printed_is_noticed() -> None:
    facts = template("measures_decision").facts

    assert not exists(facts, "weather")
    assert not exists(facts, "remedies.weather")
    assert exists(facts, "remedies.court")
    assert not stands("inspection_record", "refusal_basis.text")
    assert not stands("rectification_order", "enterprise.address")
    assert not printed("依据…第六十七条", flowing(texts("supply_cut_decision")[0][1]))
