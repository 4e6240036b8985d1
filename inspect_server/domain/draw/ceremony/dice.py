"""
The dice of a draw: rolled once, between its commit and the moment its public values may be known.

Whoever types dice last and knows every other value can look for faces that suit. So dice are logged
before anybody can know all the others: from the moment that any public value of the commit may be
known they are refused, by the rule that also says which issue a commit may name.
"""

from collections.abc import Sequence
from datetime import datetime

from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.publications.issues import CHINA
from inspect_server.domain.errors import InspectError


class NoDice(InspectError):
    """Somebody rolled for a commit that names no dice."""

    code, kind = "draw.no_dice", "conflict"
    message = "抽取 {draw_no} 的承诺没有声明现场掷骰，点数没有录入，请核对抽取编号。"


class DiceRolledAlready(InspectError):
    """Dice are rolled once; what was rolled stands."""

    code, kind = "draw.dice_rolled_already", "conflict"
    message = (
        "抽取 {draw_no} 的骰子已于 {at} 录入，点数为 {faces}，只掷一次，不能更改，"
        "请用已录入的点数继续。"
    )


class DiceNotRolled(InspectError):
    """A reveal of a commit that names dice, and none are logged; there is still time."""

    code, kind = "draw.dice_not_rolled", "conflict"
    message = (
        "抽取 {draw_no} 声明了现场掷骰，点数尚未录入，不能揭示，"
        "请在 {until}（北京时间）之前当场掷骰，并由两人录入点数。"
    )


class DiceMissed(InspectError):
    """The public value may be known and no dice are logged: nobody can make up for that."""

    code, kind = "draw.dice_missed", "conflict"
    message = (
        "抽取 {draw_no} 的骰子没有在 {until}（北京时间）之前录入，"
        "此后公开随机值可能已经产生，不能再掷，本次承诺不能揭示，"
        "请以“承诺的随机值无法取得”（entropy.unavailable）申请作废后重新承诺。"
    )


def dice_among(sources: Sequence[Source]) -> Source | None:
    """Return the declared dice, None where the commit names none."""
    return next((one for one in sources if one.kind is SourceKind.DICE), None)


def roll_before(sources: Sequence[Source]) -> datetime:
    """Return the moment from which a public value of a commit may be known: dice lie before it."""
    return min(known for one in sources if (known := one.known_from()) is not None)


def too_late(sources: Sequence[Source], at: datetime) -> bool:
    """Whether dice logged at that moment prove nothing any more."""
    return at >= roll_before(sources)


def told(moment: datetime) -> str:
    """Return a moment by the clock of exchange and lotteries, as people write it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def faces_of(text: str) -> str:
    """Return the faces of dice written as `name/issue/faces`."""
    return text.rpartition("/")[2]
