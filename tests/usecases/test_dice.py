"""Dice are rolled once, between the commit and the moment the public value may be known."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.ceremony.dice import (
    DiceMissed,
    DiceNotRolled,
    DiceRolledAlready,
    NoDice,
)
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.publications.issues import ISSUES
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.domain.errors import Forbidden
from inspect_server.store import record
from inspect_server.store.models.planning import DrawDice
from inspect_server.usecases.drawing import reveal_draw as revealing
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.drawing.ceremony.roll_dice import roll_dice
from inspect_server.usecases.drawing.verify_draw import verify_open_commit
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.draw_world import (
    APPROVER,
    DICE,
    KL8,
    LOTTERY,
    ROLLED,
    SUPERVISOR,
    TYPISTS,
    World,
    both,
    build,
)
from tests.usecases.test_replacement import agree, ask_void, signed

OTHER = ROLLED[:-1] + "6"
FACES = ROLLED.rpartition("/")[2]
EVENING = ISSUES[LOTTERY.name].known_from(LOTTERY.issue).astimezone(UTC)


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def clock(world: World) -> FixedClock:
    found = world.backend.clock
    assert isinstance(found, FixedClock)
    return found


def log(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    with world.backend.reading() as session:
        return [
            (leaf.type, leaf.leaf, json.loads(leaf.content)["body"])
            for leaf in record.leaves(session, "draw")
        ]


def wrong(world: World, draw_id: Any) -> list[tuple[str, str]]:
    return [(check.what, check.detail) for check in world.verify(draw_id).wrong]


def test_dice_are_rolled_logged_and_then_revealed_with(world: World) -> None:
    drawn = world.commit(sources=[LOTTERY, DICE])
    rolled = world.roll(drawn, ROLLED)
    certificate = json.loads(world.reveal(drawn, entries=[both(KL8)]).certificate)
    report = world.verify(drawn.id)
    kind, leaf, body = log(world)[3]

    assert (rolled.faces, rolled.is_new) == (FACES, True)
    assert (kind, leaf) == ("draw.dice_rolled", rolled.leaf)
    assert (body["value"], body["commit"]) == (ROLLED, drawn.commit)
    assert body["typed"] == [{"source": "dice.d6/1", "by": [one.label for one in TYPISTS]}]
    assert certificate["entropy"][3] == {
        "source": "dice.d6",
        "issue": "1",
        "bytes_hex": ROLLED.encode().hex(),
        "proof": rolled.leaf,
    }
    assert [one["source"] for one in log(world)[4][2]["typed"]] == ["cwl.kl8/2026051"]
    assert report.ok, report.wrong
    assert report.level == 2


def test_dice_are_rolled_once_and_the_same_again_changes_nothing(world: World) -> None:
    drawn = world.commit(sources=[LOTTERY, DICE])
    first = world.roll(drawn, ROLLED)
    before = len(log(world))
    clock(world).moment = EVENING  # an answer that was lost is asked for again, however late
    again = world.roll(drawn, ROLLED)
    same = len(log(world))
    with pytest.raises(DiceRolledAlready, match=f"点数为 {FACES}，只掷一次"):
        world.roll(drawn, OTHER)

    assert again == replace(first, is_new=False)
    assert same == before
    assert log(world)[-1][::2] == (
        "draw.refused",
        {"draw": str(drawn.id), "code": "draw.dice_rolled_already"},
    )


def test_dice_are_refused_from_the_moment_the_public_value_may_be_known(
    sqlite_world: World,
) -> None:
    """Until then nobody knows all other values; from then on faces can be looked for that suit."""
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    clock(sqlite_world).moment = EVENING
    with pytest.raises(DiceMissed, match=r"entropy\.unavailable") as missed:
        sqlite_world.roll(drawn, ROLLED)
    with pytest.raises(DiceMissed):
        sqlite_world.reveal(drawn, entries=[both(KL8)])
    noted = [body["code"] for kind, _, body in log(sqlite_world) if kind == "draw.refused"]
    asked = ask_void(sqlite_world, drawn.id, VoidReason.ENTROPY_UNAVAILABLE)
    agree(sqlite_world, drawn.id, signature_hex=signed(sqlite_world, asked))

    assert "2026-03-02 21:00（北京时间）之前" in str(missed.value)
    assert noted == ["draw.dice_missed", "draw.dice_missed"]
    assert sqlite_world.verify(drawn.id).ok
    with pytest.raises(errors.DrawIsVoid):
        sqlite_world.roll(drawn, ROLLED)


def test_a_draw_that_is_void_after_its_dice_keeps_them_in_the_log(sqlite_world: World) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    sqlite_world.roll(drawn, ROLLED)
    asked = ask_void(sqlite_world, drawn.id, VoidReason.POOL_WRONG)
    agree(sqlite_world, drawn.id, signature_hex=signed(sqlite_world, asked))
    right = {check.what: check.detail for check in sqlite_world.verify(drawn.id).checks}

    assert right["掷骰登记"] == ""
    assert sqlite_world.verify(drawn.id).ok


def test_a_minute_before_that_moment_dice_are_in_time(sqlite_world: World) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    clock(sqlite_world).moment = EVENING
    clock(sqlite_world).forward(minutes=-1)

    assert sqlite_world.roll(drawn, ROLLED).is_new


def test_the_earliest_of_several_public_values_is_the_limit(sqlite_world: World) -> None:
    close = Source(SourceKind.PUBLIC, "sse.000001", "2026-03-02")
    drawn = sqlite_world.commit(sources=[LOTTERY, close, DICE])
    clock(sqlite_world).moment = datetime(2026, 3, 2, 7, tzinfo=UTC)

    with pytest.raises(DiceMissed, match="2026-03-02 15:00（北京时间）之前"):
        sqlite_world.roll(drawn, ROLLED)


def test_without_dice_a_commit_that_names_them_is_not_revealed(sqlite_world: World) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    with pytest.raises(DiceNotRolled, match="2026-03-02 21:00（北京时间）之前当场掷骰"):
        sqlite_world.reveal(drawn, entries=[both(KL8)])
    with pytest.raises(DiceNotRolled):
        sqlite_world.reveal(drawn, entries=[both(KL8), both(ROLLED)])
    sqlite_world.roll(drawn, ROLLED)
    with pytest.raises(errors.SourcesChanged, match="现场掷骰 1（取自抽取日志，不再录入）"):
        sqlite_world.reveal(drawn, entries=[both(KL8), both(ROLLED)])

    assert sqlite_world.reveal(drawn, entries=[both(KL8)]).selected > 0


def test_dice_count_only_as_two_people_of_the_bureau_typed_them(sqlite_world: World) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    alone = DoubleEntry(ROLLED, TYPISTS[0], ROLLED, TYPISTS[0])
    stranger = DoubleEntry(ROLLED, TYPISTS[0], ROLLED, replace(TYPISTS[1], roles=frozenset()))

    with pytest.raises(errors.EntriesDiffer, match="骰子点数不一致，均未保存"):
        sqlite_world.roll(drawn, ROLLED, OTHER)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        with pytest.raises(errors.SamePerson, match="骰子点数须由两名不同人员"):
            roll_dice(work, drawn.id, alone)
        with pytest.raises(errors.TypistMayNot):
            roll_dice(work, drawn.id, stranger)
    for odd in ("dice.d6/1/1,2,3", "dice.d6/2/" + FACES, ROLLED[:-1] + "7", FACES):
        with pytest.raises(errors.BadEntropy):
            sqlite_world.roll(drawn, odd)
    with sqlite_world.backend.begin(APPROVER) as work, pytest.raises(Forbidden):
        roll_dice(work, drawn.id, both(ROLLED))
    with sqlite_world.backend.reading() as session:
        assert session.get(DrawDice, drawn.id) is None


def test_nothing_is_rolled_for_a_commit_without_dice_or_with_a_result(sqlite_world: World) -> None:
    drawn = sqlite_world.commit()
    with pytest.raises(NoDice):
        sqlite_world.roll(drawn, ROLLED)
    sqlite_world.reveal(drawn)

    with pytest.raises(errors.AlreadyRevealed):
        sqlite_world.roll(drawn, ROLLED)


def test_of_two_rolls_at_once_exactly_one_stands(world: World) -> None:
    drawn = world.commit(sources=[LOTTERY, DICE])
    start = Barrier(2)

    def go(text: str) -> str:
        start.wait()
        try:
            return world.roll(drawn, text).faces
        except DiceRolledAlready:
            return ""

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(go, (ROLLED, OTHER)))

    assert sorted(map(bool, found)) == [False, True]
    assert [kind for kind, *_ in log(world)].count("draw.dice_rolled") == 1


def test_an_interrupted_reveal_resumes_with_the_same_dice(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    sqlite_world.roll(drawn, ROLLED)

    def power_cut(*args: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(revealing, "note", power_cut)
        with pytest.raises(KeyboardInterrupt):
            sqlite_world.reveal(drawn, entries=[both(KL8)])
    sqlite_world.reveal(drawn, entries=[both(KL8)])

    assert sqlite_world.verify(drawn.id).ok


CHANGES = {
    "other faces": (f"UPDATE draw_dice SET value = '{OTHER}'", "骰子点数"),
    "another leaf": (f"UPDATE draw_dice SET leaf = '{'ab' * 32}'", "骰子点数"),
    "no row": ("DELETE FROM draw_dice", "尚未录入"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_dice_changed_behind_the_program_stop_the_reveal_and_are_found(
    sqlite_world: World, change: str
) -> None:
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    sqlite_world.roll(drawn, ROLLED)
    statement, said = CHANGES[change]
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_dice")
        work.session.execute(text(statement))
    with sqlite_world.backend.reading() as session:
        found = verify_open_commit(session, sqlite_world.backend.blobs, drawn.id)

    with pytest.raises((errors.StoredDrawDamaged, DiceNotRolled), match=said):
        sqlite_world.reveal(drawn, entries=[both(KL8)])
    assert [one.detail for one in found if one.detail] == ["骰子点数的登记与记录不符"]


def test_dice_that_were_logged_too_late_are_no_proof_of_a_database(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a program that does not look at the clock; everything else of it is right."""
    drawn = sqlite_world.commit(sources=[LOTTERY, DICE])
    clock(sqlite_world).moment = EVENING
    with monkeypatch.context() as theirs:
        theirs.setattr(
            "inspect_server.usecases.drawing.ceremony.roll_dice.too_late", lambda *_: False
        )
        sqlite_world.roll(drawn, ROLLED)
        sqlite_world.reveal(drawn, entries=[both(KL8)])

    late = "骰子录入的时间不早于 2026-03-02 21:00，公开随机值可能已经产生"
    assert wrong(sqlite_world, drawn.id) == [("掷骰登记", late)]
