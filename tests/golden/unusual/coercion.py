"""Unusual documents of coercion."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.coercion.seizure_disposal import Disposal
from pdf_templates.examples import example, story
from pdf_templates.parts.people import Addressee
from tests.golden.example_documents import refused

_APPROVAL = example("coercion_approval")
_SEIZURE = example("seizure_decision")
_LIST = example("seizure_list")
_EXTENSION = example("seizure_extension")
_DISPOSAL = example("seizure_disposal")
_NOTICE = example("supply_cut_notice")
_CUT = example("supply_cut_decision")
_RESTORE = example("supply_restore_notice")
PERSON = Addressee(story.ZHAO.name, is_unit=False)
QUARRY = "云湾区石山采石有限公司"
EXPLOSIVES = "云湾民用爆炸物品专营有限公司"

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "coercion_approval": (
        replace(
            _APPROVAL,
            party=story.PERSON,
            born="1980年2月",
            measure="detain",
            situation=_APPROVAL.situation * 8,
        ),
        replace(_APPROVAL, measure="cut_power"),
        replace(_APPROVAL, measure="cut_explosives"),
    ),
    "seizure_decision": (
        replace(
            _SEIZURE,
            party=story.PERSON,
            measure="detain",
            objects="瓶装工业酒精",
            keeping="本机关（存放于云湾区危险化学品临时储存点）",
            appraisal="2026年3月3日至2026年3月12日",
            appraisal_basis="《中华人民共和国行政强制法》第二十五条第三款",
            problems=_SEIZURE.problems * 6,
            signatures=(refused("认为不应扣押"),),
        ),
    ),
    "seizure_list": (replace(_LIST, items=_LIST.items * 8, signatures=(refused("不认可"),)),),
    "seizure_extension": (replace(_EXTENSION, addressee=PERSON),),
    "seizure_disposal": (
        replace(
            _DISPOSAL,
            addressee=PERSON,
            disposals=(
                Disposal("瓶装工业酒精40瓶", "系违法储存的危险物品，依法应当没收", "forfeit"),
                Disposal("破损包装物12只", "属于依法应当销毁的物品", "destroy"),
            ),
            handing_over="",
        ),
    ),
    "supply_cut_notice": (
        replace(
            _NOTICE,
            supplier=EXPLOSIVES,
            unit=QUARRY,
            supply="explosives",
            cooperation="停止向该单位供应民用爆炸物品",
        ),
    ),
    "supply_cut_decision": (
        replace(
            _CUT,
            unit=QUARRY,
            supply="explosives",
            scope="北采区",
            cut_from=_CUT.made_at,
            danger=_CUT.danger * 6,
        ),
        replace(_CUT, cut_from=_CUT.made_at, emergency="铸造井结晶器漏水，随时可能爆炸"),
    ),
    "supply_restore_notice": (
        replace(_RESTORE, supplier=EXPLOSIVES, unit=QUARRY, supply="explosives", scope="北采区"),
    ),
}
