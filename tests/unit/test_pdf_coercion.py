"""Facts of coercion that do not fit each other are refused before anything is printed."""

from dataclasses import replace
from typing import Any

import pytest

from pdf_templates.catalogue import template
from pdf_templates.coercion.seizure import Period
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json


def read(kind: str, **changed: Any) -> Any:
    return from_json(template(kind).facts, to_json(replace(example(kind), **changed)))


def test_power_is_not_cut_without_the_notice_that_the_law_asks_for() -> None:
    cut = example("supply_cut_decision")

    with pytest.raises(BadFacts, match="停止供电应当提前 24 小时通知"):
        read("supply_cut_decision", cut_from="2026-04-24T09:59:59+08:00")
    assert read("supply_cut_decision", cut_from="2026-04-24T10:00:00+08:00")
    assert read("supply_cut_decision", cut_from=cut.made_at, emergency="随时可能爆炸")
    assert read("supply_cut_decision", cut_from=cut.made_at, supply="explosives")


def test_a_seizure_lasts_as_long_as_its_first_and_last_day_say() -> None:
    with pytest.raises(BadFacts, match="起止日期共 31 日"):
        read("seizure_decision", period=Period(30, "2026-03-02", "2026-04-01"))
    with pytest.raises(BadFacts, match=r"period.last.*不能早于起始日期"):
        read("seizure_extension", period=Period(30, "2026-03-02", "2026-03-01"))


def test_the_time_of_an_appraisal_is_not_told_without_its_basis() -> None:
    with pytest.raises(BadFacts, match="应当同时写明"):
        read("seizure_decision", appraisal="2026年3月3日至2026年3月12日")
