"""Who keeps a hash chain: a unit, published by its name. No person and no number of one."""

import re
import unicodedata
from collections.abc import Iterable

from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity.numbers import names_a_number

LONGEST_HOLDER = 200
UNIT_ENDS = (
    *"局厅部委办院处所署会队站社司室科股组团厂校行庭台府关馆联协学",
    *("中心", "机构", "单位", "基金", "支队", "大队"),
)
NOT_A_UNIT = "随锚值对外公布，应填写单位名称（如区司法局），以单位的字样结尾，不能填写个人姓名"
A_NUMBER = "随锚值对外公布，其中有类似电话或者证件号码的数字，请只填写单位名称"
A_PERSON = "随锚值对外公布，其中含有在册人员或者账号的姓名、账号名称，请只填写单位名称"
_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_WORD = re.compile(r"[0-9a-z._@-]+")


def unit_name(text: str) -> str:
    """
    Return the name of the unit that keeps a chain, without outer blanks.

    Raises:
        BadInput: Empty or too long, no name of a unit, or with a number as people have them.
    """
    unit = text.strip()
    if not 1 <= len(unit) <= LONGEST_HOLDER or not unit.isprintable():
        raise BadInput(field="持有单位", reason=f"应为 1 到 {LONGEST_HOLDER} 个可见字符")
    if names_a_number(unit):
        raise BadInput(field="持有单位", reason=A_NUMBER)
    plain = unicodedata.normalize("NFKC", unit)
    parts = [_BRACKETED.sub("", plain), *(one[1:-1] for one in _BRACKETED.findall(plain))]
    if not all(is_unit(part) for part in parts):
        raise BadInput(field="持有单位", reason=NOT_A_UNIT)
    return unit


def is_unit(name: str) -> bool:
    """Whether a name ends as those of units do."""
    return name.strip().endswith(UNIT_ENDS)


def check_names_nobody(text: str, people: Iterable[str]) -> None:
    """
    Refuse a text in which somebody is named.

    Args:
        people: Names and logins on file; what is itself the name of a unit is passed over.

    Raises:
        BadInput: One of them stands in the text; who, is not said again.
    """
    plain = _joined(text)
    words = {*_WORD.findall(plain), *_WORD.findall(_folded(text))}
    for name in map(_joined, people):
        if len(name) < len("人名") or is_unit(name):
            continue
        if name in words if name.isascii() else name in plain:
            raise BadInput(field="持有单位", reason=A_PERSON)


def _joined(text: str) -> str:
    return "".join(_folded(text).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
