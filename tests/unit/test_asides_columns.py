"""A short row is an aside only when it numbers the columns."""

import pytest

from inspect_server.domain.registry.asides import Aside, aside

TITLES = ("企业名称", "统一社会信用代码", "地址")


@pytest.mark.parametrize("row", [["x", "123"], ["x", "1"], ["某", "123", ""], ["2", "1", "3"]])
def test_a_name_with_a_bad_code_is_rejected_and_no_aside(row: list[str]) -> None:
    assert aside(row, TITLES, 1) is None


@pytest.mark.parametrize(
    "row", [["1", "2", "3"], ["甲", "乙", "1"], ["A", "B", "C"], ["(1)", "(2)"]]
)
def test_a_row_that_numbers_the_columns_is_an_aside(row: list[str]) -> None:
    assert aside(row, TITLES, 1) is Aside.INSTRUCTION
