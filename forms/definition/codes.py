"""Which codes of items phones can carry: their answers go under them."""

import re
from collections.abc import Iterator

from forms.model import Form, Item

SENDABLE = "以英文字母开头，由英文字母、数字、点、横线、下划线组成，不超过48个字符"
"""
How such a code is written, in Chinese, for every sentence that says so.

Phones carry codes that begin with a digit as well, and no definition has one.
"""

_SENDABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,47}", re.ASCII)


def unsendable(form: Form) -> Iterator[Item]:
    """
    Yield the items under whose codes no phone can send an answer, in paper order.

    They can be read, checked and tried, and are refused when the checklist is published. Columns
    of tables are not among them: a table is one answer.
    """
    return (item for item in form.items if not is_sendable(item.code))


def is_sendable(code: str) -> bool:
    """Return whether phones can carry a code; a test holds this to the protocol's own rule."""
    return _SENDABLE.fullmatch(code) is not None
