"""The installed checklists: frozen, whole, and tied to the rest of the project."""

import pytest

from forms.body import content_sha256
from forms.evaluate import suggest
from forms.load import get, load_all
from forms.model import Form, Item, Major
from inspect_server.domain import law
from inspect_server.domain.enums import Sector

# The content of every published version. A line is added with a new version and never changed:
# a task on a phone, a record and a court file name this content.
PUBLISHED = {
    "confined-space@1": "681d2cb68e7b37017ef5b51a79befec6498646f5bb15d64e74067efd16bdfc82",
    "dust-explosion@1": "4bc13e58dbdbbfa8d5542a360ca38ec74264df91d7a0b62637ed5bff22be885c",
    "general-safety@1": "e6fe62b4fc5f8afa6d6463244e6dc219a5364884199ff92eb957ac879aae3def",
}

every_form = pytest.mark.parametrize("form", load_all(), ids=lambda form: form.ref)
every_item = pytest.mark.parametrize(
    ("form", "item"),
    [
        pytest.param(form, item, id=f"{form.ref}/{item.code}")
        for form in load_all()
        for item in form.items
    ],
)


def codes(form: Form, major: Major) -> set[str]:
    return {item.code for item in form.items if item.major is major}


def test_a_published_version_never_changes() -> None:
    now = {form.ref: content_sha256(form) for form in load_all()}

    assert now == PUBLISHED, "publish a new version instead (docs/forms.md)"


def test_the_dust_checklist_has_every_item_and_its_grade() -> None:
    form = get("dust-explosion", 1)
    numbered = {f"F{n:02}" for n in range(1, 22)}

    assert {item.code for item in form.items} == numbered | {"F11B"}
    assert codes(form, Major.YES) == {f"F{n:02}" for n in range(1, 12)} | {"F11B"}
    assert codes(form, Major.POSSIBLE) == {"F16", "F17", "F18", "F19"}


def test_the_confined_space_checklist_has_every_item_and_its_grade() -> None:
    form = get("confined-space", 1)

    assert {item.code for item in form.items} == {f"Y{n:02}" for n in range(1, 17)} - {"Y14"}
    assert codes(form, Major.YES) == {"Y01", "Y02", "Y03", "Y04", "Y05", "Y12"}
    assert codes(form, Major.POSSIBLE) == {"Y06", "Y07", "Y08", "Y09", "Y11", "Y15"}


def test_the_general_checklist_is_short_and_for_everybody() -> None:
    form = get("general-safety", 1)

    assert form.sectors == ()
    assert 10 <= len(form.items) <= 15


@every_form
def test_sector_tags_are_those_of_the_registry(form: Form) -> None:
    assert set(form.sectors) <= {sector.value for sector in Sector}


@every_item
def test_every_item_can_be_cited_on_the_first_day_of_its_version(form: Form, item: Item) -> None:
    suggestion = suggest(form, item, frozenset({item.code}), form.effective_from)

    assert suggestion.basis.startswith("《")
    assert suggestion.penalty_basis.startswith("《")


@every_item
def test_nothing_is_asked_that_is_only_recommended(form: Form, item: Item) -> None:
    """A recommendation (建议项, Y14 of the paper) has no basis, and none may be invented."""
    assert item.basis
    assert "建议" not in item.verification
    assert "没有直接规定" not in item.verification


@every_item
def test_every_deadline_is_days_or_a_dated_law_value_in_days(form: Form, item: Item) -> None:
    if isinstance(item.rectify, int):
        assert 1 <= item.rectify <= 90
        return
    assert item.rectify.endswith("_days")
    assert law.integer(item.rectify, form.effective_from) >= 1


@every_item
def test_no_condition_stands_alone(form: Form, item: Item) -> None:
    partners = {other.code: other for other in form.items}

    assert all(item.code in partners[code].major_needs for code in item.major_needs)


def test_unverified_citations_are_marked_and_listed_here_until_somebody_confirms_them() -> None:
    unverified = {
        form.ref: sorted(item.code for item in form.items if not item.verified)
        for form in load_all()
    }

    assert unverified == {
        "confined-space@1": ["Y07", "Y15"],
        "dust-explosion@1": ["F01", "F04", "F12", "F13", "F14", "F17", "F18", "F19"],
        "general-safety@1": ["G10"],
    }


def test_items_whose_only_basis_is_unverified_say_so_when_they_are_cited() -> None:
    warned = {
        item.code
        for form in load_all()
        for item in form.items
        if suggest(form, item, frozenset({item.code}), form.effective_from).to_verify
    }

    assert warned == {"F18"}


def test_devices_that_exist_but_failed_are_covered_by_the_device_clause() -> None:
    dust = {item.code for item in get("dust-explosion", 1).items if item.device_clause}
    general = {item.code for item in get("general-safety", 1).items if item.device_clause}

    assert dust == {"F04", "F05", "F07", "F08", "F09", "F10", "F16"}
    assert general == {"G20", "G21"}


def test_one_article_is_checked_in_all_checklists_or_in_none() -> None:
    judged: dict[str, set[bool]] = {}
    for form in load_all():
        for item in form.items:
            for basis in item.basis:
                if basis.article:
                    judged.setdefault(basis.printed, set()).add(basis.verified)

    assert [printed for printed, said in judged.items() if len(said) > 1] == []
