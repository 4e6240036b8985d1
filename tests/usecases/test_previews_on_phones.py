"""A phone sets from what it holds the very bytes that the server sets of the same visit."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forms import load
from forms.library import Library
from forms.model import Competence, Form, Item, Penalty, Section
from inspect_server.usecases.print_pack.on_phone import (
    Bureau,
    OnlyOnTheServer,
    Pack,
    set_preview,
)
from inspect_server.usecases.work import Backend
from pdf_templates.setting.faces import STANDARD
from sync.entries import make_op
from tests.scenes import scene
from tests.usecases.closing_visits import answered_visit, dispatched_visit, fail, fresh_id, note
from tests.usecases.phone_questions import pictures, question
from tests.usecases.phones import Visit
from tests.usecases.test_previews import found_visit, picture, preview
from tests.usecases.test_values_in_records import FORM as VALUES
from tests.usecases.test_values_in_records import give

LOADED = """
import sys
import inspect_server.usecases.print_pack.on_phone
print(*{name.partition(".")[0] for name in sys.modules})
"""
COMPILED = {
    "msgspec",
    "cryptography",
    "sqlalchemy",
    "flask",
    "stdnum",
    "argon2",
    "chinese_calendar",
}
"""Packages that Python for browsers has not, or that a phone needs not."""
PAPERS = [(document, paper) for document in ("record", "order") for paper in ("a4", "80mm")]


def punished(part: Any) -> Any:
    """Return a section whose own items have a penalty: no published checklist lacks one."""
    if isinstance(part, Section):
        return replace(part, items=tuple(punished(one) for one in part.items))
    assert isinstance(part, Item)
    if not part.basis:
        return part
    law = replace(part.basis[0].law, code="t")
    clause = Penalty("P1", law, "第三十四条", "", "三万元以下", "", "", True, "测试")
    basis = (replace(part.basis[0], law=law),)
    if part.competence is not Competence.OWN:
        return replace(part, basis=basis, rectify=0)
    return replace(part, basis=basis, penalties=(clause,))


FORM = replace(VALUES, sections=tuple(map(punished, VALUES.sections)))
LIBRARY = Library([FORM])


@pytest.fixture(autouse=True)
def form_with_values(monkeypatch: pytest.MonkeyPatch) -> Form:
    """A checklist of checks, values, conditions and tables, as a phone can pull it."""
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    return FORM


def add(_kind: str, **value: Any) -> Any:
    return make_op(f"{_kind}.add", f"{_kind}/{fresh_id()}", value)


def in_a_hurry(backend: Backend) -> Visit:
    """Nothing is complete: answers are missing, nobody signed, one phone only."""
    visit = dispatched_visit(backend)
    visit.start(0, place=" ")
    visit.phone(0).answer("A2", "not_checked", reason="设备停用")
    visit.phone(0).find("")
    return visit


def settled(backend: Backend) -> Visit:
    """The phones disagreed and the lead chose; more was said, withdrawn and declared."""
    visit = answered_visit(backend)
    own = [op.id for op in visit.operations() if op.item == "answer/small/A3"]
    other = visit.phone(1).answer("A3", "not_applicable", note="无此设备")
    visit.phone(0).resolve("A3", "not_applicable", [*own, other], "现场共同复核")
    phone = fail(visit, "A1")
    found = phone.find("A1", measure="rectify_now", deadline="2026-03-20")
    phone.photograph(finding=found, content=picture())
    person = {"kind": "responsible", "name": "钱大", "position": "厂长", "phone": "13900000001"}
    (wrong,) = phone.save(add("participant", **person | {"name": "钱二"}))
    item = next(op.item for op in visit.operations() if op.id == wrong)
    phone.save(
        make_op("participant.retract", item, {"reason": "姓名有误"}, [wrong]),
        add("participant", **person),
    )
    times = {"from": "2026-03-05T09:40:00+08:00", "to": "2026-03-05T09:50:00+08:00"}
    gap = {**times, "reason": "执法记录仪更换电池"}
    phone.save(make_op("gap.declare", f"gap/{fresh_id()}", gap))
    give(visit, "B1", "7.5")
    give(visit, "B2", "wet", officer=1)
    give(visit, "B5", [{"C1": "除尘器1#", "C2": "22"}, {"C1": "除尘器2#"}])
    give(visit, "G2", "8")
    give(visit, "B1", "4")  # G2 was a failure, and is not asked any more
    phone.answer("F1", "fail")
    phone.find("F1", measure="refer", deadline="", basis="《消防法》第十六条")
    visit.sign_all()
    phone.sign("enterprise", None, refused="对检查结果有异议", document="order")
    phone.save(note("签名后补记"))
    visit.phone(1).complete()
    return visit


@scene
def undecided(backend: Backend) -> Visit:
    """The phones disagree."""
    visit = found_visit(backend)
    visit.phone(1).answer("A3", "not_applicable")
    return visit


def equal(visit: Visit, document: Any, paper: Any) -> bool:
    settings = visit.backend.settings
    bureau = Bureau(
        settings.zone,
        settings.authority,
        settings.authority_short,
        settings.government,
        settings.court,
    )
    shown = preview(visit, document, paper)
    here = set_preview(question(visit, document, paper), bureau, pictures(visit))
    assert (here.title, here.said_sha256) == (shown.title, shown.said_sha256)
    return here.pdf == shown.pdf_b64


@pytest.mark.parametrize("make", [in_a_hurry, found_visit, settled, undecided])
def test_the_same_visit_gives_the_same_bytes(
    sqlite_backend: Backend, make: Callable[[Backend], Visit]
) -> None:
    visit = make(sqlite_backend)

    assert [what for what in PAPERS if not equal(visit, *what)] == []


def test_a_phone_that_lacks_the_sides_of_what_was_settled_says_so(sqlite_backend: Backend) -> None:
    visit = settled(sqlite_backend)
    settings = sqlite_backend.settings
    bureau = Bureau(settings.zone, settings.authority, "", "", "")

    with pytest.raises(OnlyOnTheServer):
        set_preview(question(visit, "record", "a4", holds=False), bureau, {})
    told = Pack(bureau, STANDARD).answer(
        json.dumps(question(visit, "record", "a4", holds=False)), {}
    )
    assert told["code"] == "preview.only_on_the_server"
    assert "请联网后由服务器预览" in told["detail"]


def test_what_runs_on_a_phone_loads_nothing_that_a_phone_has_not() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert "reportlab" in run.stdout.split()
    assert COMPILED & set(run.stdout.split()) == set()
