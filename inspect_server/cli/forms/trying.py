"""`forms try`: fill a checklist in from a file, before any phone does."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from forms.definition.possible import RESULTS as CHECKED
from forms.definition.possible import Answers as Possible
from forms.evaluate import Evaluation, Fault, Invalid
from forms.evaluation.filling import GIVEN, Filling
from forms.evaluation.given import says_nothing
from forms.evaluation.ordering import members_of
from forms.model import CHOICES, NOT_ASKED, Form, Item, Kind, Result, Section, placed
from inspect_server.cli.forms.naming import CHECKLIST
from inspect_server.cli.forms.sources import given, today
from inspect_server.cli.terminal.chinese import FAILED, disk_reason, legible
from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import AT_ONCE
from inspect_server.domain.saying import measure_name
from inspect_server.usecases.inspecting.suggested_findings import (
    Answers,
    SuggestedFinding,
    suggested_findings,
)

LEVELS = {"general": "一般", "major": "重大"}
RESULTS = frozenset(result.value for result in Result)
IN_CHINESE = {word: result for result, word in CHECKED.items()}
"""What people call the four results; phones send only the others."""

OF_A_VISIT = frozenset({Fault.FINDING_MISSING, Fault.PHOTO_MISSING, Fault.MEASURE_MISSING})
"""What only an officer on site adds: findings and photos are not tried out."""


UNASKED = "按其他条目的答案不在检查之列，所填答案不起作用，请核对。"
LEFT_OUT = {
    True: "按其他条目的答案不在检查之列，而所填为不符合，请核对；办结时须说明理由。",
    False: "按其他条目的答案不在检查之列，是否不符合不能确定，请核对；办结时须说明理由。",
}
"""Of an answer to what is not asked, whether it is known to be a failure."""
NOT_FILLED_IN = "不由人填写，请删去"
JUDGED_OTHERWISE = (
    "判断所依据的条目按其他答案不在检查之列，否则为不符合，请核对；办结时须说明理由。"
)
NOT_IN_FORCE = "（所列条文在检查日均未施行或者已经失效）"
LONGEST_NUMBER = 30
"""Digits of a number that is written out; phones send no longer ones."""


class AnswersUnreadable(InspectError):
    """The file of answers cannot be read, or holds no answers."""

    code, kind = "forms.answers_unreadable", "invalid"
    message = "无法读取答案 {path}（{reason}），请检查后重试。"


class WrittenTwice(Exception):
    """A key stands twice in one object of the answers; the text is the key."""


@click.command(
    "try",
    help="试填一份检查表：给出答案，列出应检查的条目、计算结果、缺项、错误和建议的问题。",
    epilog="""\b
示例：
  inspect-server forms try 本局专项检查表.xlsx 答案.json --on 2026-11-23
  inspect-server forms try ammonia-refrigeration@1 答案.json --json

\b
答案写成 JSON，如 {"A01": "fail", "A02": "pass", "N01": 35.5, "N02": ["o2", "co"]}：
检查项填 pass（符合）、fail（不符合）、not_applicable（不适用）、not_checked（未检查），
也可以填中文；单选、多选填选项代码（用 inspect-server forms show 查看）；
其他条目填值，表格填若干行。不连接数据库，也不留下任何记录。

