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
}
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


def subject(value: Mapping[str, Any] | None) -> str:
    """Return what an item is about, where it answers no question of a checklist; "" if nothing."""
    texts = (str((value or {}).get(key) or "") for key in SUBJECT)
    return next((text for text in texts if text), "")


def kind_of(item: str) -> str:
    """Return what kind of thing an item is: 问题隐患, 照片 …"""
    return KIND_NAMES.get(item.partition("/")[0], "记录")
