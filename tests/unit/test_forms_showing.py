"""A checklist as plain JSON: every question with its conditions as authored."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from forms.body import content_sha256
from forms.definition.tables import Table
from forms.evaluation.ordering import members_of
from forms.load import packaged
from forms.model import Choice, ChoiceList, Condition, Form, Item, Kind, Section
from forms.showing import shown
from tests.unit.forms_examples import item, sample
from tests.unit.varied_forms import forms


def condition(text: str) -> Condition:
    found = Table({"text": text}, "file", "item").condition("text")
    assert found is not None
    return found


@pytest.fixture
def form(tmp_path: Path) -> Form:
    """A checklist with sections in sections, a table with a section, and choices."""
    checks = sample(tmp_path, item("B02", major='"yes"', correctable_on_site="true"))
    choices = (Choice("a", "甲", (("site", "east"),), (("media", "a.png"),)), Choice("b", "乙"))
    inner = Section("行内", (Item(code="T2", kind=Kind.INTEGER, question="几个"),))
    table = Item(
        code="T1",
        kind=Kind.TABLE,
        name="tanks",
        question="储罐",
        count=condition("${A02} + 1"),
        columns=(inner, Item(code="T3", kind=Kind.SIGNATURE, question="签名")),
    )
    asked = Item(
        code="A02",
        kind=Kind.SELECT_MULTIPLE,
        name="which",
        question="哪些",
        hint="可多选",
        relevant=condition("${A01} = 'fail'"),
        required=condition("yes"),
        constraint=condition("count-selected(.) < 3"),
        constraint_message="至多两个",
        choices="kinds",
        choice_filter=Table({"f": "site = 'east'"}, "", "").filter("f"),
    )
    total = Item(
        code="A03", kind=Kind.CALCULATE, question="", calculation=condition("count(${tanks})")
    )
    loose = Section("", (asked, total))
    outer = Section("外", (Section("内", (table,), "inner"),), relevant=condition("true()"))
    return Form(
        **{
            **checks.__dict__,
            "sections": (*checks.sections, loose, outer),
            "choice_lists": (ChoiceList("kinds", choices),),
        }
    )


def test_every_question_stands_in_paper_order_under_its_path(form: Form) -> None:
    found = [(row["name"], row["type"], row["path"]) for row in shown(form)["items"]]

    assert found == [
        ("A01", "check", ["第一节"]),
        ("B02", "check", ["第一节"]),
        ("which", "select_multiple", []),
        ("A03", "calculate", []),
        ("T2", "integer", ["外", "inner", "tanks", "行内"]),
        ("T3", "image", ["外", "inner", "tanks"]),
    ]


def test_groups_and_repeats_name_what_is_around_them(form: Form) -> None:
    plain = shown(form)

    groups = [(row["path"], row["name"], row["label"]) for row in plain["groups"]]
    assert groups == [
        ([], "第一节", "第一节"),
        ([], "外", "外"),
        (["外"], "inner", "内"),
        (["外", "inner", "tanks"], "行内", "行内"),
    ]
    assert plain["groups"][1]["relevant"] == "true()"
    (table,) = plain["repeats"]
    assert (table["path"], table["name"], table["code"]) == (["外", "inner"], "tanks", "T1")
    assert (table["label"], table["count"], table["relevant"]) == ("储罐", "${A02} + 1", None)


def test_conditions_stand_as_authored_and_what_is_absent_is_null(form: Form) -> None:
    asked, total = shown(form)["items"][2:4]

    assert asked["code"] == "A02"
    assert asked["relevant"] == "${A01} = 'fail'"
    assert asked["required"] == "yes"
    assert asked["constraint"] == "count-selected(.) < 3"
    assert asked["constraint_message"] == "至多两个"
    assert asked["choice_filter"] == "site = 'east'"
    assert asked["choices"] == [
        {"name": "a", "label": "甲", "site": "east"},
        {"name": "b", "label": "乙"},
    ]
    absent = ("calculation", "default", "appearance", "unit", "least", "most", "guidance")
    assert all(asked[field] is None for field in absent)
    assert total["calculation"] == "count(${tanks})"
    assert total["label"] is total["choices"] is total["relevant"] is None


def test_a_signature_is_an_image_as_xlsform_has_it(form: Form) -> None:
    signature = shown(form)["items"][-1]

    assert (signature["type"], signature["kind"]) == ("image", "signature")
    assert signature["appearance"] == "signature"


def test_only_judged_items_have_what_a_failure_means(form: Form) -> None:
    plain = shown(form)
    check, asked = plain["items"][1:3]

    assert check["major"] == "yes"
    assert check["rectify"] == 10
    assert check["correctable_on_site"] is True
    assert check["basis"] == [
        {
            "law": "law",
            "article": "第三十六条",
            "printed": "《示例法》第三十六条",
            "verified": True,
        }
    ]
    (penalty,) = check["penalties"]
    assert penalty["printed"] == "《示例法》第九十九条第（二）项"
    assert (penalty["unit_range"], penalty["person_range"]) == ("处5万元以下罚款", None)
    assert "major" not in asked


def test_a_citation_that_nobody_checked_is_not_verified() -> None:
    rows = shown(packaged().get("dust-explosion", 1))["items"]
    marks = {row["code"]: [basis["verified"] for basis in row["basis"]] for row in rows}

    assert marks["F01"] == [True, False]
    assert {row["code"]: row["verified"] for row in rows}["F01"] is False


@given(forms())
def test_nothing_asked_is_left_out_and_keys_have_one_order(form: Form) -> None:
    plain = shown(form)

    members = [*members_of(form.sections)]
    items = [one for one in members if isinstance(one, Item)]
    tables = [one.code for one in items if one.kind is Kind.TABLE]
    asked = [one.code for one in items if one.kind is not Kind.TABLE]
    assert [row["code"] for row in plain["items"]] == asked
    assert [row["code"] for row in plain["repeats"]] == tables
    assert plain["content_sha256"] == content_sha256(form)
    assert json.loads(json.dumps(plain)) == plain
    assert len({(*row,) for row in plain["items"]}) <= 2
