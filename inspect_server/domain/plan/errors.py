"""Why a plan cannot be made, used or approved."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspect_server.domain.errors import InspectError


@dataclass(frozen=True)
class Refusal:
    """One reason why a plan is impossible: a stable code and one Chinese sentence."""

    code: str
    text: str


class PlanImpossible(InspectError):
    """Capacity, caps or the registry make this plan impossible; all reasons at once."""

    code, kind = "plan.impossible", "invalid"
    message = "{year} 年检查计划不可行：{reasons}"

    def __init__(self, year: int, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(
            year=year,
            reasons="".join(refusal.text for refusal in refusals),
            codes=[refusal.code for refusal in refusals],
        )


class BadRates(InspectError):
    """The dated rates do not fit together."""

    code, kind = "plan.bad_rates", "invalid"
    message = "计划参数有误：{reason}，请改正该参数的取值后重新编制。"


class PlanIsOver(InspectError):
    """The day lies after the plan's year."""

    code, kind = "plan.is_over", "conflict"
    message = "{year} 年检查计划不适用于 {on}，请先编制并批准当年计划。"