\b
退出码：
  0  答案都成立（可以有缺项和问题）
  1  有答案不成立，已列为“错误”；或者文件无法读取
  2  用法有误""",
)
@click.argument("definition", metavar="检查表", type=CHECKLIST)
@click.argument(
    "answers", metavar="答案", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="检查日期，默认今天。"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def try_command(definition: str, answers: Path, on: datetime | None, as_json: bool) -> None:
    """Tell what answers to a checklist mean."""
    form = given(definition).form
    day = today() if on is None else on.date()
    said = _read(answers)
    answered = _answers(form, said)
    found, findings = suggested_findings(form, answered, day)
    left_out = _left_out(form, answered, found, day)
    invalid = [one for one in found.invalid if one.fault not in OF_A_VISIT]
    invalid = [_explained(form, one, said.get(one.code)) for one in invalid]
    if as_json:
        click.echo(
            json.dumps(_plain(found, invalid, findings, left_out), ensure_ascii=False, indent=2)
        )
    else:
        for line in _lines(form, found, invalid, findings, left_out):
            click.echo(legible(line))
    if invalid:
        sys.exit(FAILED)


def _read(path: Path) -> Mapping[str, Any]:
    """Return the answers of a file; numbers as the text that phones send."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark at the beginning
        content = json.loads(
            text,
            parse_int=str,
            parse_float=_decimal,
            parse_constant=str,
            object_pairs_hook=_once,
        )
    except OSError as error:
        raise AnswersUnreadable(path=path.name, reason=disk_reason(error)) from None
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 个字符附近"
        reason = f"{where}不符合 JSON 格式，编号和文字应加英文双引号，各项之间用英文逗号"
        raise AnswersUnreadable(path=path.name, reason=reason) from None
    except UnicodeDecodeError:
        raise AnswersUnreadable(path=path.name, reason="不是 UTF-8 编码") from None
    except WrittenTwice as error:
        reason = f"“{error}”写了两次，请只留一处"
        raise AnswersUnreadable(path=path.name, reason=reason) from None
    except RecursionError:
        raise AnswersUnreadable(path=path.name, reason="嵌套层次过多") from None
    if not isinstance(content, dict):
        raise AnswersUnreadable(path=path.name, reason="应为编号和答案的对照表")
    for code, value in content.items():
        if _has_boolean(value):
            reason = f"“{code}”不能填 true 或者 false，检查项填 pass、fail，其他条目填值"
            raise AnswersUnreadable(path=path.name, reason=reason)
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless it says something twice: nobody knows which is meant."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise WrittenTwice(key)
        found[key] = value
    return found


def _decimal(number: str) -> str:
    """Return a number without exponent, unless that would be longer than any answer."""
    value = Decimal(number)
    return format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else number


def _has_boolean(value: Any) -> bool:
    return any(isinstance(leaf, bool) for _, leaf in _cells("", value))


def _answers(form: Form, said: Mapping[str, Any]) -> Answers:
    items = {item.code: item for item in form.items}
    return {code: _answer(items.get(code), value) for code, value in said.items()}


def _answer(item: Item | None, value: Any) -> dict[str, Any]:
    """Return an answer as phones send it, of one that is as short as people write it."""
    if isinstance(value, dict) and "result" in value:
        return {**value, "result": _word(value["result"])}
    is_value = not isinstance(value, str) or value not in RESULTS
    if item is not None and item.kind is not Kind.CHECK and is_value:
        return {"result": GIVEN, "reason": "", "note": "", "given": value}
    return {"result": _word(value), "reason": "", "note": ""}


def _word(result: Any) -> str:
    """Return a result as phones send it, or one that there is not."""
    return IN_CHINESE.get(result, result) if isinstance(result, str) else ""


def _left_out(form: Form, answers: Answers, found: Evaluation, day: date) -> dict[str, str]:
    """Return the codes of answers that other answers leave out, or whose failure, with the effect.

    What was left blank has none.
    """
    filling = Filling(form, day.isoformat())
    for code, answer in answers.items():
        filling.answer(code, answer)
    failures = {one.code: one.is_failure for one in filling.failures_left_out()}
    visible, effects = {*found.visible}, {}
    for item in form.items:
        code = item.code
        if code in visible and code in failures:
            effects[code] = JUDGED_OTHERWISE
        elif code in failures:
            effects[code] = LEFT_OUT[failures[code]]
        elif code not in visible and _is_filled_in(answers.get(code)):
            effects[code] = UNASKED
    return effects


def _is_filled_in(answer: Mapping[str, Any] | None) -> bool:
    if answer is None:
        return False
    return answer.get("result") != GIVEN or not says_nothing(answer.get(GIVEN))


def _explained(form: Form, invalid: Invalid, said: Any) -> Invalid:
    """Return why an answer cannot stand, with the codes of the choices whose labels were given."""
    if invalid.fault is Fault.UNKNOWN_ITEM:
        return replace(invalid, message=_whose(form, invalid.code) or invalid.message)
    if invalid.fault is not Fault.WRONG_VALUE:
        return invalid
    codes = dict.fromkeys(_labels(form, invalid.code, said))
    hints = "、".join(f"“{label}”的代码是 {code}" for label, code in codes)
    return replace(invalid, message=f"{invalid.message}{hints}，请填代码。") if hints else invalid


def _whose(form: Form, name: str) -> str:
    """Return what to write instead of how conditions cite an item, or of a column's code."""
    for item in form.items:
        if name == item.cited_as:
            return f"“{name}”是引用名称，编号是 {item.code}，请按编号填写。"
        if told := _of_column(name, item.columns, item.code):
            return told
    return ""


