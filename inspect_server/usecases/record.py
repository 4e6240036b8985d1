"""Noting what happened: every step of the procedure leaves one event in its case."""

from typing import Any

from inspect_server.store import record as store
from inspect_server.usecases.work import Work


def note(
    work: Work, type: str, case: str, body: dict[str, Any] | None = None, *, actor: str = ""
) -> str:
    """
    Append one event and return its hex leaf.

    `case` names the thing: `inspection/<number>`, `plan/<year>`, `draw`, `registry`, `journal`.
    `body` holds ids, hashes, codes and figures only. Personal data goes through `commit_to`.
    `actor` is the label of who acted, where that is somebody else than whoever delivers it now.
    """
    return store.append(
        work.session,
        case=case,
        type=type,
        at=work.now,
        actor=actor or work.actor.label,
        body=body or {},
    )


def commit_to(work: Work, value: Any) -> str:
    """Keep a personal value apart and return the commitment that may stand in a leaf."""
    return store.seal(work.session, value)
