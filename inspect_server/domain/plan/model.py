"""The plan itself, frozen with its rules: what the draw of every batch asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from inspect_server.domain.enums import EnterpriseStatus
from inspect_server.domain.plan.batches import MONTHS, Batch
from inspect_server.domain.plan.capacity import Capacity
from inspect_server.domain.plan.cells import Cell, cell_id, key_cell_id
from inspect_server.domain.plan.errors import PlanIsOver
from inspect_server.domain.plan.facts import EnterpriseFacts, level_of
from inspect_server.domain.plan.rules import PPM, Rules
from inspect_server.domain.registry.divisions import is_elsewhere

KEY_AT_CAP = "key_at_cap"
EXCLUSIONS = {
    "elsewhere": "不在本机关辖区",
    "closed": "已注销或关闭",
    "stopped": "已停产停业",
    "recused": "本机关整体回避",
    "under_way": "已抽中或已派发，尚未办结",
    "cap_reached": "已达年度检查频次上限",
    "key_covered": "重点企业本轮已检查",
    KEY_AT_CAP: "重点企业本轮未检查，已达年度检查频次上限",
    "checked_recently": "近期已检查",
}
"""Reason codes of the excluded list, and how a person reads them."""


@dataclass(frozen=True)
class Plan:
    """年度监督检查计划. `cells` and figures describe its first day; odds are asked per day."""

    year: int
    first_day: str  # ISO; 1 January, or the day on which it was made within the year
    rules: Rules
    cells: tuple[Cell, ...]  # sorted by id, bytewise
    excluded: tuple[tuple[str, int], ...]  # reason code, enterprises; sorted
    enterprises: int
    key_enterprises: int
    key_visits: int
    random_visits: int  # expected, rounded up
    capacity: Capacity
    division: str = ""  # the bureau's own, whose enterprises are checked; "" for all

    @property
    def visits(self) -> int:
        """The checks that the plan needs in what is left of its year, expected."""
        return self.key_visits + self.random_visits

    def batch_of(self, on: date) -> int:
        """
        Return the batch in which a day lies, from 0; days before the year belong to the first.

        Raises:
            PlanIsOver: The day lies after the year.
        """
        if on.year > self.year:
            raise PlanIsOver(year=self.year, on=on.isoformat())
        return 0 if on.year < self.year else (on.month - 1) * self.rules.batches // MONTHS

    def batch_on(self, on: date) -> Batch:
        """
        Return the batch that a draw of a day is for, with its months.

        Raises:
            PlanIsOver: The day lies after the plan's year.
        """
        return Batch(self.year, self.batch_of(on) + 1, self.rules.batches)

    def round_start(self, on: date) -> date:
        """Return the first day of the key enterprises' round in which a day lies."""
        per_round = self.rules.batches // self.rules.key_rounds
        first_batch = self.batch_of(on) // per_round * per_round
        return date(self.year, first_batch * MONTHS // self.rules.batches + 1, 1)

    def batches_left(self, on: date) -> int:
        """Return how many batches the round still has, the day's own included."""
        per_round = self.rules.batches // self.rules.key_rounds
        return per_round - self.batch_of(on) % per_round

    def key_p_ppm(self, on: date) -> int:
        """Return the odds of a key enterprise that is still due: certain in the last batch."""
        return -(-PPM // self.batches_left(on))

    def cell_of(self, facts: EnterpriseFacts, on: date) -> tuple[str, int]:
        """
        Return the cell of an enterprise that nothing excludes, and its odds in ppm.

        Raises:
            PlanIsOver: The day lies after the year.
            BadRates: One of its sectors has no rate.
        """
        sector, level = self.rules.sector_of(facts.sectors), level_of(facts.division)
        if facts.is_key:
            return key_cell_id(level, sector), self.key_p_ppm(on)
        recency = self.rules.recency_of(facts.last_checked_on, on)
        p_ppm = self.rules.p_ppm(sector, facts.risk, facts.credit, recency)
        return cell_id(level, sector, facts.risk, facts.credit, recency), p_ppm

    def exclusion_of(self, facts: EnterpriseFacts, on: date) -> str | None:
        """
        Return why an enterprise stays out of the pool of a day (a code of EXCLUSIONS), or None.

        Law: cap.annual_checks, plan.min_natural_days_between_checks
        """
        if out := out_of_reach(facts, self.division):
            return out
        if facts.is_under_way:
            return "under_way"
        if facts.is_key and self.is_covered(facts, on):
            return "key_covered"
        if facts.checks_this_year >= self.rules.cap_of(facts):
            return at_cap(facts)
        if facts.is_key or facts.last_checked_on is None:
            return None
        passed = (on - facts.last_checked_on).days
        return "checked_recently" if passed < self.rules.natural_days_between else None

    def is_covered(self, facts: EnterpriseFacts, on: date) -> bool:
        """Return whether the plan has had the enterprise checked in the round of a day."""
        return facts.last_checked_on is not None and facts.last_checked_on >= self.round_start(on)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, dicts, texts and integers."""
        return {
            "year": self.year,
            "first_day": self.first_day,
            "rules": self.rules.to_json(),
            "cells": [cell.to_json() for cell in self.cells],
            "excluded": [list(pair) for pair in self.excluded],
            "enterprises": self.enterprises,
            "key_enterprises": self.key_enterprises,
            "key_visits": self.key_visits,
            "random_visits": self.random_visits,
            "capacity": self.capacity.to_json(),
            "division": self.division,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Plan":
        """Rebuild the plan from `to_json`."""
        return Plan(
            **{
                **data,
                "rules": Rules.from_json(data["rules"]),
                "cells": tuple(Cell(**cell) for cell in data["cells"]),
                "excluded": tuple((code, count) for code, count in data["excluded"]),
                "capacity": Capacity(**data["capacity"]),
            }
        )


def out_of_reach(facts: EnterpriseFacts, division: str) -> str | None:
    """Return why an enterprise is none that a bureau checks, or None."""
    if is_elsewhere(facts.division, division):
        return "elsewhere"
    if facts.status == EnterpriseStatus.CLOSED:
        return "closed"
    if facts.status == EnterpriseStatus.STOPPED:
        return "stopped"
    return "recused" if facts.recusal else None


def at_cap(facts: EnterpriseFacts) -> str:
    """
    Return the reason code of an enterprise at its annual cap.

    A key enterprise has one of its own: its round stays uncovered, and that has to be said by name.
    """
    return KEY_AT_CAP if facts.is_key else "cap_reached"
