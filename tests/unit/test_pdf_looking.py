"""A changed, broken or malicious file is always told, and never brings a traceback."""

import dataclasses
import io
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_verifying import guarding
from inspect_server.gateways.pdf_verifying.findings import Findings, from_plain, to_plain
from inspect_server.gateways.pdf_verifying.guarding import examine
from inspect_server.gateways.pdf_verifying.reading import look
from pdf_templates.catalogue import render
from pdf_templates.facts import to_json
from tests.golden import example_documents as examples
from tests.signers import Certified, certified

pytestmark = pytest.mark.usefixtures("files_looked_at_apart")

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAMPLES = 60
"""Positions of each stretch of the file at which one bit is changed."""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render("rectification_order", to_json(examples.ORDER))


@pytest.fixture(scope="module")
def held() -> Certified:
    return certified(NOW)


@pytest.fixture(scope="module")
def signed(pdf: bytes, held: Certified) -> bytes:
    return held.signer().sign(pdf, Said(NOW))


def holds(found: Findings) -> bool:
    """Whether nothing at all speaks against the file."""
    return (
        not found.unreadable
        and not found.facts_damaged
        and not found.facts_changed
        and not found.altered
        and not found.stripped
        and not found.empty_fields
        and bool(found.facts)
        and len(found.signatures) == 1
        and all(_is_sound(one, found.length) for one in found.signatures)
    )


def _is_sound(one: Any, length: int) -> bool:
    said = one.is_checked and one.intact and one.valid and one.whole and one.length == length
    return bool(said and one.certificate is not None and not one.certificate.distrust)


def test_an_untouched_file_holds_and_survives_the_way_from_the_child(
    signed: bytes, held: Certified
) -> None:
    found = look(signed, [held.root])

    assert holds(found)
    assert from_plain(to_plain(found)) == found


