"""Looking at evidence leaves a trace: who opened which photo of which inspection."""

from uuid import UUID

from inspect_server.store import identity
from inspect_server.usecases.work import Work

ACTION = "photo.open"


def note_photo_opened(work: Work, inspection_id: UUID, sha256: str) -> None:
    """Append to the audit that the actor opened a photo; the caller has checked that they may."""
    identity.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=ACTION,
        subject=f"inspection:{inspection_id}/photo:{sha256}",
        outcome="shown",
    )
