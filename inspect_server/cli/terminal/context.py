"""What every command gets: the backend, and who acts."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from inspect_server.domain.errors import Forbidden, InspectError
from inspect_server.usecases.work import Actor, Backend, Clock

F = TypeVar("F", bound=Callable[..., Any])


def backend() -> Backend:
    """
    Return the backend of this process, made on first use by the composition root.

    A database that is not there is said before anything is asked of it: SQLite would make an empty
    file in its place.
    """
    context = click.get_current_context().find_root()
    if "backend" not in context.meta:
        from inspect_server.app import make_ready_backend

        context.meta["backend"] = make_ready_backend(clock=clock())
    made: Backend = context.meta["backend"]
    return made


def clock() -> Clock | None:
    """Return the clock that whoever started the command line laid in, None for the machine's."""
    found: Clock | None = click.get_current_context().find_root().meta.get("clock")
    return found


class PersonNeeded(InspectError):
    """A step in a case is taken by a person, not by the machine."""

    code, kind = "account.person_needed", "forbidden"
    message = "办理该事项须指明办理人，请加上“--as 账号”后重试。"


def acting(command: F) -> F:
    """Add `--as LOGIN` and pass the resolved `actor`; without it the server itself acts."""

    @click.option(
        "--as",
        "login",
        metavar="账号",
        help="以哪个账号办理；改动案件的必须指明，只查看、导出的可以不写（默认：系统命令行）。",
    )
    @wraps(command)
    def run(*args: Any, login: str | None, **kwargs: Any) -> Any:
        try:
            return command(*args, actor=_resolve(login), **kwargs)
        except Forbidden:
            if login is None:
                raise PersonNeeded from None
            raise

    return run  # type: ignore[return-value]  # the option adds a keyword that click supplies


def _resolve(login: str | None) -> Actor:
    if login is None:
        return Actor.system("cli")
    from inspect_server.usecases.accounts import acting_as

    return acting_as(backend(), login).actor
