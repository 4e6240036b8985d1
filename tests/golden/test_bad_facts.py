"""Whatever is wrong with facts is named at once: path, Chinese name, and what is to be done."""

import dataclasses
import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdf_templates.catalogue import MODULES, checked, render, template
from pdf_templates.check.inspection_record import InspectionRecord
from pdf_templates.constraints import Before, Beside, Constraint, constraints
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from pdf_templates.reading import read
from tests.golden.reference.asked import exists
from tests.golden.spoiled import BROKEN, Broken, put, steps
from tests.sampling import one_in

MASK = "\U0001f637"
"""A character that no face has."""
BY_KIND = {one.kind: one for one in BROKEN}


@dataclasses.dataclass(frozen=True)
class Leaf:
    """A field of an example that holds one value."""

    path: str
    doc: str
    is_free: bool
    """Whether it may be any text."""


def problems(kind: str, facts: Any) -> list[str]:
    with pytest.raises(BadFacts) as caught:
        checked(template(kind), facts)
    return list(caught.value.problems)


def leaves(facts: Any, before: str = "") -> Iterator[Leaf]:
    for one in dataclasses.fields(facts):
        path, value = f"{before}{one.name}", getattr(facts, one.name)
        if isinstance(value, str | int):
            form, doc = one.metadata["form"], one.metadata["doc"]
            is_free = isinstance(value, str) and (form is None or form.fits(f"{value}{MASK}"))
            yield Leaf(path, doc, is_free)
        groups = value if isinstance(value, tuple) else (value,)
        for number, group in enumerate(groups, 1):
            if dataclasses.is_dataclass(group):
                yield from leaves(group, f"{path}[{number}]." if value is groups else f"{path}.")


def groups_of(kind: type) -> set[type]:
    """Return a kind of facts and all groups within."""
    found = {kind}
    for hint in typing.get_type_hints(kind).values():
        for inner in (hint, *typing.get_args(hint)):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner):
                found |= groups_of(inner)
    return found


GROUPS = sorted(
    {base for kind in MODULES for one in groups_of(template(kind).facts) for base in one.__mro__},
    key=str,
)
DECLARED = [(group, one) for group in GROUPS for one in vars(group).get("CONSTRAINTS", ())]
NAMED = [f"{group.__name__}-{one.names}" for group, one in DECLARED]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.kind}-{one.told.split('〔')[0]}")
def test_a_contradiction_is_told_at_the_field_that_is_to_be_corrected(broken: Broken) -> None:
    (told,) = problems(broken.kind, broken.facts())

    assert told.startswith(broken.told)
    assert broken.said in told


