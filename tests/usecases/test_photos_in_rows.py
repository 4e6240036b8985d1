"""Photos in the rows of a table: a record is closed only with those that its rows name."""

from dataclasses import replace
from typing import Any

import pytest

from forms import load
from forms.library import Library
from forms.model import Item, Kind, Section
from inspect_server.domain.closing import AnswersInvalid
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from tests.usecases.bureau import FORM as CHECKS
from tests.usecases.bureau import open_bureau
from tests.usecases.phones import Visit
from tests.usecases.test_values_in_records import when

PHOTO = Item("P1", Kind.PHOTO, "铭牌照片")
LEFT_OUT = Item("X1", Kind.TEXT, "无照片的原因")
WHERE_DUE = replace(PHOTO, relevant=when("${X2} = ''"))
WITHIN = Item(
    "T2",
    Kind.TABLE,
    "部件",
    columns=(replace(LEFT_OUT, code="X2"), WHERE_DUE),
    relevant=when("${X1} != '无'"),
)
DEVICES = Item(
    "T1",
    Kind.TABLE,
    "设备",
    columns=(LEFT_OUT, replace(PHOTO, code="P0", relevant=when("${X1} = ''")), WITHIN),
    relevant=when("${A1} != 'not_applicable'"),
)
FORM = replace(CHECKS, sections=(*CHECKS.sections, Section("设备", (DEVICES,))))
ABSENT = "第{row}行的照片尚未送达或者已经撤回，请完成同步，或者在该行重新拍照。"


@pytest.fixture
def visit(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """A visit at which everything but the table was answered."""
    monkeypatch.setattr(load, "packaged", lambda: Library([FORM]))
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    return visit


def photographed(visit: Visit) -> str:
    """Take a photo for the table and return its id."""
    visit.phone(0).photograph(answer="answer/small/T1")
    taken = [op.item for op in visit.operations() if op.item.startswith("photo/")]
    return taken[-1].removeprefix("photo/")


def fill(visit: Visit, *rows: dict[str, Any]) -> None:
    before = [op.id for op in visit.operations() if op.item == "answer/small/T1"]
    visit.phone(0).answer("T1", "given", before, given=list(rows))


def refused(visit: Visit) -> AnswersInvalid:
    visit.sign_all()
    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        with pytest.raises(AnswersInvalid) as caught:
            close_record(work, visit.inspection)
        return caught.value


def test_rows_whose_photos_stand_keep_nothing_open(visit: Visit) -> None:
    fill(visit, {"P0": [photographed(visit)], "T2": [{"P1": [photographed(visit)]}]})
    visit.sign_all()

    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        assert close_record(work, visit.inspection)


def test_a_photo_that_never_came_is_told_with_its_row(visit: Visit) -> None:
    elsewhere = "0190b2c0-0000-7000-8000-000000000000"
    here = photographed(visit)
    fill(visit, {"P0": [here]}, {"P0": [here], "T2": [{"P1": []}, {"P1": [elsewhere]}]})

    assert refused(visit).facts == {"count": 1, "code": "T1", "reason": ABSENT.format(row=2)}


def test_a_photo_that_was_withdrawn_is_told_with_its_row(visit: Visit) -> None:
    fill(visit, {"P0": [photographed(visit)]})
    added = next(op for op in visit.operations() if op.item.startswith("photo/"))
    visit.phone(0).save(make_op("photo.retract", added.item, {"reason": "拍错"}, [added.id]))

    assert refused(visit).facts["reason"] == ABSENT.format(row=1)


def test_rows_of_a_table_that_is_not_asked_hold_nothing_up(visit: Visit) -> None:
    fill(visit, {"P0": ["0190b2c0-0000-7000-8000-000000000000"]})
    before = [op.id for op in visit.operations() if op.item == "answer/small/A1"]
    visit.phone(0).answer("A1", "not_applicable", before)
    visit.sign_all()

    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        assert close_record(work, visit.inspection)


def test_a_column_that_its_row_does_not_ask_needs_no_photo(visit: Visit) -> None:
    absent = ["0190b2c0-0000-7000-8000-000000000000"]
    left_out = {"X1": "锈蚀", "P0": absent, "T2": [{"X2": "锈蚀", "P1": absent}]}
    fill(visit, left_out, {"X1": "无", "P0": absent, "T2": [{"P1": absent}]})
    visit.sign_all()

    with visit.backend.begin(visit.bureau.inspector(0)) as work:
        assert close_record(work, visit.inspection)
