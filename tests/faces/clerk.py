"""The one account of an office that only imports."""

from inspect_server.app import make_backend
from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES

CLERK = ("--as", "neiqin")


def add_clerk() -> None:
    """Open the account in the database that the environment names."""
    backend = make_backend()
    with backend.begin(ALL_ROLES) as work:
        add_user(work, CLERK[1], "内勤", "办公室", [Role.OFFICE], "correct horse battery 7")
    backend.engine.dispose()
