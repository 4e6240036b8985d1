"""Phones: how far each is, and what they brought that was not applied or is in doubt."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_server.console.asking import page_number
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.reads.phones import phones as reads
from inspect_server.reads.phones.journal import ReplicaRow
from inspect_server.usecases.journal.inbox import accept_entry, decline_entry, revoke_replica
from inspect_server.usecases.work import Work
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

PAGE = 20
LONGEST_REASON = 200
WATCHES = (Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/phones", "phones", phones)
    phone = "/phones/<string(length=64):replica_id>/revoke"
    console.add_url_rule(phone, "revoke_phone", revoke, methods=["POST"])
    console.add_url_rule("/inbox", "inbox", inbox)
    entry = "/inbox/<string(length=64):entry_hash>"
    console.add_url_rule(f"{entry}/accept", "accept_entry", accept, methods=["POST"])
    console.add_url_rule(f"{entry}/decline", "decline_entry", decline, methods=["POST"])


@allow(*WATCHES)
def phones() -> ResponseReturnValue:
    """Show the phones that the account looks after, those that owe something first."""
    return _phones()


@allow(Role.SUPERVISOR, Role.SYSTEM_ADMIN)
def revoke(replica_id: str) -> ResponseReturnValue:
    """Let a phone download nothing any more, for a stated reason."""
    return _decide(revoke_replica, replica_id, _phones, "console.phones")


@allow(*BUREAU)
def inbox() -> ResponseReturnValue:
    """Show what was set aside or is in doubt, each entry beside what stands in the record."""
    return _inbox()


@allow(Role.SUPERVISOR)
def accept(entry_hash: str) -> ResponseReturnValue:
    """Apply an entry after all, for a stated reason."""
    return _decide(accept_entry, entry_hash, _inbox, "console.inbox")


@allow(Role.SUPERVISOR)
def decline(entry_hash: str) -> ResponseReturnValue:
    """Leave an entry unapplied, for a stated reason."""
    return _decide(decline_entry, entry_hash, _inbox, "console.inbox")


def _decide(
    step: Callable[[Work, str, str], None], about: str, page: Callable[..., str], then: str
) -> ResponseReturnValue:
    """Take a step for the stated reason; a refusal is shown on the page, with what was typed."""
    reason = request.form.get("reason", "")
    try:
        if len(reason) > LONGEST_REASON or not reason.isprintable():
            raise BadInput(field="理由", reason=f"应为一行、不超过 {LONGEST_REASON} 个字")
        with begin() as work:
            step(work, about, reason)
    except InspectError as refused:
        return page(error=str(refused), about=about, reason=reason), STATUS[refused.kind]
    return redirect(url_for(then), 303)


def _phones(*, error: str = "", about: str = "", reason: str = "") -> str:
    with reading() as session:
        rows = reads.phones(session, actor(), backend().settings.authority)
    return render_template(
        "phones.html",
        rows=sorted(rows, key=lambda row: (row.revoked_at is not None, not owes(row))),
        error=error,
        about=about,
        reason=reason,
        longest=LONGEST_REASON,
    )


def _inbox(*, error: str = "", about: str = "", reason: str = "") -> str:
    bureau = backend().settings.authority
    with reading() as session:
        page = reads.inbox(session, actor(), bureau, page_number(), PAGE)
        raw = reads.unverified(session, actor(), bureau)
    return render_template(
        "inbox.html",
        page=page,
        raw=raw,
        error=error,
        about=about,
        reason=reason,
        longest=LONGEST_REASON,
    )


def owes(row: ReplicaRow) -> bool:
    """Return whether something of a phone has not safely arrived or was not applied."""
    return bool(
        row.upto_seq - row.receipted_seq or row.held or row.quarantined or row.missing_blobs
    )
