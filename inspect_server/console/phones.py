"""Phones: how far each is, and what was kept of them but not applied."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inspect_server.domain.enums import Role
from inspect_server.reads.phones import phones as reads
from inspect_server.reads.phones.journal import ReplicaRow
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.guard import allow

WATCHES = (Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def register(console: Blueprint) -> None:
    """Add the page to the console."""
    console.add_url_rule("/phones", "phones", phones)


@allow(*WATCHES)
def phones() -> ResponseReturnValue:
    """Show the phones that the account looks after, those that owe something first."""
    with reading() as session:
        rows = reads.phones(session, actor(), backend().settings.authority)
    owing = sorted(rows, key=lambda row: (row.revoked_at is not None, not owes(row)))
    return render_template("phones.html", rows=owing)


def owes(row: ReplicaRow) -> bool:
    """Return whether something of a phone has not safely arrived or was not applied."""
    return bool(
        row.upto_seq - row.receipted_seq or row.held or row.quarantined or row.missing_blobs
    )
