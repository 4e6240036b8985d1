"""The installed checklists: frozen, whole, and tied to the rest of the project."""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest

from forms.body import content_sha256
from forms.evaluation.filling import Filling
from forms.evaluation.suggesting import suggest
from forms.load import packaged
from forms.model import Basis, Competence, Form, Item, Law, Major, Penalty
from inspect_server.domain import law
from inspect_server.domain.enums import Sector

# The content of every published version. A line is added with a new version and never changed:
# a task on a phone, a record and a court file name this content.
PUBLISHED = {
    "ammonia-refrigeration@1": "d275ad4806f60a061a35de8f1cd5114207a86ee5e681293730d96fca7138a1a3",
    "confined-space@1": "681d2cb68e7b37017ef5b51a79befec6498646f5bb15d64e74067efd16bdfc82",
    "confined-space@2": "ac7d0d4ced960b8ac0b9a98337b7275da0365ef00d6d48bf4b809e7dfe1d30fd",
    "dust-explosion@1": "4bc13e58dbdbbfa8d5542a360ca38ec74264df91d7a0b62637ed5bff22be885c",
    "general-management@1": "5e1d1e02fcf1520ae8f7843a40bc1f0266f815e17f85789c96ed00de9f999e01",
    "general-safety@1": "e6fe62b4fc5f8afa6d6463244e6dc219a5364884199ff92eb957ac879aae3def",
    "hazardous-chemicals@1": "7f0d0ce206e035facbd6081522e2cbd30445f4837ce4aeb82b71520156c99e5f",
    "metal-smelting@1": "c05e5e5085742bdd518767803aa2ff8aa6bae36c605dd7e0f8e9352f4cab3ede",
}

# The grade of every numbered item of the paper, five in a group: ★ yes, ☆ possible, - no.
GRADES = {
    "ammonia-refrigeration": ("A", "★★☆☆☆ ☆-☆★- ☆--☆- ☆-☆"),
    "confined-space": ("Y", "★★★★★ ☆☆☆☆- ☆★--☆ -"),
    "dust-explosion": ("F", "★★★★★ ★★★★★ ★---- ☆☆☆☆- -"),
    "general-management": ("G", "☆---- ★---★ ---☆☆ ----☆ ★--☆★ -☆-☆- ★★"),
    "hazardous-chemicals": ("W", "☆☆★☆- -☆--- ☆★★★★ ★★★★★ ★---★ ★★★★"),
    "metal-smelting": ("M", "★★★★★ ★★★★★ ★★★★★ ☆★-☆- ☆★"),
}

# Numbers of the paper that are asked in parts, because the standard judges the parts separately
# or because one part is another department's: the further parts.
PARTS = {
    "ammonia-refrigeration": {"A02B": "★"},
    "confined-space": {},
    "dust-explosion": {"F11B": "★"},
    "general-management": {"G28B": "-"},
    "hazardous-chemicals": {"W12B": "★", "W13B": "★", "W25B": "★", "W29B": "★", "W29C": "★"},
    "metal-smelting": {
        "M01B": "★",
        "M01C": "★",
        "M02B": "★",
        "M02C": "★",
        "M03B": "★",
        "M03C": "★",
        "M08B": "★",
        "M09B": "★",
        "M12B": "★",
        "M14B": "★",
        "M16B": "-",
    },
}

# A recommendation (建议项) without a legal basis: asked, never judged, so that no failure of it can
# be ordered to be rectified.
NOT_JUDGED = {"Y14"}

MARKS = {"★": Major.YES, "☆": Major.POSSIBLE, "-": Major.NO}

# Law that had ended when a version began; it stands there for acts of its time.
OLD_LAW = {"chemicals-regulation", "gb-50072-2010"}

# A law that a version cites for the days after its start.
COMING_LAW = {("general-safety@1", "special-operations")}

# By its file, so that a definition that does not load fails the tests that are about it.
every_form = pytest.mark.parametrize("form", PUBLISHED, indirect=True)


