"""The `parameters` of a question: what may stand there, and the bounds of a slider."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from forms.expressions.values import LONGEST_NUMBER
from forms.model import Kind

Parameters = Mapping[str, str]

AUDIT = "audit"

_PAIR = re.compile(r"([^\s=,;]+)[\s,;]*=[\s,;]*([^\s=,;]+)[\s,;]*")
_SLIDER: Parameters = {"start": "1", "end": "10", "step": "1"}
_SEED = re.compile(r"\$\{[^}]+\}")


class BadParameters(Exception):
    """What is wrong with the cell; its argument is the Chinese sentence."""


def parse(text: str) -> Parameters:
    """
    Return the keys and values of a cell, in small letters.

    Raises:
        BadParameters: It is not pairs of a key and a value.
    """
    pairs: dict[str, str] = {}
    at = len(text) - len(text.lstrip(" \t\r\n,;"))
    while at < len(text):
        found = _PAIR.match(text, at)
        if found is None:
            raise BadParameters("应写成“名称=值”，多项用空格隔开，如 start=0 end=100")
        pairs[found[1].lower()] = found[2].lower()
        at = found.end()
    return pairs


def refuse_bad(parameters: Parameters, kind: Kind | str) -> None:
    """
    Refuse what a question of this kind cannot have.

    Args:
        kind: Of the question; `AUDIT` and "background-audio" for these two, which are left out.

    Raises:
        BadParameters: An unknown key or a value that it cannot have.
    """
    known = _KNOWN.get(kind)
    if known is None:
        return
    for key, value in parameters.items():
        if key not in known:
            allowed = "、".join(known)
            raise BadParameters(f"这种题没有参数“{key}”，可以用的是 {allowed}")
        if not known[key](value):
            raise BadParameters(f"参数 {key} 的值“{value}”不对")
    if "seed" in parameters and "randomize" not in parameters:
        raise BadParameters("写了 seed 就要写 randomize=true")
    if kind == AUDIT:
        _refuse_bad_audit(parameters)


def slider(parameters: Parameters) -> tuple[Decimal, Decimal, Decimal]:
    """
    Return start, end and step of a slider.

    Raises:
        BadParameters: One is no number, or the step does not fit.
    """
    start, end, step = (
        _decimal(key, parameters.get(key, default)) for key, default in _SLIDER.items()
    )
    if step == 0:
        raise BadParameters("step 不能是 0")
    if step > abs(end - start):
        raise BadParameters("step 不能大于 start 与 end 之差")
    return start, end, step


def plain(number: Decimal) -> str:
    """Return a number in the notation of definitions: no exponent, no needless zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _decimal(key: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadParameters(f"参数 {key} 应为数字") from None
    if not number.is_finite():
        raise BadParameters(f"参数 {key} 应为数字")
    # The exponent first: with a large one the number written out would fill the memory.
    if abs(number.adjusted()) >= LONGEST_NUMBER or len(plain(number)) > LONGEST_NUMBER:
        raise BadParameters(f"参数 {key} 的数字不能超过 {LONGEST_NUMBER} 个字符，请改短")
    return number


def _refuse_bad_audit(parameters: Parameters) -> None:
    where = ("location-priority", "location-min-interval", "location-max-age")
    given = [key for key in where if key in parameters]
    if given and len(given) < len(where):
        raise BadParameters(f"{'、'.join(where)} 应同时写出")
    if given and int(parameters[where[2]]) < int(parameters[where[1]]):
        raise BadParameters(f"{where[2]} 不能小于 {where[1]}")


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


def _is_whole(value: str) -> bool:
    try:
        int(value)
    except ValueError:
        return False
    return True


def _is_count(value: str) -> bool:
    return _is_whole(value) and int(value) >= 0


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_seed(value: str) -> bool:
    return _is_number(value) or _SEED.fullmatch(value) is not None


_truth = _one_of("true", "false")
_quality = ("voice-only", "low", "normal")
_KNOWN: Mapping[Kind | str, Mapping[str, Callable[[str], bool]]] = {
    Kind.TEXT: {"rows": _is_whole},
    Kind.RANGE: dict.fromkeys(_SLIDER, bool),
    Kind.SELECT_ONE: {"randomize": _truth, "seed": _is_seed},
    Kind.SELECT_MULTIPLE: {"randomize": _truth, "seed": _is_seed},
    Kind.PHOTO: {"max-pixels": _is_whole},
    Kind.AUDIO: {"quality": _one_of(*_quality, "external")},
    Kind.LOCATION: {
        "capture-accuracy": _is_number,
        "warning-accuracy": _is_number,
        "allow-mock-accuracy": _truth,
    },
    "background-audio": {"quality": _one_of(*_quality)},
    AUDIT: {
        "identify-user": _truth,
        "track-changes": _truth,
        "track-changes-reasons": _one_of("on-form-edit"),
        "location-priority": _one_of("no-power", "low-power", "balanced", "high-accuracy"),
        "location-min-interval": _is_count,
        "location-max-age": _is_count,
    },
}
"""Keys by kind, each with what its value must be; other kinds ignore theirs."""
