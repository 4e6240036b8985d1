"""Unusual documents of the check."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import example
from tests.golden.example_documents import refused

_OPINION = example("reinspection_opinion")

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "reinspection_opinion": (
        replace(
            _OPINION, outcomes=_OPINION.outcomes[:1], further="", signatures=(refused("已停产"),)
        ),
    ),
}
