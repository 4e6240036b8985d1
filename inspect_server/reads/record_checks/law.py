"""Dated values that read differently today than when a step used them."""

from collections.abc import Iterator

from inspect_server.domain.law import fingerprint
from inspect_server.reads.record_checks.demands import By
from inspect_server.reads.record_checks.rows import Found

READ = "law.read"


def faults(by: By) -> Iterator[Found]:
    """
    Yield every row that was changed or removed since it was used, and what used unknown rows.

    A value is never edited, a dated row is added: so a used row that reads differently was changed
    outside the rules, and what was made from it can no longer be explained.
    """
    noted = {str(event.body["law_sha256"]): event for event in by.get(READ, ())}
    today = fingerprint.rows_read()
    for event in noted.values():
        for row in event.body["rows"]:
            ref, _, sha256 = str(row).partition(" ")
            if today.get(ref) != sha256:
                yield event.case, f"规则 {ref} 现在的内容与使用时不同"
    for event in (one for events in by.values() for one in events):
        used = event.body.get("law_sha256")
        if used is not None and used not in noted:
            yield event.case, f"第 {event.seq} 条：所用规则的内容没有登记"
