"""Facts that look wrong and yet may be those of a sealed record are set, with a doubt."""

from dataclasses import replace
from typing import Any

import pytest

from pdf_templates.catalogue import template
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json

ORDER = example("rectification_order")

STRANGER = replace(example("inspection_record").signatures[1], cert_no="")

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
    **{
        f"an officer's signature without their number on {kind}": (
            kind,
            {"signatures": (example("inspection_record").signatures[0], STRANGER)},
            "第2个签名的执法证号不是文书所列执法人员的",
        )
        for kind in ("inspection_record", "rectification_order")
    },
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
