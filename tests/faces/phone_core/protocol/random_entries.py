"""Entries with something wrong in them, or something odd: made by chance from the vectors."""

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True)
class Raw:
    """A piece of JSON, or of nothing, exactly as it is to be written."""

    written: str


def _odd_values() -> dict[str, list[str]]:
    """Return the pieces of JSON, and of none, that stand in a file, one a line, by their kind."""
    text = Path(__file__).with_name("odd_values.txt").read_text(encoding="utf-8")
    parts = [part.splitlines() for part in text.split("== ")[1:]]
    return {kind: values for kind, *values in parts}


ODD = _odd_values()
BYTES = (b"", b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\x01", b"\n")
BYTES += (
    b"\\",
    b'"',
    b" ",
    b"}",
    b",",
    b"0",
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
    b"\xe2\x80\xa8",
    b"\x7f",
)
LONG = ("厚", "𠮷", "a", "\\u0041", "\\ud842\\udfb7")
LENGTHS = (40, 41, 64, 65, 100, 101, 200, 201, 400, 401, 4000, 4001)
DEEP = (10, 800, 5000)


def mutated(text: str, seed: int) -> bytes:
    """Return the bytes of an entry with one to three things changed."""
    chance = Random(seed)
    if chance.random() < 0.15:
        return _bytes_changed(text.encode(), chance)
    tree = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        _change(tree, chance)
    blank = chance.choice(["", "", " ", "\n\t"])
    return _written(tree, blank).encode()


def _bytes_changed(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    piece = chance.choice(BYTES)
    taken = chance.choice([0, 1, 1, 3])
    return content[:at] + piece + content[at + taken :]


def _change(tree: Any, chance: Random) -> None:
    holders = _holders(tree)
    holder = chance.choice(holders[1:] if len(holders) > 1 and chance.random() < 0.7 else holders)
    if not holder:
        return
    at = chance.randrange(len(holder))
    way = chance.random()
    is_object = isinstance(holder[at], tuple)
    if way < 0.12:
        del holder[at]
    elif way < 0.2 and is_object:
        member = (chance.choice(["x", "note", "given"]), _odd(chance))
        holder.insert(chance.randint(0, len(holder)), member)
    elif way < 0.35 and is_object:  # the key twice, before or after
        holder.insert(at + chance.randint(0, 1), (holder[at][0], _odd(chance)))
    elif way < 0.42:
        holder.insert(at, holder[chance.randrange(len(holder))])
    elif way < 0.5:
        chance.shuffle(holder)
    else:
        holder[at] = (holder[at][0], _odd(chance)) if is_object else _odd(chance)


def _holders(tree: Any) -> list[list[Any]]:
    """Return every list and object within, with more of those that lie deep."""
    if not isinstance(tree, list):
        return []
    parts = [part[1] if isinstance(part, tuple) else part for part in tree]
    return [tree] + [holder for part in parts for holder in _holders(part)]


def _odd(chance: Random) -> Raw:
    way = chance.random()
    if way < 0.05:
        return Raw(chance.choice(ODD["no JSON"]))
    if way < 0.25:
        return Raw(chance.choice(ODD["numbers"]))
    if way < 0.65:
        return Raw(chance.choice(ODD["texts"]))
    if way < 0.75:
        return Raw('"' + chance.choice(LONG) * chance.choice(LENGTHS) + '"')
    if way < 0.78:
        depth = chance.choice(DEEP)
        return Raw("[" * depth + "]" * depth)
    return Raw(chance.choice(ODD["others"]))


def _written(tree: Any, blank: str) -> str:
    if isinstance(tree, Raw):
        return tree.written
    if not isinstance(tree, list):
        return json.dumps(tree, ensure_ascii=False)
    if tree and isinstance(tree[0], tuple):
        members = (f"{_written(name, '')}:{blank}{_written(part, blank)}" for name, part in tree)
        return "{" + f",{blank}".join(members) + "}"
    return "[" + f"{blank},".join(_written(part, blank) for part in tree) + "]"
