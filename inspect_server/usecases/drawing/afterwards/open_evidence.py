"""Opening again what proved a replacement or a void, for whoever decides or audits; it is noted."""

from uuid import UUID

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import require
from inspect_server.store import identity
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.disclosing.identities import check_may_see_drawn
from inspect_server.usecases.work import Work

OPENS = (Role.SUPERVISOR, Role.APPROVER, Role.AUDITOR)
ACTION = "draw.evidence"


def open_evidence(work: Work, draw_id: UUID, sha256: str) -> bytes:
    """
    Return a file that proved a replacement or a void of a draw, or the witness's scan.

    Such files name people and say why they cannot go, so the audit notes who opened which.

    Raises:
        Forbidden: The actor is neither supervisor nor approver nor auditor.
        IdentitiesSealed: The draw is another unit's, and not public yet.
        NotFound: No such draw, or no request of this draw was proved by this file.
        BlobDamaged: The stored file is not the one that was handed in.
    """
    require(work.actor.roles, *OPENS, action="打开替补或者作废的证明材料")
    draw = work.session.get(Draw, draw_id)
    if draw is None:
        raise NotFound(what="该次抽取")
    check_may_see_drawn(work.session, work.actor, draw)
    if sha256 not in store.evidence_of(work.session, draw_id):
        raise NotFound(what="该证明材料")
    content = work.blobs.read(sha256)
    identity.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=ACTION,
        subject=f"draw:{draw_id}/evidence/{sha256[:16]}",
        outcome="opened",
    )
    return content
