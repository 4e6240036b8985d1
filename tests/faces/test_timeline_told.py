"""What happened in an inspection is told with what its name leaves open, on every face alike."""

import re
from typing import Any

import pytest

from inspect_server.usecases.work import Backend
from tests.faces.test_cli_cases import PASSWORD, Run, run
from tests.faces.test_console import visit_under_way
from tests.faces.town import Town
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["run", "small_form"]

SIGNED = "被检查单位签名"
REFUSED = "被检查单位拒绝签名"
RECORD, ORDER = "现场检查记录", "责令限期整改指令书"


def sign_both(visit: Visit) -> None:
    """The enterprise signs the record and refuses the order."""
    visit.answer_all()
    visit.phone(0).find("A1", text="积尘")
    visit.phone(0).sign("enterprise", None)
    visit.phone(0).sign("enterprise", None, refused="不认可", document="order")


def test_a_signature_names_the_paper_to_the_office_and_to_programs(town: Town) -> None:
    visit = visit_under_way(town)
    sign_both(visit)
    page = town.sign_in("supervisor").get(f"/inspections/{visit.inspection}").text
    answer: Any = town.sign_in("supervisor").get(f"/api/v1/inspections/{visit.inspection}").json
    rows = re.findall(r'data-name="事项" class="time">(.*?)</td>', page)

    assert rows[-2:] == [
        f'{SIGNED}<br><span class="soft">{RECORD}</span>',
        f'{REFUSED}<br><span class="soft">{ORDER}</span>',
    ]
    assert [(row["title"], row["said"]) for row in answer["timeline"][-2:]] == [
        (SIGNED, RECORD),
        (REFUSED, ORDER),
    ]


def test_a_document_is_told_with_its_number(town: Town) -> None:
    page = town.sign_in("supervisor").get(f"/inspections/{town.own.inspection}").text

    assert '制作文书<br><span class="soft">（苏·云）应急检记〔2026〕1号</span>' in page
    assert '制作文书<br><span class="soft">（苏·云）应急责改〔2026〕1号</span>' in page


@pytest.mark.usefixtures("small_form")
def test_a_signature_names_the_paper_on_the_command_line(run: Run, sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    run("user", "add", "boss", "--name", "某", "--role", "approver", stdin=PASSWORD + "\n")
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    sign_both(visit)
    shown = run("record", "show", "2026-0001", "--as", "boss").output

    assert f"  {SIGNED}（{RECORD}）  " in shown
    assert f"  {REFUSED}（{ORDER}）  " in shown
