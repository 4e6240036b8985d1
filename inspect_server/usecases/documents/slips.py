"""Slips of the pen in facts that somebody wrote: possible in form, set as they are, and told."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from pdf_templates.facts import Doubted


def slips(facts: object) -> list[str]:
    """
    Return what is most likely a mistake, each in a Chinese sentence without its stop.

    A code that fails its check is named by its place and not repeated: it may be a person's.
    """
    own = facts.doubts() if isinstance(facts, Doubted) else []
    return [*own, *_wrong_codes(facts, "")]


def _wrong_codes(value: object, path: str) -> Iterator[str]:
    if isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from _wrong_codes(entry, f"{path}[{number}]")
    if not is_dataclass(value):
        return
    for field in fields(value):
        inner, doc = getattr(value, field.name), field.metadata.get("doc", "")
        place = f"{path}.{field.name}" if path else field.name
        name = doc.partition("，")[0]
        if name in CODES and isinstance(inner, str) and inner:
            if not CODES[name](inner):
                yield f"{place}〔{name}〕的位数或者校验码不对"
        else:
            yield from _wrong_codes(inner, place)


def _is_id(number: str) -> bool:
    """Return whether birth date and check digit are right; of divisions there are new ones."""
    try:
        return (
            len(number) == 18
            and number[-1] == ric.calc_check_digit(number)
            and bool(ric.get_birth_date(number))
        )
    except (ValidationError, ValueError):
        return False


CODES: dict[str, Callable[[str], bool]] = {
    "统一社会信用代码": uscc.is_valid,
    "居民身份证号": _is_id,
}
"""What has a check character, by the name of its field: GB 32100-2015, GB 11643-1999."""
