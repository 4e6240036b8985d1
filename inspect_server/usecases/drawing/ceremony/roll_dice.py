"""The dice of a draw: rolled in front of witnesses, typed by two people, logged once."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.ceremony.dice import (
    DiceMissed,
    DiceNotRolled,
    DiceRolledAlready,
    NoDice,
    dice_among,
    faces_of,
    roll_before,
    told,
    too_late,
)
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.entropy import SourceKind, public_bytes
from inspect_server.domain.draw.errors import AlreadyRevealed, DrawIsVoid, StoredDrawDamaged
from inspect_server.domain.enums import Role
from inspect_server.domain.identity import require
from inspect_server.store.drawing import dice, draws
from inspect_server.store.models.planning import Draw, DrawDice, DrawState
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work


@dataclass(frozen=True)
class RolledDice:
    """The dice as they were logged."""

    draw_no: str
    faces: str
    leaf: str
    rolled_at: datetime
    is_new: bool  # False: the same had been logged before, and stays


def roll_dice(work: Work, draw_id: UUID, entry: DoubleEntry) -> RolledDice:
    """
    Log the dice of a commit, once; the same dice again change nothing.

    Args:
        entry: `name/issue/faces` as two people typed it.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such draw.
        AlreadyRevealed, DrawIsVoid: Nothing is entered any more.
        NoDice: The commit names none.
        SamePerson, TypistMayNot, EntriesDiffer: Not two people of the bureau typed the same.
        BadEntropy: They are not written as dice are, or of another ceremony.
        DiceRolledAlready: Others were logged before.
        DiceMissed: A public value of the commit may be known by now.
        StoredDrawDamaged: What is stored of the commit is no longer what was published.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="录入骰子点数")
    draw = draws.lock(work.session, draw_id)
    check_open(work, draw)
    body = body_of(draw)
    source = dice_among(body.sources)
    if source is None:
        raise NoDice(draw_no=draw.draw_no)
    value = public_bytes(source, entry.agreed(SourceKind.DICE)).decode("ascii")
    if (row := dice.of_draw(work.session, draw.id)) is not None:
        return _rolled_before(work, draw, row, value)
    if too_late(body.sources, work.now):
        raise _missed(draw, body)
    leaf = note(
        work,
        "draw.dice_rolled",
        draws.CASE,
        {
            "draw": str(draw.id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "value": value,
            "typed": [entry.noted()],
        },
    )
    row = dice.add(work.session, draw.id, value, leaf, work.now, work.actor.label)
    return _told(draw, row, is_new=True)


def roll_and_note(backend: Backend, actor: Actor, draw_id: UUID, entry: DoubleEntry) -> RolledDice:
    """
    Log the dice in a unit of work of its own; a refusal is noted in the draw log.

    Raises:
        InspectError: As `roll_dice`.
    """
    return noting_refusals(backend, actor, draw_id, lambda work: roll_dice(work, draw_id, entry))


def logged_dice(work: Work, draw: Draw, body: CommitBody) -> cert.Revealed | None:
    """
    Return the dice of a draw as its certificate shows them, from the draw log.

    None where the commit names none.

    Raises:
        DiceNotRolled, DiceMissed: None are logged, and there is time left for it or none.
        StoredDrawDamaged: Row and log contradict each other.
    """
    source, row = dice_among(body.sources), dice.of_draw(work.session, draw.id)
    if source is None:
        return None
    if row is None:
        if too_late(body.sources, work.now):
            raise _missed(draw, body)
        raise DiceNotRolled(draw_no=draw.draw_no, until=told(roll_before(body.sources)))
    event = dice.logged(work.session, row)
    said = {"commit": draw.commit_hex, "value": row.value}
    if event is None or {key: event["body"].get(key) for key in said} != said:
        raise StoredDrawDamaged(draw_no=draw.draw_no, what="骰子点数")
    return cert.declared(source, public_bytes(source, row.value), row.leaf)


def check_open(work: Work, draw: Draw) -> None:
    """
    Refuse to enter anything into a draw that has its result, or never will.

    Raises:
        AlreadyRevealed, DrawIsVoid: Which of them.
    """
    if draw.state is DrawState.VOID:
        raise DrawIsVoid(draw_no=draw.draw_no)
    if draw.state is DrawState.REVEALED:
        assert draw.revealed_at is not None
        local = draw.revealed_at.astimezone(work.settings.zone)
        raise AlreadyRevealed(draw_no=draw.draw_no, at=f"{local:%Y-%m-%d %H:%M}")


def body_of(draw: Draw) -> CommitBody:
    """
    Return what a draw committed to.

    Raises:
        StoredDrawDamaged: It is no longer that.
    """
    body = checked_body(json.loads(draw.commit_body))
    if body.digest().hex() != draw.commit_hex:
        raise StoredDrawDamaged(draw_no=draw.draw_no, what="承诺")
    return body


def _rolled_before(work: Work, draw: Draw, row: DrawDice, value: str) -> RolledDice:
    if row.value != value:
        local = row.rolled_at.astimezone(work.settings.zone)
        raise DiceRolledAlready(
            draw_no=draw.draw_no, at=f"{local:%Y-%m-%d %H:%M}", faces=faces_of(row.value)
        )
    return _told(draw, row, is_new=False)


def _told(draw: Draw, row: DrawDice, *, is_new: bool) -> RolledDice:
    return RolledDice(draw.draw_no, faces_of(row.value), row.leaf, row.rolled_at, is_new)


def _missed(draw: Draw, body: CommitBody) -> DiceMissed:
    return DiceMissed(draw_no=draw.draw_no, until=told(roll_before(body.sources)))
