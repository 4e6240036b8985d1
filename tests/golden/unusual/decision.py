"""Unusual decisions on penalties: no fine, cash above the limit, refused, served over the net."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import charges, example
from tests.golden.example_documents import SIGNATURES, refused

_SPOT = example("spot_penalty_organisation")
_SPOT_PERSON = example("spot_penalty_person")
_UNIT = example("penalty_decision_organisation")
_PERSON = example("penalty_decision_person")

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "spot_penalty_organisation": (
        replace(
            _SPOT,
            violation=replace(_SPOT.violation, act=_SPOT.violation.act * 8),
            paid="cash",
            cash_reason="企业次日搬离本区，不当场收缴事后难以执行",
            signatures=(*SIGNATURES[:2], refused("认为警示标志当天刚被台风吹落")),
        ),
        replace(_SPOT, violation=replace(_SPOT.violation, penalty="警告", fine_fen=0), paid=""),
    ),
    "spot_penalty_person": (
        replace(
            _SPOT_PERSON,
            party=replace(
                _SPOT_PERSON.party, employer="", position="", employer_address="", phone=""
            ),
            paid="bank",
        ),
    ),
    "penalty_decision_organisation": (
        replace(
            _UNIT,
            violations=(replace(charges.TRAINING, discretion="", penalty="警告", fine_fen=0),),
            hearing_notice_no="",
            hearing="",
            deliberation="",
            total_fine_fen=0,
            payment=None,
            performance="警告自本决定书送达之日起执行",
            remedies=replace(_UNIT.remedies, online_channel="江苏省行政复议服务平台"),
        ),
    ),
    "penalty_decision_person": (
        replace(
            _PERSON,
            party=replace(_PERSON.party, employer="", position="", phone="", postcode=""),
            evidence=_PERSON.evidence * 4,
        ),
    ),
}
