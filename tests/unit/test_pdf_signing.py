"""Signatures are PAdES behind the issued bytes: what they add, and with which keys."""

import asyncio
import errno
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import httpx
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspect_server.gateways.pdf_signing import demo_ca, stamping
from inspect_server.gateways.pdf_signing.certificates import load_key
from inspect_server.gateways.pdf_signing.demo_ca import MARK, ROOT_NAME, make_demo_authority
from inspect_server.gateways.pdf_signing.errors import KeyExposed, KeyNotUsable, NotSigned
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_signing.signing import OwnSigner
from inspect_server.gateways.pdf_signing.stamping import NetworkTimestamps
from inspect_server.gateways.pdf_verifying.reading import look
from inspect_server.gateways.timestamps import request, roots
from pdf_templates.catalogue import render
from pdf_templates.facts import to_json
from tests.golden import example_documents as examples
from tests.pdfa.checker import check
from tests.signers import Certified, certified
from tests.verifiers.authority import Authority

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAID = Said(NOW, "制作执法文书", "云湾区")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render("rectification_order", to_json(examples.ORDER))


@pytest.fixture(scope="module")
def held() -> Certified:
    return certified(NOW)


@pytest.fixture(scope="module")
def signed(pdf: bytes, held: Certified) -> bytes:
    return held.signer().sign(pdf, SAID)


def test_a_signed_file_begins_with_the_issued_bytes_and_a_signature_follows(
    pdf: bytes, signed: bytes, held: Certified
) -> None:
    (found,) = look(signed, [held.root]).signatures

    assert signed.startswith(pdf)
    assert (found.intact, found.valid, found.whole, found.length) == (True, True, True, len(signed))
    assert found.certificate is not None
    assert (found.certificate.subject, found.certificate.distrust) == ("云湾区应急管理局", "")
    assert found.claimed_at == NOW.isoformat()
    assert found.stamp is None


