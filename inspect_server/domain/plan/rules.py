"""The dated numbers that one plan is made with, frozen into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from inspect_server.domain.caps import CAPS, HIGH_RISK, Caps
from inspect_server.domain.enums import Credit, Risk, Sector, Standardisation
from inspect_server.domain.law import Book
from inspect_server.domain.plan.batches import BATCHES
from inspect_server.domain.plan.errors import BadRates
from inspect_server.domain.plan.facts import EnterpriseFacts

PPM = 1_000_000
PERMILLE = 1_000
NO_SECTOR = "none"
RECENCY = ("never", "earlier", "recent")

IDS = {
    "batches": "plan.batches",
    "key_rounds": "plan.key_checks_per_year",
    "natural_days_between": "plan.min_natural_days_between_checks",
    "min_cell_leaves": "plan.min_cell_leaves",
    "recent_natural_days": "rate.recent_natural_days",
    "recent_pair_draws": "plan.recent_pair_draws",
    "expert_officers": "plan.expert_officers",
    "share_permille": "capacity.share_permille",
    "leave_working_days": "capacity.leave_working_days",
    "half_days_per_visit": "capacity.half_days_per_visit",
    "team_officers": "team.min_officers",
}
NOT_NEGATIVE = (
    "natural_days_between",
    "recent_natural_days",
    "leave_working_days",
    "recent_pair_draws",
    "expert_officers",
)
TABLES = {
    "base_ppm": "rate.base_ppm_by_sector",
    "risk_permille": "rate.risk_permille",
    "credit_permille": "rate.credit_permille",
    "recency_permille": "rate.recency_permille",
}


@dataclass(frozen=True)
class Rules:
    """Rates, caps, batches and capacity, with the law rows (`id@from`) they came from."""

    batches: int
    key_rounds: int  # complete coverages of the key enterprises in a year
    natural_days_between: int
    min_cell_leaves: int
    recent_natural_days: int
    share_permille: int
    leave_working_days: int
    half_days_per_visit: int
    team_officers: int
    base_ppm: Mapping[str, int]  # expected checks a year, by sector, in the declared order
    risk_permille: Mapping[str, int]
    credit_permille: Mapping[str, int]
    recency_permille: Mapping[str, int]
    caps_high_risk: Mapping[str, int]  # checks a year, by standardisation
    caps_other: Mapping[str, int]
    high_risk_sectors: tuple[str, ...]
    refs: tuple[str, ...]
    recent_pair_draws: int = 0  # who went together in so many draws is kept apart
    expert_officers: int = 0  # experts in each team, drawn like everybody

    @staticmethod
    def read(book: Book, on: date) -> "Rules":
        """
        Take the values in force on a day.

        Raises:
            NoLawValue: One of them has no row for that day.
            BadRates: They do not fit together.

        Law: plan.batches, plan.key_checks_per_year, plan.min_natural_days_between_checks
        Law: plan.recent_pair_draws, plan.expert_officers
        Law: plan.min_cell_leaves, rate.base_ppm_by_sector, rate.risk_permille
        Law: rate.credit_permille, rate.recency_permille, rate.recent_natural_days
        Law: capacity.share_permille, capacity.leave_working_days, capacity.half_days_per_visit
        Law: cap.annual_checks, cap.high_risk_sectors, team.min_officers
        """
        caps = Caps.read(book, on)
        used = [*IDS.values(), *TABLES.values(), CAPS, HIGH_RISK]
        numbers: dict[str, Any] = {name: book.integer(id, on) for name, id in IDS.items()}
        tables: dict[str, Any] = {name: book.integers(id, on) for name, id in TABLES.items()}
        rules = Rules(
            **numbers,
            **tables,
            caps_high_risk=caps.high_risk,
            caps_other=caps.other,
            high_risk_sectors=caps.high_risk_sectors,
            refs=tuple(sorted(book.entry(id, on).ref for id in used)),
        )
        rules.check()
        return rules

    def check(self) -> None:
        """
        Refuse numbers that cannot be planned with.

        Raises:
            BadRates: Names the parameter and what is wrong with it.
        """
        if self.batches not in BATCHES:
            raise BadRates(
                reason=f"plan.batches 为 {self.batches}，一年只能分 1、2、3、4、6、12 批"
            )
        if self.key_rounds < 1 or self.batches % self.key_rounds:
            raise BadRates(
                reason=f"plan.key_checks_per_year 为 {self.key_rounds}，须整除批次数 {self.batches}"
            )
        if not 1 <= self.share_permille <= PERMILLE:
            raise BadRates(reason="capacity.share_permille 应在 1 到 1000 之间")
        for name in ("half_days_per_visit", "team_officers", "min_cell_leaves"):
            if getattr(self, name) < 1:
                raise BadRates(reason=f"{IDS[name]} 应为正整数")
        for name in NOT_NEGATIVE:
            if getattr(self, name) < 0:
                raise BadRates(reason=f"{IDS[name]} 不能为负数")
        _complete(TABLES["base_ppm"], self.base_ppm, [*Sector, NO_SECTOR])
        _complete(TABLES["risk_permille"], self.risk_permille, list(Risk))
        _complete(TABLES["credit_permille"], self.credit_permille, list(Credit))
        _complete(TABLES["recency_permille"], self.recency_permille, RECENCY)
        _complete(CAPS, self.caps_high_risk, list(Standardisation))
        _complete(CAPS, self.caps_other, list(Standardisation))

    def sector_of(self, sectors: Sequence[str]) -> str:
        """
        Return the sector that decides the rate: the highest, the first declared among equals.

        Raises:
            BadRates: A tag has no rate.
        """
        if missing := [tag for tag in sectors if tag not in self.base_ppm]:
            raise BadRates(reason=f"{TABLES['base_ppm']} 没有行业标签 {missing[0]} 的抽查率")
        declared = [name for name in self.base_ppm if name in sectors]
        return max(declared, key=self.base_ppm.__getitem__, default=NO_SECTOR)

    def cap_of(self, facts: EnterpriseFacts) -> int:
        """
        Return how often this enterprise may be checked in a year.

        Law: cap.annual_checks, cap.high_risk_sectors
        """
        caps = Caps(self.caps_high_risk, self.caps_other, self.high_risk_sectors)
        return caps.of(facts.sectors, facts.standardisation)

    def recency_of(self, last_checked_on: date | None, on: date) -> str:
        """Return never, earlier or recent."""
        if last_checked_on is None:
            return "never"
        is_recent = (on - last_checked_on).days <= self.recent_natural_days
        return "recent" if is_recent else "earlier"

    def p_ppm(self, sector: str, risk: str, credit: str, recency: str) -> int:
        """Return the odds of one batch: base × factors ÷ batches, rounded up."""
        product = (
            self.base_ppm[sector]
            * self.risk_permille[risk]
            * self.credit_permille[credit]
            * self.recency_permille[recency]
        )
        return -(-product // (PERMILLE**3 * self.batches))

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts; tables as pairs, since their order is declared."""
        plain: dict[str, Any] = {}
        for field in fields(self):
            part = getattr(self, field.name)
            if isinstance(part, Mapping):
                part = [list(pair) for pair in part.items()]
            plain[field.name] = list(part) if isinstance(part, tuple) else part
        return plain

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Rules":
        """Rebuild the rules from `to_json`."""
        tables = {*TABLES, "caps_high_risk", "caps_other"}
        values: dict[str, Any] = {
            name: dict(part) if name in tables else part for name, part in data.items()
        }
        values |= {name: tuple(data[name]) for name in ("high_risk_sectors", "refs")}
        return Rules(**values)


def _complete(id: str, table: Mapping[str, int], keys: Sequence[str]) -> None:
    for key in keys:
        if str(key) not in table:
            raise BadRates(reason=f"{id} 缺少 {key}")
    if lowest := [key for key, number in table.items() if number < 1]:
        raise BadRates(reason=f"{id} 的 {lowest[0]} 应为正整数")
