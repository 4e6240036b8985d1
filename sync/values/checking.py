"""Reading a value: by its schema, and by the rules between its fields."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from sync.errors import BadEntry
from sync.values.given import fault_of
from sync.values.schemas import ORDERED
from sync.values.texts import is_blank, is_day, is_moment
from sync.values.types import RESOLVABLE, TYPES, OperationType


def check(kind: OperationType, item: str, raw: bytes, field: str) -> Struct:
    """
    Return the typed value of an operation.

    Args:
        kind: Its type.
        item: Its item id.
        raw: The JSON text of its value.
        field: Where it stands, for the error.

    Raises:
        BadEntry: The value breaks its schema or a rule between its fields.
    """
    try:
        value: Struct = _decoder(kind.value)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEntry(field=field, reason=str(error)) from None
    rule = _RULES.get(kind.name)
    if rule and (broken := rule(value, item)):
        raise BadEntry(field=field, reason=broken)
    return value


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a value made of texts, integers, booleans, null, lists, dicts."""
    return _encode_sorted(value)


_encode_sorted = msgspec.json.Encoder(order="sorted").encode


@cache
def _decoder(kind: type[Struct]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind).decode


def _answer(value: Any, _item: str) -> str:
    if value.result == "not_checked" and is_blank(value.reason):
        return "未检查项必须写明原因"
    if (value.result == "given") != (value.given is not UNSET):
        return "填写的内容与结果不一致"
    return "" if value.given is UNSET else fault_of(value.given)


def _finding(value: Any, _item: str) -> str:
    if value.deadline and not is_day(value.deadline):
        return "整改期限不是有效日期"
    if value.further_measures is UNSET:
        return ""
    if value.measure not in ORDERED:
        return "线索移送不与其他处理措施并用"
    places = [ORDERED.index(one) for one in (value.measure, *value.further_measures)]
    is_rising = all(one < other for one, other in pairwise(places))
    return "" if is_rising else "几项处理措施应按规定的顺序，各写一次"


def _photo(value: Any, _item: str) -> str:
    if bool(value.latitude) != bool(value.longitude):
        return "经度和纬度须同时填写"
    return "" if is_moment(value.taken_wall) else "拍摄时间不是有效时刻"


def _signature(value: Any, _item: str) -> str:
    if value.refused and is_blank(value.refusal_reason):
        return "拒绝签字须写明原因"
    if not value.refused and not value.strokes:
        return "签名为空"
    if (value.signer == "participant") != (value.participant is not UNSET):
        return "参加人员签名须写明是哪一位参加人员"
    if value.signer == "participant" and value.document != "record":
        return "参加人员只在现场检查记录上签名"
    return ""


def _gap(value: Any, _item: str) -> str:
    return "" if is_moment(value.begin) and is_moment(value.to) else "中断时间不是有效时刻"


def _recheck(value: Any, _item: str) -> str:
    is_unsaid = value.result == "not_checked" and is_blank(value.note)
    return "未复查的问题必须写明原因" if is_unsaid else ""


def _arrival(value: Any, _item: str) -> str:
    if value.gate is not UNSET and not is_moment(value.gate.read_at):
        return "扫码时间不是有效时刻"
    if value.arrived_at is UNSET or is_moment(value.arrived_at):
        return ""
    return "到场时间不是有效时刻"


def _resolve(value: Any, item: str) -> str:
    settled_as = next((op for prefix, op in RESOLVABLE.items() if item.startswith(prefix)), None)
    if settled_as is None:
        return "该项目不会产生冲突"
    raw = bytes(value.chosen)
    if raw.strip() == b"null":
        return ""
    if not settled_as:
        return "签名不能代为选定，请撤回后重签"
    try:
        chosen = _decoder(TYPES[settled_as].value)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return str(error)
    rule = _RULES.get(settled_as)
    return rule(chosen, item) if rule else ""


def _team(value: Any, _item: str) -> str:
    leads = [member for member in value.team if member.role == "lead"]
    return "" if len(leads) == 1 else "每个任务须有且仅有一名主办人员"


_RULES: Mapping[str, Callable[[Any, str], str]] = {
    "answer.set": _answer,
    "finding.add": _finding,
    "finding.amend": _finding,
    "photo.add": _photo,
    "signature.add": _signature,
    "gap.declare": _gap,
    "recheck.set": _recheck,
    "visit.start": _arrival,
    "conflict.resolve": _resolve,
    "task.assign": _team,
    "task.reassign": _team,
}
