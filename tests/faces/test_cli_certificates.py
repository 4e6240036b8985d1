"""`ca`: a root for phones, and server certificates that real verifiers accept for their names."""

import os
import plistlib
import shutil
import ssl
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from inspect_server.cli import root
from inspect_server.cli.drills.shifted import ShiftedRoot
from inspect_server.config import Settings
from inspect_server.demo.season import ShiftedClock
from inspect_server.domain.certificates import names_of
from inspect_server.gateways.certificates.folder import RootFolder
from inspect_server.gateways.certificates.making import certify, new_key
from inspect_server.usecases.certificates import default_folder, issue

HOST = "inspect.yunwan.lan"
PASSPHRASE = "出示证件之后再说话 café"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a server's root; nothing is there yet, no database either."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))
    return default_folder(Settings(data_dir=tmp_path / "data").data_dir)


def ca(*words: str, typed: str = "", days: float = 0) -> Result:
    command = ShiftedRoot(ShiftedClock(timedelta(days=days))) if days else root
    return CliRunner().invoke(command, ["ca", *words], input=typed)


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def accepted(tls: Path, leaf: x509.Certificate, name: str, days: float = 0) -> bool:
    """Return whether the verifier of a TLS library takes a certificate for a name."""
    try:
        subject = x509.IPAddress(ip_address(name))
    except ValueError:
        subject = x509.DNSName(name)  # type: ignore[assignment]
    store = Store([certificate(tls / "root.crt")])
    verifier = (
        PolicyBuilder()
        .store(store)
        .time(datetime.now(UTC) + timedelta(days=days))
        .build_server_verifier(subject)
    )
    try:
        verifier.verify(leaf, [])
    except VerificationError:
        return False
    return True


