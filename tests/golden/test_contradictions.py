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
