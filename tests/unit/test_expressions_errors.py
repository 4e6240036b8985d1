"""What an author is told, word by word: every sentence says what is wrong and what to write."""

import json

import pytest

from forms.expressions.parsing import BadExpression, parse, parse_filter
from tests.conftest import SHARED_VECTORS

TOLD = json.loads((SHARED_VECTORS / "forms" / "expression-errors.json").read_text(encoding="utf-8"))
TOO_DEEP = "表达式的嵌套或连写超过 100 层，请拆成几个计算项"
TOO_MANY = "函数 concat() 最多有 100 个参数，现有 101 个，请拆成几个计算项"
TOO_MUCH = [
    ("1 + " + "9" * 31, 5, "数字不能超过 30 个字符，请改短"),
    ("(" * 102, 102, TOO_DEEP),
    ("-" * 102 + "1", 102, TOO_DEEP),
    ("1" + "+1" * 100, 200, TOO_DEEP),
    ("not(" * 100 + "1" + ")" * 100, 1, TOO_DEEP),
    ("regex(., '" + "a" * 501 + "')", 511, "regex() 的格式超过 500 个字符，请拆成几个 regex()"),
    (
        "1 + concat('" + "', '" * 100 + "')",
        5,
        "函数 concat() 最多有 100 个参数，现有 101 个，请拆成几个计算项",
    ),
    ("regex(., '" + "(" * 21 + "')", 31, "regex() 的格式中，括号超过 20 层，请简化"),
]


@pytest.mark.parametrize(("text", "position", "reason"), TOLD["expressions"] + TOO_MUCH)
def test_a_mistake_in_an_expression_is_told_word_by_word(
    text: str, position: int, reason: str
) -> None:
    with pytest.raises(BadExpression) as refused:
        parse(text)

    assert (refused.value.position, refused.value.reason) == (position, reason)
    assert str(refused.value) == f"第 {position} 个字符处：{reason}。"


@pytest.mark.parametrize(("text", "position", "reason"), TOLD["filters"])
def test_a_mistake_in_a_filter_is_told_word_by_word(text: str, position: int, reason: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse_filter(text)

    assert (refused.value.position, refused.value.reason) == (position, reason)
