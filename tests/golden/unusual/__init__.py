"""Facts that most cases do not have: what of a document's wording its example does not print."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.golden.unusual import check

UNUSUAL: Mapping[str, Sequence[Any]] = {**check.UNUSUAL}
"""By kind, in a fixed order: the golden text of the second is called penalty_notice_2."""
