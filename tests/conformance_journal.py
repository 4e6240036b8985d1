"""
One suite for every implementation of sync/ports.py.

Subclass `JournalConformance` and give it a fixture `world`:

    class TestSqlJournal(JournalConformance):
        @pytest.fixture
        def world(self, backend): return SqlWorld(backend)
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec.structs import replace

from sync import engine, entries, merge, protocol, rebuild, replay
from sync.cursor import Cursor
from sync.errors import (
    BlobsMissing,
    CursorGone,
    ReceiptMismatch,
    ReplicaRevoked,
    TooLarge,
    UnknownReplica,
    WrongEpoch,
)
from sync.ids import Hlc, document_id, inspection_scope, uuid7
from sync.ports import Blobs, Document, Journal, ScopeChange
from sync.protocol import PullReply, PushedEntry, PushReply, PushRequest

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FORM = "dust_explosion@1"


class World(Protocol):
    """A store with its surroundings, as the suite needs them."""

    blobs: Blobs

    def begin(self) -> AbstractContextManager[Journal]:
        """Open a writing transaction."""

    def user(self) -> str:
        """Return the id of a new account."""

    def enrol(self, public_key: bytes, user: str) -> str:
        """Enrol a phone's replica; again with another user moves it to that user."""

    def assign(self, assignment: str, form: str, lead: str, members: Sequence[str]) -> None:
        """Give the inspection to this team (again: reassign) and show it to its users."""

    def close(self, assignment: str) -> None:
        """Close the inspection."""

    def claim(self, replica: str, user: str) -> None:
        """Let the journal say whose a replica is (replica.enrol)."""

    def lose(self, replica: str, upto_seq: int, head_hash: str) -> None:
        """Let the journal say that a receipt stands for this prefix (replica.lost)."""

    def revoke(self, replica: str) -> None:
        """Revoke a replica."""

    def decline(self, entry_hash: str) -> None:
        """Let a supervisor decline an entry set aside."""

    def accept(self, entry_hash: str) -> None:
        """A supervisor accepts a quarantined entry (inbox.accept)."""

    def store_blob(self, content: bytes) -> str:
        """Store a file; return its hex SHA-256."""


@dataclass
class Hand:
    """A phone reduced to signing: it builds entries and remembers its chain."""

    user: str
    key: EllipticCurvePrivateKey = field(default_factory=entries.new_key)
    device: str = field(default_factory=lambda: str(uuid4()))
    seq: int = 0
    prev: str = ""
    hlc: Hlc = field(default_factory=lambda: Hlc(0, 0, "00000000"))
    wall: datetime = NOW

    @property
    def public_key(self) -> bytes:
        return entries.raw_public_key(self.key)

    @property
    def id(self) -> str:
        return entries.replica_id(self.public_key)

    def clone(self) -> "Hand":
        return Hand(**vars(self))

    def save(self, assignment: str, *ops: entries.Op, form: str = FORM) -> PushedEntry:
        return self.sign(entries.build(self.entry(assignment, *ops, form=form)))

    def entry(self, assignment: str, *ops: entries.Op, form: str = FORM) -> entries.Entry:
        self.wall += timedelta(seconds=1)
        wall_ms = int(self.wall.timestamp() * 1000)
        self.hlc = self.hlc.next(wall_ms, self.id)
        return entries.Entry(
            v=1,
            replica=self.id,
            seq=self.seq + 1,
            prev=self.prev,
            device=self.device,
            user=self.user,
            assignment=assignment,
            form=form,
            hlc=str(self.hlc),
            wall=self.wall.isoformat(),
            tz="Asia/Shanghai",
            mono=self.seq,
            boot="boot-1",
            last_server_time="",
            ops=list(ops),
        )

    def sign(self, content: bytes) -> PushedEntry:
        self.seq, self.prev = self.seq + 1, entries.entry_hash(content)
        return PushedEntry(content, entries.sign(self.key, content))


def answer(
    code: str = "D01", result: str = "pass", parents: Sequence[str] = (), note: str = ""
) -> entries.Op:
    value = {"result": result, "reason": "", "note": note}
    return entries.make_op("answer.set", f"answer/dust/{code}", value, parents)


def resolve(item: str, chosen: Any, parents: Sequence[str]) -> entries.Op:
    value = {"chosen": chosen, "reason": "现场复核"}
    return entries.make_op("conflict.resolve", item, value, parents)


