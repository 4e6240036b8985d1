"""Places to sign: they stand within the type area, beside each other, with room to write."""

import pytest

from pdf_templates.parts.signing import running_places
from pdf_templates.setting.page import Rule, Text
from pdf_templates.setting.records import RECORDS

PAPER = RECORDS.paper


@pytest.mark.parametrize(
    "labels",
    [
        ("被询问人",),
        ("询问人", "记录人", "被询问人"),
        ("勘验人", "当事人", "被邀请人", "记录人"),
    ],
)
def test_places_at_the_foot_of_a_page_stand_beside_each_other_with_room(
    labels: tuple[str, ...],
) -> None:
    strip = running_places(RECORDS, *labels)

    texts = [mark for mark in strip.marks if isinstance(mark, Text)]
    rules = [mark for mark in strip.marks if isinstance(mark, Rule)]
    assert [text.line.text for text in texts] == [f"{label}（签名）：" for label in labels]
    ends = [text.x + text.line.width for text in texts]
    assert all(end <= rule.x0 + 0.1 for end, rule in zip(ends, rules, strict=True))
    assert all(rule.x1 - rule.x0 > 25 for rule in rules)
    assert all(rule.x1 < text.x for rule, text in zip(rules, texts[1:], strict=False))
    assert max(rule.x1 for rule in rules) <= PAPER.width - PAPER.right
    assert max(mark.y for mark in texts) < strip.height
