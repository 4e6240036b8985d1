"""
One sync of a phone: state, push, files, receipt, pull.

It always ends: every wait comes from a finite backoff, every round of pushing acknowledges an
entry or makes the batch smaller, every page of a pull brings something new. Nothing is deleted.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import httpx

from sync import entries, protocol
from sync.errors import BadReceipt, BlobsMissing, UnknownReplica, WrongEpoch
from sync.phone.errors import DamagedEntries, OutOfReach, PhoneError, RemoteProblem
from sync.phone.local import LocalEntry, LocalReplica, LocalStore
from sync.phone.network.pulling import Pulling
from sync.phone.network.uploading import LOST_PLACE, Uploading
from sync.phone.network.wire import Wire
from sync.phone.partner import exchange

BACKOFF = (1.0, 3.0, 10.0)
"""Seconds between tries; after the last one the sync gives up until it is started again."""
BATCH_ENTRIES = 200
BATCH_BYTES = 900 * 1024  # before base64 and gzip, so that a batch stays below 1 MiB as sent

_T = TypeVar("_T")


@dataclass
class SyncReport:
    """What one sync did; `complete` is 同步完成: a receipt at the local head, and all pulled."""

    complete: bool = False
    pushed: int = 0  # entries acknowledged, duplicates included
    uploaded: int = 0  # files finished
    pulled: int = 0  # documents put in view
    requests: int = 0
    forked: bool = False  # this replica was cloned: enrol anew
    quarantined: list[tuple[str, str]] = field(default_factory=list)  # (entry hash, reason)
    damaged: list[str] = field(default_factory=list)  # hashes of entries that changed in the file
    problems: list[str] = field(default_factory=list)  # codes, in order; empty when all went well


class Syncing:
    """The state of one sync."""

    def __init__(
        self,
        store: LocalStore,
        client: httpx.Client,
        unix_now: Callable[[], int],
        pause: Callable[[float], None],
        backoff: Sequence[float],
    ) -> None:
        self._store = store
        self._client = client
        self._unix_now = unix_now
        self._pause = pause
        self._backoff = backoff
        self._report = SyncReport()
        self._forgotten: list[LocalReplica] = []  # earlier ones that the server does not know

    def run(self) -> SyncReport:
        """Run it to its end."""
        *earlier, in_use = self._store.replicas()
        covered = [self._one_replica(old, last=False) for old in earlier if old.upto_seq]
        covered.append(self._one_replica(in_use, last=True))
        self._report.damaged = [row.hash for row in self._store.damaged()]
        self._report.complete = all(covered) and not self._report.problems
        return self._report

    def _one_replica(self, replica: LocalReplica, *, last: bool) -> bool:
        wire = Wire(self._client, replica, self._unix_now, self._store.get("token"))
        try:
            try:
                return self._steps(wire, replica, last=last)
            except RemoteProblem as problem:
                if problem.facts["remote"] != WrongEpoch.code:
                    raise
                return self._steps(wire, replica, last=last)  # restored in between: start over
        except (PhoneError, BadReceipt) as error:
            code = error.facts["remote"] if isinstance(error, RemoteProblem) else error.code
            if code == UnknownReplica.code:
                self._forgotten.append(replica)
            self._report.problems.append(code or str(error.facts.get("status")))
            return False
        finally:
            self._report.requests += wire.requests

    def _steps(self, wire: Wire, replica: LocalReplica, *, last: bool) -> bool:
        pulling = Pulling(self._store, wire, self.patiently)
        state = self._state(wire, pulling.cursor)
        other = self._adopt(replica, state)
        if other and self._is_delivered(wire, replica, state, other):
            other = ""
        missing = self._push(wire, replica, state, other, carry=last)
        missing = (missing | set(state.missing_blobs)) - {*self._store.brought()}
        lost, covered, stuck = self._undeliverable(replica, state), False, None
        try:
            if missing:
                self._upload(wire, missing)
            covered = not lost and self._covered(wire, replica)
        except RemoteProblem as problem:
            if problem.facts["status"] not in LOST_PLACE:
                raise
            stuck = problem  # one file, or the receipt: what is new comes all the same
        if last and (state.pull_needed or self._report.pushed):
            self._report.pulled += pulling.run()
        if lost:
            raise DamagedEntries(count=len(lost))
        if stuck:
            raise stuck
        if last:
            self._carry(wire)
        return covered

    def _carry(self, wire: Wire) -> None:
        """Bring partners' files whose entries this phone brought; no other part waits for it."""
        if names := self._store.brought():
            with suppress(RemoteProblem):
                self._upload(wire, names)

    def _covered(self, wire: Wire, replica: LocalReplica) -> bool:
        try:
            return self._receipt(wire, replica)
        except RemoteProblem as problem:
            if problem.facts["remote"] != BlobsMissing.code:
                raise
            self._upload(wire, problem.facts["missing"])  # lost on the server since they came in
            return self._receipt(wire, replica)

    def _undeliverable(self, replica: LocalReplica, state: protocol.StateReply) -> list[str]:
        """Return the own entries that changed in the file before the server had them."""
        lacking = {one.hash for one in state.lacking}
        return [
            row.hash
            for row in self._store.damaged()
            if row.replica == replica.id and (row.seq > state.upto_seq or row.hash in lacking)
        ]

    def _upload(self, wire: Wire, missing: Collection[str]) -> None:
        uploading = Uploading(self._store, wire, self.patiently)
        try:
            uploading.run(sorted(missing))
        finally:
            self._report.uploaded += uploading.finished

    def _state(self, wire: Wire, cursor: str) -> protocol.StateReply:
        query = {"replica": wire.replica.id, "cursor": cursor}
        return self.patiently(lambda: wire.get(protocol.STATE, protocol.StateReply, query))

    def _adopt(self, replica: LocalReplica, state: protocol.StateReply) -> str:
        """
        Learn the epoch and the time, and whether somebody else wrote under this key.

        Return the head of that other branch: how far the server is on it says nothing of what it
        has of this phone's.
        """
        here = self._store.hash_at(replica.id, state.upto_seq)  # empty as well for what was removed
        further = state.upto_seq > replica.upto_seq
        forked = here != state.head_hash if here else further
        with self._store.transaction():
            self._store.put(epoch=state.epoch, **exchange.time_told(state.server_time))
            if forked:
                self._store.put(forked=replica.id)
        self._report.forked = self._store.get("forked") == self._store.replicas()[-1].id
        return state.head_hash if forked else ""

    def _is_delivered(
        self, wire: Wire, replica: LocalReplica, state: protocol.StateReply, other: str
    ) -> bool:
        """
        Whether all was delivered to that head and is there still: the last of it is sent again.

        A restore of which nobody told the phones can have put the head back and lost this branch.
        """
        if self._store.get(_branch(replica)) != other:
            return False
        kept = [
            row
            for row in self._store.entries()
            if row.replica == replica.id and row.acked_epoch == state.epoch
        ]
        if not kept:
            return True
        reply = self._push_batch(wire, state.epoch, kept[-1:], {})
        return all(result.stored == "duplicate" for result in reply.results)

    def _push(
        self,
        wire: Wire,
        replica: LocalReplica,
        state: protocol.StateReply,
        other: str,
        *,
        carry: bool,
    ) -> set[str]:
        """Deliver what is pending, all of it to another branch; return the files then missing."""
        queue = self._pending(replica, state, carry=carry, whole=bool(other))
        named = self._named(replica, state)
        limit = BATCH_ENTRIES
        missing: set[str] = set()
        while queue or named:
            batch = _batch(queue, limit)
            try:
                reply = self._push_batch(wire, state.epoch, batch, named)
            except RemoteProblem as problem:
                if problem.facts["status"] != 413:
                    raise
                if len(batch) == 1:  # one entry too large must not hold up the rest
                    self._report.problems.append(str(problem.facts["remote"]))
                    queue = queue[1:]
                limit = max(1, len(batch) // 2)
                continue
            self._note(state.epoch, reply)
            missing |= set(reply.missing_blobs)
            queue, named = queue[len(batch) :], {}
        if other:
            with self._store.transaction():
                self._store.put(**{_branch(replica): other})
        return missing

    def _named(
        self, replica: LocalReplica, state: protocol.StateReply
    ) -> dict[str, protocol.ReceiptReply]:
        """
        Return, by replica, the receipt for what this phone removed and the server lacks.

        That of an earlier replica which the server forgot brings its key back; the loss it names
        itself, in the next sync.
        """
        lacking = [replica] if state.upto_seq < self._store.removed_upto(replica.id) else []
        found = {
            one.id: self._store.receipt_at(one.id, self._store.removed_upto(one.id))
            for one in [*self._forgotten, *lacking]
        }
        return {id: protocol.ReceiptReply(*row) for id, row in found.items() if row}

    def _pending(
        self, replica: LocalReplica, state: protocol.StateReply, *, carry: bool, whole: bool
    ) -> list[LocalEntry]:
        """
        Return own entries that the server lacks or whose effect is not known, then others'.

        What an earlier life of the server made of an entry says nothing now: a partner may have
        brought it again after the record was closed. And `upto_seq` may stand where a receipt
        stands for entries, which says nothing of those that are here.
        """
        rows = self._store.entries()
        here = {row.hash for row in rows}
        lacked = max((one.seq for one in state.lacking if one.hash in here), default=0)
        own, carried = [], []
        for row in rows:
            unknown = row.acked_epoch != state.epoch or row.effect in ("", "held")
            if row.replica == replica.id:
                if whole or unknown or row.seq > state.upto_seq or row.seq <= lacked:
                    own.append(row)
            elif carry and unknown:
                carried.append(row)
        return own + carried

    def _push_batch(
        self,
        wire: Wire,
        epoch: str,
        batch: Sequence[LocalEntry],
        named: Mapping[str, protocol.ReceiptReply],
    ) -> protocol.PushReply:
        known = self._store.keys()
        others = {*(row.replica for row in batch), *named} - {wire.replica.id}
        request = protocol.PushRequest(
            replica=wire.replica.id,
            epoch=epoch,
            sent_wall=self._store.get("server_time"),
            entries=[protocol.PushedEntry(row.content, row.signature) for row in batch],
            keys={id: known[id] for id in sorted(others)},
            receipts=list(named.values()),
        )
        return self.patiently(lambda: wire.post(protocol.PUSH, request, protocol.PushReply))

    def _note(self, epoch: str, reply: protocol.PushReply) -> None:
        kept = [r for r in reply.results if r.stored in ("new", "duplicate", "fork")]
        with self._store.transaction():
            self._store.acknowledge(epoch, [(r.hash, r.effect, r.reason) for r in kept])
            self._store.put(**exchange.time_told(reply.server_time))
        self._report.pushed += len(kept)
        for result in reply.results:
            if result.effect == "quarantined":
                self._report.quarantined.append((result.hash, result.reason))
            if result.stored in ("unverified", "refused"):
                self._report.problems.append(f"sync.{result.stored}")

    def _receipt(self, wire: Wire, replica: LocalReplica) -> bool:
        """Get the receipt for the local head, unless it is here; return whether it is."""
        epoch = self._store.get("epoch")
        current = next(r for r in self._store.replicas() if r.id == replica.id)
        if current.upto_seq == 0:
            return True
        if self._store.receipt_pos(current.id, epoch, current.head_hash) >= 0:
            return True
        after = self._store.removed_upto(current.id)
        damaged = [row.seq for row in self._store.damaged() if row.replica == current.id]
        after = max([after, *damaged])  # nobody knows any more which files those cite
        if after == current.upto_seq:
            return True  # nothing is left here that a receipt could cover
        blobs = [
            str(op.blob)
            for row in self._store.entries()
            if row.replica == current.id and after < row.seq <= current.upto_seq
            for op in entries.parse(row.content).ops
            if op.blob
        ]
        root = entries.blob_root(blobs)
        request = protocol.ReceiptRequest(
            current.id, current.upto_seq, current.head_hash, root, after
        )
        reply = self.patiently(lambda: wire.post(protocol.RECEIPTS, request, protocol.ReceiptReply))
        receipt = protocol.verify_receipt(reply, exchange.pinned_keys(self._store))
        asked = (after, request.replica, request.upto_seq, request.head_hash, root, epoch)
        if asked != (
            receipt.after_seq,
            receipt.replica,
            receipt.upto_seq,
            receipt.head_hash,
            receipt.blob_root,
            receipt.epoch,
        ):
            raise BadReceipt(reason="回执与本机记录不符")
        self._store.add_receipt(
            {
                "replica": receipt.replica,
                "epoch": receipt.epoch,
                "upto_seq": receipt.upto_seq,
                "head_hash": receipt.head_hash,
                "log_pos": receipt.log_pos,
                "content": reply.receipt_b64,
                "signature": reply.sig_b64,
                "kid": reply.kid,
            }
        )
        return True

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """Ask, again after each wait of the backoff while no answer comes or the server is busy."""
        for wait in self._backoff:
            try:
                return ask()
            except OutOfReach:
                self._pause(wait)
            except RemoteProblem as problem:
                if problem.facts["status"] not in (429, 503):
                    raise
                self._pause(max(wait, problem.facts["retry_after"]))
        return ask()


def _branch(replica: LocalReplica) -> str:
    return f"branch:{replica.id}"


def _batch(queue: Sequence[LocalEntry], limit: int) -> list[LocalEntry]:
    batch: list[LocalEntry] = []
    size = 0
    for row in queue[:limit]:
        size += len(row.content)
        if batch and size > BATCH_BYTES:
            break
        batch.append(row)
    return batch