@pytest.fixture
def form(request: pytest.FixtureRequest) -> Form:
    """The installed version of that name and number."""
    name, number = request.param.split("@")
    return packaged().get(name, int(number))


def paper(name: str) -> dict[str, Major]:
    """Return the items that a checklist should have, with their grades."""
    letter, marks = GRADES[name]
    numbered = {f"{letter}{n:02}": mark for n, mark in enumerate(marks.replace(" ", ""), start=1)}
    judged = {code: mark for code, mark in numbered.items() if code not in NOT_JUDGED}
    return {code: MARKS[mark] for code, mark in (judged | PARTS[name]).items()}


def citations(item: Item) -> tuple[Basis | Penalty, ...]:
    return (*item.basis, *item.penalties)


def own(form: Form) -> list[Item]:
    return [item for item in form.judged if item.competence is Competence.OWN]


def cited_codes(part: Any, field: str) -> Iterator[tuple[str, str]]:
    """Yield every (kind, code) that a definition file cites, wherever in it."""
    if isinstance(part, list):
        for one in part:
            yield from cited_codes(one, field)
    elif isinstance(part, dict):
        if field in ("basis", "device_clause"):
            yield "law", part["law"]
        elif field == "penalties":
            yield "penalty", part["code"]
        else:
            for name, value in part.items():
                yield from cited_codes(value, name)


def unverified(form: Form) -> set[str]:
    return {item.code for item in form.judged if not item.verified}


def test_a_published_version_never_changes() -> None:
    now = {form.ref: content_sha256(form) for form in packaged()}

    assert now == PUBLISHED, "publish a new version instead (docs/forms.md)"


@every_form
def test_a_checklist_has_every_item_of_the_paper_and_its_grade(form: Form) -> None:
    if form.name in GRADES:
        assert {item.code: item.major for item in form.judged} == paper(form.name)
    else:
        assert form.name == "general-safety"  # a part of the full one


def test_what_is_only_recommended_is_asked_and_never_judged() -> None:
    old, new = packaged().get("confined-space", 1), packaged().get("confined-space", 2)

    assert {item.code for item in new.items} - {item.code for item in old.items} == {"Y05A", "Y14"}
    assert new.judged == old.judged


def test_the_general_checklist_is_short_and_for_everybody() -> None:
    form = packaged().get("general-safety", 1)

    assert form.sectors == ()
    assert 10 <= len(form.items) <= 15


def test_the_short_general_checklist_is_a_part_of_the_full_one() -> None:
    short, full = packaged().get("general-safety", 1), packaged().get("general-management", 1)
    grades = {item.code: item.major for item in full.items}

    assert {item.code: item.major for item in short.items}.items() <= grades.items()


def test_only_the_full_general_checklist_is_handed_out_on_request() -> None:
    assert [form.ref for form in packaged() if form.on_request] == ["general-management@1"]


def test_every_sector_of_the_registry_has_one_checklist() -> None:
    names = {tag: {form.name for form in packaged() if tag in form.sectors} for tag in Sector}

    assert {len(found) for found in names.values()} == {1}
    assert {tag for form in packaged() for tag in form.sectors} == set(names)


@pytest.mark.parametrize("ref", PUBLISHED)
def test_every_law_cited_is_a_row_of_the_law_table_with_source_and_dates(ref: str) -> None:
    """Read from the files as they are written, not by the loader that would refuse them."""
    folder = resources.files("forms.definitions")
    rows = tomllib.loads((folder / "laws.toml").read_text("utf-8"))["laws"]
    clauses = tomllib.loads((folder / "penalties.toml").read_text("utf-8"))["penalties"]
    dated = {
        row["code"]
        for row in rows
        if row["source"].strip() and isinstance(row["effective_from"], date)
    }
    sound = {
        ("penalty", row["code"]) for row in clauses if row["source"].strip() and row["law"] in dated
    } | {("law", code) for code in dated}
    cited = set(cited_codes(tomllib.loads((folder / f"{ref}.toml").read_text("utf-8")), ""))

    assert len(cited) >= 5
    assert cited - sound == set()


