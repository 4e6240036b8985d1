"""What a verification came to, in words for whoever asked."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What one check came to."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Check:
    """One statement about the draw, in the reader's words."""

    what: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """All checks. `level` is 0 to 3; None: something is wrong, the draw is void, no ceremony."""

    checks: tuple[Check, ...]
    level: int | None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; unchecked parts are listed, not guessed."""
        return all(check.verdict is not Verdict.WRONG for check in self.checks)

    @property
    def wrong(self) -> list[Check]:
        """The checks that failed."""
        return [check for check in self.checks if check.verdict is Verdict.WRONG]


LEVELS = {
    0: "L0 只有本机关自己的随机源，无独立见证",
    1: "L1 有见证方参与，无公开随机值",
    2: "L2 有见证方参与，并使用公开随机值",
    3: "L3 在 L2 基础上，承诺有可信时间戳",
}
