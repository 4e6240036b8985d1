"""Who may come in: accounts, login with lockout and second factor, server-side sessions."""

from inspect_server.usecases.accounts.account import SignedIn
from inspect_server.usecases.accounts.managing import (
    acting_as,
    add_user,
    disable_user,
    grant_roles,
    set_password,
)
from inspect_server.usecases.accounts.second_factor import (
    NewSecret,
    asks_for_code,
    begin_second_factor,
    check_enrolled,
    confirm_second_factor,
    reset_second_factor,
)
from inspect_server.usecases.accounts.signing_in import (
    CurrentSession,
    OpenedSession,
    authenticate,
    end_session,
    session_user,
    start_session,
)

__all__ = [
    "CurrentSession",
    "NewSecret",
    "OpenedSession",
    "SignedIn",
    "acting_as",
    "add_user",
    "asks_for_code",
    "authenticate",
    "begin_second_factor",
    "check_enrolled",
    "confirm_second_factor",
    "disable_user",
    "end_session",
    "grant_roles",
    "reset_second_factor",
    "session_user",
    "set_password",
    "start_session",
]
