"""The rules, by what they are about; each is a function that yields places and sentences."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.pdfa.reading import File

Said = Iterable[tuple[str, str]]
"""What a rule finds: where, and what is wrong there."""


@dataclass(frozen=True)
class Rule:
    """A rule: the clause of ISO 19005-3 that it stands for, and how it is looked at."""

    clause: str
    look: Callable[[File], Said]


RULES: list[Rule] = []
"""All of them, in the order of their modules."""


def rule(clause: str) -> Callable[[Callable[[File], Said]], Callable[[File], Said]]:
    """Say which clause a function stands for."""

    def register(look: Callable[[File], Said]) -> Callable[[File], Said]:
        RULES.append(Rule(clause, look))
        return look

    return register
