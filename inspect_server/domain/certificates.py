"""
Certificates of HTTPS: for which names, for how long, and what phones accept.

Chrome trusts a private root that its user installed; iOS in addition wants server certificates of
at most 825 days with the extended key usage `serverAuth` (Apple, HT210176). Names stand in
subjectAltName: the common name has not counted for years.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from inspect_server.domain.errors import InspectError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ROOT_DAYS = 3_652
LEAF_DAYS = 397
"""Days of a server's certificate: below the 398 that browsers allow public authorities."""
BACKDATED = timedelta(days=1)
"""How long before its making a certificate begins: clocks of phones are wrong by hours."""
DUE_DAYS = 60
"""A certificate with fewer days left is renewed."""
REMIND_DAYS = 30
LONGEST_ON_IPHONES = 825
SERVER_AUTH, ANY_PURPOSE = "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"
LONGEST_UNIT = 64
"""Characters of an organisation's name (X.520)."""
SHORTEST_PASSPHRASE = 12

PRIVATE = tuple(
    map(
        ip_network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
            *("fc00::/7", "::1/128"),
        ),
    )
)
"""Addresses that nobody owns on the internet (RFC 1918, 6598, 4193): a bureau's own network."""
NO_HOST = "invalid"
"""Permitted where no host is: without any, every name would be (RFC 5280, 4.2.1.10; RFC 6761)."""

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class BadServerName(InspectError):
    """What is given is neither the name of a host nor an address."""

    code, kind = "certificate.bad_name", "invalid"
    message = (
        "“{name}”不能作为服务器名称：应为域名（如 inspect.example.com）或 IP 地址，"
        "不带 https:// 和端口，请改正后重试。"
    )


class NamesOutsideRoot(InspectError):
    """The root may not certify these names; phones would refuse them."""

    code, kind = "certificate.outside_root", "conflict"
    message = (
        "该根证书只能签发 {permitted}，不能签发 {names}；请改用其中的名称，"
        "或用 --folder 另选目录建立新的根证书（各手机须重新安装）。"
    )


class NameOfRoot(InspectError):
    """A server's files would stand where the root's stand, and its key would be lost."""

    code, kind = "certificate.name_of_root", "invalid"
    message = (
        "“{name}”是根证书文件的名称，服务器证书不能用同样的文件名，未作改动；"
        "请只写地址，或者把服务器的另一域名写在它前面后重试。"
    )


class RootExists(InspectError):
    """There is a root, and every phone that trusts it would have to be visited again."""

    code, kind = "certificate.root_exists", "conflict"
    message = (
        "{folder} 中已有根证书，未作改动：换根证书须在每部手机上重新安装。"
        "查看请用 ca show，签发服务器证书请用 ca issue。"
    )


class RootMissing(InspectError):
    """There is no root yet."""

    code, kind = "certificate.root_missing", "missing"
    message = "{folder} 中没有根证书，请先用 ca init 建立，或用 --folder 指明所在目录。"


class RootHalf(InspectError):
    """A key stands without its certificate: making it broke off, or the certificate was moved."""

    code, kind = "certificate.root_half", "conflict"
    message = (
        "{folder} 中只有根证书的密钥 root.key，没有根证书 root.crt，未作改动：root.crt 在别处的，"
        "请放回；上次建立时中断、手机都还没有安装的，请移走 root.key 后重新执行 ca init。"
    )


class RootUnusable(InspectError):
    """The root's files are not what they were, or its time is over."""

    code, kind = "certificate.root_unusable", "broken"
    message = "{folder} 中的根证书不能使用（{reason}），请从备份恢复原文件后重试。"


class RootExpired(InspectError):
    """Its time is over: phones take nothing of it any more."""

    code, kind = "certificate.root_expired", "conflict"
    message = (
        "根证书已于 {day} 到期，不能再签发；请用 --folder 另选目录建立新的根证书，"
        "并在每部手机上安装。"
    )


class PassphraseRefused(InspectError):
    """The root's key does not open."""

    code, kind = "certificate.passphrase", "invalid"
    message = "根证书的密钥没有解开（{reason}），请由保管人核对口令后重试。"


class CertificateNotUsable(InspectError):
    """No phone would accept the server with these files."""

    code, kind = "certificate.not_usable", "invalid"
    message = "服务器证书不能使用：{reason}，请更换或用 ca issue 重新签发后重试。"


@dataclass(frozen=True)
class Names:
    """Hosts and addresses under which phones reach the server, each once, as given."""

    hosts: tuple[str, ...]
    addresses: tuple[Address, ...]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.hosts, *map(str, self.addresses)))

    def told(self) -> str:
        """Return them for a person."""
        return "、".join(self)


