"""替补 on the console: two people, the witness's value, and no form where a rule forbids it."""

import io
import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_server.domain.enums import InspectionState
from inspect_server.store.models.inspection import Inspection
from tests.actors import ALL_ROLES
from tests.faces.rest_client import PASSWORD
from tests.faces.test_rest_afterwards import PROOF, Office, office
from tests.golden.test_documents import pages_of

__all__ = ["office"]

VALUE = r'<option value="([^"/]{18}/[^"]+)"'


def test_an_officer_is_replaced_by_two_people_and_the_witness(office: Office) -> None:
    client, at = office.supervisor.client, f"{office.at}/replacements"
    first = re.findall(VALUE, client.get(at).text)[0]

    def ask(**changes: str) -> TestResponse:
        form = {
            "csrf_token": office.supervisor.csrf,
            "out": first,
            "reason": "officer.leave",
            "approver": "zhaoliu",
            "password": PASSWORD,
            "evidence": (io.BytesIO(PROOF), "证明.pdf"),
        }
        return client.post(at, data=form | changes)

    def complete(value: str) -> TestResponse:
        form = {"csrf_token": office.supervisor.csrf, "witness": value}
        return client.post(f"{at}/complete", data=form)

    alone, wrong, odd = ask(approver="zhangsan"), ask(password="no"), ask(reason="because")
    asked = ask()
    waiting = client.get(at).text
    (asked_for,) = office.supervisor.get(f"{office.at}/replacements").get_json()
    leaf = asked_for["request_leaf"]
    printed = client.post(
        f"{office.at}/papers",
        data={"csrf_token": office.supervisor.csrf, "what": "replacement-request"},
    )
    position = int(re.findall(r"第 (\d+) 个值", waiting)[0])
    refused = complete("0" * 64)
    done = complete(office.world.witness.value(position).hex())
    after = client.get(at).text

    assert (alone.status_code, wrong.status_code, odd.status_code) == (403, 403, 422)
    assert f'<option value="{first}" selected>' in wrong.text
    assert asked.status_code == 303, asked.text
    assert "以见证方的值完成替补" in waiting
    assert "经批准登记" not in waiting  # one after the other
    assert f"draw chain next --file 秘密文件 --position {position} --for {leaf}" in waiting
    assert " ".join(leaf[at : at + 4] for at in range(0, 64, 4)) in waiting
    (page,) = pages_of(printed.data)
    assert leaf in re.sub(r"\s", "", page)
    assert not [name for name in (asked_for["went_out"], asked_for["enterprise"]) if name in page]
    assert refused.status_code >= 400
    assert done.status_code == 200, done.text
    assert "改派检查人员，已办理" in done.text
    assert "已完成" in after
    assert first not in after
    assert "再次办理" not in after  # the case followed: there is nothing left to do
    assert office.supervisor.get(f"{office.at}/verification").get_json()["ok"]


def test_no_form_offers_a_replacement_in_a_visit_that_has_begun(office: Office) -> None:
    with office.world.backend.begin(ALL_ROLES) as work:
        for visit in work.session.scalars(select(Inspection)):
            visit.state = InspectionState.RECORD_CLOSED
    page = office.supervisor.client.get(f"{office.at}/replacements").text

    assert page.count("没有可以替补的检查任务") == 2
    assert "经批准登记" not in page
