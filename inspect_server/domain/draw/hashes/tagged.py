"""Tagged hashes and restricted canonical JSON: the two ways in which bytes enter SJC-DRAW/1."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from inspect_server.domain.draw.errors import BadSuite
from inspect_server.domain.draw.hashes.sm3 import new_sm3
from inspect_server.domain.record import canonical

SIZE = 32


class Digest(Protocol):
    """What hashlib's constructors return."""

    def digest(self) -> bytes:
        """Return the 32 bytes."""


@dataclass(frozen=True, eq=False, slots=True)
class Hash:
    """
    H of a suite: `h(data)` is the digest.

    Loops over a whole pool call `h.new(data).digest()` themselves: at a million leaves, one Python
    call less for each is a quarter of the time.
    """

    new: Callable[[bytes], Digest]

    def __call__(self, data: bytes) -> bytes:
        """Return the 32-byte digest."""
        return self.new(data).digest()


_SUITES = {"sha256": Hash(hashlib.sha256), "sm3": Hash(new_sm3)}


def suite(name: str) -> Hash:
    """
    Return H of a suite: `sha256` or `sm3` (GB/T 32905).

    Raises:
        BadSuite: Any other name.
    """
    if name not in _SUITES:
        raise BadSuite(suite=name)
    return _SUITES[name]


@cache
def tag_prefix(h: Hash, tag: str) -> bytes:
    """Return H(ascii(tag)), with which every input of that tag begins."""
    return h(tag.encode("ascii"))


def tagged(h: Hash, tag: str, data: bytes) -> bytes:
    """Return TH(tag, data) = H(H(ascii(tag)) ‖ data)."""
    return h(tag_prefix(h, tag) + data)


def u32be(number: int) -> bytes:
    """Return four bytes, big-endian."""
    return number.to_bytes(4, "big")


def u8(number: int) -> bytes:
    """Return one byte."""
    return number.to_bytes(1, "big")


def lp(data: bytes) -> bytes:
    """Return the data behind its length."""
    return u32be(len(data)) + data


def jcs(value: Any) -> bytes:
    """
    Return the canonical JSON of SJC-DRAW/1: RFC 8785 without floats and null, strings in NFC.

    Raises:
        ValueError: A value that has no such form; it is never silently changed into one.
    """
    _check(value)
    return canonical(value).encode("utf-8")


DEEPEST = 100
"""How deeply JSON may be nested, so that every reader on every machine can follow."""


class NotStrict(ValueError):
    """A JSON text that cannot be read in exactly one way; says why, in Chinese."""


def read_json(text: str | bytes) -> Any:
    """
    Return what a JSON text says, for input of people and certificates of anybody.

    Raises:
        NotStrict: Not JSON in UTF-8, a key given twice, a number that is no integer, or nested
            more deeply than `DEEPEST`.
    """
    try:
        found = _STRICT.decode(text if isinstance(text, str) else text.decode("utf-8"))
        if _depth(found) > DEEPEST:
            raise NotStrict("括号嵌套过深")
        return found
    except json.JSONDecodeError as error:
        at = (
            f"第 {error.lineno} 行第 {error.colno} 个字符"
            if error.lineno > 1
            else f"第 {error.colno} 个字符"
        )
        raise NotStrict(f"不是有效的 JSON（{at}处）") from None
    except RecursionError:
        raise NotStrict("括号嵌套过深") from None
    except NotStrict:
        raise
    except UnicodeDecodeError:
        raise NotStrict("不是 UTF-8 编码") from None
    except ValueError:
        raise NotStrict("整数过长") from None


def nfc(text: str) -> str:
    """Return the text as a record may hold it."""
    return unicodedata.normalize("NFC", text)


def _check(value: Any) -> None:
    match value:
        case None:
            raise ValueError("null has no place in a draw")
        case str():
            if not unicodedata.is_normalized("NFC", value):
                raise ValueError("a string is not in NFC")
        case list() | tuple():
            for part in value:
                _check(part)
        case dict():
            for part in value.values():
                _check(part)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrict("同一个键写了两次")
    return found


def _depth(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    parts = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, parts), default=0)


def _no_integer(text: str) -> Any:
    raise NotStrict(f"{text[:20]} 不是整数")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_no_integer, parse_constant=_no_integer
)
