"""What a server does by itself: letting go of what is over, reading again what it keeps."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store import identity, record
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import replicas
from inspect_server.store.models.journal import Upload
from inspect_server.usecases.journal.open_epoch import RESTORED
from inspect_server.usecases.phones.lost_files import find_lost
from inspect_server.usecases.phones.receive_blob import make_good
from inspect_server.usecases.phones.upload_tokens import UploadRight
from inspect_server.usecases.work import Actor, Backend, Work
from sync.errors import NothingThere, UploadLocked

ABANDONED_AFTER = timedelta(days=30)
"""A phone may be without a network for weeks and then go on with an upload."""
LEFT_AFTER = timedelta(days=1)
"""No request lives that long (a body is cut after 138 s): what a killed one left is nobody's."""
NIGHTS = 14
"""
Every stored file is read again within so many nights: phones keep their photos for a month after
the receipt, so what is found lost can still be delivered again.
"""

Step = Callable[[int], None]
"""Called with how many things were done since the last call; it may raise to stop the work."""
Also = Callable[[Work], None]
"""What shares the transaction of a job's effect."""


@dataclass(frozen=True)
class Verified:
    """How much was read again, and what did not hold."""

    checked: int
    faults: tuple[str, ...]


def drop_expired(work: Work) -> None:
    """Delete sessions and enrolment nonces that are over; the audit keeps that they were."""
    identity.delete_expired(work.session, work.now)
    replicas.drop_nonces(work.session, work.now)


def drop_abandoned_uploads(work: Work) -> int:
    """
    Let go of unfinished uploads of more than a month ago that hold nothing which is not here.

    That is one into which nothing came, or whose file came in whole another way. All others stay
    (`journal.orphans` lists them): part of a photo may be all that is left of it.
    """
    uploads = LocalUploads(work.settings.data_dir / "uploads")
    limit = work.now - ABANDONED_AFTER
    rows = sync_blobs.begun_before(work.session, limit)
    whole = sync_blobs.sound(work.session, {row.sha256 for row in rows})
    gone = [row for row in rows if _discard(uploads, row, limit, row.sha256 in whole)]
    sync_blobs.forget(work.session, [row.id for row in gone])
    if gone:
        _audit(work, "upkeep.uploads", f"dropped {len(gone)}")
    return len(gone)


def finish_left_uploads(backend: Backend) -> int:
    """Store and note files that came in whole and whose server died before it said so."""
    before = backend.clock.now() - LEFT_AFTER
    with backend.reading() as session:
        rows = sync_blobs.left_before(session, before)
    done = 0
    for id, replica_id, sha256 in rows:
        with suppress(NothingThere):  # ended meanwhile
            done += make_good(backend, UploadRight(replica_id, sha256), id)
    if done:
        with backend.begin(Actor.system("jobs")) as work:
            _audit(work, "upkeep.uploads", f"finished {done}")
    return done


def drop_left_parts(work: Work) -> int:
    """
    Remove what is left of first requests whose server died: nobody was told of it, nobody asks.

    That is a part that no row tells of, and a stored file's copy cut short. Parts of before the
    last restore stay, for their rows may be what was lost; so does what is just written to.
    """
    uploads = LocalUploads(work.settings.data_dir / "uploads")
    before, since = (work.now - LEFT_AFTER).timestamp(), _last_restore(work)
    gone = work.blobs.drop_left_copies(before)
    for id in uploads.lying():
        with suppress(UploadLocked, NothingThere), uploads.locked(id):
            row = sync_blobs.upload(work.session, id)
            is_known = row is not None and row.finished_at is None
            if since < uploads.touched(id) < before and not is_known:
                uploads.discard(id)
                gone += 1
    if gone:
        _audit(work, "upkeep.uploads", f"cleared {gone}")
    return gone


def verify_files(
    backend: Backend,
    nights: Iterable[date],
    step: Step = lambda _: None,
    also: Also = lambda _: None,
) -> Verified:
    """
    Read the share of these nights of the stored files again and hash them; the audit says how.

    The share follows from the date and the hashes alone, so nothing has to be remembered between
    nights, and after NIGHTS of them every file was read.

    Args:
        backend: Where the files are.
        nights: Local dates; several when some were missed.
        step: Called after each file.
        also: What else happens in the transaction of the audit.
    """
    shares = {night.toordinal() % NIGHTS for night in nights}
    with backend.reading() as session:
        known = sync_blobs.every(session)
    due = [sha256 for sha256 in known if int(sha256[:8], 16) % NIGHTS in shares]
    faults = []
    for sha256 in due:
        if find_lost(backend, [sha256]):
            faults.append(f"blob {sha256}")
        step(1)
    return audit_verified(backend, "verify.files", Verified(len(due), tuple(faults)), also)


def audit_verified(
    backend: Backend, action: str, found: Verified, also: Also = lambda _: None
) -> Verified:
    """Let the audit say that something was verified, and how it came out."""
    outcome = f"damaged {len(found.faults)}" if found.faults else f"sound {found.checked}"
    with backend.begin(Actor.system("jobs")) as work:
        _audit(work, action, outcome)
        also(work)
    return found


def _discard(uploads: LocalUploads, row: Upload, limit: datetime, is_whole: bool) -> bool:
    try:
        with uploads.locked(row.id):
            found = uploads.path(row.id).stat()
            touched = datetime.fromtimestamp(found.st_mtime, UTC)
            if touched >= limit or (found.st_size and not is_whole):
                return False
            uploads.discard(row.id)
    except UploadLocked:
        return False
    except NothingThere:
        return True
    return True


def _last_restore(work: Work) -> float:
    """Return when `journal restored` was last run, in seconds since 1970; 0 where it never was."""
    said = record.leaves_of_type(work.session, RESTORED)
    return max((leaf.at.timestamp() for leaf in said), default=0.0)


def _audit(work: Work, action: str, outcome: str) -> None:
    identity.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=action,
        subject=None,
        outcome=outcome,
    )