def photo(content: bytes) -> entries.Op:
    digest = sha256(content).hexdigest()
    value = {
        "sha256": digest,
        "size": len(content),
        "mime": "image/jpeg",
        "caption": "除尘器",
        "finding": "",
        "answer_item": "answer/dust/D01",
        "taken_wall": "2026-03-02T09:00:00+08:00",
        "latitude": "31.123456",
        "longitude": "120.654321",
        "accuracy_m": "8",
        "datum": "WGS-84",
        "device": "test",
    }
    return entries.make_op("photo.add", f"photo/{uuid7(1_700_000_000_000)}", value, blob=digest)


def signature(view: Sequence[str], name: str = "甲") -> entries.Op:
    value = {
        "signer": "lead",
        "name": name,
        "officer_id": "",
        "view": entries.view_digest(view),
        "strokes": [[[0, 0], [500, 500]]],
        "refused": False,
        "refusal_reason": "",
    }
    item = f"signature/{uuid7(1_700_000_000_000)}"
    return entries.make_op("signature.add", item, value, sorted(view))


def lost_op(replica: str, upto_seq: int, head_hash: str) -> entries.Op:
    value = {
        "upto_seq": upto_seq,
        "head_hash": head_hash,
        "receipt": "e30=",
        "signature": "",
        "kid": "k1",
    }
    return entries.make_op("replica.lost", f"replica/{replica}", value)


def first_op(pushed: PushedEntry) -> str:
    return f"{entries.entry_hash(pushed.bytes_b64)}#0"


@dataclass
class Scene:
    """Two phones of one team on one inspection, and the store."""

    world: World
    assignment: str
    lead: Hand
    member: Hand

    def push(self, hand: Hand, *pushed: PushedEntry, **changed: Any) -> PushReply:
        with self.world.begin() as journal:
            fields = {"epoch": journal.epoch(), "keys": {}, **changed}
            request = PushRequest(
                replica=hand.id, sent_wall=NOW.isoformat(), entries=list(pushed), **fields
            )

            def key_of(id: str) -> bytes | None:
                info = journal.replica(id)
                return info.public_key if info else None

            prepared = engine.prepare(request, key_of)
            return engine.push(journal, self.world.blobs, prepared, NOW)

    def pull(self, hand: Hand, cursor: str = "", limit: int = 1000) -> PullReply:
        with self.world.begin() as journal:
            return engine.pull(journal, hand.id, protocol.PullRequest(cursor, limit))

    def record(self) -> merge.MergedRecord:
        with self.world.begin() as journal:
            return rebuild.record(journal, self.assignment)

    def receipt(
        self, hand: Hand, upto: int, head: str, blobs: Sequence[str], after: int = 0
    ) -> protocol.Receipt:
        request = protocol.ReceiptRequest(hand.id, upto, head, entries.blob_root(blobs), after)
        with self.world.begin() as journal:
            covered = engine.covered(journal, request)
            return engine.receipt(
                self.world.blobs, request, covered, log_root="0" * 64, kid="k1", now=NOW
            )

    def publish(self, id: str, body: bytes) -> int:
        document = Document(id, inspection_scope(self.assignment), "task", 0, 0, False, body)
        with self.world.begin() as journal:
            return engine.publish(journal, [document])

    def newcomer(self) -> Hand:
        hand = Hand(self.world.user())
        self.world.enrol(hand.public_key, hand.user)
        return hand


