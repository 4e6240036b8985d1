"""Phones: how far each is, and what they brought that was not applied or is in doubt."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inspect_server.console.asking import page_number
from inspect_server.domain.enums import Role
from inspect_server.reads.phones import phones as reads
from inspect_server.reads.phones.journal import ReplicaRow
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

PAGE = 20
WATCHES = (Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/phones", "phones", phones)
    console.add_url_rule("/inbox", "inbox", inbox)


@allow(*WATCHES)
def phones() -> ResponseReturnValue:
    """Show the phones that the account looks after, those that owe something first."""
    with reading() as session:
        rows = reads.phones(session, actor(), backend().settings.authority)
    owing = sorted(rows, key=lambda row: (row.revoked_at is not None, not owes(row)))
    return render_template("phones.html", rows=owing)


@allow(*BUREAU)
def inbox() -> ResponseReturnValue:
    """Show what was set aside or is in doubt, each entry beside what stands in the record."""
    bureau = backend().settings.authority
    with reading() as session:
        page = reads.inbox(session, actor(), bureau, page_number(), PAGE)
        raw = reads.unverified(session, actor(), bureau)
    return render_template("inbox.html", page=page, raw=raw)


def owes(row: ReplicaRow) -> bool:
    """Return whether something of a phone has not safely arrived or was not applied."""
    return bool(
        row.upto_seq - row.receipted_seq or row.held or row.quarantined or row.missing_blobs
    )
