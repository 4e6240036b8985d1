"""Unusual papers of a case file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import example

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "inspection_cover": (
        replace(
            example("inspection_cover"),
            source="投诉举报",
            draw_no="",
            inspected_until="2026-03-03",
            archived_on="2026-09-25",
            archive_no="20260031",
            retention="30年",
        ),
    ),
    "daily_ledger": (
        replace(example("daily_ledger"), visits=(), papers=(), made_at="2026-03-04T08:40:00+08:00"),
    ),
}
