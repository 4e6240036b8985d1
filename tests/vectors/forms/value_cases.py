"""Trees with what they are evaluated over and what comes out."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.vectors.forms.oracle import evaluate, text

Json = Any
NOTHING: dict[str, Json] = {"values": {}, "self": "", "position": 0, "today": "2026-11-23"}

LARGE, TINY = 9007199254740991.0, 5e-324
NUMBERS: list[float] = [
    0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.2, 0.3, 1 / 3, 100.0, 1e15, LARGE,
    LARGE + 1, 1e16, 1e21, 1e22, 123456789012345680000.0, 1e300, 1.7976931348623157e308, 1e-6, 1e-7,
    0.000123, 1.005, 4.35, 2.675, 0.49999999999999994, TINY, -1e21, -1e-7,
]  # fmt: skip
TEXTS: list[str] = [
    "", " ", "x", "合格", "0", "00", "1", "-1", "1.0", "1.50", " 1 ", "\t1\n", "+1", ".5", "5.",
    "-", "1e3", "1,000", "１", "\u30001", "\u00a01", "NaN", "Infinity", "true", "false", "--1",
    "0x10", "9007199254740993", "123456789012345678901234567890", "0.1", "-0", "-0.0",
    "1970-01-01", "1969-12-31", "2026-11-23", "2024-02-29", "2023-02-29", "2026-13-01", "2026-1-1",
    " 2026-11-23 ", "0001-01-01", "9999-12-31", "0000-01-01", "2026-11-23T10:00", "20261123",
    "2026-W01-1", "2026-327",
    "-2026-11-23", "a b", "a  b\tc", "𠮷野", "e\u0301",
]  # fmt: skip
LISTS: list[list[Json]] = [
    [], [""], ["", "x"], ["x", "y"], [1.0], [1.0, 2.0, 3.0], [3.0, "", 1.0], ["2026-11-23", ""],
    ["1", "2"], [0.0],
]  # fmt: skip
FEW: list[Json] = [
    0.0, 1.0, -1.5, 1e300, "", "x", "1", "1.0", "0", "2026-11-23", [], [""], ["x", "1"], [1.0, 2.0],
]  # fmt: skip
A, B = ["ref", "a"], ["ref", "b"]
TRUE, FALSE = ["true"], ["false"]
NAN, INF, MINUS_INF = (
    ["number", ["text", "x"]],
    ["div", ["number", "1"], ["number", "0"]],
    ["div", ["neg", ["number", "1"]], ["number", "0"]],
)
SIGNS = ("=", "!=", "<", "<=", ">", ">=")


def t(value: str) -> Json:
    """Return a literal text."""
    return ["text", value]


def n(value: str) -> Json:
    """Return a literal number."""
    return ["number", value]


def over(**values: Json) -> dict[str, Json]:
    """Return a scope with these values."""
    return {**NOTHING, "values": values}


def said(value: Json) -> Json:
    """Return a result as vectors carry it: numbers as text, as JSON has neither NaN nor -0."""
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    if isinstance(value, float):
        return {"type": "number", "value": text(value)}
    if isinstance(value, list):
        return {"type": "list", "value": value}
    return {"type": "text", "value": value}


# Results by hand: where a rule is subtle, the oracle itself is held to these.
KNOWN: list[tuple[Json, dict[str, Json], Json]] = [
    (["self"], {**NOTHING, "self": "合格"}, "合格"),
    (["self"], {**NOTHING, "self": 3.0}, 3.0),
    (["position"], {**NOTHING, "position": 3}, 3.0),
    (["today"], NOTHING, "2026-11-23"),
    (["column", "county"], over(**{"@county": "锡山"}), "锡山"),
    (A, over(a=["x", 1.0]), ["x", 1.0]),
    # A day is a number of days where a number is wanted.
    (["-", ["today"], A], over(a="2026-11-20"), 3.0),
    (["<=", A, ["today"]], over(a="2026-11-23"), True),
    (["<", A, ["today"]], over(a="2026-11-23"), False),
    (["<", A, ["today"]], over(a="2026-02-29"), False),
    (["=", A, ["today"]], over(a="2026-11-23"), True),
    (["date", ["+", ["today"], n("15")]], NOTHING, "2026-12-08"),
    (["date", t("2026-11-23")], NOTHING, "2026-11-23"),
    (["date", t(" 2026-11-23 ")], NOTHING, "2026-11-23"),
    (["date", n("0")], NOTHING, "1970-01-01"),
    (["date", n("0.9")], NOTHING, "1970-01-01"),
    (["date", ["neg", n("0.1")]], NOTHING, "1969-12-31"),
    (["date", ["neg", n("719162")]], NOTHING, "0001-01-01"),
    (["date", ["neg", n("719163")]], NOTHING, ""),
    (["date", n("2932896")], NOTHING, "9999-12-31"),
    (["date", n("2932897")], NOTHING, ""),
    (["date", t("")], NOTHING, ""),
    (["date", t("x")], NOTHING, ""),
    (["date", INF], NOTHING, ""),
    (["number", t("2026-02-29")], NOTHING, float("nan")),
    # Two texts compare as texts, a number makes both numbers, a truth makes both truths.
    (["=", t("1"), t("1.0")], NOTHING, False),
    (["=", t("1"), n("1")], NOTHING, True),
    (["=", A, n("1")], over(a="1.0"), True),
    (["=", A, t("1.0")], over(a=1.0), True),
    (["!=", A, n("1")], over(a=""), True),
    (["=", A, t("")], over(a=""), True),
    (["=", A, t("")], over(a=0.0), False),
    (["=", TRUE, t("false")], NOTHING, True),
    (["=", TRUE, n("2")], NOTHING, True),
    (["=", FALSE, t("")], NOTHING, True),
    (["=", NAN, NAN], NOTHING, False),
    (["!=", NAN, NAN], NOTHING, True),
    (["<", t("10"), t("9")], NOTHING, False),
    (["<", t("a"), t("b")], NOTHING, False),
    (["<", FALSE, TRUE], NOTHING, True),
    # Of a list it is enough that one fits; beside a truth it is a truth itself.
    (["=", A, t("x")], over(a=["y", "x"]), True),
    (["!=", A, t("x")], over(a=["y", "x"]), True),
    (["=", A, t("x")], over(a=[]), False),
    (["!=", A, t("x")], over(a=[]), False),
    (["=", A, FALSE], over(a=[]), True),
    (["=", A, TRUE], over(a=[""]), True),
    (["<", A, B], over(a=[3.0, 5.0], b=[1.0, 4.0]), True),
    (["<", A, B], over(a=[4.0, 5.0], b=[1.0, 4.0]), False),
    (["not", A], over(a=[""]), False),
    (["not", A], over(a=[]), True),
    (["+", A, n("1")], over(a=[5.0, 7.0]), 6.0),
    (["string", A], over(a=[]), ""),
    # Arithmetic of doubles.
    (["+", n("0.1"), n("0.2")], NOTHING, 0.30000000000000004),
    (["mod", ["neg", n("5")], n("3")], NOTHING, -2.0),
    (["mod", n("5"), ["neg", n("3")]], NOTHING, 2.0),
    (["mod", n("5.5"), n("2")], NOTHING, 1.5),
    (["mod", n("5"), n("0")], NOTHING, float("nan")),
    (["mod", n("5"), INF], NOTHING, 5.0),
    (["div", n("0"), n("0")], NOTHING, float("nan")),
    (["div", n("1"), ["neg", n("0")]], NOTHING, float("-inf")),
    (["string", ["neg", n("0")]], NOTHING, "0"),
    (["+", t(""), n("1")], NOTHING, float("nan")),
    (["+", TRUE, TRUE], NOTHING, 2.0),
    # Rounding: a half goes up, the half is not lost to the precision of doubles.
    (["round", n("2.5")], NOTHING, 3.0),
    (["round", ["neg", n("2.5")]], NOTHING, -2.0),
    (["round", ["neg", n("0.5")]], NOTHING, 0.0),
    (["round", n("0.49999999999999994")], NOTHING, 0.0),
    (["round", n("4503599627370497")], NOTHING, 4503599627370497.0),
    (["round", n("1.25"), n("1")], NOTHING, 1.3),
    (["round", n("1.005"), n("2")], NOTHING, 1.0),
    (["round", n("1250"), ["neg", n("2")]], NOTHING, 1300.0),
    (["round", n("1.55"), n("1.9")], NOTHING, 1.6),
    (["round", n("1"), n("16")], NOTHING, float("nan")),
    (["round", n("1"), t("")], NOTHING, float("nan")),
    (["round", INF], NOTHING, float("inf")),
    (["int", n("1.9")], NOTHING, 1.0),
    (["int", ["neg", n("1.9")]], NOTHING, -1.0),
    (["int", t("")], NOTHING, float("nan")),
    (["div", n("1"), ["int", ["neg", n("0.5")]]], NOTHING, float("inf")),
    # Choices.
    (["selected", A, t("a")], over(a="b a"), True),
    (["selected", A, t("a")], over(a="ab"), False),
    (["selected", A, t("a b")], over(a="a b"), False),
    (["selected", A, t(" a ")], over(a="a"), True),
    (["selected", A, n("1")], over(a="1 2"), True),
    (["selected", A, t("1")], over(a=1.0), True),
    (["selected", A, t("")], over(a=""), True),
    (["selected", A, t("")], over(a="a"), False),
    (["selected", A, t("a")], over(a=["a", "b"]), True),
    (["selected", A, t("b")], over(a=["a", "b"]), False),
    (["selected", A, t("b")], over(a="a\u00a0b"), False),
    (["selected", A, B], over(a="x y", b="y"), True),
    (["selected", A, B], over(a=" ", b=""), True),
    (["selected", A, B], over(a="x", b=""), False),
    (["count-selected", A], over(a=" a  b\tc "), 3.0),
    (["count-selected", A], over(a=""), 0.0),
    (["selected-at", A, n("1")], over(a="a b"), "b"),
    (["selected-at", A, n("2")], over(a="a b"), ""),
    (["selected-at", A, ["neg", n("1")]], over(a="a b"), ""),
    (["selected-at", A, n("1.9")], over(a="a b"), "b"),
    (["selected-at", A, ["neg", n("0.5")]], over(a="a b"), "a"),
    (["selected-at", A, t("")], over(a="a b"), ""),
    # Choosing a value keeps its kind.
    (["coalesce", A, n("0")], over(a=""), 0.0),
    (["coalesce", A, n("1")], over(a=0.0), 0.0),
    (["coalesce", A, t("x")], over(a=" "), " "),
    (["coalesce", ["+", A, n("1")], n("5")], over(a=""), 5.0),
    (["coalesce", A, t("x")], over(a=[]), "x"),
    (["coalesce", A, A], over(a=""), ""),
    (["coalesce", FALSE, t("x")], NOTHING, False),
    (["if", A, n("1"), t("x")], over(a=""), "x"),
    (["if", A, n("1"), t("x")], over(a="0"), 1.0),
    (["if", TRUE, A, t("x")], over(a=["p", "q"]), "p"),
    (["+", ["if", TRUE, t("1"), t("x")], n("1")], NOTHING, 2.0),
    # Lists as a whole.
    (["sum", A], over(a=[1.0, "2", 3.5]), 6.5),
    (["sum", A], over(a=[]), 0.0),
    (["sum", A], over(a=[1.0, ""]), float("nan")),
    (["sum", A], over(a=2.0), 2.0),
    (["sum", A], over(a=[0.1] * 10), 0.9999999999999999),
    (["count", A], over(a=[1.0, 2.0, 3.0]), 3.0),
    (["count", A], over(a=[""]), 1.0),
    (["count", A], over(a=[]), 0.0),
    (["count", A], over(a=""), 1.0),
    (["min", A], over(a=[3.0, 1.0, 2.0]), 1.0),
    (["max", A, n("7")], over(a=[3.0, 9.0]), 9.0),
    (["max", n("1"), A], over(a=[]), 1.0),
    (["min", A], over(a=[]), float("nan")),
    (["min", A], over(a=[1.0, ""]), float("nan")),
    (["max", A, B], over(a="2026-11-23", b="2026-11-22"), 20780.0),
    # Texts count characters, not the halves of rare ones.
    (["string-length", t("𠮷野")], NOTHING, 2.0),
    (["string-length", n("1.5")], NOTHING, 3.0),
    (["substr", t("𠮷野家"), n("1"), n("2")], NOTHING, "野"),
    (["substr", t("abcde"), n("2")], NOTHING, "cde"),
    (["substr", t("abcde"), n("1"), n("3")], NOTHING, "bc"),
    (["substr", t("abcde"), n("3"), n("1")], NOTHING, ""),
    (["substr", t("abcde"), ["neg", n("2")]], NOTHING, "de"),
    (["substr", t("abcde"), n("0"), ["neg", n("1")]], NOTHING, "abcd"),
    (["substr", t("abcde"), ["neg", n("9")], n("9")], NOTHING, "abcde"),
    (["substr", t("abcde"), ["neg", n("0.5")]], NOTHING, "abcde"),
    (["substr", t("abcde"), t("")], NOTHING, ""),
    (["substr", t("abcde"), MINUS_INF, INF], NOTHING, "abcde"),
    (["substr", n("2026"), n("2")], NOTHING, "26"),
    (["concat", t("a"), n("1"), TRUE, A], over(a=["x", "y"]), "a1truex"),
    (["contains", t("abc"), t("")], NOTHING, True),
    (["contains", t(""), t("a")], NOTHING, False),
    (["starts-with", t("合格"), t("合")], NOTHING, True),
    (["ends-with", t("合格"), t("合")], NOTHING, False),
    (["ends-with", t("a"), t("ba")], NOTHING, False),
    (["normalize-space", t(" a \t\r\n b\u3000c ")], NOTHING, "a b\u3000c"),
    # Patterns match the whole text.
    (["regex", t("12a"), t("[0-9]{2}")], NOTHING, False),
    (["regex", t("12"), t("[0-9]{2}")], NOTHING, True),
    (["regex", t("12\n"), t("[0-9]{2}")], NOTHING, False),
    (["regex", t("１２"), t("[0-9]{2}")], NOTHING, False),
    (["regex", t(""), t("")], NOTHING, True),
    (["regex", t("ab"), t("a|ab")], NOTHING, True),
    (["regex", t("𠮷"), t("[^\n]")], NOTHING, True),
    (["regex", t("\u2028"), t("[^\n]")], NOTHING, True),
    (["regex", t("a\nb"), t("a[^\n]b")], NOTHING, False),
    (["regex", t("a\nb"), t("a(?:[^\n]|\n)b")], NOTHING, True),
    (["regex", t("K"), t("k")], NOTHING, False),
    (["regex", t("[-]"), t(r"\[\-\]".replace(r"\-", "-"))], NOTHING, True),
    (["regex", n("12"), t("[0-9]{2}")], NOTHING, True),
    (["regex", A, t("a*")], over(a="a" * 20000), True),
    (["regex", A, t("a*")], over(a="a" * 20001), False),
    (["regex", A, t("[^\n]{3}")], over(a="𠮷𠮷𠮷"), True),
    (["regex", A, t("[^\n]{3}")], over(a="𠮷𠮷"), False),
    (["regex", A, t("[𠀀-𠮷]+[^𠮷]")], over(a="𠮷𠮷野"), True),
    (["regex", A, t("(?:a+)+b")], over(a="aaab"), True),
    (["regex", A, t("(?:a+)+b")], over(a="aaaba"), False),
    (["regex", A, t("(?:a|ab)+")], over(a="aabab"), True),
    (["regex", A, t("(?:a?){3}")], over(a="aaa"), True),
    (["regex", A, t("(?:a?){3}")], over(a="aaaa"), False),
    (["regex", A, t("(?:a?b?){2,3}c")], over(a="babc"), True),
    (["regex", A, t("(?:a?b?){2,3}c")], over(a="babac"), True),
    (["regex", A, t("(?:a?b?){2,3}c")], over(a="bababac"), False),
    (["regex", A, t("(?:a*|b)*c")], over(a="c"), True),
    (["regex", A, t("(?:ab){2,}")], over(a="ab"), False),
    (["regex", A, t("(?:ab){2,}")], over(a="ababab"), True),
    (["regex", A, t("a{2,4}")], over(a="a"), False),
    (["regex", A, t("a{2,4}")], over(a="aaaa"), True),
    (["regex", A, t("a{2,4}")], over(a="aaaaa"), False),
    (["regex", A, t("(?:a{2}|b){2}")], over(a="baa"), True),
    (["regex", A, t("|a")], over(a=""), True),
    (["regex", A, t("[^一-𠀀]")], over(a="a"), True),
    (["regex", A, t("[^一-𠀀]")], over(a="龥"), False),
    (["regex", A, t("[^一-𠀀]")], over(a="\ue000"), False),
    (["regex", A, t("[^\x00-\ud7ff]")], over(a="\ue000"), True),
    (["regex", A, t("[\x00-\ud7ff]")], over(a="\ue000"), False),
    (["regex", A, t("[0-9A-Z_a-z]" * 45)], over(a="aZ_09" * 9), True),
    (["regex", A, t("[ab]*a[ab]{8}")], over(a="ab" * 50 + "aabbabba"), False),
    (["regex", A, t("[ab]*a[ab]{8}")], over(a="ab" * 50 + "abbabbabb"), True),
    (["regex", A, t("a{0,999}b")], over(a="a" * 999 + "b"), True),
    (["regex", A, t("a{0,999}b")], over(a="a" * 1000 + "b"), False),
    (["regex", A, t("(?:[0-9A-Z_a-z]+[\t-\r ]?)+")], over(a="two words"), True),
    (["regex", A, t("(?:[0-9A-Z_a-z]+[\t-\r ]?)+")], over(a="a  b"), False),
    (["regex", A, t("[0-9]{17}[0-9Xx]")], over(a="32021119900101123X"), True),
]  # fmt: skip

# Of patterns that a matcher which tries one way after another is not done with: not for the oracle.
_LONG = "a" * 2000 + "b" * 1999
AMBIGUOUS: list[tuple[Json, dict[str, Json], Json]] = [
    (["regex", A, t("[a-c]+[a-c][ab]+b+a")], over(a=_LONG + "#"), False),
    (["regex", A, t("[a-c]+[a-c][ab]+b+a")], over(a=_LONG + "a"), True),
    (["regex", A, t("[a-c]+[a-c][ab]+b{1,60}a{3,9}")], over(a=_LONG + "#"), False),
    (["regex", A, t("[a-c]+[a-c][ab]+b{1,60}a{3,9}")], over(a=_LONG + "aaa"), True),
    (["regex", A, t("(?:aa|aa)*b")], over(a="a" * 4000), False),
    (["regex", A, t("(?:[^\n]*)*x")], over(a="a" * 4000), False),
    (["regex", A, t("(?:[^\n]*)*x")], over(a="a" * 4000 + "x"), True),
    (["regex", A, t("(?:a?){300}a{300}")], over(a="a" * 300), True),
    (["regex", A, t("(?:a?){300}a{300}")], over(a="a" * 601), False),
]


def evaluations() -> Iterator[tuple[Json, dict[str, Json], Json]]:
    """Yield trees with scope and result, those by hand first."""
    yield from KNOWN
    yield from AMBIGUOUS
    for tree, scope in (*_conversions(), *_comparisons(), *_arithmetic(), *_short_circuits()):
        yield tree, scope, evaluate(tree, scope)


def _conversions() -> Iterator[tuple[Json, dict[str, Json]]]:
    for value in TEXTS:
        yield ["number", A], over(a=value)
    for value in LISTS:
        for name in ("number", "string", "not"):
            yield [name, A], over(a=value)
    for value in NUMBERS:
        for name in ("string", "int", "date"):
            yield [name, A], over(a=value)
        for places in (n("0"), n("2"), ["neg", n("3")]):
            yield ["round", A, places], over(a=value)
    for tree in (TRUE, FALSE, NAN, INF, MINUS_INF):
        for name in ("number", "string", "not", "abs", "round"):
            yield [name, tree], NOTHING


def _comparisons() -> Iterator[tuple[Json, dict[str, Json]]]:
    for sign, left, right in product(("=", "!=", "<="), FEW, FEW):
        yield [sign, A, B], over(a=left, b=right)
    for sign, value in product(SIGNS, FEW):
        for literal in (n("1"), t("1"), TRUE):
            yield [sign, A, literal], over(a=value)
            yield [sign, literal, A], over(a=value)


def _arithmetic() -> Iterator[tuple[Json, dict[str, Json]]]:
    values: list[Json] = [0.0, 0.1, 3.7, -3.7, 1e300, TINY, "", "2", "2026-11-23", [2.0]]
    for sign, left, right in product(("+", "-", "*", "div", "mod"), values, values):
        yield [sign, A, B], over(a=left, b=right)
    for sign, tree in product(("+", "-", "*", "div", "mod"), (NAN, INF, MINUS_INF)):
        for value in (0.0, 2.0, -2.0):
            yield [sign, A, tree], over(a=value)
            yield [sign, tree, A], over(a=value)


def _short_circuits() -> Iterator[tuple[Json, dict[str, Json]]]:
    for sign, left in product(("and", "or"), FEW):
        yield [sign, A, TRUE], over(a=left)
        yield [sign, FALSE, A], over(a=left)
    for sign, left, right in product(("and", "or"), (TRUE, FALSE, NAN, INF), (TRUE, FALSE)):
        yield [sign, left, right], NOTHING
