"""What the templates say for codes, moments and places of the domain."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, g

from inspect_server.domain.assignment import REASON_NAMES, SOURCE_NAMES
from inspect_server.domain.draw.ceremony.words import (
    STAGE_NAMES,
    place_name,
    source_title,
    source_value,
    stage_name,
)
from inspect_server.domain.draw.entropy import CHAINS
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.findings.rechecking import RECHECK_NAMES
from inspect_server.domain.findings.unasked import failed_in_words
from inspect_server.domain.inspection import END_REASON_NAMES, STATE_NAMES
from inspect_server.domain.plan import cell_name, odds
from inspect_server.domain.saying import (
    LEVEL_NAMES,
    RESULT_NAMES,
    RULED,
    SET_ASIDE_NAMES,
    lapse,
    measures_named,
)
from inspect_server.web.begin import backend
from inspect_server.web.guard import policy_of

KINDS = {"inspection_record": "现场检查记录", "rectification_order": "责令限期整改指令书"}
PLAN_STATES = {"draft": "待批准", "approved": "执行中", "superseded": "已被替代"}
DRAW_STATES = {"committed": "已承诺，待揭示", "revealed": "已揭示", "void": "已作废"}
STEPS = {
    "start": "到达现场",
    "complete": "结束检查",
    "lead": "主办签名",
    "member": "协办签名",
    "enterprise": "被检查单位签名",
    "witness": "见证人签名",
    "participant": "签名",
    "order_lead": "主办在责令限期整改指令书上签名",
    "order_member": "协办在责令限期整改指令书上签名",
    "order_enterprise": "被检查单位签收责令限期整改指令书",
    "order_witness": "见证人在责令限期整改指令书上签名",
}
REMARKS = {"refused": "拒签", "stale": "签名后内容有变动"}
DONE = {
    InspectionState.RECORD_CLOSED,
    InspectionState.DOCUMENTS_ISSUED,
    InspectionState.ENDED,
}
GROUP = 4
"""Digits of a hash that are read in one go."""


def register(console: Blueprint) -> None:
    """Give every template the account, the authority's name and the words."""

    @console.app_context_processor
    def common() -> dict[str, Any]:
        return {
            "user": g.get("user"),
            "csrf": g.get("csrf", ""),
            "authority": backend().settings.authority,
            "sources": SOURCE_NAMES,
            "results": RESULT_NAMES,
            "levels": LEVEL_NAMES,
            "team_roles": STAGE_NAMES,
            "kinds": KINDS,
            "states": STATE_NAMES,
            "done_states": DONE,
            "set_aside": SET_ASIDE_NAMES,
            "ruled": RULED,
            "leaving": {**REASON_NAMES, **END_REASON_NAMES},
            "plan_states": PLAN_STATES,
            "draw_states": DRAW_STATES,
            "steps": STEPS,
            "remarks": REMARKS,
            "measures_named": measures_named,
            "recheck_names": RECHECK_NAMES,
            "cell_words": cell_name,
            "place_name": place_name,
            "stage_name": stage_name,
            "odds": odds,
            "source_title": source_title,
            "source_value": source_value,
            "chain_kinds": CHAINS,
            "may_open": may_open,
        }

    def may_open(page: str, method: str = "GET") -> bool:
        """Whether the account may open this page of the console, or send its form."""
        rule = policy_of(current_app, f"console.{page}", method)
        return bool(rule and rule & g.actor.roles)

    console.add_app_template_filter(lapse)
    console.add_app_template_filter(failed_in_words)

    @console.app_template_filter("groups")
    def groups(text: str) -> list[str]:
        return [text[at : at + GROUP] for at in range(0, len(text), GROUP)]

    @console.app_template_filter("moment")
    def moment(value: datetime | str | None) -> str:
        if not value:
            return ""
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(backend().settings.zone).strftime("%Y-%m-%d %H:%M")