def test_two_verifiers_accept_what_is_issued_for_its_names_and_for_no_other(tls: Path) -> None:
    made = ca("init", HOST)
    issued = ca("issue", HOST, "192.168.1.10")

    assert (made.exit_code, issued.exit_code) == (0, 0), made.output + issued.output
    leaf = certificate(tls / f"{HOST}.crt")
    assert [accepted(tls, leaf, name) for name in (HOST, "192.168.1.10")] == [True, True]
    assert [accepted(tls, leaf, name) for name in ("other.lan", "192.168.1.11")] == [False] * 2
    strict = ("openssl", "verify", "-x509_strict", "-purpose", "sslserver")
    judged = subprocess.run(
        [*strict, "-CAfile", tls / "root.crt", "-verify_hostname", HOST, tls / f"{HOST}.crt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr


def test_what_apple_and_the_browsers_ask_of_a_certificate_is_in_it(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", "192.168.1.10")
    leaf, top = (certificate(tls / name) for name in ("192.168.1.10.crt", "root.crt"))

    def said(one: x509.Certificate, kind: type) -> object:
        return one.extensions.get_extension_for_class(kind).value

    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days <= 398
    assert said(leaf, x509.ExtendedKeyUsage) == x509.ExtendedKeyUsage(
        [x509.ExtendedKeyUsageOID.SERVER_AUTH]
    )
    assert said(leaf, x509.BasicConstraints) == x509.BasicConstraints(False, None)
    assert said(top, x509.BasicConstraints) == x509.BasicConstraints(True, 0)
    assert said(top, x509.ExtendedKeyUsage) == said(leaf, x509.ExtendedKeyUsage)
    assert said(leaf, x509.AuthorityKeyIdentifier).key_identifier == (  # type: ignore[attr-defined]
        said(top, x509.SubjectKeyIdentifier).digest  # type: ignore[attr-defined]
    )
    assert isinstance(leaf.signature_hash_algorithm, hashes.SHA256)
    assert top.extensions.get_extension_for_class(x509.NameConstraints).critical
    # As a common name an address would be held against the permitted hosts.
    assert "192.168.1.10" not in leaf.subject.rfc4514_string()


@pytest.mark.parametrize(("name", "at"), [(HOST, HOST), ("fd00::1", "[fd00::1]")])
def test_what_follows_is_a_server_on_which_phones_find_the_root_and_where_they_go(
    tls: Path, name: str, at: str
) -> None:
    ca("init", HOST)

    told = ca("issue", name).stderr

    (serve,) = (line for line in told.splitlines() if " serve " in line)
    assert serve.endswith(" --http-port 80")
    assert f"http://{at}/phone/trust" in told
    assert f"https://{at}/phone/" in told


def test_keys_are_for_their_owner_only_and_a_root_is_never_replaced(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", HOST)
    before = {path.name: path.read_bytes() for path in tls.rglob("*") if path.is_file()}

    again = ca("init", "other.lan", "--name", "另一个局")

    assert again.exit_code == 1
    assert "已有根证书，未作改动" in again.output
    kept = {path.name: path for path in tls.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in kept.items()} == before
    assert {name: path.stat().st_mode & 0o777 for name, path in kept.items()} == {
        "root.key": 0o600,
        "server.key": 0o600,
        f"{HOST}.key": 0o600,
        "root.crt": 0o644,
        "server.crt": 0o644,
        f"{HOST}.crt": 0o644,
    }
    assert {path.stat().st_mode & 0o777 for path in tls.iterdir() if path.is_dir()} == {0o700}
    above = (tls, tls.parent, tls.parent.parent)  # the data folder, which init had not made yet
    assert [path.stat().st_mode & 0o777 for path in above] == [0o700] * 3


def test_names_that_the_root_does_not_permit_are_refused_and_would_be_by_phones(
    tls: Path,
) -> None:
    ca("init", HOST)
    held = RootFolder(tls)
    period = held.root().not_valid_before_utc, held.root().not_valid_after_utc

    refused = ca("issue", HOST, "bank.example", "203.0.113.7")

    assert refused.exit_code == 1
    assert f"只能签发 {HOST} 及其下级域名、内网地址，不能签发 bank.example、203.0.113.7" in (
        refused.output
    )
    assert [*tls.glob("*.key")] == [tls / "root.key"]
    for name in ("bank.example", "203.0.113.7"):
        stolen = certify(held.root(), held.root_key(str), new_key(), names_of([name]), period)
        assert not accepted(tls, stolen, name)


def signed(tls: Path, names: list[x509.GeneralName], purpose: x509.ObjectIdentifier) -> Path:
    """Write what a thief of the root could sign, and return where."""
    held, key = RootFolder(tls), new_key()
    top = held.root()
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(top.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(top.not_valid_before_utc)
        .not_valid_after(top.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .sign(held.root_key(str), hashes.SHA256())
    )
    path = tls.parent / "stolen.crt"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("names", "purpose", "judged_for", "holds"),
    [
        ([x509.DNSName(HOST)], x509.ExtendedKeyUsageOID.SERVER_AUTH, "sslserver", True),
        ([x509.DNSName(HOST)], x509.ExtendedKeyUsageOID.CLIENT_AUTH, "sslclient", False),
        (
            [x509.RFC822Name("juzhang@yunwan.gov.cn")],
            x509.ExtendedKeyUsageOID.EMAIL_PROTECTION,
            "smimesign",
            False,
        ),
        ([x509.RFC822Name("a@b.cn")], x509.ExtendedKeyUsageOID.SERVER_AUTH, "sslserver", False),
        (
            [x509.DNSName(HOST), x509.UniformResourceIdentifier("https://bank.example/")],
            x509.ExtendedKeyUsageOID.SERVER_AUTH,
            "sslserver",
            False,
        ),
    ],
    ids=["server", "client", "mail", "mail's name", "page's address"],
)
def test_a_stolen_root_signs_for_servers_and_for_nothing_else(
    tls: Path,
    names: list[x509.GeneralName],
    purpose: x509.ObjectIdentifier,
    judged_for: str,
    holds: bool,
) -> None:
    ca("init", HOST)
    stolen = signed(tls, names, purpose)
    judged = subprocess.run(
        [*("openssl", "verify", "-purpose", judged_for, "-CAfile"), tls / "root.crt", stolen],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (judged.returncode == 0) == holds, judged.stdout + judged.stderr


def test_issuing_again_replaces_key_and_certificate_and_keeps_the_root(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", HOST)
    first = [(tls / f"{HOST}.{kind}").read_bytes() for kind in ("crt", "key")]
    top = (tls / "root.crt").read_bytes()

    ca("issue", HOST, "10.0.0.1")
    second = [(tls / f"{HOST}.{kind}").read_bytes() for kind in ("crt", "key")]

    assert [one == other for one, other in zip(first, second, strict=True)] == [False, False]
    assert (tls / "root.crt").read_bytes() == top
    assert accepted(tls, certificate(tls / f"{HOST}.crt"), "10.0.0.1")
    assert len([*tls.rglob("server.key")]) == 1  # what was replaced is gone


def test_a_server_that_is_called_as_the_root_files_are_leaves_them_alone(tls: Path) -> None:
    ca("init", "root")
    before = {path.name: path.read_bytes() for path in tls.iterdir()}

    refused = ca("issue", "root")
    site = CliRunner().invoke(root, ["deploy", "nginx", "root"])

    assert refused.exit_code == site.exit_code == 1
    assert "“root”是根证书文件的名称" in refused.output
    assert {path.name: path.read_bytes() for path in tls.iterdir()} == before
    assert ca("issue", "inspect.root", "root").exit_code == 0
    assert accepted(tls, certificate(tls / "inspect.root.crt"), "root")


class Stopped(BaseException):
    """The machine stopped."""


def stopping_at(patch: pytest.MonkeyPatch, step: int) -> list[str]:
    """Stop before one of the steps that change a folder; return those that were done."""
    done: list[str] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def change(*given: object, **more: object) -> object:
            if len(done) == step:
                raise Stopped
            done.append(name)
            return real(*given, **more)

        return change

    for name in ("replace", "symlink_to", "mkdir"):
        patch.setattr(Path, name, counted(name, getattr(Path, name)))
    patch.setattr(os, "link", counted("link", os.link))
    patch.setattr(shutil, "rmtree", counted("rmtree", shutil.rmtree))
    return done


@pytest.mark.parametrize("by_hand", [True, False], ids=["files of another hand", "issued here"])
def test_wherever_issuing_breaks_off_certificate_and_key_are_a_pair(
    tls: Path, monkeypatch: pytest.MonkeyPatch, by_hand: bool
) -> None:
    ca("init", HOST)
    ca("issue", HOST)
    pair = RootFolder(tls).pair_for(HOST)
    if by_hand:
        for path in (pair.certificate, pair.key):
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
    step, told = 0, 1
    while told:
        with monkeypatch.context() as patch:
            done = stopping_at(patch, step)
            try:
                issue(tls, (HOST,), str, datetime.now(UTC))
                told = 0
            except Stopped:
                assert len(done) == step
        assert pair.read().names == (HOST,)
        step += 1

    assert step > 5
    assert pair.certificate.is_symlink()
    assert pair.key.is_symlink()


def test_only_what_is_due_is_renewed_with_its_names(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", HOST, "10.0.0.1", "fd00::1")
    (tls / "public.crt").write_bytes((tls / "root.crt").read_bytes())  # not of this root's servers
    early = ca("renew")
    old = certificate(tls / f"{HOST}.crt")
    late = ca("renew", days=340)
    new = certificate(tls / f"{HOST}.crt")

    assert "没有须续签的服务器证书" in early.output
    assert late.exit_code == 0, late.output
    assert f"已签发 {HOST}、10.0.0.1、fd00::1" in late.output
    assert new.serial_number != old.serial_number
    assert [accepted(tls, one, "10.0.0.1", days=500) for one in (old, new)] == [False, True]
    assert not (tls / "public.key").exists()


def test_a_root_whose_time_is_over_certifies_nothing_and_says_what_to_do(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", HOST)

    late = ca("renew", days=3700)

    assert late.exit_code == 1
    assert "根证书已于" in late.output
    assert "建立新的根证书" in late.output


def test_an_encrypted_root_opens_with_its_passphrase_only(tls: Path) -> None:
    short = ca("init", HOST, "--encrypt", typed="kurz\n")
    empty = ca("init", HOST, "--encrypt", typed="\n")
    assert not tls.exists()
    made = ca("init", HOST, "--encrypt", typed=f"{PASSPHRASE}\n")
    none, wrong = ca("issue", HOST), ca("issue", HOST, typed="falsch falsch falsch\n")
    right = ca("issue", HOST, typed=f"{PASSPHRASE}\n")

    assert [one.exit_code for one in (short, empty, made, none, wrong, right)] == [1, 1, 0, 1, 1, 0]
    assert "少于 12 个字符" in short.output
    assert "没有输入口令" in none.output
    assert "口令不对" in wrong.output
    other_keyboard = unicodedata.normalize("NFD", PASSPHRASE)
    assert other_keyboard != PASSPHRASE
    assert ca("issue", HOST, typed=f"{other_keyboard}\n").exit_code == 0
    assert b"ENCRYPTED" in (tls / "root.key").read_bytes()
    assert b"ENCRYPTED" not in (tls / f"{HOST}.key").read_bytes()


def test_phones_get_the_root_in_the_two_forms_that_they_read(tls: Path, tmp_path: Path) -> None:
    ca("init", HOST)
    done = ca("export", "--to", str(tmp_path / "手机"))
    again = ca("export", "--to", str(tmp_path / "手机"))
    profile = (tmp_path / "手机" / "inspect-root.mobileconfig").read_bytes()
    root_der = ssl.PEM_cert_to_DER_cert((tls / "root.crt").read_text())

    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    assert (tmp_path / "手机" / "inspect-root.crt").read_bytes() == root_der
    told = plistlib.loads(profile)
    assert told["PayloadType"] == "Configuration"
    (payload,) = told["PayloadContent"]
    assert (payload["PayloadType"], payload["PayloadContent"]) == (
        "com.apple.security.root",
        root_der,
    )
    assert len({told["PayloadUUID"], payload["PayloadUUID"]}) == 2
    assert told["PayloadOrganization"] == "云湾区应急管理局"
    assert b"PRIVATE KEY" not in profile
    assert (tmp_path / "手机" / "inspect-root.mobileconfig").read_bytes() == profile


def test_what_is_shown_is_the_fingerprint_that_openssl_computes(tls: Path) -> None:
    ca("init", HOST)
    ca("issue", HOST, "10.0.0.1")
    shown = ca("show").output
    said = subprocess.run(
        ["openssl", "x509", "-in", tls / "root.crt", "-noout", "-fingerprint", "-sha256"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    lines = shown.partition("核对）：\n")[2].splitlines()[:4]
    assert ":".join(line.strip() for line in lines) == said.partition("=")[2].strip()
    assert f"服务器证书 {HOST}、10.0.0.1：至 " in shown
    assert "还有 395 天" in shown
    assert "云湾区应急管理局" in shown


@pytest.mark.parametrize("words", [("show",), ("issue", HOST), ("renew",), ("export", "--to", "x")])
def test_without_a_root_one_is_told_how_to_make_it(tls: Path, words: tuple[str, ...]) -> None:
    done = ca(*words)

    assert done.exit_code == 1
    assert "请先用 ca init 建立" in done.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda tls: (tls / "root.crt").write_text("x"), "不是本系统建立的根证书"),
        (lambda tls: (tls / "root.key").write_text("x"), "root.key 已损坏"),
        (lambda tls: (tls / "root.key").unlink(), "缺 root.key"),
        (
            lambda tls: (tls / "root.key").write_bytes((tls / f"{HOST}.key").read_bytes()),
            "root.key 不是 root.crt 的密钥",
        ),
        (
            lambda tls: (tls / "root.crt").write_bytes((tls / f"{HOST}.crt").read_bytes()),
            "不是本系统建立的根证书",
        ),
    ],
    ids=["no certificate", "no key", "key gone", "another's key", "no root"],
)
def test_a_damaged_root_is_one_sentence(tls: Path, spoil: object, said: str) -> None:
    ca("init", HOST)
    ca("issue", HOST)
    spoil(tls)  # type: ignore[operator]

    done = ca("issue", HOST)

    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_name_that_is_too_long_is_refused_before_anything_is_written(tls: Path) -> None:
    done = ca("init", HOST, "--name", "局" * 65)

    assert done.exit_code == 1
    assert "单位名称填写有误：超过 64 个字符" in done.output
    assert not tls.exists()


@pytest.mark.parametrize("sign", ["\x0b", "\n", "\u200b"])
def test_a_name_with_signs_that_nobody_sees_is_refused_before_anything_is_written(
    tls: Path, sign: str
) -> None:
    done = ca("init", HOST, "--name", f"云湾区{sign}应急管理局")

    assert done.exit_code == 1
    assert "单位名称填写有误：含有换行等控制字符" in done.output
    assert not tls.exists()


@pytest.mark.parametrize("words", [("init", HOST), ("show",), ("issue", HOST)])
def test_a_key_whose_certificate_was_never_written_is_told_as_that(
    tls: Path, words: tuple[str, ...]
) -> None:
    ca("init", HOST)
    (tls / "root.crt").unlink()
    key = (tls / "root.key").read_bytes()

    done = ca(*words)

    assert done.exit_code == 1
    assert "只有根证书的密钥 root.key" in done.output
    assert (tls / "root.key").read_bytes() == key
    (tls / "root.key").rename(tls.parent / "moved")
    assert ca("init", HOST).exit_code == 0