@every_form
def test_every_law_cited_was_in_force_when_the_version_began_or_is_marked_as_old(
    form: Form,
) -> None:
    laws = {cited.law for item in form.judged for cited in citations(item)}
    not_in_force = {one.code for one in laws if not one.in_force(form.effective_from)}
    old = {one.code for one in laws if one.code in OLD_LAW}
    coming = {code for ref, code in COMING_LAW if ref == form.ref}

    assert not_in_force == old | coming
    assert [one for one in laws if one.code in old and one.effective_until is None] == []


def test_old_law_is_not_verified_and_never_stands_alone() -> None:
    for form in packaged():
        for item in form.judged:
            for group in (item.basis, item.penalties):
                old = [one for one in group if one.law.code in OLD_LAW]

                assert not any(one.law.verified for one in old)
                assert not old or len(old) < len(group), item.code


@every_form
def test_every_item_can_be_cited_on_the_first_day_of_its_version(form: Form) -> None:
    for item in own(form):
        suggestion = suggest(form, item, frozenset({item.code}), form.effective_from)

        assert suggestion.basis.startswith("《"), item.code
        assert suggestion.penalty_basis.startswith("《"), item.code


@every_form
def test_nothing_is_asked_that_is_only_recommended(form: Form) -> None:
    """A recommendation (建议项, Y14 of the paper) has no basis, and none may be invented."""
    words = ("建议", "没有直接规定")

    assert [item.code for item in form.judged if not item.basis] == []
    assert [i.code for i in form.judged if any(word in i.verification for word in words)] == []


@every_form
def test_every_deadline_is_days_or_a_dated_law_value_in_days(form: Form) -> None:
    for item in own(form):
        if isinstance(item.rectify, int):
            assert 1 <= item.rectify <= 90, item.code
            continue
        assert item.rectify.endswith("_days"), item.code
        assert law.integer(item.rectify, form.effective_from) >= 1, item.code


def test_what_others_enforce_is_neither_penalised_nor_rectified_by_us() -> None:
    others = {
        item.code: item.competence
        for form in packaged()
        for item in form.judged
        if item.competence is not Competence.OWN
    }
    items = {item.code: item for form in packaged() for item in form.judged}

    assert others == {
        "A07": Competence.MARKET_SUPERVISION,
        "A17": Competence.FIRE,
        "G28B": Competence.OTHER,
        "M16B": Competence.MARKET_SUPERVISION,
        "W23": Competence.PUBLIC_SECURITY,
    }
    assert [code for code in others if items[code].penalties or items[code].rectify] == []
    assert [code for code in others if "只移送线索" not in items[code].verification] == []


@every_form
def test_no_condition_stands_alone(form: Form) -> None:
    needs = {item.code: item.major_needs for item in form.items}
    alone = [
        (one, code) for one, codes in needs.items() for code in codes if one not in needs[code]
    ]

    assert alone == []


def test_unverified_citations_are_marked_and_listed_here_until_somebody_confirms_them() -> None:
    ammonia, chemicals = set(paper("ammonia-refrigeration")), set(paper("hazardous-chemicals"))
    checked = {"A01", "A02", "A02B", "A09", "A12", "A13", "A15", "A16", "A18"}

    assert {form.name: unverified(form) for form in packaged()} == {
        "ammonia-refrigeration": ammonia - checked,
        "confined-space": {"Y07", "Y15"},
        "dust-explosion": {"F01", "F04", "F12", "F13", "F14", "F17", "F18", "F19"},
        "general-management": {"G01", "G06", "G09", "G10", "G11", "G17", "G19", "G28B"},
        "general-safety": {"G10"},
        "hazardous-chemicals": chemicals - {"W24"},
        "metal-smelting": {"M16", "M16B", "M21"},
    }


@every_form
def test_an_unverified_item_says_in_words_what_is_open(form: Form) -> None:
    words = ("待核", "仅见题录")
    silent = [
        item.code
        for item in form.judged
        if not item.verified and not any(word in item.verification for word in words)
    ]

    assert silent == []