def _of_column(name: str, columns: Sequence[Item | Section], table: str) -> str:
    """Return what to write instead of a column's name, "" where no column here has it."""
    for column, _ in placed(columns):
        if name in (column.cited_as, column.code):
            is_filled_in = column.kind not in NOT_ASKED and column.calculation is None
            where = f"请填在 {table} 各行的 {column.code} 中" if is_filled_in else NOT_FILLED_IN
            return f"“{name}”是表格 {table} 的列，{where}。"
        inner = f"{table} 各行的 {column.code}"
        if told := _of_column(name, column.columns, inner):
            return told
    return ""


def _labels(form: Form, code: str, said: Any) -> Iterator[tuple[str, str]]:
    """Yield each label that stands where a choice's code is due, with that code; in rows too."""
    possible = Possible(form)
    items = {one.code: one for one in members_of(form.sections) if isinstance(one, Item)}
    for name, value in _cells(code, said):
        item = items.get(name)
        values = possible.of(item) if item is not None and item.kind in CHOICES else None
        if values is not None and isinstance(value, str) and (meant := values.meant(value)):
            yield value, meant


def _cells(code: str, said: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in an answer, each with the code of the item or column above it."""
    waiting = [(code, said)]  # no recursion: a file may be nested as deep as it can be read
    while waiting:
        above, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(above, one) for one in reversed(value)]
        elif isinstance(value, dict):
            inner = [(above if name == GIVEN else name, one) for name, one in value.items()]
            waiting += reversed(inner)
        else:
            yield above, value


def _plain(
    found: Evaluation,
    invalid: list[Invalid],
    findings: tuple[SuggestedFinding, ...],
    left_out: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "visible": list(found.visible),
        "calculated": dict(found.calculated),
        "missing": list(found.missing),
        "invalid": [
            {"code": one.code, "fault": one.fault.value, "message": one.message} for one in invalid
        ],
        "unasked": [{"code": code, "message": effect} for code, effect in left_out.items()],
        "findings": [_plain_finding(one) for one in findings],
    }


def _plain_finding(one: SuggestedFinding) -> dict[str, Any]:
    period = one.period
    return {
        **asdict(one.suggestion),
        "supervised": one.suggestion.is_supervised,
        "referred_to": one.referred_to,
        "deadline": None if period is None else period.last_day.isoformat(),
        "deadline_law": None if period is None else period.law,
        "deadline_verified": None if period is None else period.is_verified,
    }


def _lines(
    form: Form,
    found: Evaluation,
    invalid: list[Invalid],
    findings: tuple[SuggestedFinding, ...],
    left_out: Mapping[str, str],
) -> Iterator[str]:
    asked = {item.code: item.question for item in form.items}
    done = found.progress
    yield f"{form.title}（{form.ref}）：应检查 {done.total} 项，已填 {done.answered} 项。"
    for code, value in found.calculated.items():
        yield f"计算  {code} {asked.get(code, '')}：{value or '（空）'}"
    for code in found.missing:
        yield f"缺项  {code} {asked[code]}"
    for one in invalid:
        yield f"错误  {one.code}：{one.message}"
    for code, effect in left_out.items():
        yield f"未问  {code} {asked[code]}：{effect}"
    for finding in findings:
        yield from _finding(finding)


def _finding(finding: SuggestedFinding) -> Iterator[str]:
    one = finding.suggestion
    yield f"问题  {one.code}（{LEVELS[one.level]}）：{one.wording}"
    yield f"      依据：{one.basis or NOT_IN_FORCE}"
    if one.device_basis:
        yield f"      有关设施已设置而失效、无效的，并依据：{one.device_basis}"
    yield from (f"      ［待核］{citation}" for citation in one.to_verify)
    for condition in one.to_confirm:
        yield f"      须由检查人员判断：{condition}"
    if finding.referred_to:
        yield f"      移送线索：{finding.referred_to}，不作处罚"
        return
    yield f"      处罚依据：{one.penalty_basis or NOT_IN_FORCE}"
    if finding.period is None:
        yield f"      {measure_name(AT_ONCE, one.level)}"
    else:
        mark = "" if finding.period.is_verified else "［期限待核］"
        last = finding.period.last_day.isoformat()
        yield f"      整改期限：{last}（{finding.period.natural_days} 日）{mark}"
    if one.is_supervised:
        yield "      重大事故隐患：应当场采取现场处理措施，并挂牌督办"
