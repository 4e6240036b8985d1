"""What failures of a checklist amount to: findings as they would be noted, with their days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.evaluate import Evaluation, evaluate
from forms.evaluation.suggesting import Suggestion
from forms.model import COMPETENCE_NAMES, Competence, Form
from inspect_server.domain import law
from inspect_server.domain.findings.periods import Period, suggested_period

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class SuggestedFinding:
    """
    A finding that a failure suggests; whoever inspects decides.

    `period` is None where the problem is put right at once or referred. `referred_to` is the
    authority, in Chinese, "" where it is the bureau's own matter.
    """

    suggestion: Suggestion
    period: Period | None
    referred_to: str


def suggested_findings(
    form: Form, answers: Answers, visited_on: date
) -> tuple[Evaluation, tuple[SuggestedFinding, ...]]:
    """
    Return what answers to a checklist mean, and the findings that its failures suggest.

    Args:
        form: A version of a checklist, published or not.
        answers: By item code, as phones send them.
        visited_on: Local day of the visit: law, periods and `today()` are of that day.

    Raises:
        NoLawValue: A period's law value is not known on that day.
    """
    found = evaluate(form, answers, on=visited_on, photos={}, findings={})
    return found, tuple(_finding(one, visited_on) for one in found.suggestions)


def _finding(suggestion: Suggestion, visited_on: date) -> SuggestedFinding:
    at_once = suggestion.measure == "rectify_now"
    return SuggestedFinding(
        suggestion=suggestion,
        period=(
            None
            if at_once or suggestion.refer_to
            else suggested_period(suggestion.deadline, visited_on, law.book())
        ),
        referred_to=(
            COMPETENCE_NAMES[Competence(suggestion.refer_to)] if suggestion.refer_to else ""
        ),
    )
