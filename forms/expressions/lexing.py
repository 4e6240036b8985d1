"""Text of an expression to tokens; where none begins, the last one says what is wrong."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forms.errors import FormError
from forms.expressions.tree import NAME, UNUSABLE
from forms.expressions.values import LONGEST_NUMBER

SMART_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
"""Excel makes them while one types; they are read as straight ones everywhere, as pyxform does."""

BLANKS = " \t\r\n"

# Full-width signs may stand in a name of XML; outside of braces they are slips of the keyboard.
_WORD = r"[^\W\d][\w.\-]*"

_TOKEN = re.compile(
    rf"""
    (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |\$\{{(?P<ref>{NAME})\}}
    |(?P<name>{_WORD}(?::{_WORD})?)
    |"(?P<double>[^"]*)"|'(?P<single>[^']*)'
    |(?P<symbol>\.\.|[<>!]=|[=<>+\-*(),.])
    """,
    re.VERBOSE,
)

# What people type who know other notations, or who type with a Chinese keyboard.
_INSTEAD = {
    "==": "“==”不是运算符，相等请写 =",
    "<>": "“<>”不是运算符，不等请写 !=",
    "=<": "“=<”不是运算符，不大于请写 <=",
    "=>": "“=>”不是运算符，不小于请写 >=",
    "&&": "“&&”不是运算符，表示“并且”请写 and",
    "||": "“||”不是运算符，表示“或者”请写 or",
    "&": "“&”不是运算符，连接文字请写 concat()，表示“并且”请写 and",
    "|": "不支持运算符“|”，表示“或者”请写 or",
    "!": "“!”不能单独使用，不等请写 !=，取反请写 not()",
    "//": "不支持路径“//”，引用其他检查项请写 ${名称}",
    "/": "不支持路径“/”，引用其他检查项请写 ${名称}，除法请写 div",
    "[": "不支持方括号条件，请用 if() 或 and 写出条件",
    "]": "不支持方括号条件，请用 if() 或 and 写出条件",
    "@": "不支持属性“@”，引用其他检查项请写 ${名称}",
    "#": "不能使用“#”，引用其他检查项请写 ${名称}",
    "%": "“%”不是运算符，求余数请写 mod，百分数请写成小数",
    "^": "“^”不是运算符，乘方请用 * 连乘",
    "≥": "请把“≥”写成 >=",
    "≤": "请把“≤”写成 <=",
    "≠": "请把“≠”写成 !=",
    "×": "请把“×”写成 *",
    "÷": "请把“÷”写成 div",
    "—": "请把“—”写成英文减号 -",
    "–": "请把“–”写成英文减号 -",
    "−": "请把“−”写成英文减号 -",
    "。": "请把“。”写成英文句点或删去",
    "、": "请把“、”写成英文逗号",
    "\u3000": "此处是全角空格，请改为英文空格",
    "\u00a0": "此处是不间断空格，请改为英文空格",
    "{": "花括号前缺少 $，引用其他检查项请写 ${名称}",
    "}": "多了花括号，引用其他检查项请写 ${名称}",
    ";": "不能使用分号，参数之间请用英文逗号",
    ":": "不能单独使用冒号，引用其他检查项请写 ${名称}",
}


# What converters to XForms make of it is a path within the text, which nobody means.
_QUOTED_REFERENCE = "引号里的 ${名称} 不会换成填写的值，请移到引号外，连接文字请写 concat()"

_TOO_LONG = f"数字不能超过 {LONGEST_NUMBER} 个字符，请改短"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
"""What would be two subtractions, which nobody means who writes it like this."""

_SLIPS = ("==", "<>", "=<", "=>")
"""Operators of other notations that would be read as two of ours."""


class BadExpression(FormError):
    """
    What the author of an expression must change.

    `position` is the character in the cell, counted from 1; `reason` is a Chinese sentence without
    its full stop, which says what is wrong and what may be written instead.
    """

    code, kind = "forms.bad_expression", "invalid"
    message = "第 {position} 个字符处：{reason}。"

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(position=position, reason=reason)
        self.position = position
        self.reason = reason


class Token(NamedTuple):
    """One word of an expression; `position` is that of its first character, counted from 1."""

    kind: str  # number, ref, name, text, symbol, bad or end
    text: str  # as written; of a ref its name, of a text its content, of a bad one what is wrong
    position: int


def tokens(text: str) -> Iterator[Token]:
    """
    Yield the tokens of an expression, the last of kind "end", or "bad" where none begins.

    What is bad is told as a token, as the one before it may be the mistake that comes first.
    """
    text = text.translate(SMART_QUOTES)
    at = _after_blanks(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or text.startswith(_SLIPS, at):
            yield _unreadable(text, at)
            return
        if day := _DAY.match(text, at):
            yield Token("bad", f"日期应加引号，请写成 '{day[0]}'", at + 1)
            return
        kind = str(found.lastgroup)
        if kind == "number" and len(found[0]) > LONGEST_NUMBER:
            yield Token("bad", _TOO_LONG, at + 1)
            return
        if kind in ("single", "double") and "${" in found[0]:
            yield Token("bad", _QUOTED_REFERENCE, at + found[0].index("${") + 1)
            return
        if unusable := UNUSABLE.search(found[0]):
            yield _unreadable(text, at + unusable.start())
            return
        yield Token("text" if kind in ("single", "double") else kind, found[kind], at + 1)
        at = _after_blanks(text, found.end())
    yield Token("end", "", len(text) + 1)


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at


def _unreadable(text: str, at: int) -> Token:
    sign = text[at]
    if sign in "'\"":
        reason = "文字缺少右边的引号，请在文字末尾补上同样的引号"
    elif sign == "$":
        reason = _bad_reference(text, at)
    elif text[at : at + 2] in _INSTEAD:
        reason = _INSTEAD[text[at : at + 2]]
    elif sign in _INSTEAD:
        reason = _INSTEAD[sign]
    elif "！" <= sign <= "～":
        plain = chr(ord(sign) - 0xFEE0)
        reason = f"“{sign}”是全角符号，请改为半角的 {plain}"
    elif not sign.isprintable():
        reason = "含有看不见的控制字符，请删去"
    else:
        reason = f"不能使用“{sign}”，文字请加引号，引用其他检查项请写 ${{名称}}"
    return Token("bad", reason, at + 1)


def _bad_reference(text: str, at: int) -> str:
    if text.startswith("$｛", at):
        return "花括号应为半角，请写成 ${名称}"
    if not text.startswith("${", at):
        return "“$”后面应为花括号，引用其他检查项请写 ${名称}"
    end = text.find("}", at)
    if end < 0:
        return "引用缺少右花括号，请写成 ${名称}"
    inside = text[at + 2 : end]
    if inside.startswith("last-saved#"):
        return "不支持上次填写的值（last-saved），请引用本表的检查项，写成 ${名称}"
    if not inside.strip():
        return "花括号里没有名称，请写成 ${名称}"
    if re.fullmatch(NAME, inside.strip()):
        return f"花括号里不能有空格，请写成 ${{{inside.strip()}}}"
    return "花括号里的名称不对，名称以字母、汉字或下划线开头，不含空格，请写成 ${名称}"
