"""What a phone said of one item, in the words of the record."""

from collections.abc import Mapping
from typing import Any

RESULT_NAMES: Mapping[str, str] = {
    "pass": "符合",
    "fail": "不符合",
    "not_applicable": "不适用",
    "not_checked": "未检查",
}
LEVEL_NAMES: Mapping[str, str] = {"general": "一般隐患", "major": "重大事故隐患"}
KIND_NAMES: Mapping[str, str] = {
    "answer": "检查项",
    "finding": "问题隐患",
    "photo": "照片",
    "participant": "参加人员",
    "note": "其他情况",
    "gap": "记录中断",
    "visit": "到达现场",
    "signature": "签名",
    "replica": "手机",
}
SET_ASIDE_NAMES: Mapping[str, str] = {
    "not_assigned": "任务未分配给该人员",
    "reassigned": "人员已调离该任务",
    "closed": "记录已办结",
    "revoked": "手机已停用",
    "wrong_user": "手机不是该账号登记的",
    "not_lead": "不是主办人员",
    "unknown_form": "检查表版本不符",
    "schema": "内容不符合格式",
    "unverified": "签名未通过核验",
    "declined": "该手机此前的记录缺失，已决定不采用",
    "fork": "手机数据被复制，同一序号有两份记录，均已采用",
    "gap": "该手机此前的记录缺失",
    "held": "等待该手机前面的记录",
}
"""Why an entry is shown to a supervisor: the journal's reason, or its effect where that says it."""
RULED: Mapping[bool, str] = {True: "已决定采用", False: "已标记为不采用"}
"""What a supervisor's last word on such an entry was."""
SUBJECT = ("text", "caption", "name", "place")
"""Which texts of a value say what it is about, the first that is there."""


def in_words(value: Mapping[str, Any] | None) -> str:
    """Return a value as phones save it, in words: 不符合（砖混结构，二层）; None is 已撤回."""
    if value is None:
        return "已撤回"
    heads = (RESULT_NAMES.get(value.get("result", "")), LEVEL_NAMES.get(value.get("level", "")))
    head = "".join(name for name in heads if name)
    said = "；".join(
        str(value[key]) for key in ("text", "caption", "name", "reason", "note") if value.get(key)
    )
    if head and said:
        return f"{head}（{said}）"
    return head or said or "（无文字）"


def deed(type: str, value: Mapping[str, Any]) -> str:
    """Return what an operation did, in words: 符合, 撤回（填错）, 采用：不符合（现场复核）."""
    what, _, how = type.partition(".")
    if how == "retract":
        return f"撤回（{value['reason']}）"
    if type == "conflict.resolve":
        return f"采用：{in_words(value['chosen'])}（{value['reason']}）"
    if type == "replica.lost":
        return f"第 {value['upto_seq']} 条及此前的记录有缺失"
    if what == "visit":
        return "结束检查" if how == "complete" else f"到达现场（{value['place'] or '未注明地点'}）"
    return in_words(value)


def subject(value: Mapping[str, Any] | None) -> str:
    """Return what an item is about, where it answers no question of a checklist; "" if nothing."""
    texts = (str((value or {}).get(key) or "") for key in SUBJECT)
    return next((text for text in texts if text), "")


def kind_of(item: str) -> str:
    """Return what kind of thing an item is: 问题隐患, 照片 …"""
    return KIND_NAMES.get(item.partition("/")[0], "记录")
