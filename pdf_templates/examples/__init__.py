"""One example of each kind, as facts: what `documents example KIND` prints and the tests render."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pdf_templates.catalogue import MODULES
from pdf_templates.errors import UnknownKind


def example(kind: str) -> Any:
    """
    Return the facts of a kind's example: its part of the story in `story`.

    Raises:
        UnknownKind: No such kind, or one without an example.
    """
    folder = MODULES.get(kind, "").partition(".")[0]
    if not folder:
        raise UnknownKind(kind=kind, version="（示例）")
    told: Mapping[str, Any] = import_module(f"pdf_templates.examples.{folder}").EXAMPLES
    if kind not in told:
        raise UnknownKind(kind=kind, version="（示例）")
    return told[kind]
