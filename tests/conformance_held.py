"""What every journal does with entries that wait, and with replicas that it knows by a key only."""

import pytest

from sync import engine, entries
from sync.engine import drafts, pushing
from sync.errors import ReceiptMismatch
from sync.protocol import PushedEntry, StateReply
from tests.conformance_journal import (
    NOW,
    Conformance,
    Hand,
    Scene,
    answer,
    assert_follows_from_the_journal,
    standing_of,
)

PLACELESS = (
    b"\xef\xbb\xbf",
    b'{"x":"\\ud83d",',
    b'{"x":NaN,',
    b'{"x":' + b"[" * 2000 + b"]" * 2000,
)
"""What no JSON reader takes; the members of an entry's place follow."""


class HeldConformance(Conformance):
    """Nothing that waits is lost or without a way out, and nobody fills a store with it."""

    def test_an_accepted_entry_that_waits_is_applied_across_the_gap_and_releases_what_follows(
        self, scene: Scene
    ) -> None:
        hand = scene.lead
        sent, hashes = _saved(scene, hand, 5)
        scene.push(hand, sent[0], sent[2], sent[3], sent[4])
        waiting = _state(scene, hand)
        scene.world.accept(hashes[3])
        scene.world.accept(hashes[2])

        assert waiting.held == [3, 4, 5]
        assert standing_of(scene, hashes[2:]) == [
            ("applied", ("accepted", "gap")),
            ("applied", ("accepted", "gap")),
            ("applied", ()),
        ]
        assert _state(scene, hand).held == []
        assert len(scene.record().items) == 4
        assert_follows_from_the_journal(scene)

    def test_no_receipt_covers_what_only_a_ruling_stands_for_until_it_comes(
        self, scene: Scene
    ) -> None:
        hand = scene.lead
        sent, hashes = _saved(scene, hand, 3)
        scene.push(hand, sent[0], sent[2])
        scene.world.accept(hashes[2])
        after = scene.push(hand, _saved(scene, hand, 1)[0][0])
        state = _state(scene, hand)
        with pytest.raises(ReceiptMismatch):
            scene.receipt(hand, 3, hashes[2], [])
        late = scene.push(hand, sent[1])

        assert [(one.effect, one.flags) for one in after.results] == [("applied", [])]
        assert (state.upto_seq, state.head_hash) == (1, hashes[0])
        assert (late.upto_seq, late.head_hash) == (4, hand.prev)
        assert [(one.effect, one.flags) for one in late.results] == [("applied", [])]
        assert scene.receipt(hand, 3, hashes[2], []).entry_count == 3
        assert_follows_from_the_journal(scene)

    def test_what_a_receipt_stands_for_closes_the_gap_of_a_ruling(self, scene: Scene) -> None:
        hand = scene.lead
        sent, hashes = _saved(scene, hand, 4)
        scene.push(hand, sent[3])
        scene.world.decline(hashes[3])
        before = _state(scene, hand)
        scene.world.lose(hand.id, 2, hashes[1])
        bridged = _state(scene, hand)
        scene.push(hand, sent[2])
        after = _state(scene, hand)

        assert [one.upto_seq for one in (before, bridged, after)] == [0, 2, 4]
        assert after.head_hash == hashes[3]
        assert_follows_from_the_journal(scene)

    def test_a_declined_entry_that_waits_is_set_aside_and_holds_nobody_up(
        self, scene: Scene
    ) -> None:
        hand = scene.member
        sent, hashes = _saved(scene, hand, 3)
        scene.push(hand, *sent[1:])
        scene.world.decline(hashes[1])
        declined = standing_of(scene, hashes[1:])
        scene.push(hand, sent[0])
        again = scene.push(hand, sent[1])
        scene.world.accept(hashes[1])

        assert declined == [("quarantined", ("declined", "gap")), ("applied", ())]
        assert [(one.effect, one.reason) for one in again.results] == [("quarantined", "declined")]
        assert standing_of(scene, hashes[1:2]) == [("applied", ("accepted", "declined", "gap"))]
        assert_follows_from_the_journal(scene)

    def test_what_follows_a_ruling_is_judged_like_anything_else(self, scene: Scene) -> None:
        stranger = scene.newcomer()
        sent, hashes = _saved(scene, stranger, 3)
        scene.push(stranger, *sent[1:])
        scene.world.decline(hashes[1])
        with scene.world.begin() as journal:
            after = journal.find(hashes[2:])[hashes[2]]

        assert (after.effect, after.reason) == ("quarantined", "not_assigned")
        assert scene.record().items == {}

    def test_what_breaks_the_schema_is_never_accepted_but_may_be_declined(
        self, scene: Scene
    ) -> None:
        hand = scene.lead
        sent, _ = _saved(scene, hand, 1)
        steering = entries.make_op("task.close", f"task/{scene.assignment}", {})
        closing = hand.save(scene.assignment, steering)
        hash = entries.entry_hash(closing.bytes_b64)
        scene.push(hand, closing)
        scene.world.accept(hash)
        still = standing_of(scene, [hash])
        scene.world.decline(hash)
        scene.push(hand, sent[0])
        scene.world.accept(hash)

        assert still == [("held", ())]
        assert standing_of(scene, [hash]) == [("quarantined", ("declined", "gap"))]
        assert_follows_from_the_journal(scene)

    def test_too_many_that_wait_are_refused_until_the_missing_one_comes(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(drafts, "MAX_HELD", 2)
        hand = scene.lead
        sent, hashes = _saved(scene, hand, 5)
        first = scene.push(hand, sent[1], sent[2])
        full = scene.push(hand, sent[3], sent[1])
        beside = scene.push(hand, _saved(scene, scene.member, 1)[0][0], sent[4])
        scene.push(hand, sent[0])
        again = scene.push(hand, *sent[3:])

        assert [one.stored for one in first.results] == ["new", "new"]
        refused = full.results[0]
        assert (refused.seq, refused.effect, refused.pos) == (4, "held", 0)
        assert [one.stored for one in full.results] == ["refused", "duplicate"]
        assert [one.stored for one in beside.results] == ["new", "refused"]
        assert [(one.stored, one.effect) for one in again.results] == [("new", "applied")] * 2
        assert _state(scene, hand).upto_seq == 5
        with scene.world.begin() as journal:
            assert len(journal.find(hashes)) == 5
        assert_follows_from_the_journal(scene)

    def test_a_forged_number_stays_held_whatever_a_receipt_stands_for(self, scene: Scene) -> None:
        """Its predecessor is there, under another number than the one before its own."""
        hand = scene.lead
        sent, _ = _saved(scene, hand, 1)
        hand.seq += 1
        forged, (hash,) = _saved(scene, hand, 1)
        scene.push(hand, *sent, *forged)
        scene.world.lose(hand.id, 5, "5" * 64)

        assert standing_of(scene, [hash]) == [("held", ())]
        assert_follows_from_the_journal(scene)

    def test_what_follows_a_forged_number_in_one_push_may_follow_what_was_lost(
        self, scene: Scene
    ) -> None:
        hand = scene.lead
        sent, _ = _saved(scene, hand, 1)
        scene.world.lose(hand.id, 5, "5" * 64)
        hand.seq += 1
        forged, _ = _saved(scene, hand, 2)
        results = scene.push(hand, *sent, *forged).results

        assert [(one.effect, one.flags) for one in results] == [
            ("applied", []),
            ("held", []),
            ("applied", ["gap"]),
        ]
        assert_follows_from_the_journal(scene)

    def test_bytes_that_wait_are_counted_too(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hand = scene.lead
        sent, _ = _saved(scene, hand, 4)
        size = len(sent[2].bytes_b64)
        monkeypatch.setattr(drafts, "MAX_HELD_BYTES", size * 2)
        results = [scene.push(hand, one).results[0] for one in sent[1:]]

        assert [one.stored for one in results] == ["new", "new", "refused"]

    def test_one_carrier_brings_entries_of_so_many_unknown_replicas_and_no_more(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pushing, "MAX_BROUGHT", 2)
        unknown = [Hand(scene.world.user()) for _ in range(4)]
        sent = [one.save(scene.assignment, answer()) for one in unknown]
        keys = {one.id: one.public_key for one in unknown}
        first = scene.push(scene.lead, *sent[:3], keys=keys)
        full = scene.push(scene.lead, *sent, keys=keys)
        other = scene.push(scene.member, sent[3], keys=keys)
        scene.world.enrol(unknown[0].public_key, unknown[0].user)
        scene.world.claim(unknown[0].id, unknown[0].user)
        room = scene.push(scene.lead, sent[2], keys=keys)

        assert [one.stored for one in first.results] == ["new", "new", "refused"]
        assert [one.stored for one in full.results] == ["duplicate"] * 2 + ["refused"] * 2
        assert {one.reason for one in full.results} == {"wrong_user"}
        assert [one.stored for one in (*other.results, *room.results)] == ["new", "new"]

    def test_a_replica_known_by_its_key_alone_reaches_nothing_that_a_phone_is_told(
        self, scene: Scene
    ) -> None:
        unknown = Hand(scene.world.user())
        sent = unknown.save(scene.assignment, answer())
        scene.push(scene.lead, sent, keys={unknown.id: unknown.public_key})
        before = scene.pull(scene.member).applied_upto
        scene.world.enrol(unknown.public_key, unknown.user)

        assert before.keys() == {scene.member.id}
        assert scene.pull(scene.member).applied_upto[unknown.id] == 1

    def test_an_entry_whose_place_can_be_read_is_in_the_chain_whatever_else_it_is(
        self, scene: Scene
    ) -> None:
        hand = scene.lead
        sent = [hand.sign(_placed(hand, before)) for before in PLACELESS]
        sent.append(hand.save(scene.assignment, answer()))
        reply = scene.push(hand, *sent)

        assert [(one.seq, one.effect, one.reason) for one in reply.results] == [
            *((seq, "quarantined", "schema") for seq in range(1, len(sent))),
            (len(sent), "applied", ""),
        ]
        assert_follows_from_the_journal(scene)


def _saved(scene: Scene, hand: Hand, count: int) -> tuple[list[PushedEntry], list[str]]:
    sent = [hand.save(scene.assignment, answer(f"D{hand.seq:02}")) for _ in range(count)]
    return sent, [entries.entry_hash(one.bytes_b64) for one in sent]


def _state(scene: Scene, hand: Hand) -> StateReply:
    with scene.world.begin() as journal:
        return engine.state(journal, scene.world.blobs, hand.id, "", NOW)


def _placed(hand: Hand, before: bytes) -> bytes:
    comma = b"," if before.endswith(b"]") else b""
    opening = b"" if b"{" in before else b"{"
    place = f'"replica":"{hand.id}","seq":{hand.seq + 1},"prev":"{hand.prev}"}}'
    return before + comma + opening + place.encode()
