"""Every draw compared with its lists, files and record, as the check of the whole record does."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.checks.report import Check, Verdict
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.store.drawing import draws
from inspect_server.usecases.drawing.verify_draw import verify_draw, verify_open_commit
from inspect_server.usecases.work import Backend

WRONG = Verdict.WRONG


@dataclass(frozen=True)
class DrawCheck:
    """One draw after recomputing, and what is wrong with it."""

    draw_no: str
    faults: tuple[str, ...]


def check_draws(
    backend: Backend, session: Session, advance: Callable[[int], None] = lambda _: None
) -> tuple[DrawCheck, ...]:
    """
    Verify every draw as `verify_draw` does, and each open commit as far as there is something.

    Whatever is stored, garbage included, the answer is a list of faults.

    Args:
        session: Reading.
        advance: Called with 1 after each draw.
    """
    checks = []
    for draw_id, draw_no in draws.numbers(session):
        wrong = [one for one in checks_of(backend, session, draw_id) if one.verdict is WRONG]
        checks.append(DrawCheck(draw_no, tuple(f"{one.what}：{one.detail}" for one in wrong)))
        advance(1)
    return tuple(checks)


def checks_of(backend: Backend, session: Session, draw_id: UUID) -> tuple[Check, ...]:
    """Verify one draw, or its open commit; what cannot even be read is a check that failed."""
    try:
        if draws.is_open(session, draw_id):
            return verify_open_commit(session, backend.blobs, draw_id)
        key = LocalKeys(backend.settings.data_dir / "keys").receipts()
        keys = {key.kid: key.public_bytes}
        return verify_draw(session, backend.blobs, draw_id, keys, ed25519_holds).checks
    except InspectError as error:
        return (Check("存储的内容", WRONG, str(error)),)
