"""What pulled documents must say before they come into view: the digest counts versions only."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from sync import values

_Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}#(0|[1-9][0-9]{0,2})\Z")]


class _Head(Struct, frozen=True):
    """A head of an item as the server folded it."""

    id: _Id
    type: str
    value: Any
    blob: str | None
    replica: str
    user: str
    seq: int
    wall: str
    hlc: str
    parents: list[_Id]
    settled_reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a type that nobody can show."""
        if self.type not in values.TYPES:
            raise ValueError(self.type)


class _Item(Struct, frozen=True):
    """An item; what else it may say is not read here."""

    item: str
    heads: list[_Head]
    gone: list[_Id]


class _OfTeam(Struct, frozen=True):
    user_id: str


class _Task(Struct, frozen=True):
    form_set: str
    team: list[_OfTeam] = []


class _Member(Struct, frozen=True):
    """An item, or a section of items and sections."""

    code: str = ""
    items: "list[_Member] | None" = None

    def __post_init__(self) -> None:
        """Refuse what is neither."""
        if not self.code and self.items is None:
            raise ValueError("neither an item nor a section")


class _Form(Struct, frozen=True):
    sections: list[_Member]


_KINDS: dict[str, type] = {"item": _Item, "task": _Task, "form": _Form}


def is_readable(kind: str, body: bytes) -> bool:
    """Whether a document says what this phone has to read in it."""
    try:
        msgspec.json.decode(body, type=_KINDS.get(kind, Any))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