def test_the_signature_dictionary_is_pades_and_says_reason_and_place(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as file:
        field = file.Root.AcroForm.Fields[0]
        value = field.V

        assert str(value.SubFilter) == "/ETSI.CAdES.detached"
        assert (str(value.Reason), str(value.Location)) == ("制作执法文书", "云湾区")
        assert str(value.M).startswith("D:20260302")
        assert int(file.Root.AcroForm.SigFlags) == 3


def test_the_widget_has_no_size_no_picture_and_stays_printable_as_pdf_a_wants(
    signed: bytes,
) -> None:
    with pikepdf.open(io.BytesIO(signed)) as file:
        (widget,) = file.pages[0].Annots

        assert [float(one) for one in widget.Rect] == [0, 0, 0, 0]
        assert int(widget.F) == 4 | 128
        assert "/AP" not in widget
        assert "/NeedAppearances" not in file.Root.AcroForm


def test_a_signed_document_is_still_pdf_a(signed: bytes) -> None:
    assert check(signed) == []


def test_a_signature_leaves_metadata_and_pages_as_they_were(pdf: bytes, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert {key: str(value) for key, value in before.docinfo.items()} == {
            key: str(value) for key, value in after.docinfo.items()
        }
        for one, other in zip(before.pages, after.pages, strict=True):
            assert one.Contents.read_raw_bytes() == other.Contents.read_raw_bytes()
        assert [str(key) for key in after.Root if key not in before.Root] == ["/AcroForm"]
    assert not look(signed, []).facts_changed


def test_a_file_that_is_signed_is_not_signed_again(signed: bytes, held: Certified) -> None:
    with pytest.raises(NotSigned):
        held.signer().sign(signed, SAID)


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7\n", b"no pdf at all"])
def test_what_is_no_sound_pdf_is_not_signed(broken: bytes, held: Certified) -> None:
    with pytest.raises(NotSigned):
        held.signer().sign(broken, SAID)


def test_it_is_signed_also_where_an_event_loop_is_running(pdf: bytes, held: Certified) -> None:
    async def busy() -> bytes:
        return held.signer().sign(pdf, SAID)

    assert asyncio.run(busy()).startswith(pdf)


def _answering(authority: Authority) -> NetworkTimestamps:
    def answer(asked: httpx.Request) -> httpx.Response:
        assert asked.headers["Content-Type"] == "application/timestamp-query"
        return httpx.Response(200, content=authority.stamp(asked.content))

    return NetworkTimestamps("http://tsa.example/", httpx.MockTransport(answer))


def test_with_an_authority_a_signature_carries_its_time_stamp(pdf: bytes, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    now = datetime.now(UTC)
    held = certified(now)
    signed = held.signer(_answering(authority)).sign(pdf, Said(now))
    (found,) = look(signed, [held.root, *roots(authority.root)]).signatures
    (stranger,) = look(signed, [held.root]).signatures

    assert found.whole
    assert found.stamp is not None
    assert found.stamp.holds
    assert abs(datetime.fromisoformat(found.stamp.at) - now) < timedelta(minutes=5)
    assert (found.stamp.certificate.subject, found.stamp.certificate.distrust) == ("T", "")
    assert stranger.stamp is not None
    assert stranger.stamp.certificate.distrust == "unknown_issuer"


def test_a_time_stamp_says_more_of_the_time_than_the_signer(pdf: bytes, tmp_path: Path) -> None:
    """Whoever signs with an expired certificate may claim an earlier time; an authority not."""
    authority = Authority(tmp_path / "tsa")
    expired = certified(datetime.now(UTC) - timedelta(days=20), days=10)
    claimed = Said(datetime.now(UTC) - timedelta(days=15))
    stamped = expired.signer(_answering(authority)).sign(pdf, claimed)
    (found,) = look(stamped, [expired.root, *roots(authority.root)]).signatures
    (alone,) = look(expired.signer().sign(pdf, claimed), [expired.root]).signatures

    assert found.certificate is not None
    assert found.certificate.distrust == "out_of_date"
    assert alone.certificate is not None
    assert alone.certificate.distrust == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(503), "状态码 503"),
        (httpx.Response(200, content=b"<html>"), "不是时间戳"),
        (httpx.Response(200, content=b"0" * 1_100_000), "不是时间戳"),
    ],
)
def test_an_authority_that_gives_no_stamp_gives_no_signature(
    pdf: bytes, held: Certified, answer: httpx.Response, said: str
) -> None:
    deaf = NetworkTimestamps("http://tsa.example/", httpx.MockTransport(lambda _: answer))

    with pytest.raises(NotSigned, match=said):
        held.signer(deaf).sign(pdf, SAID)


def test_an_authority_that_refuses_or_stamps_something_else_gives_no_signature(
    pdf: bytes, held: Certified, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tsa")
    old = authority.stamp(request(b"something else"))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=old))

    with pytest.raises(NotSigned, match="没有给出"):
        held.signer(NetworkTimestamps("http://tsa.example/", transport)).sign(pdf, SAID)


def test_a_stamp_whose_own_signature_does_not_hold_gives_no_signature(
    pdf: bytes, held: Certified, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tsa")

    def answer(asked: httpx.Request) -> httpx.Response:
        stamp = bytearray(authority.stamp(asked.content))
        stamp[-3] ^= 1  # the signature value stands last
        return httpx.Response(200, content=bytes(stamp))

    forged = NetworkTimestamps("http://tsa.example/", httpx.MockTransport(answer))
    with pytest.raises(NotSigned, match="没有给出"):
        held.signer(forged).sign(pdf, SAID)


def test_an_authority_that_answers_drop_by_drop_is_not_waited_for(
    pdf: bytes, held: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "SECONDS", 0)
    drops = httpx.MockTransport(lambda _: httpx.Response(200, content=iter([b"0"] * 100)))
    with pytest.raises(NotSigned, match="超时"):
        held.signer(NetworkTimestamps("http://tsa.example/", drops)).sign(pdf, SAID)


def test_a_certificate_that_may_not_sign_is_not_used(tmp_path: Path) -> None:
    for odd in (
        certified(NOW, usage=False),
        certified(NOW, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]),
        certified(NOW, purposes=[ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
    ):
        with pytest.raises(KeyNotUsable, match="用途不含签名"):
            load_key(*_files(tmp_path, odd), "")


def test_nothing_is_signed_outside_the_certificates_days(pdf: bytes, held: Certified) -> None:
    for moment, said in (
        (NOW - timedelta(days=2), "起才有效"),
        (NOW + timedelta(days=366), "过期"),
    ):
        with pytest.raises(KeyNotUsable, match=said):
            held.signer().sign(pdf, Said(moment))


def test_the_demo_authority_says_in_its_names_what_it_is_and_its_key_is_private(
    tmp_path: Path, pdf: bytes
) -> None:
    made = make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW)
    key = load_key(made.key, None, made.passphrase.read_text().strip())
    signed = OwnSigner(key).sign(pdf, SAID)

    certificate = look(signed, list(key.chain)).signatures[0].certificate
    assert certificate is not None
    assert certificate.subject == "云湾区应急管理局" + MARK
    assert certificate.issuer == ROOT_NAME
    assert certificate.distrust == ""
    assert [oct(one.stat().st_mode & 0o777) for one in (made.key, made.passphrase)] == ["0o600"] * 2
    assert made.key.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW)


