"""The columns of 执法人员名录库 and how a row of them becomes an officer."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from inspect_server.domain.registry import values as v
from inspect_server.domain.registry.cells import Unreadable, code, tidy
from inspect_server.domain.registry.headers import Column, Header, Problem, title_table
from inspect_server.domain.registry.values import Reader

CERTIFICATE, NAME, UNIT, REASON = 40, 100, 200, 200
"""Longest texts in characters, as wide as the table's columns."""

DEFAULTS: Mapping[str, Any] = {
    "specialties": [],
    "may_lead": True,
    "active": True,
    "phone": None,
}
"""What a new officer has where the file has no such column: every certificate holder may lead."""

FIELDS = ("cert_no", "name", "unit", "cert_valid_from", "cert_valid_to", *DEFAULTS)


class Assembler:
    """Turn the cells of one file's rows into officers."""

    def __init__(self, header: Header, unit: str) -> None:
        """`unit` is where an officer belongs when the file does not say: the authority itself."""
        self._fields = header.fields
        self._title = header.title
        self._unit = unit

    def assemble(self, values: dict[str, Any]) -> list[Problem]:
        """Replace column values by field values in place; return what does not fit together."""
        if "unit" in self._fields and not values["unit"]:
            values["unit"] = self._unit
        return self._validity(values)

    def contradictions(self, values: dict[str, Any]) -> list[Problem]:
        """Return what does not fit together among the readable values of a row with others."""
        if values.get("cert_valid_from") is None or values.get("cert_valid_to") is None:
            return []
        return self._validity(values)

    def _validity(self, values: dict[str, Any]) -> list[Problem]:
        period: tuple[date, date] | None = values.pop("validity", None)
        first = values.get("cert_valid_from") or (period and period[0])
        last = values.get("cert_valid_to") or (period and period[1])
        values["cert_valid_from"], values["cert_valid_to"] = first, last
        if first is None:
            return [Problem(self._named("cert_valid_from"), "必填，不能为空")]
        if last is None:
            return [Problem(self._named("cert_valid_to"), "必填，不能为空")]
        if first > last:
            return [Problem(self._named("cert_valid_to"), f"有效期止 {last} 早于有效期起 {first}")]
        return []

    def _named(self, field: str) -> str:
        if field not in self._fields:
            return "有效期"
        return self._title(field)


TITLES = title_table("""
    cert_no           执法证号 执法证件号 执法证编号 行政执法证号 证件编号 证号 执法证号码
    cert_no           行政执法证件号码
    name              姓名 执法人员姓名 人员姓名 执法人员
    unit              单位 科室 所在单位 部门 执法单位 单位/科室 所属单位 所在科室 所属部门 工作单位
    cert_valid_from   有效期起 有效期开始 有效期自 有效期起始日期 有效期起始 证件有效期起 生效日期
    cert_valid_from   发证日期
    cert_valid_to     有效期止 有效期至 有效期截止 到期日期 有效期结束 有效期截止日期 证件有效期止
    cert_valid_to     失效日期
    validity          有效期 证件有效期 执法证有效期 有效期限
    specialties       专长 专业 专业领域 业务专长 执法专长 擅长领域 行业领域
    may_lead          可任主办 是否可任主办 主办 能否主办 主办资格 可主办
    active            在岗状态 在岗 是否在岗 状态 人员状态
    phone             手机 联系电话 电话 手机号 手机号码 联系方式
    leaves            休假 请假 休假时间 休假日期 不在岗时间 休假安排
    recusals          回避 回避企业 回避单位 回避对象 需回避企业
""")
"""What offices call each field; where several stand in one file, the earlier one counts."""


def columns(check_uscc: Callable[[str], str]) -> tuple[Column, ...]:
    """Return all columns; `check_uscc` as for enterprises."""
    readers: dict[str, Reader] = {
        "cert_no": _certificate,
        "name": v.required(v.text(NAME)),
        "unit": v.text(UNIT),
        "cert_valid_from": v.day,
        "cert_valid_to": v.day,
        "validity": _validity,
        "specialties": v.sectors,
        "may_lead": v.yes,
        "active": v.on_duty,
        "phone": v.phone,
        "leaves": v.periods,
        "recusals": _recusals(check_uscc),
    }
    required = ("cert_no", "name")
    return tuple(Column(f, TITLES[f], read, f in required) for f, read in readers.items())


def _certificate(cell: str) -> str:
    value = code(cell)
    if not value:
        raise Unreadable("必填，不能为空")
    if len(value) > CERTIFICATE:
        raise Unreadable(f"内容过长（{len(value)} 字，最多 {CERTIFICATE} 字）")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", value):
        raise Unreadable("已被 Excel 改成科学计数，请将单元格设为文本后重新填写")
    return value


def _validity(cell: str) -> tuple[date, date] | None:
    found = v.periods(cell)
    if not found:
        return None
    first, last, _ = found[0]
    if len(found) > 1 or first == last:
        raise Unreadable("应为一段起止日期，如 2023-01-01至2028-12-31")
    return first, last


_RECUSAL = re.compile(r"([0-9A-Z-]{15,20})(?:\(([^()]*)\))?[;,、。/|]*")


def _recusals(check_uscc: Callable[[str], str]) -> Callable[[str], list[tuple[str, str]]]:
    def read(cell: str) -> list[tuple[str, str]]:
        """Read 统一社会信用代码 with optional reasons: 9132…（配偶任职）；9132…."""
        spaced = unicodedata.normalize("NFKC", tidy(cell)).upper()
        value = ";".join(spaced.split())
        found: dict[str, str] = {}
        position = 0
        while position < len(value):
            match = _RECUSAL.match(value, position)
            if not match:
                raise Unreadable("应为统一社会信用代码，多个用“；”分隔，可在括号内写明原因")
            try:
                found[check_uscc(match[1])] = (match[2] or "")[:REASON]
            except ValueError as error:
                raise Unreadable(f"{match[1]}：{error}") from None
            position = match.end()
        return sorted(found.items())

    return read
