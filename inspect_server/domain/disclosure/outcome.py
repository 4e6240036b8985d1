"""How a draw ended for one enterprise, as its certificate says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VOID_EARLY = "本次抽取在揭示之前作废，没有抽取结果"
VOID = "；本次抽取其后作废，抽取结果不再执行"


@dataclass(frozen=True)
class Outcome:
    """Whom a draw selected and who went out and came in since, by commitment."""

    selected: frozenset[str]
    went_out: frozenset[str]
    came_in: frozenset[str]
    is_drawn: bool  # False: made void before there was any seed
    is_void: bool

    @staticmethod
    def of(certificate: Mapping[str, Any]) -> "Outcome":
        """Read it from a certificate in force."""
        replaced = [one for one in certificate["replacements"] if one["kind"] == "enterprise"]
        return Outcome(
            selected=frozenset(one["c"] for one in certificate["selected"]),
            went_out=frozenset(one["out"] for one in replaced),
            came_in=frozenset(one["in"] for one in replaced),
            is_drawn=bool(certificate["seed"]),
            is_void="void" in certificate,
        )

    def said_of(self, commitment: str) -> str:
        """Return in words what became of one enterprise of the pool."""
        if not self.is_drawn:
            return VOID_EARLY
        return self._drawn(commitment) + (VOID if self.is_void else "")

    def _drawn(self, commitment: str) -> str:
        if commitment in self.went_out:
            return "抽中，后按程序替换"
        if commitment in self.came_in:
            return "由替补抽中"
        return "抽中" if commitment in self.selected else "未抽中"
