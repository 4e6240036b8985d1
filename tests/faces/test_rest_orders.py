"""An order whose deadline has gone by, over the API."""

from forms.model import Form
from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import connect
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]


def test_a_passed_deadline_is_refused_until_a_supervisor_sends_another(
    sqlite_backend: Backend, clock: FixedClock, small_form: Form
) -> None:
    visit = closed_visit(sqlite_backend)
    clock.forward(days=30)
    app = create_app(sqlite_backend)
    office = connect(sqlite_backend, app, "lisi", Role.OFFICE, unit="办公室")
    supervisor = connect(sqlite_backend, app, "wangwu", Role.SUPERVISOR, unit="一科")
    path, new = f"/inspections/{visit.inspection}/documents", {"new_deadline": "2026-04-20"}

    late, by_office = office.post(path), office.post(path, json=new)
    too_early = supervisor.post(path, json={"new_deadline": "2026-03-30"})
    no_day = supervisor.post(path, json={"new_deadline": "下周"})
    made = supervisor.post(path, json=new)

    assert (late.status_code, late.get_json()["code"]) == (409, "document.deadlines_passed")
    assert by_office.status_code == 403
    assert (too_early.status_code, too_early.get_json()["code"]) == (
        422,
        "document.new_deadline_refused",
    )
    assert no_day.status_code == 422
    assert made.status_code == 200
    assert [row["created"] for row in made.get_json()["documents"]] == [True, True]
