"""What tells of somebody who can be known, or was said by them, is marked (个人信息保护法 4)."""

from dataclasses import fields

import pytest

from pdf_templates.parts.legal import Account, Desk
from pdf_templates.parts.people import Organisation, Person
from tests.golden.test_bad_facts import GROUPS

OF_SOMEBODY = frozenset(
    {
        "age",
        "answer",
        "employer",
        "employer_address",
        "gender",
        "id_no",
        "legal_person",
        "manager",
        "notified",
        "post",
        "recipient",
        "refusal",
        "refusal_reason",
        "response",
        "sampled",
        "statement",
        "strokes",
        "words",
    }
)
"""Names of fields that tell of a person or what a person said, in whatever document."""


@pytest.mark.parametrize("group", GROUPS, ids=lambda one: one.__name__)
def test_what_tells_of_a_person_is_marked_in_every_document(group: type) -> None:
    of_person = [one for one in fields(group) if one.name in OF_SOMEBODY] if told(group) else []

    assert [one.name for one in of_person if not one.metadata["personal"] and is_text(one)] == []


def told(group: type) -> bool:
    return "__dataclass_fields__" in vars(group)


def is_text(one: object) -> bool:
    return getattr(one, "type", None) in (str, "str", int, "int")


def test_everything_that_is_told_of_a_person_who_is_a_party_is_personal() -> None:
    assert [one.name for one in fields(Person) if not one.metadata["personal"]] == []


def test_a_unit_an_office_and_its_account_are_nobodys_data() -> None:
    marked = {
        group: {one.name for one in fields(group) if one.metadata["personal"]}
        for group in (Organisation, Desk, Account)
    }

    assert marked == {
        Organisation: {"legal_person", "position", "phone"},
        Desk: {"contact"},
        Account: set(),
    }
