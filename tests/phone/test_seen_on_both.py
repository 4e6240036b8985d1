"""What a save replaces, and what is dropped again: the same on the app's phone and the headless."""

from tests.phone.field import Field
from tests.phone.test_node_phone import A1, A2
from tests.phone_build.tools import needs_modules

pytestmark = needs_modules


def test_what_a_form_did_not_show_stays_beside_on_either_phone(field: Field) -> None:
    task, app = field.task, field.phone(0)
    other = field.other_phone(1).phone
    other.answer(task, A1, "fail")
    app.call("answer", task, A2, "fail")
    app.take_in(other.export_entries(task))
    other.take_in(app.export(task))
    first, second = other.item(task, A1), other.item(task, A2)
    assert first is not None
    shown = {"heads": [{"id": head.id} for head in first.heads], "conflict": False}
    other.answer(task, A1, "not_applicable")  # while the app has its form open
    app.call("answer", task, A2, "not_applicable")  # and the other way round
    app.take_in(other.export_entries(task))
    other.take_in(app.export(task))
    app.call("answer", task, A1, "pass", {}, shown)
    other.answer(task, A2, "pass", seen=second)
    app.take_in(other.export_entries(task))
    other.take_in(app.export(task))

    record = other.record(task)
    assert app.record(task)["view"] == record.view
    assert app.record(task)["conflicts"] == list(record.conflicts) == [A1, A2]
    for item in (A1, A2):
        results = {head.plain()["result"] for head in record.items[item].heads}
        assert results == {"pass", "not_applicable"}


def test_what_no_server_has_of_the_other_phone_goes_again_on_either(field: Field) -> None:
    task, app = field.task, field.phone(0)
    other = field.other_phone(1).phone
    app.call("note", task, "一")
    other.note(task, "二")
    other.note(task, "三")
    file, back = other.export_entries(task), app.export(task)
    app.take_in(file)
    other.take_in(back)
    named = [(one["replica"], one["entries"]) for one in app.call("partners")]
    gone = app.call("dropPartner", other.replica), other.drop_partner(str(app.order("replica")))

    assert named == [(other.replica, 2)]
    assert gone == (2, 1)
    assert (len(app.record(task)["items"]), len(other.record(task).items)) == (1, 2)
    assert app.call("partners") == other.partners() == []
    assert (app.take_in(file), other.take_in(back)) == (2, 1)
    assert app.record(task)["view"] == other.record(task).view
