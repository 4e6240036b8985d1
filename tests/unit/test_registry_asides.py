"""Telling rows that are no entry of a list from entries that cannot be read."""

import pytest

from inspect_server.domain.registry.asides import Aside, aside

TITLES = ["序号", "企业名称", "统一社会信用代码", "联系电话"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["合计", "", "", ""], Aside.TOTAL),
        (["", "总　计", "", "128"], Aside.TOTAL),
        (["36", "港城街道小计", "", "3"], Aside.TOTAL),
        (["", "", "共128家", ""], Aside.TOTAL),
        (["说明：1、本表由街道填报"], Aside.NOTE),
        (["注：红色为重大风险"], Aside.NOTE),
        (["第1页共3页"], Aside.NOTE),
        (["制表人：张三", "", "填表日期：2026年1月5日"], Aside.SIGNATURE),
        (["", "填表日期", "2026-1-5", ""], Aside.SIGNATURE),
        (["单位负责人：张三"], Aside.SIGNATURE),
        (["2、本表一式两份"], Aside.HEADING),
        (["一、化工企业（35家）"], Aside.HEADING),
        (["1", "2", "3", "4"], Aside.INSTRUCTION),
        (["必填", "必填", "必填", "选填"], Aside.INSTRUCTION),
        (["序号", "企业名称", "统一社会信用代码", "联系电话"], Aside.HEADER),
        (["37", "", "", ""], Aside.NUMBER),
    ],
)
def test_a_row_that_names_nobody_is_told_what_it_is(cells: list[str], kind: Aside) -> None:
    assert aside(cells, TITLES, 2) is kind


@pytest.mark.parametrize(
    "cells",
    [
        ["3", "某某会计合计有限公司", "", ""],
        ["3", "合计划（苏州）公司", "9132", ""],
        ["4", "连云港注塑有限公司", "", ""],
        ["5", "说明书印刷厂", "", ""],
        ["6", "制表单位印刷厂", "", ""],
        ["7", "共计网络科技公司", "", ""],
        ["", "一、二建筑公司", "", "0518-85550000"],
        ["8", "合计", "320799MA0000", "13800000000"],
        ["", "甲公司", "", ""],
        ["", "", "", ""],
    ],
)
def test_an_enterprise_without_a_code_stays_a_rejected_row(cells: list[str]) -> None:
    assert aside(cells, TITLES, 2) is None
