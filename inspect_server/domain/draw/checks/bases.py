"""From what each part of a draw is computed: where that is wrong, nothing is said of the part."""

from collections.abc import Iterable, Mapping

from inspect_server.domain.draw.checks.comparing import NotGiven
from inspect_server.domain.draw.checks.report import Check, Verdict

_BASES: Mapping[str, tuple[str, ...]] = {
    "种子": ("随机源",),
    "各单元抽取数": ("抽取池", "随机源"),
    "抽中企业": ("抽取池", "随机源"),
    "检查人员": ("抽取池", "随机源", "资格清单"),
    "替补": ("抽取池", "随机源", "资格清单", "检查人员"),
    "抽中企业身份": ("未揭示", "抽中企业", "替补"),
    "掷骰登记": ("随机源",),
}


def wrong_among(checks: Iterable[Check]) -> set[str]:
    """Return the parts that are wrong."""
    return {check.what for check in checks if check.verdict is Verdict.WRONG}


def check_bases(what: str, wrong: set[str]) -> None:
    """
    Pass a part that can be computed.

    Raises:
        NotGiven: Something from which it is computed is wrong itself.
    """
    for basis in _BASES.get(what, ()):
        if basis in wrong:
            raise NotGiven(f"{basis}不符，没有推算")
