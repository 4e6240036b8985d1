"""
What a signature given to an order cites: the digest of the order as it was shown.

The standard library alone is used here, so that whatever sets an order without a network (a phone
that has the print pack) finds the same digest with the same code.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

AT_ONCE = "rectify_now"
"""责令立即改正: a day until when would contradict it."""
SHOWN = ("basis", "level", "place", "text")
"""What an order shows of a finding, beside the day until when."""


def is_ordered(finding: Mapping[str, Any]) -> bool:
    """Return whether an order demands a finding: not if it was corrected on site, or referred."""
    return not finding["corrected_on_site"] and finding["measure"] != "refer"


def order_view(
    number: str, enterprise: Mapping[str, str], findings: Iterable[Mapping[str, Any]]
) -> str:
    """
    Return what a signature given to an order cites: SHA-256 over the JCS of what was shown.

    Args:
        number: The inspection's, which stands for the 文号 until the server gives one.
        enterprise: `name` and `uscc` count.
        findings: With the fields of `finding.add`, in any order; what is ordered at once has no
            day.
    """
    demands = [
        {
            **{field: one[field] for field in SHOWN},
            "deadline": "" if one["measure"] == AT_ONCE else one["deadline"],
        }
        for one in findings
        if is_ordered(one)
    ]
    shown = {
        "document": "order",
        "number": number,
        "enterprise": {field: enterprise[field] for field in ("name", "uscc")},
        "demands": sorted(demands, key=_canonical),
    }
    return hashlib.sha256(_canonical(shown)).hexdigest()


def _canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of texts, lists and objects with ASCII keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")
