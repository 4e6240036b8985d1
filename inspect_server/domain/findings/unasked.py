"""Failures that other answers left out: told, whatever became of them."""

from collections.abc import Iterable
from dataclasses import dataclass

UNDECIDED = "（是否不符合须与其他条目一并判断，现已不能确定）"
"""What is said behind an answer of which nobody can tell any more whether it was a failure."""


@dataclass(frozen=True)
class FailureUnasked:
    """An answer that was or may have been a failure, which other answers left out."""

    code: str
    question: str
    is_major: bool  # ★ or ☆ on paper
    said: str  # the failure in words, or the answer and that nobody can judge it any more
    answered_by: tuple[str, ...]  # officers

    @property
    def is_known(self) -> bool:
        """Whether it was a failure for certain."""
        return not self.said.endswith(UNDECIDED)


def failed_in_words(failures: Iterable[FailureUnasked]) -> str:
    """Return what is said of them together: were they failures, or can nobody tell of some?"""
    are_known = all(one.is_known for one in failures)
    return "曾填为不符合" + ("" if are_known else "或者是否不符合已不能确定")
