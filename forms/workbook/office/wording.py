"""What is wrong with a workbook in the words of its author: its columns, and what to do next."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from forms.errors import Problem
from forms.model import Major
from forms.workbook.words import MAJORS

_DEVICES = "本表没有写明监控报警防护设施失效的判定依据"
_OTHERWISE: Mapping[str, str] = {
    "只有检查项或者写明 fails_if 的条目才有这个字段": (
        "只有“检查”类型或写明“不符合条件”的条目才填这一列，请清除"
    ),
    "表格至少要有一列": "表格至少要有一列，作列的条目请在“所属表格”中写明这个编号",
    _DEVICES: "请先写明“监控报警防护设施失效的判定依据”，本表没有这一项",
}
_NEXT_STEPS: tuple[tuple[str, str], ...] = (
    ("不能有换行、全角空格或控制字符", "请删去"),
    ("是否重大隐患为“否”的条目不.*", "请清除这一列，或者改填“是”“可能”"),
    ("只有是否重大隐患为“是”的条目才能写并存条件", "请清除这一列，或者改填“是”"),
    ("是否重大隐患为“可能”时应写明.*", "请补上"),
    ("“.*”不是本表其他条目的编号", "请核对编号"),
    ("没有名为“.*”的选项表", "请补上选项或核对名称"),
    ("选项表“.*”没有“.*”这一列", "请补上这一列或核对列名"),
    ("多选的选项名“.*”不能有空格", "请删去空格"),
    ("选择题应写明选项表", "请填写"),
    ("只有选择题才有选项", "请清除这一列，或者改类型"),
    ("只有数值条目才有单位和范围", "请清除这一列，或者改类型"),
    ("最大值小于最小值", "请核对这两列"),
    ("计算条目应写明算式", "请填写"),
    ("(表格由各行组成|检查项由检查人员判定)，不能由算式得出", "请清除这一列"),
    ("(停用|失效)日期应晚于(启用|施行)日期", "请核对这两个日期"),
    ("章节和表格的嵌套不能超过.*层", "请减少层数"),
    ("不属于本部门职责的条目只移送线索，.*", "请清除"),
    ("处罚幅度至少要填一栏", "请补上"),
    ("不能代替自己", "请删去"),
    ("有重复的.*", "请删去一个"),
)
"""What the reader of definitions says, word by word, and what its author is told to do."""

_ABOUT_ITSELF = frozenset({"不符合条件", "填写要求", "constraint"})
"""Columns of conditions in which `.` is the item's own answer."""

_GRADE = re.compile(r" ?major 为 (\w+) ?")
_UNFOUND = re.compile(
    "(?:没有名为|没有编号为)?“(?P<name>[^”]*)”(?:的条目，|的表格，|不是本表其他条目的编号)"
)


def in_words(reason: str) -> str:
    """Return what is wrong with a field in the words of the workbook, and what to do."""
    told = _OTHERWISE.get(reason, reason)
    told = _GRADE.sub(lambda found: f"是否重大隐患为“{MAJORS.word(Major(found[1]))}”", told)
    steps = (step for pattern, step in _NEXT_STEPS if re.fullmatch(pattern, told))
    step = "" if "请" in told else next(steps, "")
    return f"{told}，{step}" if step else told


def worded(problems: Iterable[Problem], unnamed: int) -> Iterator[Problem]:
    """
    Yield what is wrong in the words of the workbook.

    Args:
        problems: As they were found.
        unnamed: Rows without a code that can be used. A name that is not found may mean one of
            these: unless more names than rows are not found, only the fault of the code is told.
    """
    every = list(problems)
    unfound = {found["name"] for one in every if (found := _UNFOUND.match(one.reason))}
    is_echo = len(unfound) <= unnamed
    for one in every:
        if not (is_echo and _UNFOUND.match(one.reason)):
            yield replace(one, reason=_with_own_value(in_words(one.reason), one.column))


def _with_own_value(reason: str, column: str) -> str:
    """Return what to do with `> 3` where it lacks what most authors mean: the answer itself."""
    if column not in _ABOUT_ITSELF:
        return reason
    return reason.replace("前面缺少值，请补上 ", "前面缺少值，请补上“.”（本条目的答案）、")
