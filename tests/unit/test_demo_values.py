"""Phones of the demo answer what a checklist asks for, whatever kind it is."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from forms.expressions.parsing import parse
from forms.load import packaged
from forms.model import (
    NOT_ASKED,
    Choice,
    ChoiceList,
    Competence,
    Condition,
    Form,
    Item,
    Kind,
    Section,
)
from inspect_server.demo.field.handset import Handset
from inspect_server.demo.field.visiting import Course, Visit
from tests.usecases.bureau import FORM, item

WHEN = datetime(2026, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))
WAYS = ChoiceList("ways", (Choice("dry", "干式"), Choice("wet", "湿式"), Choice("none", "无")))


@dataclass
class Notebook(Handset):
    """A phone that only writes down what it is asked to save."""

    saved: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, step: str, /, at: datetime | None = None, **values: Any) -> str:
        self.saved.append((step, values))
        return f"finding/{len(self.saved)}"


def visited(folder: Path, *forms: Form) -> tuple[Visit, list[tuple[str, dict[str, Any]]]]:
    """Return a visit with these checklists filled in, and all that its phones saved."""
    lead, member = (Notebook(login, folder / f"{login}.db") for login in ("zf01", "zf02"))
    enterprise = {"name": "某厂", "latitude": "34.6", "longitude": "119.2"}
    task = {"id": "t", "number": "2026-0001"}
    laws = defaultdict(lambda: "15")
    visit = Visit(task, enterprise, forms, laws, lead, member, Course(general=9), WHEN)
    for page in visit.pages():
        visit.fill(page)
    visit.catch_up()
    return visit, lead.saved + member.saved


def asked(kind: Kind) -> Item:
    extra = {"choices": "ways"} if kind in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE) else {}
    bounds = {"least": "0.25", "most": "0.5"} if kind is Kind.DECIMAL else {}
    inside = (Kind.INTEGER, Kind.SELECT_ONE) if kind is Kind.TABLE else ()
    return Item(
        code=f"V-{kind.value}",
        kind=kind,
        question=kind.value,
        required=Condition("true()", parse("true()")),
        columns=tuple(replace(asked(one), code=f"C-{one.value}") for one in inside),
        **extra,
        **bounds,
    )


def test_every_kind_of_value_is_entered_so_that_it_can_stand(tmp_path: Path) -> None:
    kinds = tuple(asked(kind) for kind in Kind if kind not in NOT_ASKED and kind is not Kind.CHECK)
    late = replace(
        asked(Kind.TEXT), code="L1", relevant=Condition("${L2} != ''", parse("${L2} != ''"))
    )
    last = replace(asked(Kind.TEXT), code="L2")
    sections = (Section("一", (late,)), Section("二", (Section("内", (*kinds, last)),)))
    form = replace(FORM, sections=sections, choice_lists=(WAYS,))
    visit, saved = visited(tmp_path, form)

    found = visit.evaluated(form)
    assert (found.missing, found.invalid) == ((), ())
    assert {values["item"].rpartition("/")[2] for step, values in saved if step == "answer"} >= {
        "L1",
        "L2",
        "V-repeat",
    }


def test_every_list_that_comes_along_is_filled_in_whole(tmp_path: Path) -> None:
    every = {form.name: form for form in packaged()}  # the newest version of each
    one_visit, _ = visited(tmp_path, *every.values())
    earlier = [form for form in packaged() if form not in every.values()]

    assert [form.ref for form in every.values() if not one_visit.evaluated(form).is_complete] == []
    for number, form in enumerate(earlier):
        visit, _ = visited(tmp_path / str(number), form)
        assert visit.evaluated(form).is_complete, form.ref


def test_what_others_enforce_is_referred(tmp_path: Path) -> None:
    fire = replace(item("F1"), competence=Competence.FIRE, penalties=(), rectify=0)
    visit, saved = visited(tmp_path, replace(FORM, sections=(Section("一", (fire,)),)))

    (found,) = [values["value"] for step, values in saved if step == "add_finding"]
    assert (found["measure"], found["deadline"], found["level"]) == ("refer", "", "general")
    assert not visit.is_ordered
