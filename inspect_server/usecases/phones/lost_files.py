"""Stored files that are missing or damaged: noted, set aside, and asked for again."""

from collections.abc import Iterable

from inspect_server.store import identity
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.usecases.work import Actor, Backend


def find_lost(backend: Backend, sha256s: Iterable[str]) -> list[str]:
    """
    Read stored files again and return those that are not what they were, sorted.

    Each is noted until whole bytes come in. The phone that took a photo has it for weeks after its
    receipt, so it is asked for it at its next sync; the damaged bytes are kept beside, as evidence.
    Files are read outside of any transaction, because a writer must not wait for a disk.
    """
    lost = sorted(sha256 for sha256 in sha256s if not backend.blobs.is_sound(sha256))
    for sha256 in lost:
        _note(backend, sha256)
    return lost


def _note(backend: Backend, sha256: str) -> None:
    with backend.begin(Actor.system("files")) as work:
        if not sync_blobs.known(work.session, [sha256]):
            return  # still on its way
        if sync_blobs.is_cited(work.session, sha256):
            work.blobs.set_aside(sha256)
        if sync_blobs.note_fault(work.session, sha256, work.now):
            identity.audit(
                work.session,
                at=work.now,
                actor=work.actor.label,
                action="file.lost",
                subject=f"file:{sha256}",
                outcome="noted",
            )
