"""Who typed a public value: two accounts, each shown to be there by their own password."""

import sys
from collections.abc import Sequence

import click

from inspect_server.cli.terminal.asking import hidden
from inspect_server.domain.draw.ceremony.typed import source_of
from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity import LoginRefused
from inspect_server.usecases.accounts import asks_for_code, authenticate
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.work import Actor, Backend

Typed = tuple[str, str]
"""Login and text."""


class NotShownToBeThere(LoginRefused):
    """Of several people who type their passwords, this one did not get through."""

    message = "账号 {login} 未通过核对：" + LoginRefused.message


def named_pairs(entries: Sequence[Typed]) -> list[tuple[Typed, Typed]]:
    """
    Return the two entries of every public value.

    Raises:
        BadInput: A value was not typed exactly twice.
    """
    by_source: dict[str, list[Typed]] = {}
    for login, text in entries:
        by_source.setdefault(source_of(text), []).append((login, text))
    pairs = []
    for key, both in by_source.items():
        if len(both) != 2:
            raise BadInput(field="--entry", reason=f"{key} 应由两个账号各录入一次")
        pairs.append((both[0], both[1]))
    return pairs


def typed_in(held: Backend, pairs: Sequence[tuple[Typed, Typed]]) -> list[DoubleEntry]:
    """
    Ask every typist for their password, in order and once, and return what they typed.

    Raises:
        NotShownToBeThere: A password is wrong; the attempt counts towards the account's lock.
    """
    logins = list(dict.fromkeys(login for pair in pairs for login, _ in pair))
    people = {login: present(held, login) for login in logins}
    return [
        DoubleEntry(first, people[first_by], second, people[second_by])
        for (first_by, first), (second_by, second) in pairs
    ]


def present(held: Backend, login: str) -> Actor:
    """
    Ask an account's owner for their password, and return them as an actor who is there.

    Raises:
        NotShownToBeThere: It is wrong; the attempt counts towards the account's lock.
    """
    try:
        return authenticate(held, login, hidden(f"{login} 的密码"), _code(held, login)).actor
    except LoginRefused as refused:
        raise NotShownToBeThere(login=login, **refused.facts) from None


def _code(held: Backend, login: str) -> str:
    """Ask for the code of a second factor where the account has one."""
    if not asks_for_code(held, login):
        return ""
    if sys.stdin.isatty():
        shown: str = click.prompt(f"{login} 的动态口令")
        return shown
    return sys.stdin.readline().rstrip("\r\n")
