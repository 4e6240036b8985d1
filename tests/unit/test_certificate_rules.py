"""Rules of certificates: names, what a root may certify, periods, what phones accept."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspect_server.domain.certificates import (
    LEAF_DAYS,
    LONGEST_ON_IPHONES,
    PRIVATE,
    SERVER_AUTH,
    BadServerName,
    CertificateNotUsable,
    Names,
    RootExpired,
    ServerCertificate,
    grouped,
    is_due,
    leaf_period,
    names_of,
    root_period,
    scope_for,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def served(**changes: object) -> ServerCertificate:
    said = {
        "names": ("inspect.lan",),
        "begins": NOW - DAY,
        "ends": NOW + 100 * DAY,
        "purposes": (SERVER_AUTH,),
    }
    return ServerCertificate(**(said | changes))  # type: ignore[arg-type]


def test_hosts_and_addresses_are_told_apart_and_come_once() -> None:
    found = names_of(["Inspect.LAN.", "192.168.1.10", "inspect.lan", "[fd00::1]", "FD00::1"])

    assert found == Names(("inspect.lan",), (ip_address("192.168.1.10"), ip_address("fd00::1")))
    assert found.told() == "inspect.lan、192.168.1.10、fd00::1"


@pytest.mark.parametrize(
    "word",
    [
        *(
            "",
            "https://inspect.lan",
            "inspect.lan:443",
            "*.lan",
            "inspect..lan",
            "-a.lan",
            "a-.lan",
        ),
        *("192.168.1.300", "10.0.0.1/8", "检查.中国", "a" * 64, ".".join(["abcdefgh"] * 29), "a b"),
        *("fe80::1%eth0", "[fd00::1%1]"),
    ],
)
def test_what_is_neither_host_nor_address_is_refused(word: str) -> None:
    with pytest.raises(BadServerName):
        names_of([word])


def test_a_root_covers_its_hosts_what_is_below_them_and_any_private_address() -> None:
    scope = scope_for(names_of(["yunwan.lan", "203.0.113.7"]))

    def outside(*words: str) -> tuple[str, ...]:
        return scope.outside(names_of(words))

    assert outside("yunwan.lan", "inspect.yunwan.lan", "10.1.2.3", "fd00::5", "203.0.113.7") == ()
    assert outside("notyunwan.lan", "lan", "203.0.113.8", "2001:db8::1") == (
        *("notyunwan.lan", "lan"),
        *("203.0.113.8", "2001:db8::1"),
    )
    assert scope.told() == "yunwan.lan 及其下级域名、203.0.113.7、内网地址"


def test_a_root_for_addresses_alone_covers_no_host_at_all() -> None:
    scope = scope_for(names_of(["192.168.1.10"]))

    assert scope.outside(names_of(["bank.example", "192.168.7.7"])) == ("bank.example",)
    assert scope.told() == "内网地址"


@given(st.ip_addresses())
def test_an_address_is_covered_when_it_is_private_or_given(address: object) -> None:
    names = Names((), (address,))  # type: ignore[arg-type]
    private = any(address in network for network in PRIVATE)  # type: ignore[operator]

    assert scope_for(names).outside(names) == ()
    assert (scope_for(Names((), ())).outside(names) == ()) == private
    assert set(scope_for(names).networks) - set(PRIVATE) == (
        set() if private else {ip_network(address)}  # type: ignore[call-overload]
    )


@given(st.integers(0, 4000))
def test_a_server_s_certificate_outlives_neither_its_root_nor_what_phones_accept(
    days: int,
) -> None:
    _, ends = root_period(NOW)
    now = NOW + days * DAY
    if now >= ends:
        with pytest.raises(RootExpired):
            leaf_period(now, ends)
        return

    begins, leaf_ends = leaf_period(now, ends)

    assert begins < now < leaf_ends <= ends
    assert leaf_ends - begins <= timedelta(days=LEAF_DAYS) < timedelta(days=398)


def test_a_root_is_valid_for_ten_years_and_from_a_day_before() -> None:
    begins, ends = root_period(NOW)

    assert NOW - begins == DAY
    assert 3_650 <= (ends - begins).days <= 3_653


def test_a_certificate_is_due_for_two_months_before_it_ends() -> None:
    assert not is_due(NOW + 61 * DAY, NOW)
    assert is_due(NOW + 59 * DAY, NOW)
    assert is_due(NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begins": NOW + DAY}, "自 2026-03-03 01:00 UTC 起才有效"),
        ({"ends": NOW}, "已于 2026-03-02 01:00 UTC 到期"),
        ({"names": ()}, "没有 subjectAltName"),
        ({"purposes": ("1.3.6.1.5.5.7.3.2",)}, "用途不含服务器身份验证"),
    ],
)
def test_what_no_phone_accepts_is_refused(changes: dict[str, object], said: str) -> None:
    served().check(NOW)

    with pytest.raises(CertificateNotUsable, match=said):
        served(**changes).check(NOW)


def test_what_only_some_phones_refuse_or_comes_soon_is_said() -> None:
    assert served().reminders(NOW) == []
    assert served(ends=NOW + (LONGEST_ON_IPHONES - 1) * DAY).reminders(NOW) == []

    told = served(ends=NOW + LONGEST_ON_IPHONES * DAY, purposes=None).reminders(NOW)

    assert ["825 天" in told[0], "serverAuth" in told[1]] == [True, True]
    assert "还有 29 天到期" in served(ends=NOW + 29.5 * DAY).reminders(NOW)[0]


def test_a_fingerprint_is_shown_as_phones_show_it() -> None:
    assert grouped(bytes(range(0xF0, 0x100)) * 2) == (
        *("F0:F1:F2:F3:F4:F5:F6:F7", "F8:F9:FA:FB:FC:FD:FE:FF"),
        *("F0:F1:F2:F3:F4:F5:F6:F7", "F8:F9:FA:FB:FC:FD:FE:FF"),
    )
