"""Documents are PDF/A-3u, and the checker that says so is shown to reject what is not."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from inspect_server.gateways.pdf_signing.said import Said
from pdf_templates.catalogue import TEMPLATES
from pdf_templates.file.conformance import PDFA_1B, PDFA_3U
from tests.pdfa.broken import (
    LEAST,
    MUTATIONS,
    Mutation,
    acting,
    bytewise,
    changed,
    describing,
    lettering,
    painting,
)
from tests.pdfa.checker import check
from tests.pdfa.rules import RULES
from tests.pdfa.sound import Example, examples, small
from tests.signers import certified

BROKEN = (acting, bytewise, describing, lettering, painting)
"""Where mutations are; to import them notes them."""
EXAMPLES = examples()
FIRST = {one.kind: one for one in reversed(EXAMPLES)}
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAID = Said(NOW, "制作执法文书", "云湾区")


def by_kind(examples: Iterable[Example]) -> list[Any]:
    """The first example of each kind, in the long run all."""
    return [
        one if FIRST[one.kind] is one else pytest.param(one, marks=pytest.mark.long)
        for one in examples
    ]


@pytest.fixture(scope="module")
def sound() -> bytes:
    return small()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_broken_file_is_rejected_by_the_rule_of_its_clause(
    mutation: Mutation, sound: bytes
) -> None:
    found = check(mutation.apply(sound))

    assert (mutation.clause, mutation.rule) in {(one.clause, one.rule) for one in found}
    assert all(one.where and one.said for one in found)


def test_every_rule_is_shown_to_reject_a_file() -> None:
    shown = {(one.clause, one.rule) for one in MUTATIONS}

    assert {(rule.clause, rule.look.__name__) for rule in RULES} <= shown
    assert max(Counter(one.name for one in MUTATIONS).values()) == 1
    assert len(MUTATIONS) >= LEAST


def test_the_file_that_is_broken_is_sound_before_and_when_written_again(sound: bytes) -> None:
    assert check(sound) == []
    assert check(changed(sound, lambda pdf: None)) == []
    assert check(changed(sound, lettering.a_sound_simple_font)) == []


@pytest.mark.parametrize("example", by_kind(EXAMPLES), ids=lambda one: one.name)
def test_a_document_conforms(example: Example) -> None:
    assert check(example.document()) == []


@pytest.mark.parametrize("word", ["草稿", "样张", "作废"])
def test_a_watermark_changes_nothing_of_that(word: str) -> None:
    assert check(EXAMPLES[0].document(word)) == []


def test_receipts_conform() -> None:
    receipts = [one for one in EXAMPLES if TEMPLATES[one.kind].receipt]

    assert [(one.name, check(one.twin(PDFA_3U, receipt=True))) for one in receipts] == [
        (one.name, []) for one in receipts
    ]


def test_every_kind_has_an_example_that_is_looked_at() -> None:
    assert {one.kind for one in EXAMPLES} == set(TEMPLATES)


def test_a_signature_leaves_a_document_what_it_is() -> None:
    signed = certified(NOW).signer().sign(EXAMPLES[0].document(), SAID)

    assert check(signed) == []
    assert [one.rule for one in check(signed + b"%%EOF\n")] == ["signatures_cover_what_was_there"]


def test_what_claims_less_is_not_taken_for_it() -> None:
    assert {one.rule for one in check(small(PDFA_1B))} == {"says_that_it_is_pdfa_3u"}
