"""docs/forms.md describes the format as it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from forms.definition.parse import FORM_FIELDS, ITEM_DEFAULTS, ITEM_FIELDS
from forms.evaluate import Fault
from forms.expressions.tree import FUNCTIONS
from forms.load import FORM_DEFAULTS, packaged
from forms.model import Item, Kind, Section
from forms.showing import shown

TEXT = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")


OF_ITEMS = "\n".join(part.split("\n\n")[0] for part in TEXT.split("| field of an item ")[1:])


def row_of(field: str, text: str = TEXT) -> str:
    rows = [line for line in text.splitlines() if line.startswith("| ") and f"`{field}`" in line]
    return next((row for row in rows if f"`{field}`" in row.split("|")[1]), "")


def test_every_field_of_a_definition_is_described() -> None:
    assert [field for field in FORM_FIELDS if not row_of(field)] == []
    assert [field for field in ITEM_FIELDS if not row_of(field, OF_ITEMS)] == []


NEVER_LEFT_OUT = {
    "how_to_check",
    "basis",
    "major",
    "penalties",
    "rectify",
    "finding",
    "verification",
}
"""Of an item that can fail; others do not have them."""


def test_every_field_that_may_be_left_out_says_its_default() -> None:
    said = {field for field in ITEM_FIELDS if "`" in row_of(field, OF_ITEMS).split("|")[2]}

    assert said == ({*ITEM_DEFAULTS} | {"kind", "question"}) - NEVER_LEFT_OUT
    assert set(FORM_DEFAULTS) == {"retired_on", "device_clause", "sectors"}


def test_every_fault_of_an_answer_is_described() -> None:
    assert [fault for fault in Fault if not row_of(fault.value)] == []


def test_every_installed_checklist_is_named() -> None:
    assert [form.ref for form in packaged() if f"`{form.ref}`" not in TEXT] == []


def test_every_function_of_conditions_is_described() -> None:
    of_functions = TEXT.split("### Functions")[1].split("### Vectors")[0]

    assert [name for name in FUNCTIONS if f"`{name}(" not in of_functions] == []


def keys(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from keys(one)
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from keys(one) if key not in ("choices", "kept") else ()


def test_every_key_of_the_plain_json_is_described() -> None:
    """A table and a section bring the keys of groups and repeats along."""
    of_json = TEXT.split("### `forms show --json`")[1].split("\n### ")[0]
    table = Item("T1", Kind.TABLE, "清单", columns=(Item("c", Kind.TEXT, "名"),))
    form = packaged().get("dust-explosion", 1)
    whole = replace(form, sections=(*form.sections, Section("二", (table,))))

    said = set(keys(shown(whole)))
    assert {"instead_of", "count", "aggravated_range"} <= said
    assert {key for key in said if f"`{key}`" not in of_json} == set()


def test_every_kind_of_item_is_described() -> None:
    of_kinds = TEXT.split("### Kinds")[1].split("## ")[0]

    assert [kind for kind in Kind if f"`{kind.value}`" not in of_kinds] == []
