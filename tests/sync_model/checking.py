"""I1 to I12 of docs/sync.md's design, asked of a server and its phones."""

import json
import random
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sync import replay
from sync.cursor import read_cursor
from sync.phone import Phone
from sync.phone.local import LocalEntry
from sync.ports import StoredEntry
from tests.sync_model.oracle import Arrival, Oracle
from tests.sync_model.servers import Server


class Ledger:
    """A server's journal at one moment, and the oracle's opinion of it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        with server.begin() as journal:
            self.epoch = journal.epoch()
            self.position = journal.position()
            self.rows = {row.hash: row for row in journal.all_entries()}
            self.items = {(item.assignment, item.item): item for item in journal.all_items()}
            names = {row.replica for row in self.rows.values()}
            self.replicas = {id: info for id in names if (info := journal.replica(id))}
            tasks = {row.assignment for row in self.rows.values() if row.assignment}
            self.standings = journal.standings(tasks)
            self.held = {row.hash for row in journal.held(names)}
            arrivals = [Arrival(row.content, row.received_at) for row in self.by_position]
            users = {id: info.user for id, info in self.replicas.items()}
            self.oracle = Oracle(arrivals, users, server.id)
            for id in self.oracle.prefixes:  # of some nothing but a receipt is left
                if info := journal.replica(id):
                    self.replicas[id] = info

    @property
    def by_position(self) -> list[StoredEntry]:
        return sorted(self.rows.values(), key=lambda row: row.pos)

    def check(self) -> None:
        """I2, I4, I5, I6, I8, I9, I10: all that is stored is what the oracle makes of the bytes."""
        self._check_positions()
        self._check_verdicts()
        self._check_items()
        shown = {hash for hash, kept in self.oracle.entries.items() if kept.needs_a_look}
        assert self.server.inbox() == shown

    def check_order_does_not_matter(self, chance: random.Random) -> None:
        """I3 and I8: the engine itself, given all of it again, in another order and some twice."""
        again = replay.replay(self.by_position, self.replicas.get)
        assert again.verdicts == {hash: replay.verdict(row) for hash, row in self.rows.items()}
        mixed = replay.replay(self._shuffled(chance), self.replicas.get)
        for found in (again, mixed):
            assert found.standings == self.standings
            assert [_plain(item) for item in found.items] == [
                _plain(item) for _, item in sorted(self.items.items())
            ]
        assert again.heads == self._heads(again.heads)
        assert mixed.heads == self._heads(mixed.heads), "another prefix"

    def check_told(self, told: Mapping[str, int]) -> None:
        """I1 and I7: what a phone was told is stored is stored, and still at that position."""
        for hash, pos in told.items():
            assert hash in self.rows, "acknowledged and not stored"
            assert self.rows[hash].pos == pos

    def check_forks(self, cloned: set[str]) -> None:
        """A replica that was never cloned gives each number once."""
        forked = {row.replica for row in self.rows.values() if "fork" in row.flags}
        assert forked <= cloned, "a number was used twice"

    def check_whole(self, entries: Iterable[LocalEntry]) -> None:
        """I1, I2 and I10: every entry of a phone is stored byte for byte, and none waits."""
        for entry in entries:
            assert self.rows[entry.hash].content == entry.content
        assert not self.held

    def check_receipt(self, phone: Phone) -> None:
        """I7: a receipt covers all that the replica in use captured, and its files re-hash."""
        receipts = [one for one in phone.verified_receipts() if one.epoch == self.epoch]
        assert all(one.head_hash in self.rows for one in receipts)
        own = [entry for entry in phone.entries() if entry.replica == phone.replica]
        covered = [one.upto_seq for one in receipts if one.replica == phone.replica]
        assert not own or max(covered, default=0) == own[-1].seq, "the receipt covers less"
        for entry in own:
            for op in json.loads(entry.content)["ops"]:
                if digest := op.get("blob"):
                    assert sha256(self.server.file(digest)).hexdigest() == digest

    def check_view(self, phone: Phone) -> None:
        """I5: what a phone pulled is what the oracle shows its user; and so is its own record."""
        if phone.replica in self.oracle.revoked:
            return
        truth = self.oracle.documents(phone.user)
        pulled = {one.id: json.loads(one.body) for one in phone._store.documents("item")}
        assert pulled == truth, "a phone shows something else"
        if any(entry.effect == "quarantined" for entry in phone.entries()):
            return  # shown is what the server said last; accepted or claimed, it learns by pulling
        for task, standing in self.standings.items():
            if phone.user in standing.team:
                shown = phone.record(task).items
                assert {
                    f"item/{task}/{id}": [head.id for head in item.heads]
                    for id, item in shown.items()
                } == {
                    id: [head["id"] for head in body["heads"]]
                    for id, body in truth.items()
                    if body["assignment"] == task
                }

    def _check_positions(self) -> None:
        found = [row.pos for row in self.rows.values()]
        assert len(found) == len(set(found)), "a position was given twice"
        assert max(found, default=0) <= self.position

    def _check_verdicts(self) -> None:
        expected = {
            hash: (kept.effect, kept.reason, tuple(sorted(kept.flags)))
            for hash, kept in self.oracle.entries.items()
        }
        found = {hash: replay.verdict(row) for hash, row in self.rows.items()}
        assert found == expected, "another verdict"
        waiting = {hash for hash, verdict in expected.items() if verdict[0] == "held"}
        assert self.held == waiting, "others wait"
        assert {
            id: (task.form, task.lead, task.team, task.former, task.closed)
            for id, task in self.oracle.tasks.items()
        } == {
            id: (one.form, one.lead, one.team, one.former, one.closed)
            for id, one in self.standings.items()
        }
        assert self.oracle.prefixes == self._heads(self.oracle.prefixes)
        assert self.oracle.revoked >= {id for id, info in self.replicas.items() if info.revoked}

    def _check_items(self) -> None:
        stored = {
            key: json.loads(item.document.body)
            for key, item in self.items.items()
            if not item.document.deleted
        }
        expected = {key: self.oracle.item(*key) for key in self.oracle.ops}
        assert stored == expected, "another item"
        for key, item in self.items.items():
            body = stored[key]
            cited = {id for op in self.oracle.ops[key].values() for id in op.parents}
            assert cited.issuperset(body["gone"]), "a value disappeared that nobody cited"  # I4
            assert item.heads == {head["id"] for head in body["heads"]}
            assert item.conflict == body["conflict"]
            folded = len(body["heads"]) + len(body["gone"])
            lifted = item.document.ver > folded and item.document.id in self.server.repaired
            assert item.document.ver == folded or lifted

    def _heads(self, wanted: Iterable[str]) -> dict[str, tuple[int, str]]:
        return {
            id: (info.upto_seq, info.head_hash)
            for id, info in self.replicas.items()
            if id in wanted
        }

    def _shuffled(self, chance: random.Random) -> list[StoredEntry]:
        """Return what phones delivered in another order between every two of the server's own."""
        rows: list[StoredEntry] = []
        between: list[StoredEntry] = []
        for row in [*self.by_position, None]:
            if row is not None and row.replica != self.server.id:
                between.append(row)
                continue
            between += between[:2]
            chance.shuffle(between)
            rows += between
            between = []
            if row is not None:
                rows.append(row)
        return rows


def check_never_backwards(phone: Phone, before: tuple[str, dict[str, int]]) -> tuple[str, Any]:
    """I11: within one life of the server no document returns to an earlier version."""
    epoch = read_cursor(phone._store.get("cursor")).epoch
    versions = dict(phone._store.versions())
    if epoch == before[0]:
        assert all(ver >= before[1].get(id, 0) for id, ver in versions.items())
    return epoch, versions


def _plain(item: Any) -> Any:
    return item.assignment, item.item, item.heads, item.conflict, item.document.body
