"""Taking in what a phone exported as a last resort, as if the phone had delivered it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.domain.identity import reach_of_phones, require
from inspect_server.gateways.phone_exports import ExportedPhoto, ExportList, PhoneExport
from inspect_server.gateways.uploads import Chunk
from inspect_server.store import identity
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import replicas
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import Receipt, Replica
from inspect_server.usecases import record
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.phones.issue_receipt import issue_receipt
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.phones.receive_blob import open_upload, receive_chunk, wanted
from inspect_server.usecases.phones.upload_tokens import UploadRight
from inspect_server.usecases.work import Actor, Backend
from sync import entries, protocol
from sync.errors import BadEntry, BlobsMissing, ReceiptMismatch

BATCH_ENTRIES = 200
BATCH_BYTES = 4 * 1024 * 1024
"""Of one push, as phones do it: a transaction does not grow with the file."""

COUNTING = ("applied", "conflict")

Step = Callable[[int], None]


class ExportOfOthers(InspectError):
    """No account of this server is the file's."""

    code, kind = "export.of_others", "invalid"
    message = (
        "该文件不是本机关的手机导出的（没有这个账号，或者不归本单位管理），"
        "没有导入任何内容，请核对文件和服务器。"
    )


class PhoneNotEnrolled(InspectError):
    """The account is here and none of its phones is: a restore may have lost the enrolment."""

    code, kind = "export.no_phone", "conflict"
    message = (
        "导出该文件的账号还没有在本服务器登记过手机（服务器可能恢复到了登记之前），"
        "没有导入任何内容。请本人先用任一手机登录一次，再重新导入。"
    )


@dataclass(frozen=True)
class Rescued:
    """What became of a file; counts of entries, photos and receipts."""

    user: str
    made: str
    new: int
    known: int
    set_aside: Mapping[str, int]  # reason, or `held`, -> new ones that do not count yet
    apart: int  # whose signature does not hold: kept, and no journal entry
    refused: int  # not kept: too many of its kind wait already
    photos: int
    photos_known: int
    photos_uncited: int  # that no entry here cites: not taken in
    receipts: int
    lost_entries: int  # named by the phone as damaged there
    lost_photos: int


@dataclass(frozen=True)
class _Link:
    """An entry of the file: its place, its hash and the files that it cites."""

    replica: str
    seq: int
    prev: str
    hash: str
    blobs: frozenset[str]


def rescue_export(
    backend: Backend, actor: Actor, export: PhoneExport, step: Step = lambda _: None
) -> Rescued:
    """
    Take in an export: its entries through the use case of a push, its photos through an upload's.

    The whole file is checked before anything of it is taken in. What an interruption cut short is
    finished by taking the file in again, which brings nothing twice.

    Args:
        backend: Where it goes.
        actor: Who brings it.
        export: Opened with its passphrase.
        step: Called with how many bytes of photos were read, each of them twice.

    Raises:
        Forbidden: The actor is neither supervisor nor system administrator.
        ExportDamaged: It is not what a phone wrote.
        ExportOfOthers, PhoneNotEnrolled: It is none of this server's phones.
    """
    require(actor.roles, Role.SUPERVISOR, Role.SYSTEM_ADMIN, action="导入手机导出的内容")
    carrier, name = _carrier(backend, actor, export.list)
    digest = export.check(step)
    results = _push(backend, carrier, export.list)
    links = _links(export.list)
    brought = _bring_photos(backend, _own_first(links, carrier), export, step)
    receipts = sum(_receipt(backend, chain) for chain in _chains(backend, links))
    found = _told(backend, export.list, name, (results, links, brought, receipts))
    with backend.begin(actor) as work:
        figures = {"new": found.new, "known": found.known, "photos": found.photos}
        body = {"file": digest, "replica": carrier, **figures}
        record.note(work, "export.rescued", JOURNAL, body)
        identity.audit(
            work.session,
            at=work.now,
            actor=work.actor.label,
            action="export.rescue",
            subject=f"replica:{carrier}",
            outcome=" ".join(f"{what} {count}" for what, count in figures.items()),
        )
    return found


def _carrier(backend: Backend, actor: Actor, said: ExportList) -> tuple[str, str]:
    """Return the replica that delivers, and its user's name: the file's own where it is known."""
    with backend.reading() as session:
        user = session.get(User, UUID(said.user))
        if user is None:
            raise ExportOfOthers
        known = replicas.of_user(session, user.id)
        if not known:
            raise PhoneNotEnrolled
        found = max(known, key=lambda one: (one.id in said.keys, str(one.device_id) == said.device))
        within = reach_of_phones(actor, backend.settings.authority)
        if not replicas.is_reached(session, within, found.id):
            raise ExportOfOthers
        return found.id, user.name


def _push(backend: Backend, carrier: str, said: ExportList) -> list[protocol.PushResult]:
    results: list[protocol.PushResult] = []
    for batch in _batches(said.entries):
        with backend.reading() as session:
            epoch = str(sync_head.epoch(session))
        request = protocol.PushRequest(carrier, epoch, said.made, batch, said.keys)
        results += push_entries(backend, request).results
    return results


