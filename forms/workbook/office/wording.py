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
    _DEVICES: (
        "请先在工作表“检查表”（XLSForm 为 settings）中填写“监控报警防护设施失效的判定依据”，"
        "本表没有这一项"
    ),
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
    ("begin_(group|repeat) 没有对应的 end_.*", "请在这一组最后一行的下面补上"),
    ("end_(group|repeat) 没有对应的 begin_.*", "请在这一组第一行的上面补上，或者删去这一行"),
    ("检查项不能放在重复组内", "请移到重复组之外，或者改为其他题型"),
    ("有重复的.*", "请删去一个"),
)
"""What the reader of definitions says, word by word, and what its author is told to do."""

_ABOUT_ITSELF = frozenset({"不符合条件", "填写要求", "constraint"})
"""Columns of conditions in which `.` is the item's own answer."""

_YES_NO_OR_CONDITION = frozenset({"必填", "是否必填", "只读", "required", "readonly", "read_only"})
_CONDITIONS = frozenset({"显示条件", "relevant", "relevance"})
_BARE = re.compile(
    r"第(?P<at>\d+)个字符：“(?P<word>[^”]*)”的写法不对，引用其他检查项请写 \$\{.*\}，文字请加引号"
)

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


def worded(
    problems: Iterable[Problem], unnamed: int, names: Mapping[str, str]
) -> Iterator[Problem]:
    """
    Yield what is wrong in the words of the workbook.

    Args:
        problems: As they were found.
        names: By every code and every name of an item the name that `${…}` takes for it.
        unnamed: Rows without a code that can be used. A name that is not found may mean one of
            these: unless more names than rows are not found, only the fault of the code is told.
    """
    every = [_cited_otherwise(one, names) for one in problems]
    unfound = {found["name"] for one in every if (found := _UNFOUND.match(one.reason))}
    is_echo = len(unfound) <= unnamed
    for one in every:
        if not (is_echo and _UNFOUND.match(one.reason)):
            reason = _without_condition(in_words(one.reason), one.column, names)
            yield replace(one, reason=_with_own_value(reason, one.column))


def _cited_otherwise(problem: Problem, names: Mapping[str, str]) -> Problem:
    """Return what to write where an item is cited by its code and has another name for that."""
    found = re.fullmatch(r"没有名为“(?P<name>[^”]*)”的条目，.*", problem.reason)
    cited = names.get(found["name"], "") if found else ""
    if not found or cited in ("", found["name"]):
        return problem
    reason = f"编号“{found['name']}”的引用名称是“{cited}”，请写 ${{{cited}}}"
    return replace(problem, reason=reason)


def _without_condition(reason: str, column: str, names: Mapping[str, str]) -> str:
    """
    Return what to do about a word where a condition should be.

    Whoever wrote 选填 or 叉车数量大于0时显示 would make a condition that says nothing out of the
    advice to put it into quotes or braces.
    """
    found = _BARE.fullmatch(reason)
    if not found or column not in _YES_NO_OR_CONDITION | _CONDITIONS | _ABOUT_ITSELF:
        return reason
    word, at = found["word"], f"第{found['at']}个字符："
    if word in names:
        return f"{at}“{word}”的写法不对，引用其他检查项请写 ${{{names[word]}}}，文字请加引号"
    if found["at"] != "1":  # behind an operator a text is what most authors mean
        return f"{at}“{word}”不是条目的名称，文字请加引号，写成 '{word}'"
    if column in _ABOUT_ITSELF:
        return f"“{word}”不是条件，请写成算式，“.”代表本条目的答案，如 . > 9"
    if column in _YES_NO_OR_CONDITION:
        return f"“{word}”不是条件，请填写是、否或者条件，条件如 ${{S02}} = 'fail'"
    return (
        f"“{word}”不是条件，请写成算式，如 ${{S02}} = 'fail' 或者 ${{在岗人数}} > 0，"
        "始终显示的请留空"
    )


def _with_own_value(reason: str, column: str) -> str:
    """Return what to do with `> 3` where it lacks what most authors mean: the answer itself."""
    if column not in _ABOUT_ITSELF:
        return reason
    return reason.replace("前面缺少值，请补上 ", "前面缺少值，请补上“.”（本条目的答案）、")
