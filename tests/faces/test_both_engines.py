"""The questions of the faces are understood by both engines."""

from dataclasses import replace

import pytest

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES

PASSWORD = "correct horse battery 7"
LISTS = {
    "supervisor": [
        "enterprises?text=a%25&division=32&sector=dust_explosion&risk=red&is_key=true",
        "officers?active_only=true",
        "plans?year=2026",
        "draws",
        "inspections?text=x&year=2026&state=dispatched&draw_no=d",
        "documents?text=x&kind=inspection_record",
        "phones",
        "inbox?size=1",
    ],
    "system_admin": ["users", "phones"],
    "security_admin": ["phones"],
}


@pytest.fixture
def by_password(backend: Backend) -> Backend:
    """A bureau whose administrators need no second factor."""
    return replace(backend, settings=replace(backend.settings, second_factor_roles=""))


@pytest.mark.parametrize("role", LISTS)
def test_every_list_answers(by_password: Backend, role: str) -> None:
    with by_password.begin(ALL_ROLES) as work:
        add_user(work, "someone", "某人", "一科", [Role(role)], PASSWORD)
    client = create_app(by_password).test_client()
    client.post("/api/v1/session", json={"login": "someone", "password": PASSWORD})

    answers = {path: client.get(f"/api/v1/{path}").status_code for path in LISTS[role]}

    assert set(answers.values()) == {200}, answers


def test_two_accounts_of_one_login_are_a_conflict(by_password: Backend) -> None:
    with by_password.begin(ALL_ROLES) as work:
        add_user(work, "root", "管理", "局", [Role.SYSTEM_ADMIN], PASSWORD)
    client = create_app(by_password).test_client()
    opened = client.post("/api/v1/session", json={"login": "root", "password": PASSWORD})
    headers = {"X-CSRF-Token": opened.get_json()["csrf_token"]}
    account = {"login": "new", "name": "新人", "unit": "一科", "password": "Correct-Horse-7"}

    first = client.post("/api/v1/users", json=account, headers=headers)
    second = client.post("/api/v1/users", json=account, headers=headers)

    assert (first.status_code, second.status_code) == (201, 409)
    assert first.get_json()["roles"] == []
    assert second.get_json()["code"] == "account.taken"