def test_a_demo_authority_that_finds_no_room_leaves_none_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fdopen(handle: int, mode: str) -> IO[bytes]:
        if (tmp_path / "ca" / "demo-root.pem").exists():
            os.close(handle)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(handle, mode)

    opened = os.fdopen
    with monkeypatch.context() as full:
        full.setattr(demo_ca.os, "fdopen", fdopen)
        with pytest.raises(OSError, match="No space"):
            make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW)

    assert list((tmp_path / "ca").iterdir()) == []
    assert make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW).key.is_file()


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    made = make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW)
    made.key.chmod(0o640)

    with pytest.raises(KeyExposed, match="chmod 600"):
        load_key(made.key, None, made.passphrase.read_text().strip())


def _files(folder: Path, held: Certified, passphrase: str = "") -> tuple[Path, Path]:
    key, certificates = folder / "key.pem", folder / "chain.pem"
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    handle = os.open(key, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(held.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    chain = (held.root, held.key.certificate)  # in the wrong order: the key finds its own
    certificates.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in chain))
    return key, certificates


@pytest.mark.parametrize("passphrase", ["", "开门"])
def test_a_pem_key_finds_its_own_certificate(
    tmp_path: Path, held: Certified, passphrase: str
) -> None:
    found = load_key(*_files(tmp_path, held, passphrase), passphrase)

    assert found.certificate == held.key.certificate
    assert found.chain == (held.root,)


@pytest.mark.parametrize(
    ("sealed", "given", "said"),
    [("开门", "", "需要口令"), ("", "开门", "不需要口令"), ("开门", "关门", "口令不对")],
)
def test_a_wrong_passphrase_is_said(
    tmp_path: Path, held: Certified, sealed: str, given: str, said: str
) -> None:
    with pytest.raises(KeyNotUsable, match=said):
        load_key(*_files(tmp_path, held, sealed), given)


def test_a_wrong_passphrase_of_a_pkcs12_file_is_said(tmp_path: Path) -> None:
    made = make_demo_authority(tmp_path / "ca", "云湾区应急管理局", NOW)

    with pytest.raises(KeyNotUsable, match="口令不对"):
        load_key(made.key, None, "guess")


def test_a_certificate_of_another_key_a_weak_key_and_no_file_are_refused(
    tmp_path: Path, held: Certified
) -> None:
    key, _ = _files(tmp_path, held)
    (tmp_path / "other").mkdir()
    _, others = _files(tmp_path / "other", certified(NOW))
    with pytest.raises(KeyNotUsable, match="不是一对"):
        load_key(key, others, "")
    with pytest.raises(KeyNotUsable, match="signature_certificate"):
        load_key(key, None, "")
    with pytest.raises(KeyNotUsable, match="不是 PEM 格式的证书"):
        load_key(key, key, "")
    with pytest.raises(KeyNotUsable, match="读不到"):
        load_key(tmp_path / "nowhere.p12", None, "")
    weak = rsa.generate_private_key(65_537, 1_024)
    key.write_bytes(weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyNotUsable, match="不足 2048 位"):
        load_key(key, others, "")
