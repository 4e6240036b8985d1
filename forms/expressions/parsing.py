"""
Text of an expression to its tree: XPath 1.0 precedence, all operators group to the left.

Whatever is outside the subset is refused at its character; nothing is dropped or guessed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forms.expressions.lexing import BadExpression, Token, tokens
from forms.expressions.patterns import BadPattern, from_author
from forms.expressions.refusals import IN_CHINESE, WORDS, bare_name, unknown_function, wrong_arity
from forms.expressions.tree import (
    FUNCTIONS,
    MAX_DEPTH,
    NAME,
    OF_A_REF,
    Tree,
    columns_of,
    from_json,
    references,
    to_json,
    uses_self,
)

__all__ = [
    "BadExpression",
    "Tree",
    "columns_of",
    "from_json",
    "parse",
    "parse_filter",
    "references",
    "to_json",
    "uses_self",
]

_STRENGTH = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!="), 3),
    **dict.fromkeys(("<", "<=", ">", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "div", "mod"), 6),
}
"""Which operator takes an operand that stands between two: the stronger, else the left one."""

_TOO_DEEP = f"表达式的嵌套或连写超过 {MAX_DEPTH} 层，请拆成几个计算项"


class _Part(NamedTuple):
    tree: Tree
    depth: int
    position: int


def parse(text: str) -> Tree:
    """
    Return the tree of an expression.

    Raises:
        BadExpression: With the first character that does not belong to the subset.
    """
    return _whole(_Parser(tokens(text)))


def parse_filter(text: str) -> Tree:
    """
    Return the tree of a filter of choices, in which a bare name is a column of their list.

    Raises:
        BadExpression: With the first character that does not belong to the subset.
    """
    return _whole(_FilterParser(tokens(text)))


def _whole(parser: "_Parser") -> Tree:
    part = parser.expression(1, 0)
    if parser.next.kind != "end":
        raise parser.misplaced()
    return part.tree


class _Parser:
    """Reads tokens with one to look ahead at; `next` is the first that was not taken yet."""

    def __init__(self, stream: Iterator[Token]) -> None:
        self._stream = stream
        self.next = next(stream)
        self._begun = self.next.kind != "end"

    def expression(self, weakest: int, level: int) -> _Part:
        """Read operands joined by operators of at least the strength `weakest`."""
        left = self._operand(level)
        while (strength := self._operator_strength()) >= weakest:
            operator = self._take()
            right = self.expression(strength + 1, level + 1)
            depth = max(left.depth, right.depth) + 1
            if depth > MAX_DEPTH:
                raise BadExpression(operator.position, _TOO_DEEP)
            left = _Part((operator.text, left.tree, right.tree), depth, left.position)
        return left

    def misplaced(self) -> BadExpression:
        """Return the error about a token where an operator or the end should be."""
        token = self.next
        if token.kind == "bad":
            return BadExpression(token.position, token.text)
        if token.kind == "end":
            return BadExpression(token.position, "括号没有写完，请在末尾补上右括号")
        if token.text == ")" and token.kind == "symbol":
            return BadExpression(token.position, "多了一个右括号，请删去或补上左括号")
        if token.text == "," and token.kind == "symbol":
            return BadExpression(token.position, "逗号只能用在函数的括号里，表示“并且”请写 and")
        if token.kind == "name" and token.text.lower() in _STRENGTH:
            return BadExpression(token.position, f"请写小写的 {token.text.lower()}")
        if token.kind == "name" and token.text in IN_CHINESE:
            reason = f"“{token.text}”不是运算符，请写 {IN_CHINESE[token.text]}"
            return BadExpression(token.position, reason)
        word, hyphen, _ = token.text.partition("-")
        if token.kind == "name" and hyphen and word in _STRENGTH:
            return BadExpression(token.position, f"“{word}”和减号连在一起，请在中间加空格")
        return BadExpression(
            token.position, "此处缺少运算符，请用 and、or、=、!=、<、>、+、-、*、div 或 mod 连接"
        )

    def _take(self) -> Token:
        taken = self.next
        if taken.kind == "bad":
            raise BadExpression(taken.position, taken.text)
        if taken.kind != "end":
            self.next = next(self._stream)
        return taken

    def _operator_strength(self) -> int:
        """Tell the strength of the operator that comes next, 0 if none does."""
        return _STRENGTH.get(self.next.text, 0) if self.next.kind in ("symbol", "name") else 0

    def _comes(self, symbol: str) -> bool:
        return self.next.kind == "symbol" and self.next.text == symbol

    def _operand(self, level: int) -> _Part:
        token = self._take()
        if level > MAX_DEPTH:
            raise BadExpression(token.position, _TOO_DEEP)
        if token.kind == "number":
            return _Part(("number", _canonical(token.text)), 1, token.position)
        if token.kind in ("text", "ref"):
            return _Part((token.kind, token.text), 1, token.position)
        if token.kind == "name":
            return self._call(token, level)
        if token.kind == "end":
            raise self._cut_short()
        return self._after_symbol(token, level)

    def _cut_short(self) -> BadExpression:
        if not self._begun:
            return BadExpression(self.next.position, "表达式是空的，请写出条件")
        reason = "表达式没有写完，请补上后面的值，或删去多余的部分"
        return BadExpression(self.next.position, reason)

    def _after_symbol(self, token: Token, level: int) -> _Part:
        if token.text == ".":
            return _Part(("self",), 1, token.position)
        if token.text == "-":
            inner = self._operand(level + 1)
            return _Part(("neg", inner.tree), inner.depth + 1, token.position)
        if token.text == "(":
            inner = self.expression(1, level + 1)
            self._close()
            return inner._replace(position=token.position)
        if token.text == "..":
            reason = "不支持上级路径“..”，引用其他检查项请写 ${名称}，行号请写 position(..)"
            raise BadExpression(token.position, reason)
        if token.text == ")":
            raise BadExpression(token.position, "右括号前缺少内容，请补上或删去括号")
        reason = f"“{token.text}”前面缺少值，请补上 ${{名称}}、数字或加引号的文字"
        raise BadExpression(token.position, reason)

    def _close(self) -> None:
        if not self._comes(")"):
            raise self.misplaced()
        self._take()

    def _call(self, name: Token, level: int) -> _Part:
        if not self._comes("("):
            return self._bare(name)
        if name.text == "position":
            return self._row_position(name)
        if name.text not in FUNCTIONS:
            raise BadExpression(name.position, unknown_function(name.text))
        self._take()
        arguments = [] if self._comes(")") else [self.expression(1, level + 1)]
        while self._comes(","):
            self._take()
            arguments.append(self.expression(1, level + 1))
        self._close()
        least, most = FUNCTIONS[name.text]
        if not least <= len(arguments) <= most:
            raise BadExpression(name.position, wrong_arity(name.text, len(arguments)))
        trees = _checked(name.text, arguments)
        depth = max((part.depth for part in arguments), default=0) + 1
        if depth > MAX_DEPTH:
            raise BadExpression(name.position, _TOO_DEEP)
        return _Part((name.text, *trees), depth, name.position)

    def _bare(self, name: Token) -> _Part:
        if name.text in FUNCTIONS and self.next.kind == "bad":  # its parenthesis, full-width
            raise BadExpression(self.next.position, self.next.text)
        raise BadExpression(name.position, bare_name(name.text))

    def _row_position(self, name: Token) -> _Part:
        self._take()
        if not self._comes(".."):
            raise BadExpression(name.position, "行号只有一种写法，请写成 position(..)")
        self._take()
        self._close()
        return _Part(("position",), 1, name.position)


class _FilterParser(_Parser):
    """Reads a filter of choices."""

    def _bare(self, name: Token) -> _Part:
        if name.text in WORDS or not re.fullmatch(NAME, name.text):
            raise BadExpression(name.position, bare_name(name.text))
        return _Part(("column", name.text), 1, name.position)


def _canonical(digits: str) -> str:
    """Return a decimal without zeros at the ends, at least one digit before the point."""
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _checked(function: str, arguments: list[_Part]) -> list[Tree]:
    trees = [part.tree for part in arguments]
    if function in OF_A_REF and trees[0][0] != "ref":
        reason = f"函数 {function}() 的参数应为一个引用，请写成 {function}(${{名称}})"
        raise BadExpression(arguments[0].position, reason)
    if function != "regex":
        return trees
    if trees[1][0] != "text":
        raise BadExpression(arguments[1].position, "regex() 的格式应为加引号的文字，请直接写出")
    try:
        return [trees[0], ("text", from_author(trees[1][1]))]
    except BadPattern as bad:
        # The pattern begins after its quote.
        raise BadExpression(arguments[1].position + 1 + bad.offset, bad.reason) from None
