"""Facts that most cases do not have: what of a document's wording its example does not print."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.golden.unusual import case_file, check, evidence

UNUSUAL: Mapping[str, Sequence[Any]] = {**case_file.UNUSUAL, **check.UNUSUAL, **evidence.UNUSUAL}
"""By kind, in a fixed order: the golden text of the second is called penalty_notice_2."""