@pytest.mark.parametrize(("group", "one"), DECLARED, ids=NAMED)
def test_without_a_constraint_some_contradiction_would_pass(
    group: type, one: Constraint, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tuple(other for other in vars(group)["CONSTRAINTS"] if other is not one)
    monkeypatch.setattr(group, "CONSTRAINTS", others)

    assert any(not read(template(it.kind).facts, it.facts()).problems for it in BROKEN)


@pytest.mark.parametrize(("group", "one"), DECLARED, ids=NAMED)
def test_a_constraint_reads_fields_that_there_are(group: type, one: Constraint) -> None:
    reads = [read.place if isinstance(read, Before | Beside) else read for read in one.reads]
    places = [place.replace("[]", "") for place in (one.names, *reads) if place]

    assert [place for place in places if not exists(group, place)] == []
    assert inspect.signature(one.wrong).bind(*([None] * (1 + len(reads))))


@pytest.mark.parametrize("kind", one_in(3, MODULES))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_wrong_fields_of_every_nature_are_named_in_one_refusal(kind: str, data: Any) -> None:
    broken = BY_KIND.get(kind)
    plain = broken.facts() if broken else to_json(example(kind))
    touched = fields_of_constraints(kind)
    whole = [leaf for leaf in leaves(example(kind)) if outermost(leaf.path) not in touched]
    free = [leaf for leaf in whole if leaf.is_free]
    masked = data.draw(st.sampled_from(free), "without a glyph")
    others = [leaf for leaf in whole if leaf.path != masked.path]
    mistyped, missing = data.draw(
        st.lists(st.sampled_from(others), min_size=2, max_size=2, unique=True), "of a wrong type"
    )

    plain = put(plain, masked.path, f"安{MASK}")
    plain = put(plain, mistyped.path, 1.5)
    *outer, last = steps(missing.path)
    at: Any = plain
    for step in outer:
        at = at[step]
    del at[last]
    told = problems(kind, {**plain, "colour": "red"})

    named = [
        f"{masked.path}〔{masked.doc}〕 中的“{MASK}”（U+1F637）没有可用字形",
        f"{missing.path}〔{missing.doc}〕 缺失",
        "colour 不是该文书的字段",
    ]
    assert [one for one in named if one not in told] == []
    assert [one for one in told if one.startswith(f"{mistyped.path}〔{mistyped.doc}〕 应为")]
    assert broken is None or [
        one for one in told if one.startswith(broken.told) and broken.said in one
    ]
    assert len(told) == (4 if broken is None else 5)


def fields_of_constraints(kind: str) -> set[str]:
    """Return the outermost fields that the contradiction of a kind is made of."""
    facts = template(kind).facts
    touched = {name for broken in BROKEN if broken.kind == kind for name in broken.changed}
    for one in constraints(facts):
        reads = [read.place if isinstance(read, Before | Beside) else read for read in one.reads]
        touched |= {one.names, *reads}
    return {outermost(name) for name in touched}


def outermost(path: str) -> str:
    return re.split(r"[.\[]", path)[0]


def test_a_contradiction_is_told_whatever_else_is_wrong_in_its_group_and_below() -> None:
    plain = to_json(example("penalty_notice"))
    plain["notified"]["total_fine_fen"] = 1
    plain["notified"]["desk"]["phone"] = ""
    plain["notified"]["violations"][0]["act"] = 7
    plain["notified"]["violations"][0]["basis"] = f"法{MASK}"
    del plain["doc_no"]

    told = problems("penalty_notice", plain)

    assert [one.partition("〔")[0] for one in told] == [
        "doc_no",
        "notified.violations[1].act",
        "notified.desk.phone",
        "notified.total_fine_fen",
        "notified.violations[1].basis",
    ]


def test_of_a_list_each_entry_is_judged_by_itself() -> None:
    plain = to_json(example("rectification_order"))
    first, second = plain["demands"][:2]
    first["deadline"], second["deadline"] = "2026-02-30", "2026-03-01"

    told = problems("rectification_order", plain)

    assert [one.partition("〔")[0] for one in told] == [
        "demands[1].deadline",
        "demands[2].deadline",
    ]


def test_what_reads_a_wrong_field_is_not_judged() -> None:
    plain = to_json(example("penalty_notice"))
    plain["notified"]["total_fine_fen"] = 1
    plain["notified"]["violations"][0]["fine_fen"] = "两万"

    told = problems("penalty_notice", plain)

    assert [one.partition("〔")[0] for one in told] == ["notified.violations[1].fine_fen"]


@pytest.mark.parametrize("empty", ["", " \u3000\n"])
def test_an_empty_entry_of_a_list_of_texts_is_named_by_its_number(empty: str) -> None:
    plain = put(to_json(example("scene_record")), "findings[2]", empty)

    assert problems("scene_record", plain) == ["findings[2]〔勘验情况，每段一项〕 不能为空"]


@pytest.mark.parametrize("char", "\u00ad\u200b\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ufe0f")
def test_what_nobody_sees_is_refused_by_hand_and_left_out_of_a_sealed_record(char: str) -> None:
    plain = put(to_json(example("inspection_record")), "enterprise.name", f"云湾{char}木业")
    plain = put(plain, "notes[1]", f"{char}正常")

    assert problems("inspection_record", plain)[:2] == [
        f"{path} 含有看不见的字符（U+{ord(char):04X}），请删去"
        for path in ("enterprise.name〔被检查单位〕", "notes[1]〔其他情况〕")
    ]
    assert from_json(InspectionRecord, plain)


MANDATORY = {
    "inspection_record": (
        *("doc_no", "authority", "inspection_no", "source", "legal_basis", "refusal_basis"),
        *("enterprise.name", "officers[1].name", "officers[2].cert_no"),
        *("checklists[1].title", "checklists[2].content_sha256", "problems[1].text"),
        *("unchecked[1].item", "attendants[1].name", "photos[1].sha256", "notes[1]"),
        *("signatures[1].signer", "signatures[1].signed_at", "record_sha256"),
    ),
    "rectification_order": (
        *("doc_no", "record_no", "authority", "enterprise.name", "demands[1].text", "basis"),
        *("government", "court", "copies_note", "provisional_no", "shown_sha256"),
    ),
    "draw_commitment": (
        "doc_no",
        "authority",
        "commit",
        "rules[1]",
        "sources[1].title",
        "verifier",
    ),
    "draw_result": ("doc_no", "authority", "commit", "entered[1].value", "chosen[1].commitment"),
    "draw_anchors": ("doc_no", "authority", "anchors[1].holder", "anchors[2].anchor"),
    "draw_checklist": ("doc_no", "authority", "parts[1].title", "parts[2].items[1]"),
    "draw_replacement_request": ("doc_no", "reason", "leaf", "evidence_sha256", "command"),
}
"""What no document of a check or a draw may leave out."""
SAID_BY_NOBODY = (
    *("replaces", "draw_no", "place", "enterprise.address", "enterprise.legal_person"),
    *("enterprise.position", "enterprise.phone", "problems[1].place", "problems[1].basis"),
    *(
        "problems[1].item",
        "settled[1].question",
        "unchecked[1].text",
        "attendants[1].position",
        "attendants[1].phone",
    ),
    *("photos[1].caption", "photos[1].problem", "photos[1].taken_at", "photos[1].latitude"),
    *("photos[1].longitude", "photos[1].accuracy_m", "photos[1].datum", "photos[1].device"),
    *("signatures[3].name", "signatures[3].position", "signatures[3].cert_no"),
)
"""What registry and phones may not know of a record that is sealed and keeps its documents."""


@pytest.mark.parametrize("kind", MANDATORY)
def test_what_a_document_cannot_do_without_is_not_empty(kind: str) -> None:
    plain = to_json(example(kind))
    for path in MANDATORY[kind]:
        plain = put(plain, path, "")

    told = problems(kind, plain)

    assert {one.partition("〔")[0] for one in told} == set(MANDATORY[kind])


def test_what_registry_and_phones_may_not_know_is_left_out() -> None:
    plain = to_json(example("inspection_record"))
    for path in SAID_BY_NOBODY:
        plain = put(plain, path, "")

    assert render("inspection_record", plain)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("signatures[1].signer", "lead", "应为 officer（执法人员）"),
        ("signatures[1].strokes", [[[0, 1001]]], "各坐标应为 0 至 1000"),
        ("signatures[1].strokes", [[[-1, 0]]], "各坐标应为 0 至 1000"),
        ("photos[1].latitude", "北纬34度", "应为十进制数"),
        ("photos[1].accuracy_m", "1e3", "应为十进制数"),
        ("checklists[1].failed", -1, "不能为负数"),
        ("problems[1].number", 0, "不能小于 1"),
    ],
)
def test_what_no_phone_writes_is_refused(path: str, value: Any, said: str) -> None:
    (told,) = problems("inspection_record", put(to_json(example("inspection_record")), path, value))

    assert told.startswith(f"{path}〔")
    assert said in told


def test_nobody_is_older_than_a_hundred_and_fifty() -> None:
    facts = to_json(example("penalty_decision_person"))
    (path,) = [one.path for one in leaves(example("penalty_decision_person")) if "age" in one.path]

    assert problems("penalty_decision_person", put(facts, path, 151)) == [
        f"{path}〔年龄（周岁）〕 应为 0 至 150"
    ]
    assert checked(template("penalty_decision_person"), put(facts, path, 150))


def test_render_names_characters_without_a_glyph_beside_all_else_that_is_wrong() -> None:
    plain = to_json(example("case_filing_approval"))
    plain |= {"cause": f"粉尘{MASK}", "made_at": "昨天"}

    with pytest.raises(BadFacts) as caught:
        render("case_filing_approval", plain)

    assert "cause〔案由〕 中的" in str(caught.value)
    assert "made_at〔" in str(caught.value)
