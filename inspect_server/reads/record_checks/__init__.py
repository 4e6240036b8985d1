"""
Verifying the full-process record from what is stored, and nothing else.

Three questions, each with one answer for every table: does each case hold in itself (`cases`)? Do
the rows say what its events, replayed, leave behind (`replay`, `events`, `rows`)? And is everything
there that something else rests on (`demands`, `totals`)?
"""

from inspect_server.reads.record_checks.checking import (
    WHOLE,
    CaseCheck,
    check_cases,
    count_cases,
    not_checked,
)

__all__ = ["WHOLE", "CaseCheck", "check_cases", "count_cases", "not_checked"]
