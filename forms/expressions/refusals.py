"""What an author is told who writes a function that this subset does not have."""

from difflib import get_close_matches

from forms.expressions.tree import BINARY, FUNCTIONS, MAX_ARGUMENTS

WORDS = frozenset({*filter(str.isalpha, BINARY), "AND", "OR", "true", "false", "TRUE", "FALSE"})
"""Words that are never columns of a choice: where one stands alone, something was forgotten."""

_INSTEAD = {
    "now": "当天日期请写 today()",
    "random": "请由检查人员填写该值",
    "uuid": "系统会自动为每份检查记录编号，请删去",
    "once": "请直接写出括号里的内容",
    "pulldata": "请把需要的数据列入选项表",
    "instance": "请把需要的数据列入选项表",
    "current": "引用其他检查项请直接写 ${名称}",
    "indexed-repeat": "表格各行的合计请写 sum(${名称})、count(${名称})、min() 或 max()",
    "jr:choice-name": "请直接比较选项的代码，如 ${名称} = '代码'",
    "jr:itext": "请直接写出文字",
    "boolean": "请直接写条件，如 ${名称} != ''",
    "boolean-from-string": "请写成比较，如 ${名称} = 'true'",
    "substring": "请写 substr(文字, 起始位置, 结束位置)，位置从 0 算起",
    "substring-before": "请写 substr(文字, 起始位置, 结束位置)，位置从 0 算起",
    "substring-after": "请写 substr(文字, 起始位置, 结束位置)，位置从 0 算起",
    "floor": "取整请写 int()，四舍五入请写 round()",
    "ceiling": "取整请写 int()，四舍五入请写 round()",
    "pow": "乘方请用 * 连乘",
    "join": "连接文字请写 concat()",
    "last": "表格的行数请写 count(${名称})",
    "count-non-empty": "个数请写 count(${名称})",
    "checklist": "请用 and、or 写出条件",
    "weighted-checklist": "请用 and、or 写出条件",
    "format-date": "日期请写 date()，部分内容请用 substr() 截取",
    "format-date-time": "日期请写 date()，部分内容请用 substr() 截取",
    "date-time": "日期请写 date()",
    "decimal-date": "天数请写 number()",
    "decimal-date-time": "天数请写 number()",
    "translate": "请用 if() 分别写出",
    "name": "引用其他检查项请写 ${名称}",
    "AND": "请写小写的 and",
    "OR": "请写小写的 or",
}


IN_CHINESE = {
    **dict.fromkeys(("且", "并且", "而且", "和", "与", "同时"), "and"),
    **dict.fromkeys(("或", "或者"), "or"),
    **dict.fromkeys(("等于", "是", "为"), "="),
    **dict.fromkeys(("不等于", "不是"), "!="),
    "大于": ">",
    "小于": "<",
    **dict.fromkeys(("大于等于", "不小于", "不少于"), ">="),
    **dict.fromkeys(("小于等于", "不大于", "不超过"), "<="),
}
"""Operators in the words of those who do not program."""


def unknown_function(name: str) -> str:
    """Return the sentence about a function that is not in `FUNCTIONS`."""
    if name in _INSTEAD:
        return f"不支持函数 {name}()，{_INSTEAD[name]}"
    if close := get_close_matches(name.lower(), FUNCTIONS, n=1, cutoff=0.75):
        return f"没有函数 {name}()，请核对是否应为 {close[0]}()"
    return f"不支持函数 {name}()，可以使用 selected()、if()、coalesce()、regex()、today() 等函数"


def wrong_arity(name: str, given: int) -> str:
    """Return the sentence about a function that got too few or too many arguments."""
    least, most = FUNCTIONS[name]
    if most == MAX_ARGUMENTS and given > most:
        return f"函数 {name}() 最多有 {most} 个参数，现有 {given} 个，请拆成几个计算项"
    if most == MAX_ARGUMENTS:
        wanted = f"至少要有 {least} 个"
    elif most == 0:
        wanted = "不能有"
    elif least == most:
        wanted = f"应有 {least} 个"
    else:
        wanted = f"应有 {least} 至 {most} 个"
    advice = "请补上，用英文逗号隔开" if given < least else "请删去多余的"
    return f"函数 {name}() {wanted}参数，现有 {given} 个，{advice}"


def bare_name(name: str) -> str:
    """Return the sentence about a word that is neither in quotes nor in braces."""
    if name.lower() in BINARY:
        return f"“{name}”的前面或后面缺少值，请补上或删去"
    if name.lower() in ("true", "false"):
        return f"“{name}”后面缺少括号，请写成 {name.lower()}()"
    if name in FUNCTIONS:
        return f"“{name}”是函数，后面应有括号，请写成 {name}(…)"
    return f"“{name}”的写法不对，引用其他检查项请写 ${{{name}}}，文字请加引号"
