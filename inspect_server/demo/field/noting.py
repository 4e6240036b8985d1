"""The finding that an inspector of the demo notes for a failed item."""

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from forms.evaluation.suggesting import REFER, Suggestion

NOTES_TO_SELF = re.compile(r"（注明[^）]*）")
MAJOR_MEASURES = (["suspend"], ["stop_use"], ["withdraw", "suspend"])
"""What a major one is met with; who is withdrawn from stops work as well."""
LEAST_DAYS = 7
"""An order reaches the enterprise days after the visit; a shorter deadline could not be kept."""


def finding_of(
    suggestion: Suggestion,
    laws: Mapping[str, Any],
    on: date,
    chance: random.Random,
    *,
    corrected: bool,
) -> dict[str, Any]:
    """
    Return a finding as the checklist suggests it, without its item and place.

    Args:
        suggestion: Of the failed item.
        laws: The law values that the phone pulled, by id.
        on: The day of the visit.
        chance: Chooses the measures about a major one.
        corrected: Whether it is put right on the spot, if it can be.
    """
    value = {
        "level": suggestion.level,
        "text": NOTES_TO_SELF.sub("", suggestion.wording),
        "basis": suggestion.basis,
        "penalty_basis": suggestion.penalty_basis,
        "corrected_on_site": False,
    }
    if suggestion.refer_to:
        return {**value, "measure": REFER, "deadline": "", "penalty_basis": ""}
    is_major = suggestion.level == "major"
    # What is not corrected there and then gets a day: 立即改正 knows none.
    measure, *further = chance.choice(MAJOR_MEASURES) if is_major else ["rectify_within"]
    if corrected and suggestion.correctable_on_site and not is_major:
        return {**value, "measure": "rectify_now", "deadline": "", "corrected_on_site": True}
    days = max(_days(suggestion.deadline, laws), LEAST_DAYS)
    if further:
        value["further_measures"] = further
    return {**value, "measure": measure, "deadline": (on + timedelta(days=days)).isoformat()}


def _days(deadline: int | str, laws: Mapping[str, Any]) -> int:
    return deadline if isinstance(deadline, int) else int(laws[deadline])
