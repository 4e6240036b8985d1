"""What an arrival says beside its place: since when somebody was there, and past which code."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from inspect_server.domain.merged import Head

CODES = {"enterprise": "统一社会信用代码", "bureau": "本机关的入企码"}
"""Whose code it was that was read at the gate (扫码入企)."""


def gate_code(enterprise_id: UUID) -> str:
    """Return what the bureau's own code of an enterprise (入企码) says: only which it is."""
    return f"IXG1/{enterprise_id}"


def arrived_at(head: Head) -> datetime:
    """
    Return when somebody arrived: a correction (of a typo in the place) moves no arrival.

    A correction says since when, as its phone first registered it; one by an earlier program says
    nothing, and stands for its own time. None is later than the operation that says it.
    """
    wall = datetime.fromisoformat(head.wall)
    said = head.plain().get("arrived_at", "")
    return min(wall, datetime.fromisoformat(said)) if said else wall


def gate_in_words(gate: Mapping[str, Any]) -> str:
    """Return what a code at the gate named, and whether that is the task's enterprise."""
    if not gate:
        return ""
    named = "，".join(filter(None, (gate["named"], gate["name"])))
    at = gate["read_at"].removesuffix("+08:00").replace("T", " ")
    return f"{at} {_how(gate)}（{named}），{_agrees(gate)}"


def gate_noted(gate: Mapping[str, Any], who: str, at: str) -> str:
    """
    Return what the record notes of 扫码入企, without a stop at its end.

    Args:
        gate: As in `visit.start` (docs/sync.md).
        who: Who read it, by name.
        at: When, in words.
    """
    said = f"扫码入企：{at}，{who}{_how(gate)}核对"
    if gate["agrees"]:
        return f"{said}，现场企业与本次检查任务一致"
    named = gate["name"] or "本机关名录外的企业"
    number = f"（{gate['named']}）" if gate["code"] == "enterprise" else ""
    return f"{said}，所示为{named}{number}，与本次检查任务的企业不一致，经核对现场后登记到场"


def gate_told(gate: Mapping[str, Any]) -> str:
    """Return in short what a code at the gate said, for a list; "" where none was read."""
    return f"{_how(gate)}核对，{_agrees(gate)}" if gate else ""


def _how(gate: Mapping[str, Any]) -> str:
    return ("录入" if gate["typed"] else "扫描") + CODES[gate["code"]]


def _agrees(gate: Mapping[str, Any]) -> str:
    return "与任务一致" if gate["agrees"] else "与任务不一致"
