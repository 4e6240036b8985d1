"""What is possible in form and most likely a slip of the pen is told, and nothing that is right."""

from dataclasses import replace
from typing import Any

import pytest

from inspect_server.usecases.documents.slips import slips
from pdf_templates.catalogue import MODULES
from pdf_templates.examples import example


@pytest.mark.parametrize("kind", MODULES)
def test_no_example_has_one(kind: str) -> None:
    assert slips(example(kind)) == []


def test_a_code_with_a_wrong_check_character_is_named_by_its_place() -> None:
    notice: Any = example("inspection_notice")
    wrong = notice.uscc[:-1] + ("0" if notice.uscc[-1] != "0" else "1")

    assert slips(replace(notice, uscc=wrong)) == ["uscc〔统一社会信用代码〕的位数或者校验码不对"]
    assert slips(_of_unit(wrong)) == ["enterprise.uscc〔统一社会信用代码〕的位数或者校验码不对"]
    assert slips(_of_unit("")) == []


def _of_unit(uscc: str) -> Any:
    record: Any = example("inspection_record")
    return replace(record, enterprise=replace(record.enterprise, uscc=uscc))


def test_a_number_of_a_person_is_not_repeated() -> None:
    record: Any = example("interview_record")
    number = record.interviewed.id_no

    for wrong in (number[:-1] + "X", number[:-1], "320799199402300037", "护照E12345678"):
        (told,) = slips(replace(record, interviewed=replace(record.interviewed, id_no=wrong)))

        assert told == "interviewed.id_no〔居民身份证号〕的位数或者校验码不对"


def test_facts_that_doubt_themselves_are_told_as_well() -> None:
    order: Any = example("rectification_order")

    (told,) = slips(replace(order, inspected_until="2026-03-31"))

    assert "文书制作时间早于检查结束日期" in told
