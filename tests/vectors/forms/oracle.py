"""What an expression must give, worked out from docs/forms.md alone: plain and slow."""

import math
import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Json = Any
EPOCH = date(1970, 1, 1)


def evaluate(tree: Json, scope: dict[str, Json]) -> Json:
    """Return the value: str, float, bool or a list of them."""
    name, *parts = tree
    if name == "text":
        return parts[0]
    if name == "number" and isinstance(parts[0], str):
        return float(parts[0])
    if name in ("ref", "column"):
        return scope["values"][("@" if name == "column" else "") + parts[0]]
    if name == "self":
        return scope["self"]
    if name == "position":
        return float(scope["position"])
    if name == "today":
        return scope["today"]
    if name == "if":
        return one(evaluate(parts[1 if truth(evaluate(parts[0], scope)) else 2], scope))
    values = [evaluate(part, scope) for part in parts]
    if name in COMPARISONS:
        return compare(name, *values)
    return WORK[name](*values)


def one(value: Json) -> Json:
    """Return the first of a list, blank if it is empty."""
    while isinstance(value, list):
        value = value[0] if value else ""
    return value


def number(value: Json) -> float:
    value = one(value)
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    stripped = re.sub(r"^[ \t\r\n]+|[ \t\r\n]+\Z", "", value)
    if re.search(r"\A-?[0-9]+(\.[0-9]+)?\Z", stripped):
        return float(stripped)
    if not re.search(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", stripped):
        return math.nan
    try:
        day = date(int(stripped[:4]), int(stripped[5:7]), int(stripped[8:]))
    except ValueError:
        return math.nan
    return float((day - EPOCH).days)


def text(value: Json) -> str:
    value = one(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    return ("-" if value < 0 else "") + digits(abs(value))


def digits(value: float) -> str:
    """Write the fewest significant digits that read back as the value, without an exponent."""
    for precision in range(17):
        written = f"{value:.{precision}e}"
        if float(written) == value:
            break
    mantissa, exponent = written.split("e")
    figures, point = mantissa.replace(".", "").rstrip("0"), int(exponent) + 1
    if point <= 0:
        return "0." + "0" * -point + figures
    if point >= len(figures):
        return figures + "0" * (point - len(figures))
    return figures[:point] + "." + figures[point:]


def truth(value: Json) -> bool:
    if isinstance(value, list):
        return len(value) > 0
    if isinstance(value, str):
        return len(value) > 0
    return bool(value) and not math.isnan(value)


COMPARISONS = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def compare(name: str, left: Json, right: Json) -> bool:
    if isinstance(left, bool) and isinstance(right, list):
        right = truth(right)
    if isinstance(right, bool) and isinstance(left, list):
        left = truth(left)
    if isinstance(left, list):
        return any(compare(name, item, right) for item in left)
    if isinstance(right, list):
        return any(compare(name, left, item) for item in right)
    kinds = {type(left), type(right)}
    if name not in ("=", "!=") or (float in kinds and bool not in kinds):
        left, right = number(left), number(right)
    elif bool in kinds:
        left, right = truth(left), truth(right)
    return bool(COMPARISONS[name](left, right))


def divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.inf if (left > 0) == (math.copysign(1, right) > 0) else -math.inf


def modulo(left: float, right: float) -> float:
    if math.isnan(left) or math.isnan(right) or math.isinf(left) or right == 0:
        return math.nan
    if math.isinf(right):
        return left
    whole = abs(Fraction(left)) // abs(Fraction(right))
    rest = abs(Fraction(left)) - whole * abs(Fraction(right))
    return math.copysign(float(rest), left)


def rounded(value: Json, places: Json = 0.0) -> float:
    value, places = number(value), number(places)
    if math.isnan(places) or abs(places) > 15:
        return math.nan
    power = float(10 ** abs(int(places)))
    scaled = value * power if places >= 0 else value / power
    if math.isnan(scaled) or math.isinf(scaled):
        return value
    whole = float((Fraction(scaled) + Fraction(1, 2)) // 1)
    return whole / power if places >= 0 else whole * power


def words(value: Json) -> list[str]:
    return re.findall(r"[^ \t\r\n]+", text(value))


def selected(chosen: Json, choice: Json) -> bool:
    wanted = re.sub(r"^[ \t\r\n]+|[ \t\r\n]+\Z", "", text(choice))
    return wanted in words(chosen) if wanted else words(chosen) == []


def selected_at(chosen: Json, index: Json) -> str:
    place = number(index)
    found = dict(enumerate(words(chosen)))
    return "" if math.isnan(place) or math.isinf(place) else found.get(int(place), "")


def substring(value: Json, start: Json, end: Json = math.inf) -> str:
    value, start, end = text(value), number(start), number(end)
    if math.isnan(start) or math.isnan(end):
        return ""

    def place(index: float) -> int:
        if math.isinf(index):
            return len(value) if index > 0 else 0
        index = int(index)
        return max(0, index + len(value)) if index < 0 else min(index, len(value))

    return "".join(value[i] for i in range(place(start), place(end)))


def all_numbers(values: tuple[Json, ...]) -> list[float]:
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [number(item) for item in flat]


def extreme(choose: Any, values: tuple[Json, ...]) -> float:
    numbers = all_numbers(values)
    if not numbers or any(math.isnan(n) for n in numbers):
        return math.nan
    return float(choose(numbers))


def total(value: Json) -> float:
    result = 0.0
    for item in all_numbers((value,)):
        result = result + item
    return result


def day(value: Json) -> str:
    days = number(value)
    try:
        return (EPOCH + timedelta(math.floor(days))).isoformat()
    except (OverflowError, ValueError):
        return ""


def truncated(value: float) -> float:
    return value if math.isnan(value) or math.isinf(value) else float(int(value))


def coalesce(value: Json, other: Json) -> Json:
    value = one(value)
    blank = value == "" or (isinstance(value, float) and math.isnan(value))
    return one(other) if blank else value


def matches(value: Json, pattern: str) -> bool:
    if len(text(value)) > 20000 or re.search("[\ud800-\udfff]", text(value)):
        return False
    return re.fullmatch(pattern, text(value)) is not None


WORK: dict[str, Any] = {
    "or": lambda left, right: truth(left) or truth(right),
    "and": lambda left, right: truth(left) and truth(right),
    "+": lambda left, right: number(left) + number(right),
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "div": lambda left, right: divide(number(left), number(right)),
    "mod": lambda left, right: modulo(number(left), number(right)),
    "neg": lambda value: -number(value),
    "selected": selected,
    "count-selected": lambda value: float(len(words(value))),
    "selected-at": selected_at,
    "coalesce": coalesce,
    "regex": matches,
    "not": lambda value: not truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "number": number,
    "string": text,
    "int": lambda value: truncated(number(value)),
    "round": rounded,
    "abs": lambda value: abs(number(value)),
    "min": lambda *values: extreme(min, values),
    "max": lambda *values: extreme(max, values),
    "sum": total,
    "count": lambda value: float(len(value)) if isinstance(value, list) else 1.0,
    "string-length": lambda value: float(len(text(value))),
    "concat": lambda *values: "".join(map(text, values)),
    "contains": lambda value, part: text(value).find(text(part)) >= 0,
    "starts-with": lambda value, part: text(value)[: len(text(part))] == text(part),
    "ends-with": lambda value, part: (
        text(value).rfind(text(part)) >= 0
        and text(value)[len(text(value)) - len(text(part)) :] == text(part)
    ),
    "substr": substring,
    "normalize-space": lambda value: " ".join(words(value)),
    "date": day,
}
