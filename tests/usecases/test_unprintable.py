"""A character that no font has: closing says which item has it, and the inspectors mend it."""

import pytest

from inspect_server.domain.closing import RecordNotPrintable
from inspect_server.usecases.work import Backend
from sync.entries import make_op
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import close, fresh_id, signed_visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
PERSON = {"kind": "safety", "name": "张👷", "position": "", "phone": ""}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [("note", {"text": "现场👷作业"}, "其他情况第 "), ("participant", PERSON, "陪同人员第 ")],
)
def test_withdrawing_what_cannot_be_printed_lets_the_record_be_closed(
    sqlite_backend: Backend, kind: str, value: dict[str, str], said: str
) -> None:
    visit = signed_visit(sqlite_backend)
    item = f"{kind}/{fresh_id()}"
    (wrong,) = visit.phone(0).save(make_op(f"{kind}.add", item, value))
    with pytest.raises(RecordNotPrintable) as refused:
        close(visit)
    mended = {"text": "现场作业"} if kind == "note" else value | {"name": "张工"}
    again = make_op(f"{kind}.add", f"{kind}/{fresh_id()}", mended)
    reason = {"reason": "用字无法打印"}
    visit.phone(1).save(make_op(f"{kind}.retract", item, reason, [wrong]), again)
    visit.sign_all()

    assert said in str(refused.value)
    assert "请检查人员在手机上改填，或撤回后重新填写，并同步" in str(refused.value)
    assert "张" not in str(refused.value)
    close(visit)


@pytest.mark.parametrize("side", ["chosen", "withdrawn"])
def test_a_side_that_was_not_chosen_is_named_where_it_cannot_be_printed(
    sqlite_backend: Backend, side: str
) -> None:
    visit = signed_visit(sqlite_backend)
    item, person = f"participant/{fresh_id()}", PERSON | {"name": "张工"}
    sides = [
        *visit.phone(0).save(make_op("participant.add", item, person | {"position": "班长"})),
        *visit.phone(1).save(make_op("participant.add", item, person | {"position": "👷"})),
    ]
    chosen = {"chosen": person if side == "chosen" else None, "reason": "核对证件"}
    (settled,) = visit.phone(0).save(make_op("conflict.resolve", item, chosen, sides))
    visit.sign_all()
    with pytest.raises(RecordNotPrintable) as refused:
        close(visit)
    visit.phone(0).save(make_op("participant.add", item, person, [settled]))
    visit.sign_all()

    where = "陪同人员第 1 项" if side == "chosen" else "已撤回的陪同人员"
    assert f"该字符出现在{where}，请检查人员在手机上改填" in str(refused.value)
    close(visit)