def test_one_changed_bit_anywhere_outside_the_signature_itself_is_noticed(
    pdf: bytes, signed: bytes, held: Certified
) -> None:
    start = signed.index(b"/Contents <", len(pdf)) + len(b"/Contents ")
    end = signed.index(b">", start) + 1
    stretches = ((0, len(pdf)), (len(pdf), start), (end, len(signed)))

    unnoticed = [
        position
        for first, last in stretches
        for position in range(first, last, max(1, (last - first) // SAMPLES))
        if holds(look(_changed(signed, position), [held.root]))
    ]
    assert unnoticed == []


def test_one_changed_digit_of_the_signature_or_of_the_zeros_behind_it_is_noticed(
    pdf: bytes, signed: bytes, held: Certified
) -> None:
    start = signed.index(b"/Contents <", len(pdf)) + len(b"/Contents <")
    end = signed.index(b">", start)
    value = signed[start:end].rstrip(b"0")

    for first, last in ((start + len(value) - 120, start + len(value)), (end - 2_000, end)):
        for position in range(first, last, max(1, (last - first) // SAMPLES)):
            other = bytearray(signed)
            other[position] = ord("1") if other[position] == ord("0") else ord("0")
            assert not holds(look(bytes(other), [held.root])), position


def _changed(content: bytes, position: int) -> bytes:
    other = bytearray(content)
    other[position] ^= 1
    return bytes(other)


@pytest.mark.parametrize(
    ("roots", "why"),
    [
        ((certified(NOW, root_name="别的根证书").root,), "unknown_issuer"),
        ((certified(NOW).root,), "other"),  # of the same name, and another key
        ((), "no_roots"),
    ],
)
def test_a_signature_by_an_authority_that_nobody_trusts_is_whole_but_not_trusted(
    signed: bytes, roots: tuple[x509.Certificate, ...], why: str
) -> None:
    (found,) = look(signed, roots).signatures

    assert found.valid
    assert found.certificate is not None
    assert found.certificate.distrust == why


def test_a_certificate_that_had_expired_at_signing_is_not_trusted_and_one_since_expired_is(
    pdf: bytes, held: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(held.key), "check_valid_at", lambda *_: None)
    late = held.signer().sign(pdf, Said(datetime(2028, 1, 1, tzinfo=UTC)))
    old = certified(datetime(2020, 1, 1, tzinfo=UTC))
    then = old.signer().sign(pdf, Said(datetime(2020, 2, 1, tzinfo=UTC)))

    (found,) = look(late, [held.root], datetime(2028, 1, 2, tzinfo=UTC)).signatures
    assert found.valid
    assert found.certificate is not None
    assert found.certificate.distrust == "out_of_date"
    (found,) = look(then, [old.root]).signatures
    assert found.certificate is not None
    assert found.certificate.distrust == ""


def test_a_certificate_that_may_not_sign_is_not_trusted(pdf: bytes) -> None:
    for odd in (
        certified(NOW, usage=False),
        certified(NOW, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]),
        certified(NOW, purposes=[ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
    ):
        (found,) = look(odd.signer().sign(pdf, Said(NOW)), [odd.root]).signatures

        assert found.certificate is not None
        assert found.certificate.distrust == "usage"


@pytest.mark.parametrize(
    "purpose", [ExtendedKeyUsageOID.EMAIL_PROTECTION, ObjectIdentifier("1.3.6.1.5.5.7.3.36")]
)
def test_a_certificate_for_documents_or_mail_is_trusted(
    pdf: bytes, purpose: ObjectIdentifier
) -> None:
    usual = certified(NOW, purposes=[ExtendedKeyUsageOID.SERVER_AUTH, purpose])
    (found,) = look(usual.signer().sign(pdf, Said(NOW)), [usual.root]).signatures

    assert found.certificate is not None
    assert found.certificate.distrust == ""


def test_a_certificate_for_clients_alone_is_trusted(pdf: bytes) -> None:
    person = certified(NOW, purposes=[ExtendedKeyUsageOID.CLIENT_AUTH])
    (found,) = look(person.signer().sign(pdf, Said(NOW)), [person.root]).signatures

    assert found.certificate is not None
    assert found.certificate.distrust == ""


def _update(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    output = io.BytesIO(content)
    update = IncrementalPdfFileWriter(output)
    change(update)
    update.write_in_place()
    return output.getvalue()


def _change_page(update: IncrementalPdfFileWriter) -> None:
    page = update.root["/Pages"]["/Kids"][0]
    page["/Contents"]._data = b"BT ET"
    page["/Contents"]._encoded_data = None
    update.mark_update(page.raw_get("/Contents").reference)


def _drop_form(update: IncrementalPdfFileWriter) -> None:
    del update.root["/AcroForm"]
    update.update_root()


def _drop_value(update: IncrementalPdfFileWriter) -> None:
    field = update.root["/AcroForm"]["/Fields"][0]
    del field["/V"]
    update.mark_update(update.root["/AcroForm"]["/Fields"].raw_get(0).reference)


def _drop_facts(update: IncrementalPdfFileWriter) -> None:
    del update.root["/Names"]
    update.update_root()


def test_a_page_changed_after_signing_is_told_as_a_later_change(
    signed: bytes, held: Certified
) -> None:
    changed = _update(signed, _change_page)
    (found,) = look(changed, [held.root]).signatures

    assert found.intact
    assert found.length == len(signed) < len(changed)
    assert found.later == "changed"


def test_a_page_changed_before_signing_is_told_though_the_signature_holds(
    pdf: bytes, held: Certified
) -> None:
    found = look(held.signer().sign(_update(pdf, _change_page), Said(NOW)), [held.root])

    assert found.signatures[0].intact
    assert found.signatures[0].later == ""
    assert found.altered


def test_bytes_behind_the_end_are_told(signed: bytes, held: Certified) -> None:
    (found,) = look(signed + b"\n% more\n", [held.root]).signatures

    assert found.later == "changed"


def test_a_signature_that_a_later_update_takes_out_is_told(signed: bytes) -> None:
    assert look(_update(signed, _drop_form), []).stripped == ("Signature1",)
    dropped = look(_update(signed, _drop_value), [])
    assert (dropped.stripped, dropped.empty_fields) == (("Signature1",), ("Signature1",))


def test_facts_that_a_later_update_takes_out_are_told(signed: bytes) -> None:
    found = look(_update(signed, _drop_facts), [])

    assert found.facts_changed
    assert found.signatures[0].later == "changed"


def test_a_second_signature_changes_nothing_of_the_first(
    signed: bytes, held: Certified, pdf: bytes
) -> None:
    from pyhanko.sign.signers.functions import sign_pdf
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

    output = io.BytesIO(signed)
    update = IncrementalPdfFileWriter(output)
    append_signature_field(update, SigFieldSpec("Witness"))
    signer = held.signer()._signer
    sign_pdf(update, PdfSignatureMetadata("Witness"), signer, in_place=True)
    first, second = look(output.getvalue(), [held.root]).signatures

    assert (first.field, first.later, second.field, second.later) == (
        "Signature1",
        "added",
        "Witness",
        "",
    )
    assert first.intact
    assert second.intact


def test_a_signature_with_a_picture_is_told_for_it_may_hide_the_text(
    signed: bytes, held: Certified
) -> None:
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import TextStampStyle

    over = SigFieldSpec("Over", on_page=0, box=(0, 0, 595, 842))
    style = TextStampStyle(stamp_text="FALSE", background=None)
    update, output = IncrementalPdfFileWriter(io.BytesIO(signed)), io.BytesIO()
    other = certified(NOW, root_name="别的根证书")
    PdfSigner(
        PdfSignatureMetadata("Over"), other.signer()._signer, stamp_style=style, new_field_spec=over
    ).sign_pdf(update, output=output)

    assert look(signed, [held.root]).drawn == ()
    assert look(output.getvalue(), [held.root, other.root]).drawn == ("Over",)


def test_another_title_in_a_later_update_is_told(signed: bytes, held: Certified) -> None:
    update, output = IncrementalPdfFileWriter(io.BytesIO(signed)), io.BytesIO()
    info = update.trailer_view["/Info"]
    info["/Title"] = generic.TextStringObject("另一份文书")
    update.update_container(info)
    update.write(output)

    assert look(output.getvalue(), [held.root]).altered


def test_changed_content_is_told_even_where_the_signature_is_none_that_can_be_checked(
    pdf: bytes, signed: bytes, held: Certified
) -> None:
    start = signed.index(b"/Contents <", len(pdf))
    known, unknown = b"2A864886F70D010903", b"2A864886F70D01097F"  # content type, and nothing
    at = signed.rindex(known, start)
    odd = signed[:at] + unknown + signed[at + len(known) :]
    (whole,) = look(odd, [held.root]).signatures
    (changed,) = look(_changed(odd, len(pdf) // 2), [held.root]).signatures

    assert not whole.is_checked
    assert whole.intact
    assert not changed.intact


@pytest.mark.parametrize("missing", [1, 100, 5_000, 16_700])
def test_an_update_that_is_cut_off_is_told_also_where_the_issued_file_is_whole(
    pdf: bytes, signed: bytes, missing: int
) -> None:
    assert look(signed[: max(len(pdf) + 60, len(signed) - missing - 5)], []).unreadable


def test_a_pipe_and_a_device_are_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="device"):
            examine(path, [])


def test_a_file_without_signature_or_facts_is_told(pdf: bytes) -> None:
    assert look(pdf, []).signatures == ()
    assert look(_update(pdf, _drop_facts), []).facts == ""


def test_an_encrypted_file_is_told(signed: bytes) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as file:
        file.save(output, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert look(output.getvalue(), []).unreadable == "encrypted"


def _bomb() -> bytes:
    """Facts that are small and unfold to gigabytes."""
    packed = zlib.compress(b"0" * 300_000_000, 9)
    for _ in range(1):
        packed = zlib.compress(packed, 9)
    stream = b"<< /Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n"
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(facts.json)"
        b" << /Type /Filespec /F (facts.json) /EF << /F 3 0 R >> >>] >> >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        stream % len(packed) + packed + b"\nendstream",
    )


def _deep() -> bytes:
    depth = 200_000
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields " + b"[" * depth + b"]" * depth,
        b"<< /Type /Pages /Kids [] /Count 0 >>",
    )


def _loop() -> bytes:
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /T (a) /Kids [3 0 R] >>",
    )


def _file(*objects: bytes) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, at)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", {"not_pdf"}),
        (b"PK\x03\x04 a zip", {"not_pdf"}),
        (b"%PDF-1.7\n", {"cut"}),
        (b"%PDF-1.7\nstartxref\n9\n%%EOF\n", {"damaged"}),
        (b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n", {"damaged"}),
        (_deep(), {"too_deep", "damaged", "too_costly"}),
        (_loop(), {"too_deep", "damaged", "too_costly"}),
    ],
    ids=["empty", "zip", "header", "nothing", "far", "deep", "loop"],
)
def test_a_broken_file_is_told_by_what_is_wrong_with_it(
    tmp_path: Path, content: bytes, codes: set[str]
) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)

    assert examine(path, []).unreadable in codes


def test_facts_that_unfold_without_end_are_not_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(_bomb())

    found = examine(path, [])
    assert path.stat().st_size < 100_000
    assert found.facts_damaged or found.unreadable


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_told(signed: bytes, part: float) -> None:
    found = look(signed[: int(len(signed) * part)], [])

    assert found.unreadable in {"cut", "damaged"}


def test_a_file_that_is_too_large_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(300_000_000)  # a hole: it takes no room

    assert examine(path, []).unreadable == "too_large"


def test_a_look_that_takes_too_long_or_dies_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed: bytes
) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(signed)
    monkeypatch.setattr(guarding.sys, "executable", "/bin/false")

    assert examine(path, []).unreadable == "too_costly"


def test_the_child_says_the_same_as_a_look_here(
    tmp_path: Path, signed: bytes, held: Certified
) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(signed)

    assert dataclasses.asdict(examine(path, [held.root])) == dataclasses.asdict(
        look(signed, [held.root])
    )


def test_no_code_is_run_from_the_folder_where_the_command_is_given(
    tmp_path: Path, signed: bytes, held: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(signed)
    (tmp_path / "pyhanko.py").write_text("raise SystemExit(1)")  # as it comes along in a ZIP
    monkeypatch.chdir(tmp_path)

    assert not examine(path, [held.root]).unreadable
