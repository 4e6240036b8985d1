"""
The messages of previews: documents of a task before they are issued, and as they were issued.

They stand on the wire as those of `sync.protocol` do; docs/sync.md says what comes when.
"""

from typing import Literal

from msgspec import Struct

from sync.protocol import PREFIX, Whole
from sync.values import UuidText

PREVIEWS = f"{PREFIX}/previews"  # POST, needs the pull token


class PreviewRequest(Struct, frozen=True):
    """POST /previews: a document of a task, as it would be issued now, or as it was."""

    inspection: UuidText
    document: Literal["record", "order"]
    paper: Literal["a4", "80mm"]


class Lacking(Struct, frozen=True):
    """One reason for which a record cannot be closed yet."""

    code: str
    detail: str


class PreviewReply(Struct, frozen=True):
    """A document as PDF, and how far it is from being issued."""

    title: str
    number: str  # its 文号; before it has one the inspection's number, which stands for it
    stage: Literal["open", "closed", "issued"]
    said_sha256: str  # of all that it says but what comes with the 文号
    lacking: list[Lacking]  # for the record to be closed, all at once; none from then on
    pictures_left_out: Whole  # photos that it lists without picture, though the document shows them
    pdf_b64: bytes
    server_time: str
