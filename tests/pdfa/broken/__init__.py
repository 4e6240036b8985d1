"""
Files that are broken in one way each, and the rule that must say so.

A mutation changes bytes, or objects by pikepdf, which writes all else as PDF/A asks.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf


@dataclass(frozen=True)
class Mutation:
    """
    One way to break a file.

    Attributes:
        name: What is wrong.
        clause: Of ISO 19005-3, that must be named.
        rule: The function that must find it.
        apply: A sound file to a broken one.
    """

    name: str
    clause: str
    rule: str
    apply: Callable[[bytes], bytes]


MUTATIONS: list[Mutation] = []
"""All of them; the modules of this folder add theirs."""
LEAST = 160
"""How many there are at least: one that is no longer noted would not be missed."""


def bytes_broken(clause: str, rule: str) -> Callable[[Callable[[bytes], bytes]], None]:
    """Note a function that breaks the bytes of a file."""

    def note(apply: Callable[[bytes], bytes]) -> None:
        MUTATIONS.append(Mutation(apply.__name__, clause, rule, apply))

    return note


def objects_broken(clause: str, rule: str) -> Callable[[Callable[[pikepdf.Pdf], None]], None]:
    """Note a function that breaks the objects of a file."""

    def note(change: Callable[[pikepdf.Pdf], None]) -> None:
        def apply(document: bytes) -> bytes:
            return changed(document, change)

        MUTATIONS.append(Mutation(change.__name__, clause, rule, apply))

    return note


def changed(document: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a file with its objects changed and everything else as it should be."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        change(pdf)
        pdf.save(
            out,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()