def test_items_whose_only_basis_is_unverified_say_so_when_they_are_cited() -> None:
    warned = {
        form.name: {
            item.code
            for item in form.judged
            if suggest(form, item, frozenset({item.code}), form.effective_from).to_verify
        }
        for form in packaged()
    }
    told_by_checked_law = {
        *("W07", "W08", "W10", "W11", "W13", "W13B", "W17", "W18", "W19", "W21", "W24"),
    }

    assert warned == {
        "ammonia-refrigeration": {"A04", "A05", "A07", "A08", "A17"},
        "confined-space": set(),
        "dust-explosion": {"F18"},
        "general-management": {"G09"},
        "general-safety": set(),
        "hazardous-chemicals": set(paper("hazardous-chemicals")) - told_by_checked_law,
        "metal-smelting": {"M16B"},
    }


def test_the_old_rules_on_chemicals_are_printed_for_their_time_only() -> None:
    form = packaged().get("hazardous-chemicals", 1)
    permit = next(item for item in form.judged if item.code == "W01")
    failed = frozenset({"W01"})
    before = suggest(form, permit, failed, date(2026, 4, 30))
    after = suggest(form, permit, failed, date(2026, 5, 1))

    assert before.basis == "《危险化学品安全管理条例》第二十九条"
    assert before.penalty_basis == "《危险化学品安全管理条例》第七十七条第二款"
    assert after.basis == "《中华人民共和国危险化学品安全法》"
    assert after.penalty_basis == "《中华人民共和国危险化学品安全法》第一百条"
    assert after.to_verify == (after.basis, after.penalty_basis)


def test_a_chemicals_item_that_the_standard_judges_names_the_new_one_for_the_officer() -> None:
    judged = [
        item for item in packaged().get("hazardous-chemicals", 1).items if item.major is Major.YES
    ]

    assert all("aq-3067" in {basis.law.code for basis in item.basis} for item in judged)
    assert all("AQ 3067-2026" in item.major_note for item in judged)


def test_no_amount_of_the_new_chemicals_law_passes_for_checked() -> None:
    laws: dict[str, Law] = {}
    penalties: dict[str, Penalty] = {}
    for item in packaged().get("hazardous-chemicals", 1).items:
        laws |= {basis.law.code: basis.law for basis in item.basis}
        penalties |= {penalty.code: penalty for penalty in item.penalties}

    assert not laws["chemicals-law"].verified
    assert not laws["aq-3067"].verified
    assert [code for code in penalties if code.startswith("W") and penalties[code].verified] == []


def test_devices_that_exist_but_failed_are_covered_by_the_device_clause() -> None:
    devices = {
        form.name: {item.code for item in form.judged if item.device_clause} for form in packaged()
    }

    assert devices == {
        "ammonia-refrigeration": set(),
        "confined-space": set(),
        "dust-explosion": {"F04", "F05", "F07", "F08", "F09", "F10", "F16"},
        "general-management": {"G20", "G21", "G31", "G32"},
        "general-safety": {"G20", "G21"},
        "hazardous-chemicals": set(),
        "metal-smelting": {
            *("M03", "M03B", "M03C", "M04", "M05", "M06", "M07", "M09", "M09B", "M10"),
            *("M11", "M12", "M12B", "M14", "M14B", "M15", "M22"),
        },
    }


def test_one_article_is_checked_in_all_checklists_or_in_none() -> None:
    judged: dict[str, set[bool]] = {}
    for form in packaged():
        for item in form.judged:
            for basis in item.basis:
                if basis.article:
                    judged.setdefault(basis.printed, set()).add(basis.verified)

    assert [printed for printed, said in judged.items() if len(said) > 1] == []


def test_a_smelter_is_asked_only_about_the_trades_that_it_has() -> None:
    filling = Filling(packaged().get("metal-smelting", 1), "2026-11-23")
    blank = filling.state()
    filling.answer("M00", {"result": "given", "given": ["foundry"]})
    foundry = set(filling.state().visible)

    assert blank.missing[0] == "M00"
    assert {"M01", "M01B", "M10"}.isdisjoint(foundry)
    assert {"M00", "M01C", "M17"} <= foundry
