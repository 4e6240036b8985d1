"""
The year's 监督检查计划: which odds each enterprise gets, and whether the bureau can carry it.

Key enterprises (重点企业) are covered completely in fixed rounds; the others are drawn with odds by
level, sector, risk, credit and recency. All numbers are integers; odds are parts per million.

Used by the draw: `Plan.exclusion_of`, then `Plan.cell_of`, then `published_labels`.
"""

from inspect_server.domain.plan.batches import Batch
from inspect_server.domain.plan.capacity import Capacity, OfficerFacts, capacity_of
from inspect_server.domain.plan.cells import Cell, Part, merged_parts, published_labels
from inspect_server.domain.plan.errors import (
    BadRates,
    PlanImpossible,
    PlanIsOver,
    Refusal,
)
from inspect_server.domain.plan.facts import EnterpriseFacts
from inspect_server.domain.plan.figures import Figures, figures, in_rows
from inspect_server.domain.plan.making import make
from inspect_server.domain.plan.model import EXCLUSIONS, KEY_AT_CAP, Plan
from inspect_server.domain.plan.rules import Rules
from inspect_server.domain.plan.words import (
    cell_name,
    exact_decimal,
    in_display,
    is_merged,
    merged_name,
    odds,
)

__all__ = [
    "EXCLUSIONS",
    "KEY_AT_CAP",
    "BadRates",
    "Batch",
    "Capacity",
    "Cell",
    "EnterpriseFacts",
    "Figures",
    "OfficerFacts",
    "Part",
    "Plan",
    "PlanImpossible",
    "PlanIsOver",
    "Refusal",
    "Rules",
    "capacity_of",
    "cell_name",
    "exact_decimal",
    "figures",
    "in_display",
    "in_rows",
    "is_merged",
    "make",
    "merged_name",
    "merged_parts",
    "odds",
    "published_labels",
]
