"""Facts that most cases do not have: what of a document's wording its example does not print."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

UNUSUAL: Mapping[str, Sequence[Any]] = {
    kind: told
    for found in iter_modules(__path__, f"{__name__}.")
    for kind, told in import_module(found.name).UNUSUAL.items()
}
"""
By kind, in a fixed order: the golden text of the second is called penalty_notice_2.

Each module of this folder tells those of one folder of documents in its own UNUSUAL.
"""
