"""What may be the name of a row."""

import re

from forms.definition.parse import CODE
from forms.expressions.tree import NAME

_UNKNOWN_ELSEWHERE = re.compile("[\u00c0-\u00d6]")  # to other XLSForm tools, as part of a name


def unfit(name: str) -> str:
    """Return why a text is no name, "" where it is one."""
    if not name.isprintable():
        return "名称里有换行或者看不见的字符，请删去后重新填写"
    if not (re.fullmatch(NAME, name) and re.fullmatch(CODE, name)):
        return f"“{name}”不能作名称，请以字母、汉字或下划线开头，只用字母、汉字、数字和 . - _"
    if found := _UNKNOWN_ELSEWHERE.search(name):
        return f"“{name}”不能作名称，请把 {found[0]} 换成别的字母"
    return ""
