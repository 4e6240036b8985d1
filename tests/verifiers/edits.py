"""
Structured edits: what a forger may try with any value, list or file of a draw.

Each is a name and the edited thing, so that a disagreement of verifiers can be told in one line.
"""

import json
import unicodedata
from random import Random
from typing import Any

Path = tuple[str | int, ...]
NOTHING = object()
"""Stands for a key or an element that is taken out."""
FULL_WIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})


def place(random: Random, value: Any) -> Path:
    """Return the place of some value: every branch alike, however many values it holds."""
    at: Path = ()
    while isinstance(value, dict | list) and value and (not at or random.random() < 0.75):
        key = (
            random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
        )
        at, value = (*at, key), value[key]
    return at


def value_at(value: Any, path: Path) -> Any:
    """Return what stands at a place."""
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """Return the whole with another value at a place; what is not on the way there is shared."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        if not rest and new is NOTHING:
            return {one: part for one, part in value.items() if one != key}
        return {**value, key: put(value[key], rest, new)}
    if not rest and new is NOTHING:
        return [part for n, part in enumerate(value) if n != key]
    return [put(part, rest, new) if n == key else part for n, part in enumerate(value)]


def variants(value: Any) -> list[tuple[str, Any]]:
    """Return what may be tried in place of a value."""
    found: list[tuple[str, Any]] = [
        ("gone", NOTHING),
        ("null", None),
        ("true", True),
        ("in a list", [value]),
        ("in an object", {"a": value}),
        ("empty list", []),
        ("empty object", {}),
        ("empty text", ""),
        ("zero", 0),
    ]
    if isinstance(value, bool):
        return found
    if isinstance(value, int):
        return [*found, *_of_number(value)]
    if isinstance(value, str):
        return [*found, *_of_text(value)]
    return [*found, *(_of_list(value) if isinstance(value, list) else _of_object(value))]


def _of_number(value: int) -> list[tuple[str, Any]]:
    return [
        ("as text", str(value)),
        ("as a float", float(value)),
        ("half more", value + 0.5),
        ("negative", -1),
        ("one more", value + 1),
        ("one less", value - 1),
        ("2^53", 2**53),
        ("2^53 - 1", 2**53 - 1),
        ("10^400", 10**400),
    ]


def _of_text(value: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        ("space after", value + " "),
        ("space before", " " + value),
        ("line after", value + "\n"),
        ("tab after", value + "\t"),
        ("NUL after", value + "\0"),
        ("not NFC", unicodedata.normalize("NFD", value + "é")),
        ("NFC", value + "é"),
        ("lone surrogate", value + "\ud800"),
        ("astral", value + "\U0001f600"),
        ("mark of order", "\ufeff" + value),
        ("invisible", value + "\u200b"),
        ("full width", value.translate(FULL_WIDTH)),
        ("capitals", value.upper()),
        ("twice", value * 2),
        ("shorter", value[:-1]),
        ("shorter by two", value[:-2]),
        ("zero before", "0" + value),
        ("sign before", "+" + value),
        ("long", "x" * 5000),
        ("other last", value[:-1] + ("1" if value[-1:] != "1" else "2")),
        ("as letters", list(value[:40])),
        ("spaced hex", " ".join(value[n : n + 2] for n in range(0, len(value), 2))),
    ]
    if value.isdecimal() and value.isascii():
        found += [("as a number", int(value[:15])), ("float-looking", value + ".0")]
    return found


def _of_list(value: list[Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        ("reversed", value[::-1]),
        ("first again", [*value, *value[:1]]),
        ("doubled", [one for one in value for _ in range(2)]),
        ("without last", value[:-1]),
        ("without first", value[1:]),
        ("null added", [*value, None]),
        ("text added", [*value, "x"]),
        ("list added", [*value, []]),
        ("as an object", {str(n): one for n, one in enumerate(value)}),
        ("deep", _deep(120)),
    ]
    if all(isinstance(one, str) for one in value):
        found += [
            ("as text", "".join(value)),
            ("joined", ",".join(value)),
            ("as keys", dict.fromkeys(value, 1)),
            ("two letters", "ab"),
        ]
    return found


def _of_object(value: dict[str, Any]) -> list[tuple[str, Any]]:
    first = next(iter(value), "a")
    renamed = {(key.upper() if key == first else key): part for key, part in value.items()}
    return [
        ("unknown key", {**value, "more": "1"}),
        ("unknown null", {**value, "more": None}),
        ("unknown float", {**value, "more": 1.5}),
        ("unknown big", {**value, "more": 2**53}),
        ("unknown deep", {**value, "more": _deep(97)}),
        ("unknown empty key", {**value, "": 1}),
        ("__proto__", {**value, "__proto__": {}}),
        ("constructor", {**value, "constructor": "1"}),
        ("key not ASCII", {**value, "é": "1"}),
        ("key renamed", renamed),
        ("as keys", list(value)),
        ("as pairs", [[key, part] for key, part in value.items()]),
    ]


def _deep(levels: int) -> Any:
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


def line_variants(text: str) -> list[tuple[str, str]]:
    """Return what may be tried with a file of lines."""
    rows = text.split("\n")[:-1]
    joined = ["".join(f"{row}\n" for row in one) for one in _rows(rows)]
    row = rows[0] if rows else ""
    return [
        *zip(_ROWS, joined, strict=True),
        ("empty", ""),
        ("one empty line", "\n"),
        ("line ends of another system", text.replace("\n", "\r\n")),
        ("carriage returns", text.replace("\n", "\r")),
        ("mark of byte order", "\ufeff" + text),
        ("no last line end", text[:-1]),
        ("half a line more", text + "x"),
        ("a whole line without its end", text + row),
        ("separator of lines", text.replace("\n", "\u2028", 1)),
        ("form feed", text.replace("\n", "\x0c\n", 1)),
        ("tab twice", text.replace("\t", "\t\t", 1)),
        ("space for tab", text.replace("\t", " ", 1)),
        ("NUL", text.replace("\t", "\0\t", 1)),
        ("capitals", text.upper()),
        ("not ASCII", text.replace("\t", "é\t", 1)),
        ("full width", text.translate(FULL_WIDTH)),
    ]


_ROWS = (
    "reversed",
    "doubled",
    "without first",
    "without last",
    "empty line",
    "space after",
    "tab after",
    "first field longer",
    "first field empty",
    "last field empty",
    "last field shorter",
    "one field more",
    "label of 121",
    "label with a comma",
    "label not a letter",
    "first again under z",
)


def _rows(rows: list[str]) -> list[list[str]]:
    first = rows[0] if rows else "a\tb"
    head, _, tail = first.partition("\t")

    def with_first(line: str) -> list[str]:
        return sorted([line, *rows[1:]])

    return [
        rows[::-1],
        [row for row in rows for _ in range(2)],
        rows[1:],
        rows[:-1],
        ["", *rows],
        with_first(first + " "),
        with_first(first + "\t"),
        with_first(f"{head}x\t{tail}"),
        with_first(f"\t{tail}"),
        with_first(f"{head}\t"),
        with_first(first[:-1]),
        with_first(first + "\t1"),
        with_first(f"{'x' * 121}\t{tail}"),
        with_first(f"{head},\t{tail}"),
        with_first(f"{head}\x7f\t{tail}"),
        sorted([*rows, f"z\t{tail}"]),
    ]


def text_variants(text: str) -> list[tuple[str, str]]:
    """Return spellings of a JSON file, of which some say the same."""
    return [
        ("mark of byte order", "\ufeff" + text),
        ("two marks", "\ufeff\ufeff" + text),
        ("line end after", text + "\n"),
        ("blank of another kind", text + "\u00a0"),
        ("form feed", text + "\x0c"),
        ("something after", text + "x"),
        ("another object after", text + "{}"),
        ("nothing", ""),
        ("comma at the end", text[:-1] + ",}"),
        ("comment", "/**/" + text),
        ("single quotes", text.replace('"', "'")),
        ("escaped key", text.replace('"commit"', '"\\u0063ommit"')),
        ("key twice", '{"v":1,' + text[1:]),
        ("escaped key twice", text[:-1] + ',"\\u0076":1}'),
        ("float", text.replace(":1,", ":1.0,", 1)),
        ("exponent", text.replace(":1,", ":1e0,", 1)),
        ("minus zero", text.replace(":0,", ":-0,")),
        ("zero before", text.replace(":1,", ":01,", 1)),
        ("plus", text.replace(":1,", ":+1,", 1)),
        ("NaN", text.replace(":1,", ":NaN,", 1)),
        ("control in text", text.replace('"v"', '"v\x01"', 1)),
        ("bad escape", text.replace('"v"', '"\\v"', 1)),
        ("slash escaped", text.replace("/", "\\/")),
        ("null", "null"),
        ("list", f"[{text}]"),
        ("text", json.dumps(text)),
        ("cut", text[: len(text) // 2]),
    ]


def told(value: Any) -> str:
    """Return JSON in ASCII: what no file in UTF-8 could hold is escaped."""
    return json.dumps(value, ensure_ascii=True, allow_nan=True)


def one_of(random: Random, value: Any) -> tuple[str, Any]:
    """Return one edit of a JSON value: its name, and the whole afterwards."""
    path = place(random, value)
    name, new = random.choice(variants(value_at(value, path)))
    return f"{'.'.join(map(str, path))}: {name}", put(value, path, new)
