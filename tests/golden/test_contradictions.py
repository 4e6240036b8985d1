"""Facts whose fields contradict each other are refused, with what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from pdf_templates.catalogue import template
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json

SERVED = {one.method: one for one in example("service_receipt").served}
EXTENSION = example("case_extension_approval")
ORDER = example("rectification_order")
LISTED = example("case_contents").listed

WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "problems that nothing follows from": ("result_notice", {"follow_ups": ()}, "后续处理"),
    "electronic service without its arrival": (
        "service_receipt",
        {"served": (replace(SERVED["electronic"], arrival=None),)},
        "到达情况",
    ),
    "an arrival of what was handed over": (
        "service_receipt",
        {"served": (replace(SERVED["direct"], arrival=SERVED["electronic"].arrival),)},
        "到达情况",
    ),
    "service by leaving without the circumstances": (
        "service_receipt",
        {"served": (replace(SERVED["left"], remark=""),)},
        "留置送达",
    ),
    "an extension to the day that it was due anyway": (
        "case_extension_approval",
        {"extended_to": EXTENSION.due_on},
        "依次在后",
    ),
    "a document that ends before it begins": (
        "case_contents",
        {"listed": (replace(LISTED[0], last_page=0),)},
        "末页号",
    ),
    "a deadline before the visit": (
        "rectification_order",
        {"demands": (replace(ORDER.demands[0], deadline="2026-03-01"), *ORDER.demands[1:])},
        "整改期限早于检查开始日期",
    ),
    "two documents on one page": (
        "case_contents",
        {"listed": (LISTED[0], replace(LISTED[1], first_page=LISTED[0].last_page))},
        "页号不重复",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_facts_that_contradict_each_other_are_refused(what: str) -> None:
    kind, changed, said = WRONG[what]
    facts = replace(example(kind), **changed)

    with pytest.raises(BadFacts, match=said):
        from_json(template(kind).facts, to_json(facts))


DOUBTED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an order on a visit that ended before it began": (
        "rectification_order",
        {"inspected_until": "2026-03-01"},
        "检查结束日期早于检查开始日期",
    ),
    "an order from before the visit's end": (
        "rectification_order",
        {"inspected_until": "2026-03-31"},
        "文书制作时间早于检查结束日期",
    ),
    "a deadline that had passed when the order was made": (
        "rectification_order",
        {"demands": (replace(ORDER.demands[0], deadline=ORDER.made_at[:10]),)},
        "整改期限不晚于文书制作日期",
    ),
    "a phone's clock that was set back during the visit": (
        "inspection_record",
        {"ended_at": "2026-03-02T08:00:00+08:00"},
        "检查结束时间早于检查开始时间",
    ),
    "a record from before the visit's end": (
        "inspection_record",
        {"made_at": "2026-03-02T08:00:00+08:00"},
        "文书制作时间早于检查结束时间",
    ),
}


@pytest.mark.parametrize("what", DOUBTED)
def test_what_a_sealed_record_may_say_is_set_and_only_doubted(what: str) -> None:
    kind, changed, said = DOUBTED[what]
    told = example(kind)

    known: Any = from_json(template(kind).facts, to_json(replace(told, **changed)))

    assert said in "".join(known.doubts())
    assert told.doubts() == []