def _batches(
    pushed: Sequence[protocol.PushedEntry],
) -> Iterator[list[protocol.PushedEntry]]:
    batch: list[protocol.PushedEntry] = []
    size = 0
    for one in pushed:
        size += len(one.bytes_b64)
        if batch and (len(batch) == BATCH_ENTRIES or size > BATCH_BYTES):
            yield batch
            batch, size = [], len(one.bytes_b64)
        batch.append(one)
    if batch:
        yield batch


def _links(said: ExportList) -> list[_Link]:
    found = []
    for one in said.entries:
        hash = entries.entry_hash(one.bytes_b64)
        with suppress(BadEntry):  # it is stored all the same, and cites nothing
            entry, operations = entries.read(one.bytes_b64, hash)
            blobs = frozenset(op.blob for op in operations if op.blob)
            found.append(_Link(entry.replica, entry.seq, entry.prev, hash, blobs))
    return found


def _own_first(links: Sequence[_Link], carrier: str) -> list[str]:
    """Return the replicas of the file, its own first: who took a photo is its author."""
    return sorted({one.replica for one in links}, key=lambda id: (id != carrier, id))


def _bring_photos(
    backend: Backend, authors: Sequence[str], export: PhoneExport, step: Step
) -> set[str]:
    """Store the photos that entries here cite and the server lacks; return which those were."""
    photos = {photo.sha256: photo for photo in export.list.photos}
    brought: set[str] = set()
    for author in authors:
        for one in wanted(backend, author, sorted(photos)):
            _bring(backend, UploadRight(author, one.sha256), photos[one.sha256], export, step)
            brought.add(one.sha256)
    return brought


def _bring(
    backend: Backend, right: UploadRight, photo: ExportedPhoto, export: PhoneExport, step: Step
) -> None:
    state = open_upload(backend, right, photo.sha256, photo.size)
    for piece in export.pieces(photo):
        chunk = Chunk(BytesIO(piece), state.offset, len(piece))
        state = receive_chunk(backend, right, state.id, chunk)
        step(len(piece))


def _chains(backend: Backend, links: Sequence[_Link]) -> list[list[_Link]]:
    """Return, of each replica that somebody enrolled, the file's entries without a gap or fork."""
    by_replica: dict[str, list[_Link]] = {}
    for one in sorted(links, key=lambda link: (link.replica, link.seq)):
        chain = by_replica.setdefault(one.replica, [])
        if not chain or (one.seq, one.prev) == (chain[-1].seq + 1, chain[-1].hash):
            chain.append(one)
    with backend.reading() as session:
        return [chain for id, chain in by_replica.items() if _is_enrolled(session, id)]


def _is_enrolled(session: Session, replica: str) -> bool:
    row = session.get(Replica, replica)
    return row is not None and row.user_id is not None


def _receipt(backend: Backend, chain: Sequence[_Link]) -> bool:
    """Sign for these entries what the phone would ask for now; return whether one was signed."""
    first, last = chain[0], chain[-1]
    with backend.reading() as session:
        same = Receipt.replica_id == last.replica, Receipt.upto_seq >= last.seq
        if session.scalar(select(Receipt.id).where(*same).limit(1)) is not None:
            return False
    request = protocol.ReceiptRequest(
        replica=last.replica,
        upto_seq=last.seq,
        head_hash=last.hash,
        blob_root=entries.blob_root(sorted(frozenset().union(*(one.blobs for one in chain)))),
        after_seq=first.seq - 1,
    )
    with suppress(ReceiptMismatch, BlobsMissing):  # held, or the phone lacks a photo, too
        issue_receipt(backend, request)
        return True
    return False


Done = tuple[Sequence[protocol.PushResult], Sequence[_Link], set[str], int]
"""What became of each entry, the entries that can be read, the photos brought, the receipts."""


def _told(backend: Backend, said: ExportList, name: str, done: Done) -> Rescued:
    results, links, brought, receipts = done
    stored = Counter(one.stored for one in results)
    fresh = {one.hash for one in results if one.stored in ("new", "fork")}
    kept = fresh | {one.hash for one in results if one.stored == "duplicate"}
    with backend.reading() as session:  # what came later may have let in what waited
        rows = SqlJournal(session, backend.clock.now()).find(fresh).values()
    aside = Counter(row.reason or row.effect for row in rows if row.effect not in COUNTING)
    cited = frozenset().union(*(one.blobs for one in links if one.hash in kept))
    here = {photo.sha256 for photo in said.photos}
    return Rescued(
        user=name,
        made=said.made,
        new=len(fresh),
        known=len(kept - fresh),
        set_aside=dict(sorted(aside.items())),
        apart=stored["unverified"],
        refused=stored["refused"],
        photos=len(brought),
        photos_known=len((here & cited) - brought),
        photos_uncited=len(here - cited),
        receipts=receipts,
        lost_entries=len(said.damaged.entries),
        lost_photos=len(said.damaged.photos),
    )
