"""How an item is folded while entries come, on every implementation of sync/ports.py."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest

from sync.engine import folding
from sync.errors import TooLarge
from sync.merging.register import _Fold
from sync.protocol import PushedEntry
from tests.conformance_journal import Conformance, Hand, Scene, World, answer, first_op

D01 = "answer/dust/D01"


def _second_phone(world: World, hand: Hand) -> Hand:
    second = Hand(hand.user)
    world.enrol(second.public_key, second.user)
    return second


def _results(scene: Scene) -> list[str]:
    return [head.plain()["result"] for head in scene.record().items[D01].heads]


def _in_turn(scene: Scene, hands: Sequence[Hand], count: int) -> list[PushedEntry]:
    """Answers of one person on several phones that all name the lead's one answer."""
    mine = scene.lead.save(scene.assignment, answer())
    scene.push(scene.lead, mine)
    return [
        hands[number % len(hands)].save(
            scene.assignment, answer(result="fail", parents=[first_op(mine)])
        )
        for number in range(count)
    ]


class MergingConformance(Conformance):
    """Whoever may end a disagreement, and what a push costs."""

    def test_a_second_phone_of_a_user_ends_no_disagreement(
        self, world: World, scene: Scene
    ) -> None:
        second = _second_phone(world, scene.member)
        failed = scene.lead.save(scene.assignment, answer(result="fail"))
        passed = scene.member.save(scene.assignment, answer())
        scene.push(scene.lead, failed)
        scene.push(scene.member, passed)

        again = second.save(scene.assignment, answer(parents=[first_op(failed)]))
        assert scene.push(second, again).results[0].effect == "conflict"
        assert sorted(_results(scene)) == ["fail", "pass", "pass"]

    def test_what_the_first_phone_brings_late_shows_the_disagreement_again(
        self, world: World, scene: Scene
    ) -> None:
        second = _second_phone(world, scene.member)
        failed = scene.lead.save(scene.assignment, answer(result="fail"))
        passed = scene.member.save(scene.assignment, answer())
        again = second.save(scene.assignment, answer(parents=[first_op(failed)]))
        scene.push(scene.lead, failed)

        assert scene.push(second, again).results[0].effect == "applied"
        assert _results(scene) == ["pass"]
        assert scene.push(scene.member, passed).results[0].effect == "conflict"
        assert sorted(_results(scene)) == ["fail", "pass", "pass"]

    def test_a_user_goes_on_with_another_phone(self, world: World, scene: Scene) -> None:
        second = _second_phone(world, scene.member)
        first = scene.member.save(scene.assignment, answer())
        changed = scene.lead.save(
            scene.assignment, answer(result="fail", parents=[first_op(first)])
        )
        again = second.save(scene.assignment, answer(parents=[first_op(changed)]))
        own = second.save(
            scene.assignment, answer(result="not_applicable", parents=[first_op(again)])
        )
        for hand, sent in [(scene.member, first), (scene.lead, changed)]:
            scene.push(hand, sent)

        assert [one.effect for one in scene.push(second, again, own).results] == ["applied"] * 2
        assert _results(scene) == ["not_applicable"]

    def test_entries_of_one_phone_are_folded_in_one_after_the_other(self, scene: Scene) -> None:
        sent = _in_turn(scene, [scene.member], 60)
        with patch.object(_Fold, "run", autospec=True, side_effect=_Fold.run) as run:
            results = scene.push(scene.member, *sent).results

        assert run.call_count <= 1
        assert {one.effect for one in results} == {"applied"}

    def test_a_push_that_has_an_item_folded_again_and_again_comes_in_parts(
        self, world: World, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hands = [scene.member, _second_phone(world, scene.member)]
        sent = _in_turn(scene, hands, 30)
        monkeypatch.setattr(folding, "MAX_LOOKED_AT", 600)

        with pytest.raises(TooLarge):
            scene.push(scene.member, *sent)
        assert len(scene.record().items[D01].heads) == 1
        for few in (sent[:10], *([one] for one in sent[10:])):
            assert {one.stored for one in scene.push(scene.member, *few).results} == {"new"}
        assert len(scene.record().items[D01].heads) == 31

    def test_what_one_entry_releases_is_folded_once(self, world: World, scene: Scene) -> None:
        second = _second_phone(world, scene.member)
        scene.push(scene.member, scene.member.save(scene.assignment, answer()))
        first = second.save(scene.assignment, answer("D02"))
        waiting = [
            second.save(scene.assignment, answer(result="fail", note=str(number)))
            for number in range(100)
        ]
        assert {one.effect for one in scene.push(second, *waiting).results} == {"held"}
        with patch.object(_Fold, "run", autospec=True, side_effect=_Fold.run) as run:
            assert scene.push(second, first).results[0].effect == "applied"

        assert run.call_count == 1
        results = scene.push(second, *waiting).results
        assert {one.effect for one in results} == {"conflict"}
