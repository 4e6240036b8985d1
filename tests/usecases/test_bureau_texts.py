"""What differs from bureau to bureau is configuration: in documents, and in their examples."""

from dataclasses import replace
from datetime import date

import pytest

from inspect_server.config import SAID_IN_DOCUMENTS, SAID_IN_SOME, Settings
from inspect_server.usecases.documents.bureau_texts import (
    TextsNotConfigured,
    account,
    desk,
    remedies,
)
from inspect_server.usecases.documents.own_example import (
    of_bureau,
    own_example,
    still_the_storys,
)
from pdf_templates.catalogue import MODULES
from pdf_templates.examples import example
from pdf_templates.facts import to_json

EMPTY = Settings()
OWN = replace(
    EMPTY,
    authority="临海市应急管理局",
    authority_short="浙·临",
    government="临海市人民政府",
    court="临海市人民法院",
    desk_address="临海市柏叶中路1号",
    desk_postcode="317000",
    desk_contact="王某",
    desk_phone="0576-85000000",
    payment_payee="临海市财政局",
    payment_bank="临海农商银行",
    payment_account="20100000000000000001",
    authority_address="临海市柏叶中路1号",
    authority_head="王局长",
    online_channel="浙江省行政复议在线",
    disclosure_site="浙江政务服务网",
    desk_complaint_phone="0576-85000110",
    transfer_police="临海市公安局",
    transfer_procuratorate="临海市人民检察院",
)

NEIGHBOURS = ("云湾区公安局", "云湾区人民检察院", "云湾区行政中心", "严振海", "85550110")


def test_documents_say_what_the_bureau_configured() -> None:
    own = remedies(OWN, date(2026, 5, 8))

    assert (own.government, own.court) == (OWN.government, OWN.court)
    assert (own.reconsideration_days, own.litigation_months) == (60, 6)
    assert own.online_channel == OWN.online_channel
    assert (desk(OWN).address, desk(OWN).contact) == (OWN.desk_address, OWN.desk_contact)
    assert (account(OWN).bank, account(OWN).number) == (OWN.payment_bank, OWN.payment_account)


def test_what_is_missing_is_named_all_at_once() -> None:
    with pytest.raises(TextsNotConfigured, match="罚款收款单位、罚款代收银行、罚款收款账号"):
        account(EMPTY)
    with pytest.raises(TextsNotConfigured, match="desk_address、desk_contact、desk_phone"):
        desk(EMPTY)
    with pytest.raises(TextsNotConfigured, match="government、court"):
        remedies(EMPTY, date(2026, 5, 8))


@pytest.mark.parametrize("kind", MODULES)
def test_an_example_speaks_in_the_bureaus_own_name(kind: str) -> None:
    told = str(to_json(own_example(kind, OWN)))

    assert [said for said in of_bureau().values() if said in told] == []
    assert [name for name in NEIGHBOURS if name in told] == []
    assert OWN.authority in told


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("enforcement_application", (OWN.authority_address, OWN.authority_head)),
        ("crime_transfer_letter", (OWN.transfer_police, OWN.transfer_procuratorate)),
        ("penalty_decision_organisation", (OWN.disclosure_site, OWN.online_channel)),
        ("inspection_notice", (OWN.desk_complaint_phone,)),
    ],
)
def test_what_only_some_documents_say_is_the_bureaus_own(kind: str, said: tuple[str, ...]) -> None:
    told = str(to_json(own_example(kind, OWN)))

    assert [one for one in said if one not in told] == []


def test_every_key_that_documents_say_stands_in_an_example() -> None:
    unsaid = {*SAID_IN_DOCUMENTS, *SAID_IN_SOME} - of_bureau().keys()

    # a code of statistics, which no document prints; officers, of whom every example has its own
    assert unsaid == {"division", "desk_contact"}
    assert all(of_bureau().values())


def test_what_another_bureau_left_empty_is_named_where_an_example_says_it() -> None:
    kind, unpaid = "penalty_decision_organisation", replace(OWN, payment_bank="", court="")

    assert still_the_storys(own_example(kind, unpaid), unpaid) == ["court", "payment_bank"]
    assert still_the_storys(own_example("case_filing_approval", unpaid), unpaid) == []
    assert still_the_storys(own_example(kind, OWN), OWN) == []
    assert still_the_storys(own_example(kind, EMPTY), EMPTY) == []


@pytest.mark.parametrize("kind", ["penalty_decision_organisation", "inspection_record"])
def test_without_a_configuration_an_example_stays_the_storys(kind: str) -> None:
    assert own_example(kind, EMPTY) == example(kind)
