"""Cleaning one cell: what stays of it when typing habits and export noise are taken away."""

import re
import unicodedata

BLANKS = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "//", "\\", "无", "空", "n/a", "na", "#n/a", "null"}
    | {"none", "nil", "暂无", "不详", "未知", "未填", "待补", "待补充"}
)
"""What offices write where they have nothing to write; compared after NFKC, in lower case."""

_LONGEST_BLANK = max(map(len, BLANKS))
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_ODD = re.compile(rf"[\s\x00-\x1f\x7f{_INVISIBLE}０-９Ａ-Ｚａ-ｚ]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_GAP = re.compile(r"\s+")
# A space between two Chinese characters is a typing habit (王　五); beside Latin text it is meant.
_CJK = r"[\u3400-\u9fff（）《》、，。：；]"
_GAP_IN_CHINESE = re.compile(rf"(?<={_CJK}) (?={_CJK})")
_HALF_WIDTH = {
    **{wide: wide - 0xFEE0 for wide in range(ord("０"), ord("９") + 1)},
    **{wide: wide - 0xFEE0 for wide in range(ord("Ａ"), ord("Ｚ") + 1)},
    **{wide: wide - 0xFEE0 for wide in range(ord("ａ"), ord("ｚ") + 1)},
    **{ord(character): None for character in _INVISIBLE},
}
_WHOLE = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.(\d+))?E\+?(\d{1,2})")
_TEXT_MARK = re.compile(r"^'(?=[=+\-@0-9A-Za-z])")


class Unreadable(ValueError):
    """A cell cannot be read; the message is the Chinese reason that the report shows."""


def tidy(text: str) -> str:
    """
    Return the text without outer spaces, full-width digits and letters, and stand-ins for nothing.

    Chinese punctuation stays as it is: a registered name keeps its （）. Blank gives "".

    Raises:
        Unreadable: Control characters, which no database keeps and no document prints.
    """
    text = text.strip()
    if _ODD.search(text):
        text = _without_oddities(text)
    if text.startswith("'"):
        # Spreadsheets mark text with it, and our own report does so against formula injection.
        text = _TEXT_MARK.sub("", text).strip()
    if len(text) <= _LONGEST_BLANK and unicodedata.normalize("NFKC", text).lower() in BLANKS:
        return ""
    return text


def code(text: str) -> str:
    """
    Return a code in half-width capitals without any space; blank gives "".

    Raises:
        Unreadable: Control characters.
    """
    if text.isascii() and text.isalnum() and len(text) > _LONGEST_BLANK:
        return text.upper()  # what nearly every code looks like
    return whole("".join(unicodedata.normalize("NFKC", tidy(text)).upper().split()))


def whole(text: str) -> str:
    """
    Return digits that a spreadsheet keeps as a number without its traces: 320706.0, 1.38E+10.

    Scientific notation is undone only where every digit is still there; the rest stays as it is.
    """
    if match := _WHOLE.fullmatch(text):
        return match[1]
    match = _SCIENTIFIC.fullmatch(text)
    if match and len(match[1] or "") == int(match[2]):
        return text[0] + (match[1] or "")
    return text


def _without_oddities(text: str) -> str:
    if _CONTROL.search(text):
        raise Unreadable("含有不可见的控制字符，请重新录入该单元格")
    text = _GAP.sub(" ", text.translate(_HALF_WIDTH)).strip()
    return _GAP_IN_CHINESE.sub("", text)
