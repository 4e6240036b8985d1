"""Unusual documents of carrying out a penalty: a person, a deferral, other duties, pauses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import example, story
from pdf_templates.execution.instalments import Instalment
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee

ZHAO = Addressee(story.ZHAO.name, is_unit=False)
OTHER_DUTY = "停止使用砂光车间 2# 干式除尘系统"
_DEMAND = example("payment_demand")
_SURCHARGE = example("surcharge_decision")
_APPROVAL = example("payment_deferral_approval")
_GRANT = example("payment_deferral_grant")
_BEFORE = example("enforcement_demand")
_APPLICATION = example("enforcement_application")

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "payment_demand": (
        replace(
            _DEMAND,
            addressee=ZHAO,
            fined=replace(_DEMAND.fined, deferral=""),
            unpaid_fen=5_000_000,
        ),
    ),
    "surcharge_decision": (
        replace(
            _SURCHARGE,
            party=story.PERSON,
            statement="你未缴纳，也未提出陈述、申辩",
            counted_until="2026-11-30",
            paused_days=20,
            days=61,
            surcharge_fen=2_000_000,
        ),
    ),
    "payment_deferral_approval": (
        replace(
            _APPROVAL,
            party=story.PERSON,
            mode="deferral",
            reason=_APPROVAL.reason * 14,
            proposed=(Instalment(1, "2026-07-31", 5_000_000),),
            handlers=Said("", story.OFFICERS, ""),
            review=Said("", (), ""),
            approval=Said("", (), ""),
        ),
    ),
    "payment_deferral_grant": (
        replace(
            _GRANT,
            addressee=ZHAO,
            mode="deferral",
            granted=Instalment(0, "2026-07-31", 5_000_000),
            left_fen=0,
        ),
    ),
    "enforcement_demand": (
        replace(
            _BEFORE, addressee=ZHAO, undone=OTHER_DUTY, owed=None, account=None, other=OTHER_DUTY
        ),
        replace(_BEFORE, other=OTHER_DUTY),
    ),
    "enforcement_application": (
        replace(
            _APPLICATION,
            respondent=story.PERSON,
            owed=None,
            requests=(f"强制被申请人{OTHER_DUTY}",),
            materials=_APPLICATION.materials * 2,
        ),
    ),
}