class Conformance:
    """Two phones on a store."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError

    @pytest.fixture
    def scene(self, world: World) -> Scene:
        lead, member = Hand(world.user()), Hand(world.user())
        for hand in (lead, member):
            world.enrol(hand.public_key, hand.user)
        assignment = str(UUID(int=uuid4().int))
        world.assign(assignment, FORM, lead.user, [member.user])
        return Scene(world, assignment, lead, member)


class JournalConformance(Conformance):
    """What every journal must do."""

    def test_what_is_pushed_is_applied_and_acknowledged_with_a_position(self, scene: Scene) -> None:
        sent = [scene.lead.save(scene.assignment, answer(f"D0{n}")) for n in range(3)]

        reply = scene.push(scene.lead, *sent)

        assert [(r.stored, r.effect, r.reason) for r in reply.results] == [
            ("new", "applied", "")
        ] * 3
        assert [r.pos for r in reply.results] == sorted({r.pos for r in reply.results})
        assert (reply.upto_seq, reply.head_hash) == (3, scene.lead.prev)

    def test_a_repeated_push_stores_nothing_twice(self, scene: Scene) -> None:
        sent = scene.lead.save(scene.assignment, answer())
        first = scene.push(scene.lead, sent, sent)
        again = scene.push(scene.lead, sent)

        assert [r.stored for r in first.results] == ["new", "duplicate"]
        assert [(r.stored, r.pos) for r in again.results] == [("duplicate", first.results[0].pos)]
        with scene.world.begin() as journal:
            hashes = [row.hash for row in journal.all_entries() if row.replica == scene.lead.id]
            assert hashes == [scene.lead.prev]

    def test_an_entry_is_held_until_the_earlier_one_arrives(self, scene: Scene) -> None:
        first, second, third = (
            scene.lead.save(scene.assignment, answer(f"D0{n}")) for n in range(3)
        )
        early = scene.push(scene.lead, third, second)
        with scene.world.begin() as journal:
            waiting = engine.state(journal, scene.world.blobs, scene.lead.id, "", NOW)
        before = scene.record()
        scene.push(scene.lead, first)

        assert [r.effect for r in early.results] == ["held", "held"]
        assert (waiting.held, waiting.upto_seq) == ([2, 3], 0)
        assert before.items == {}
        assert len(scene.record().items) == 3
        with scene.world.begin() as journal:
            now = engine.state(journal, scene.world.blobs, scene.lead.id, "", NOW)
            assert (now.held, now.upto_seq, now.head_hash) == ([], 3, scene.lead.prev)

    def test_a_fork_keeps_both_branches_applied_and_flagged(self, scene: Scene) -> None:
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer("D01")))
        clone = scene.lead.clone()
        mine = scene.lead.save(scene.assignment, answer("D02"))
        other = clone.save(scene.assignment, answer("D03"))
        further = clone.save(scene.assignment, answer("D04"))
        scene.push(scene.lead, mine)

        reply = scene.push(clone, other, further)

        assert [r.stored for r in reply.results] == ["fork", "new"]
        assert [r.reason for r in reply.results] == ["fork", ""]
        assert len(scene.record().items) == 4
        with scene.world.begin() as journal:
            flagged = {row.hash for row in journal.all_entries() if "fork" in row.flags}
            assert flagged == {
                entries.entry_hash(mine.bytes_b64),
                entries.entry_hash(other.bytes_b64),
            }

    def test_different_values_conflict_and_equal_values_do_not(self, scene: Scene) -> None:
        scene.push(
            scene.lead,
            scene.lead.save(scene.assignment, answer("D01", "pass")),
            scene.lead.save(scene.assignment, answer("D02", "pass")),
        )
        reply = scene.push(
            scene.member,
            scene.member.save(scene.assignment, answer("D01", "pass")),
            scene.member.save(scene.assignment, answer("D02", "fail")),
        )

        assert [r.effect for r in reply.results] == ["applied", "conflict"]
        assert scene.record().conflicts == ("answer/dust/D02",)
        assert len(scene.record().items["answer/dust/D01"].users) == 2

    def test_only_the_lead_settles_a_conflict_citing_every_head(self, scene: Scene) -> None:
        a = scene.lead.save(scene.assignment, answer("D01", "pass"))
        b = scene.member.save(scene.assignment, answer("D01", "fail"))
        scene.push(scene.lead, a)
        scene.push(scene.member, b)
        chosen = {"result": "fail", "reason": "", "note": ""}
        heads = [first_op(a), first_op(b)]
        refused = scene.push(
            scene.member,
            scene.member.save(scene.assignment, resolve("answer/dust/D01", chosen, heads)),
        )
        open_still = scene.record().conflicts
        settled = scene.push(
            scene.lead, scene.lead.save(scene.assignment, resolve("answer/dust/D01", chosen, heads))
        )

        assert refused.results[0].reason == "not_lead"
        assert open_still == ("answer/dust/D01",)
        assert settled.results[0].effect == "applied"
        assert scene.record().conflicts == ()
        assert scene.record().items["answer/dust/D01"].value == chosen

    def test_reassigned_closed_and_strange_entries_are_kept_and_not_applied(
        self, scene: Scene
    ) -> None:
        stranger, taker = scene.newcomer(), scene.newcomer()
        late = scene.member.save(scene.assignment, answer("D01"))
        wrong = scene.lead.save(scene.assignment, answer("D02"), form="confined@9")
        nowhere = scene.lead.save(str(uuid4()), answer("D02"))
        uninvited = stranger.save(scene.assignment, answer("D03"))
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [taker.user])
        found = [
            scene.push(scene.member, late).results[0],
            *scene.push(scene.lead, wrong, nowhere).results,
            scene.push(stranger, uninvited).results[0],
        ]
        scene.world.close(scene.assignment)
        found.append(scene.push(taker, taker.save(scene.assignment, answer("D04"))).results[0])

        assert [r.reason for r in found] == [
            "reassigned",
            "unknown_form",
            "not_assigned",
            "not_assigned",
            "closed",
        ]
        assert {r.effect for r in found} == {"quarantined"}
        assert scene.record().items == {}
        with scene.world.begin() as journal:
            kept = {row.hash for row in journal.all_entries()}
            assert {r.hash for r in found} <= kept

    def test_a_revoked_replica_still_delivers_but_may_not_pull(self, scene: Scene) -> None:
        sent = scene.member.save(scene.assignment, answer())
        scene.world.revoke(scene.member.id)

        reply = scene.push(scene.member, sent)

        assert (reply.results[0].stored, reply.results[0].reason) == ("new", "revoked")
        assert reply.upto_seq == 1
        with pytest.raises(ReplicaRevoked):
            scene.pull(scene.member)

    def test_an_accepted_entry_is_applied_from_then_on(self, scene: Scene) -> None:
        taker = scene.newcomer()
        late = scene.member.save(scene.assignment, answer("D01"))
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [taker.user])
        scene.push(scene.member, late)
        scene.world.accept(entries.entry_hash(late.bytes_b64))

        assert list(scene.record().items) == ["answer/dust/D01"]
        assert document_id(scene.assignment, "answer/dust/D01") in _ids(scene.pull(taker))

    def test_another_users_name_in_an_entry_is_not_believed(self, scene: Scene) -> None:
        forged = scene.member.clone()
        forged.user = scene.lead.user

        reply = scene.push(scene.member, forged.save(scene.assignment, answer()))

        assert reply.results[0].reason == "wrong_user"

    def test_a_broken_entry_is_kept_and_blocks_nobody(self, scene: Scene) -> None:
        bad = scene.lead.entry(
            scene.assignment, entries.make_op("answer.set", "answer/dust/D01", 5)
        )
        sent = [
            scene.lead.sign(entries._encoder.encode(bad)),
            scene.lead.save(scene.assignment, answer("D02")),
        ]

        reply = scene.push(scene.lead, *sent)

        assert [(r.effect, r.reason) for r in reply.results] == [
            ("quarantined", "schema"),
            ("applied", ""),
        ]
        assert list(scene.record().items) == ["answer/dust/D02"]

    def test_a_bad_signature_is_not_in_the_journal(self, scene: Scene) -> None:
        sent = scene.lead.save(scene.assignment, answer())
        cut = PushedEntry(sent.bytes_b64, bytes(64))

        reply = scene.push(scene.lead, cut, PushedEntry(b"{", b""))
        right = scene.push(scene.lead, sent)

        assert [(r.stored, r.reason, r.pos) for r in reply.results] == [
            ("unverified", "unverified", 0)
        ] * 2
        assert right.results[0].stored == "new"

    def test_a_partner_carries_entries(self, scene: Scene) -> None:
        theirs = scene.member.save(scene.assignment, answer("D02"))

        reply = scene.push(scene.lead, theirs)

        assert reply.results[0].effect == "applied"
        assert (reply.upto_seq, reply.head_hash) == (0, "")
        with scene.world.begin() as journal:
            info = journal.replica(scene.member.id)
            row = journal.find([reply.results[0].hash])[reply.results[0].hash]
            assert info is not None
            assert (info.upto_seq, row.carrier) == (1, scene.lead.id)

    def test_a_forgotten_replica_is_known_by_its_key_until_it_enrols(self, scene: Scene) -> None:
        lost = Hand(scene.world.user())
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [lost.user])
        sent = lost.save(scene.assignment, answer())
        unknown = scene.push(scene.lead, sent)
        reply = scene.push(scene.lead, sent, keys={lost.id: lost.public_key})
        scene.world.enrol(lost.public_key, lost.user)
        before = scene.record()
        scene.world.claim(lost.id, lost.user)

        assert unknown.results[0].reason == "unverified"
        assert (reply.results[0].stored, reply.results[0].reason) == ("new", "wrong_user")
        assert (len(before.items), len(scene.record().items)) == (0, 1)

    def test_what_came_before_its_replica_was_enrolled_follows_from_the_journal(
        self, scene: Scene
    ) -> None:
        """Judged by how the task stood when it was known whose it is, not when it came."""
        lost = Hand(scene.world.user())
        early = lost.save(scene.assignment, answer("D01"))
        scene.push(scene.lead, early, keys={lost.id: lost.public_key})
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [lost.user])
        scene.world.enrol(lost.public_key, lost.user)
        scene.world.claim(lost.id, lost.user)
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [scene.member.user])
        scene.push(scene.lead, lost.save(scene.assignment, answer("D02")))

        with scene.world.begin() as journal:
            rows = {row.hash: row for row in journal.all_entries()}
            again = replay.replay(rows.values(), journal.replica)
            stored = [_without_pos(item) for item in journal.all_items()]
        assert rows[entries.entry_hash(early.bytes_b64)].effect == "applied"
        assert again.verdicts == {hash: replay.verdict(row) for hash, row in rows.items()}
        assert [_without_pos(item) for item in again.items] == stored

    def test_an_unknown_carrier_or_a_wrong_epoch_stores_nothing(self, scene: Scene) -> None:
        sent = scene.lead.save(scene.assignment, answer())
        with pytest.raises(WrongEpoch):
            scene.push(scene.lead, sent, epoch=str(uuid4()))
        with pytest.raises(UnknownReplica):
            scene.push(Hand(scene.lead.user), sent)
        with pytest.raises(TooLarge):
            scene.push(scene.lead, *[sent] * 501)

        with scene.world.begin() as journal:
            assert journal.find([entries.entry_hash(sent.bytes_b64)]) == {}

    def test_a_rolled_back_push_gives_its_positions_back(self, scene: Scene) -> None:
        with scene.world.begin() as journal:
            before = journal.position()
        with pytest.raises(ZeroDivisionError), scene.world.begin() as journal:
            journal.take_positions(5)
            raise ZeroDivisionError
        reply = scene.push(scene.lead, scene.lead.save(scene.assignment, answer()))

        assert reply.results[0].pos == before + 1

    def test_a_clock_ahead_is_only_flagged(self, scene: Scene) -> None:
        scene.lead.wall = NOW + timedelta(days=2)

        reply = scene.push(scene.lead, scene.lead.save(scene.assignment, answer()))

        assert (reply.results[0].effect, reply.results[0].flags) == ("applied", ["future_clock"])

    def test_a_pull_gives_every_document_once_in_pages_and_then_deltas(self, scene: Scene) -> None:
        sent = [scene.lead.save(scene.assignment, answer(f"D{n:02}")) for n in range(7)]
        scene.push(scene.lead, *sent)
        pages, cursor = [], ""
        while not pages or pages[-1].has_more:
            pages.append(scene.pull(scene.member, cursor, limit=3))
            cursor = pages[-1].cursor
        held = {doc.id: doc.ver for page in pages for doc in page.docs}
        items = [id for id in held if id.startswith("item/")]
        quiet = scene.pull(scene.member, cursor)
        scene.push(scene.member, scene.member.save(scene.assignment, answer("D03", "fail")))
        delta = scene.pull(scene.member, cursor)

        assert len(items) == 7
        assert sum(len(page.docs) for page in pages) == len(held)
        assert [page.scope_digest != "" for page in pages] == [p is pages[-1] for p in pages]
        assert pages[-1].scope_digest == protocol.scope_digest(held.items())
        assert (quiet.docs, quiet.leave) == ([], [])
        assert [doc.id for doc in delta.docs] == [document_id(scene.assignment, "answer/dust/D03")]
        assert delta.applied_upto[scene.lead.id] == 7

    @pytest.mark.parametrize("limit", [1, 2, 5, 1000])
    def test_what_changes_between_the_pages_of_a_pull_comes_with_later_ones(
        self, scene: Scene, limit: int
    ) -> None:
        leaving, joining = (str(UUID(int=uuid4().int)) for _ in range(2))
        scene.world.assign(leaving, FORM, scene.lead.user, [scene.member.user])
        codes = [f"D{n:02}" for n in range(4)]
        for task in (scene.assignment, leaving):
            scene.push(scene.lead, *(scene.lead.save(task, answer(code)) for code in codes))
        pages = [scene.pull(scene.member, limit=limit)]
        view = _applied({}, pages[0])
        for task in (scene.assignment, leaving):
            scene.push(scene.lead, *(scene.lead.save(task, answer(code, "fail")) for code in codes))
        scene.world.assign(leaving, FORM, scene.lead.user, [])
        scene.world.assign(joining, FORM, scene.lead.user, [scene.member.user])
        scene.push(scene.lead, scene.lead.save(joining, answer()))
        while len(pages) == 1 or pages[-1].has_more:
            pages.append(scene.pull(scene.member, pages[-1].cursor, limit))
            view = _applied(view, pages[-1])
        whole = scene.pull(scene.member)

        assert view == _applied({}, whole)
        assert pages[-1].scope_digest == whole.scope_digest
        assert len(_ids(whole)) == len(codes) + 1
        assert all(not page.applied_upto for page in pages if page.has_more)
        assert pages[-1].applied_upto == whole.applied_upto

    def test_reassignment_hides_the_scope_and_shows_it_to_the_new_member(
        self, scene: Scene
    ) -> None:
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer()))
        cursor = scene.pull(scene.member).cursor
        taker = scene.newcomer()
        before = scene.pull(taker).cursor
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [taker.user])
        left, gained = scene.pull(scene.member, cursor), scene.pull(taker, before)
        scene.world.assign(scene.assignment, FORM, scene.lead.user, [scene.member.user])
        back = scene.pull(scene.member, left.cursor)
        item = document_id(scene.assignment, "answer/dust/D01")

        assert left.leave == [inspection_scope(scene.assignment)]
        assert item not in _ids(left)
        assert item in _ids(gained)
        assert back.leave == []
        assert item in _ids(back)

    def test_state_says_whether_a_pull_is_needed(self, scene: Scene) -> None:
        cursor = scene.pull(scene.member).cursor

        def needed() -> bool:
            with scene.world.begin() as journal:
                state = engine.state(journal, scene.world.blobs, scene.member.id, cursor, NOW)
            return state.pull_needed

        quiet = needed()
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer()))

        assert (quiet, needed()) == (False, True)

    def test_published_documents_count_versions_and_move_only_when_changed(
        self, scene: Scene
    ) -> None:
        cursor = scene.pull(scene.member).cursor
        changed = [scene.publish("note/x", b'"one"'), scene.publish("note/x", b'"one"')]
        first = scene.pull(scene.member, cursor)
        changed.append(scene.publish("note/x", b'"two"'))
        second = scene.pull(scene.member, first.cursor)

        assert changed == [1, 0, 1]
        assert [(d.ver, bytes(d.body)) for d in first.docs] == [(1, b'"one"')]
        assert [(d.ver, bytes(d.body)) for d in second.docs] == [(2, b'"two"')]

    def test_a_cursor_of_another_life_is_gone(self, scene: Scene) -> None:
        with pytest.raises(CursorGone):
            scene.pull(scene.member, Cursor(str(uuid4()), 1).text())

        with pytest.raises(UnknownReplica):
            scene.pull(Hand(scene.lead.user))

    def test_showing_twice_or_hiding_the_hidden_changes_nothing(self, scene: Scene) -> None:
        cursor = scene.pull(scene.member).cursor
        scope = inspection_scope(scene.assignment)
        stranger = scene.newcomer()
        with scene.world.begin() as journal:
            pos = journal.take_positions(1)
            journal.change_scopes([ScopeChange(scene.member.user, scope, visible=True)], pos)
            journal.change_scopes([ScopeChange(stranger.user, scope, visible=False)], pos)

        assert scene.pull(scene.member, cursor).docs == []
        assert scene.pull(stranger).leave == []

    def test_files_are_wanted_of_who_cites_them_and_of_who_brought_the_entry(
        self, scene: Scene
    ) -> None:
        content = b"jpeg" + uuid4().bytes
        digest = sha256(content).hexdigest()
        stranger = scene.newcomer()
        entry = scene.member.save(scene.assignment, photo(content))
        scene.push(scene.lead, entry)
        scene.push(stranger, entry)  # too late to have brought it
        with scene.world.begin() as journal:
            asked = [
                engine.have(journal, scene.world.blobs, hand.id, [digest, "0" * 64])
                for hand in (scene.lead, scene.member, stranger)
            ]
        scene.world.store_blob(content)
        with scene.world.begin() as journal:
            stored = engine.have(journal, scene.world.blobs, scene.lead.id, [digest])

        assert asked == [(digest,), (digest,), ()]
        assert stored == ()

    def test_a_receipt_needs_the_chain_its_blobs_and_nothing_missing(self, scene: Scene) -> None:
        content = b"jpeg" + uuid4().bytes
        digest = sha256(content).hexdigest()
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer()))
        reply = scene.push(scene.lead, scene.lead.save(scene.assignment, photo(content)))
        head = scene.lead.prev
        with scene.world.begin() as journal:
            wanted = engine.have(journal, scene.world.blobs, scene.lead.id, [digest, "0" * 64])
            foreign = engine.have(journal, scene.world.blobs, scene.member.id, [digest])
        with pytest.raises(BlobsMissing) as missing:
            scene.receipt(scene.lead, 2, head, [digest])
        with pytest.raises(ReceiptMismatch):
            scene.receipt(scene.lead, 2, head, [])
        with pytest.raises(ReceiptMismatch):
            scene.receipt(scene.lead, 3, head, [digest])
        with pytest.raises(ReceiptMismatch):
            scene.receipt(scene.member, 2, head, [digest])
        scene.world.store_blob(content)
        receipt = scene.receipt(scene.lead, 2, head, [digest])

        assert reply.missing_blobs == [digest]
        assert (wanted, foreign) == ((digest,), ())
        assert missing.value.facts["missing"] == [digest]
        assert (receipt.entry_count, receipt.effects) == (2, {"applied": 2})
        with scene.world.begin() as journal:
            state = engine.state(journal, scene.world.blobs, scene.lead.id, "", NOW)
            assert state.missing_blobs == []
            assert receipt.log_pos == journal.position()

    def test_a_held_entry_is_in_no_receipt(self, scene: Scene) -> None:
        scene.lead.save(scene.assignment, answer("D01"))
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer("D02")))

        with pytest.raises(ReceiptMismatch):
            scene.receipt(scene.lead, 2, scene.lead.prev, [])

    def test_a_chain_is_read_in_part_and_without_what_waits(self, scene: Scene) -> None:
        sent = [scene.lead.save(scene.assignment, answer()) for _ in range(5)]
        scene.push(scene.lead, *sent[:3], sent[4])
        hashes = [entries.entry_hash(one.bytes_b64) for one in sent]
        with scene.world.begin() as journal:
            part, whole = (
                journal.chain(scene.lead.id, *ends) for ends in ((2, 2), (1, entries.MAX_SEQ))
            )

        assert list(part) == [(2, hashes[0], hashes[1], "applied", "")]
        assert [row.hash for row in whole] == hashes[:3]

    def test_a_chain_goes_on_behind_what_only_a_receipt_stands_for(self, scene: Scene) -> None:
        """Entries 2 and 3 were lost in a restore, and the phone has removed them."""
        hand = scene.lead
        sent = [hand.save(scene.assignment, answer(f"D0{n}")) for n in range(1, 6)]
        hashes = [entries.entry_hash(one.bytes_b64) for one in sent]
        waiting = scene.push(hand, sent[0], sent[3], sent[4])
        scene.world.lose(hand.id, 2, hashes[1])
        still = standing_of(scene, hashes[3:])
        scene.world.lose(hand.id, 3, hashes[2])
        with scene.world.begin() as journal:
            state = engine.state(journal, scene.world.blobs, hand.id, "", NOW)
        with pytest.raises(ReceiptMismatch):
            scene.receipt(hand, 5, hashes[4], [])
        with pytest.raises(ReceiptMismatch):
            scene.receipt(hand, 5, hashes[4], [], after=5)
        receipt = scene.receipt(hand, 5, hashes[4], [], after=3)

        assert [result.effect for result in waiting.results] == ["applied", "held", "held"]
        assert still == [("held", ()), ("held", ())]
        assert standing_of(scene, hashes[3:]) == [("applied", ("gap",)), ("applied", ())]
        assert (state.upto_seq, state.head_hash, state.held) == (5, hashes[4], [])
        assert (receipt.after_seq, receipt.entry_count) == (3, 2)
        assert len(scene.record().items) == 3
        assert_follows_from_the_journal(scene)

    def test_what_was_named_lost_may_still_come_and_the_flag_stays(self, scene: Scene) -> None:
        hand = scene.lead
        sent = [hand.save(scene.assignment, answer(f"D0{n}")) for n in range(1, 5)]
        hashes = [entries.entry_hash(one.bytes_b64) for one in sent]
        scene.world.lose(hand.id, 3, hashes[2])
        with scene.world.begin() as journal:
            named = engine.state(journal, scene.world.blobs, hand.id, "", NOW)
        after = scene.push(hand, sent[3])
        partly = scene.push(hand, sent[2], sent[1])
        scene.push(hand, sent[0])

        assert (named.upto_seq, named.head_hash) == (3, hashes[2])
        assert [(one.effect, one.flags) for one in after.results] == [("applied", ["gap"])]
        assert [(one.effect, one.flags) for one in partly.results] == [("applied", ["gap"])] * 2
        assert standing_of(scene, hashes) == [("applied", ()), *[("applied", ("gap",))] * 3]
        assert scene.receipt(hand, 4, hashes[3], []).entry_count == 4
        assert_follows_from_the_journal(scene)

    def test_what_is_named_lost_of_one_replica_stands_for_no_other(self, scene: Scene) -> None:
        scene.member.save(scene.assignment, answer("D01"))
        lost = scene.member.prev
        scene.world.lose(scene.lead.id, 1, lost)
        scene.world.lose(scene.member.id, 1, "0" * 64)
        reply = scene.push(scene.member, scene.member.save(scene.assignment, answer("D02")))

        assert [(one.effect, one.flags) for one in reply.results] == [("held", [])]

    def test_a_rebuild_from_the_journal_gives_the_identical_projection(self, scene: Scene) -> None:
        a = scene.lead.save(scene.assignment, answer("D01", "pass"))
        b = scene.lead.save(scene.assignment, answer("D01", "fail", [first_op(a)]))
        c = scene.member.save(scene.assignment, answer("D01", "not_applicable"))
        scene.push(scene.lead, b)
        scene.push(scene.member, c)
        scene.push(scene.lead, a)
        with scene.world.begin() as journal:
            stored = [_without_pos(item) for item in journal.all_items()]
            whole = replay.replay(journal.all_entries(), journal.replica)
            again = [_without_pos(item) for item in whole.items]
            faults = [
                rebuild.faults(row, _key_of(journal), journal.find([row.prev]).get(row.prev))
                for row in journal.all_entries()
            ]

        assert stored == again
        assert len(stored) == 1
        assert set(faults) == {()}

    def test_a_later_fold_never_lowers_the_version_of_a_document(self, scene: Scene) -> None:
        scene.push(scene.lead, scene.lead.save(scene.assignment, answer("D01")))
        with scene.world.begin() as journal:
            (item,) = journal.all_items()
            journal.put_documents([replace(item.document, ver=9)])
        scene.push(scene.member, scene.member.save(scene.assignment, answer("D01")))
        with scene.world.begin() as journal:
            again = journal.document(item.document.id)

        assert again is not None
        assert (again.ver, again.body != item.document.body) == (10, True)

    def test_the_operations_of_quarantined_entries_are_not_folded(self, scene: Scene) -> None:
        scene.push(scene.member, scene.member.save(str(uuid4()), answer()))
        scene.push(scene.member, scene.member.save(scene.assignment, answer("D02")))
        with scene.world.begin() as journal:
            found = journal.operations([(scene.assignment, "answer/dust/D02")])

        assert [op.item for op in found] == ["answer/dust/D02"]
        assert found[0].value == b'{"note":"","reason":"","result":"pass"}'


def standing_of(scene: Scene, hashes: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    with scene.world.begin() as journal:
        found = journal.find(hashes)
        return [(found[hash].effect, found[hash].flags) for hash in hashes]


def assert_follows_from_the_journal(scene: Scene) -> None:
    with scene.world.begin() as journal:
        rows = list(journal.all_entries())
        again = replay.replay(rows, journal.replica)
        stored = [_without_pos(item) for item in journal.all_items()]
        heads = {
            id: (info.upto_seq, info.head_hash)
            for id in again.heads
            if (info := journal.replica(id)) is not None
        }
    assert again.verdicts == {row.hash: replay.verdict(row) for row in rows}
    assert [_without_pos(item) for item in again.items] == stored
    assert again.heads == heads


def _applied(view: dict[str, tuple[str, int]], page: PullReply) -> dict[str, tuple[str, int]]:
    """Return what a phone shows once it has applied a page: scope and version by document."""
    kept = {id: shown for id, shown in view.items() if shown[0] not in page.leave}
    return kept | {doc.id: (doc.scope, doc.ver) for doc in page.docs}


def _ids(reply: PullReply) -> set[str]:
    return {document.id for document in reply.docs}


def _key_of(journal: Journal) -> Any:
    def key_of(id: str) -> bytes | None:
        info = journal.replica(id)
        return info.public_key if info else None

    return key_of


def _without_pos(item: Any) -> Any:
    document = item.document
    return item.assignment, item.item, item.heads, item.conflict, document.ver, document.body