def names_of(words: Iterable[str]) -> Names:
    """
    Sort what was typed into hosts and addresses.

    Raises:
        BadServerName: One of them is neither, e.g. has a port or a wildcard.
    """
    hosts, addresses = dict[str, None](), dict[Address, None]()
    for word in words:
        try:
            address = ip_address(word.strip().strip("[]"))
        except ValueError:
            hosts[_host(word)] = None
            continue
        if getattr(address, "scope_id", None):  # of this machine alone, in no certificate
            raise BadServerName(name=word)
        addresses[address] = None
    return Names(tuple(hosts), tuple(addresses))


def _host(word: str) -> str:
    host = word.strip().lower().removesuffix(".")
    labels = host.split(".")
    is_name = all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not is_name or len(host) > 253:
        raise BadServerName(name=word)
    return host


@dataclass(frozen=True)
class Scope:
    """What a root may certify (RFC 5280, 4.2.1.10): a host permits all below it, too."""

    hosts: tuple[str, ...]
    networks: tuple[Network, ...]

    def outside(self, names: Names) -> tuple[str, ...]:
        """Return the names that it does not cover."""
        hosts = [name for name in names.hosts if not any(_below(name, top) for top in self.hosts)]
        far = [
            str(one)
            for one in names.addresses
            if not any(one.version == net.version and one in net for net in self.networks)
        ]
        return (*hosts, *far)

    def told(self) -> str:
        """Return it for a person: private networks in one word."""
        own = [str(net).removesuffix("/32").removesuffix("/128") for net in self._public()]
        hosts = [f"{name} 及其下级域名" for name in self.hosts if name != NO_HOST]
        return "、".join((*hosts, *own, "内网地址"))

    def _public(self) -> list[Network]:
        return [net for net in self.networks if net not in PRIVATE]


def _below(name: str, top: str) -> bool:
    return name == top or name.endswith(f".{top}")


def scope_for(names: Names) -> Scope:
    """Return what a root for these names may certify: them, and any private address."""
    public = tuple(
        ip_network(one) for one in names.addresses if Scope((), PRIVATE).outside(Names((), (one,)))
    )
    return Scope(names.hosts or (NO_HOST,), (*PRIVATE, *public))


def root_period(now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when a root that is made now is valid."""
    begins = now.replace(microsecond=0) - BACKDATED
    return begins, begins + timedelta(days=ROOT_DAYS)


def leaf_period(now: datetime, root_ends: datetime) -> tuple[datetime, datetime]:
    """
    Return from when until when a server's certificate is valid: not longer than its root.

    Raises:
        RootExpired: The root's time is over.
    """
    if now >= root_ends:
        raise RootExpired(day=root_ends.date())
    begins = now.replace(microsecond=0) - BACKDATED
    return begins, min(begins + timedelta(days=LEAF_DAYS), root_ends)


def days_left(ends: datetime, now: datetime) -> int:
    """Return the whole days until a certificate ends; negative when it has."""
    return (ends - now).days


def is_due(ends: datetime, now: datetime) -> bool:
    """Return whether it is time to renew."""
    return days_left(ends, now) < DUE_DAYS


@dataclass(frozen=True)
class ServerCertificate:
    """What a server's certificate says of itself, as far as phones look at it."""

    names: tuple[str, ...]
    begins: datetime
    ends: datetime
    purposes: tuple[str, ...] | None  # extended key usages; None where it says nothing of them

    def check(self, now: datetime) -> None:
        """
        Refuse what no phone would accept.

        Raises:
            CertificateNotUsable: Its time, its names or its purpose.
        """
        if now < self.begins:
            raise CertificateNotUsable(reason=f"自 {self.begins:%Y-%m-%d %H:%M} UTC 起才有效")
        if now >= self.ends:
            raise CertificateNotUsable(reason=f"已于 {self.ends:%Y-%m-%d %H:%M} UTC 到期")
        if not self.names:
            raise CertificateNotUsable(
                reason="没有 subjectAltName（使用者可选名称），手机不看使用者名称（CN）"
            )
        if self.purposes is not None and not {SERVER_AUTH, ANY_PURPOSE} & {*self.purposes}:
            raise CertificateNotUsable(reason="用途不含服务器身份验证（serverAuth）")

    def reminders(self, now: datetime) -> Sequence[str]:
        """Return what stops nothing today, as sentences."""
        told = []
        left = days_left(self.ends, now)
        if left < REMIND_DAYS:
            told.append(f"服务器证书还有 {left} 天到期，请用 ca renew 续签，或更换证书文件。")
        if (self.ends - self.begins).days > LONGEST_ON_IPHONES:
            told.append(f"服务器证书有效期超过 {LONGEST_ON_IPHONES} 天，苹果手机不接受。")
        if self.purposes is None:
            told.append("服务器证书没有写明用途（serverAuth），苹果手机不接受。")
        return told


def grouped(fingerprint: bytes) -> tuple[str, ...]:
    """Return a fingerprint as phones show it, pairs of hex digits, eight pairs a line."""
    pairs = [f"{one:02X}" for one in fingerprint]
    return tuple(":".join(pairs[start : start + 8]) for start in range(0, len(pairs), 8))
