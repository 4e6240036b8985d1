"""A program outside may sign; whatever it does, only a signature on our bytes is taken."""

import hashlib
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspect_server.gateways.pdf_signing import external
from inspect_server.gateways.pdf_signing.errors import NotSigned, SealRefused
from inspect_server.gateways.pdf_signing.external import ExternalSigner
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_verifying.reading import look
from pdf_templates.catalogue import render
from pdf_templates.facts import to_json
from tests.golden import example_documents as examples

SAID = Said(datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "制作执法文书", "云湾区")

BEGIN = """
import json, sys, pathlib, hashlib, os, time
order = json.load(sys.stdin)
document = pathlib.Path(order["document"]).read_bytes()
prepared = pathlib.Path(order["prepared"]).read_bytes()
first, before, after, rest = order["byte_range"]
covered = prepared[:before] + prepared[after:after + rest]
signature = pathlib.Path(order["answer_signature"])
signed = pathlib.Path(order["answer_document"])
"""
SEAL = """
import asyncio, datetime
sys.path.insert(0, {root!r})
from tests.signers import certified
held = certified(datetime.datetime.fromisoformat(order["at"]))
assert hashlib.sha256(covered).hexdigest() == order["sha256"]
made = asyncio.run(held.signer()._signer.async_sign(
    hashlib.sha256({covered}).digest(), "sha256", use_pades=True)).dump()
""".replace("{root!r}", repr(str(Path(__file__).parents[2])))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render("rectification_order", to_json(examples.ORDER))


def program(tmp_path: Path, *lines: str) -> list[str]:
    """A signing program that does this."""
    path = tmp_path / "seal.py"
    path.write_text(BEGIN + "\n".join(lines), encoding="utf-8")
    return [sys.executable, str(path)]


def sealing(covered: str = "covered") -> str:
    return SEAL.replace("{covered}", covered)


def test_a_signature_that_comes_back_is_put_where_it_belongs(tmp_path: Path, pdf: bytes) -> None:
    signer = ExternalSigner(program(tmp_path, sealing(), "signature.write_bytes(made)"))
    content = signer.sign(pdf, SAID)

    (found,) = look(content, []).signatures
    assert content.startswith(pdf)
    assert (found.intact, found.valid, found.whole) == (True, True, True)


def test_a_whole_file_that_comes_back_is_taken_as_it_is(tmp_path: Path, pdf: bytes) -> None:
    fill = (
        "code = made.hex().upper().encode()",
        "signed.write_bytes(prepared[:before + 1] + code + prepared[before + 1 + len(code):])",
    )
    content = ExternalSigner(program(tmp_path, sealing(), *fill)).sign(pdf, SAID)

    assert look(content, []).signatures[0].intact


def test_a_file_whose_page_was_changed_before_it_was_sealed_is_refused(
    tmp_path: Path, pdf: bytes
) -> None:
    lines = (
        sealing(),
        "import io",
        "from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter",
        "from inspect_server.gateways.pdf_signing.said import Said",
        "out = io.BytesIO(document)",
        "update = IncrementalPdfFileWriter(out)",
        "page = update.root['/Pages']['/Kids'][0]",
        "from pyhanko.pdf_utils.generic import NumberObject",
        "page['/Rotate'] = NumberObject(90)",
        "update.mark_update(update.root['/Pages']['/Kids'].raw_get(0).reference)",
        "update.write_in_place()",
        "at = datetime.datetime.fromisoformat(order['at'])",
        "signed.write_bytes(held.signer().sign(out.getvalue(), Said(at)))",
    )
    with pytest.raises(SealRefused, match="改动了页面"):
        ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID)


def test_the_order_says_everything_that_the_contract_names(tmp_path: Path, pdf: bytes) -> None:
    copy = tmp_path / "order.json"
    lines = (f"pathlib.Path({str(copy)!r}).write_text(json.dumps(order))", "sys.exit(9)")
    with pytest.raises(NotSigned):
        ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID)

    order = json.loads(copy.read_text())
    text = (Path(__file__).parents[2] / "docs" / "documents.md").read_text("utf-8")
    assert order["protocol"] == "inspect-signature/1"
    assert order["reason"] == SAID.reason
    assert [name for name in order if f"`{name}`" not in text] == []
    assert not Path(order["document"]).exists()  # the folder is gone with the program


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("sys.exit(0)",), "二者只可有其一"),
        (("signature.write_bytes(b'x'); signed.write_bytes(document + b'y')",), "二者只可有其一"),
        (("signature.write_bytes(b'no cms')",), "不是 CMS"),
        (("signature.write_bytes(b'0' * 40_000)",), "超过 32768 字节"),
        ((sealing("b'something else'"), "signature.write_bytes(made)"), "所签的不是本文件"),
        (("signed.write_bytes(b'%PDF-1.7 another file' + document)",), "不是在原文件之后追加的"),
        (
            (sealing(), "signature.write_bytes(made[:-1] + bytes([made[-1] ^ 1]))"),
            "签名不成立",
        ),
        (("signed.write_bytes(document)",), "不是在原文件之后追加的"),
        (("signed.write_bytes(document.replace(b'/Page ', b'/Pane ') + b'x')",), "不是在原文件"),
        (("signed.write_bytes(document + b'nothing signed')",), "没有覆盖整份文件的签名"),
        (("signed.write_bytes(prepared)",), "没有覆盖整份文件的签名"),
        (("os.truncate(os.open(signed, os.O_CREAT | os.O_WRONLY), 90_000_000)",), "超过"),
        (("os.symlink('/etc/hostname', signed)",), "二者只可有其一"),
    ],
)
def test_an_answer_that_is_no_signature_on_our_bytes_is_refused(
    tmp_path: Path, pdf: bytes, lines: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SealRefused, match=said):
        ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID)


def test_a_program_that_refuses_is_quoted(tmp_path: Path, pdf: bytes) -> None:
    lines = ("print('第一行', file=sys.stderr)", "sys.exit('印章\\x1b[31m已过期')")

    with pytest.raises(NotSigned, match=r"以代码 1 结束：印章\[31m已过期"):
        ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID)


def test_a_program_that_is_not_there_is_said(pdf: bytes) -> None:
    with pytest.raises(NotSigned, match="无法启动"):
        ExternalSigner(["/nowhere/seal"]).sign(pdf, SAID)


def test_a_program_that_hangs_is_ended_with_everything_that_it_started(
    tmp_path: Path, pdf: bytes
) -> None:
    late = tmp_path / "late"
    child = f"import time; time.sleep(3); open({str(late)!r}, 'w')"
    lines = (
        "import subprocess",
        f"subprocess.Popen([sys.executable, '-c', {child!r}])",
        "time.sleep(60)",
    )
    with pytest.raises(NotSigned, match="1 秒内没有完成"):
        ExternalSigner(program(tmp_path, *lines), seconds=1).sign(pdf, SAID)

    time.sleep(3)
    assert not late.exists()


def test_a_program_that_complains_without_end_fills_no_disk(
    tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "LARGEST_FILE", 1_000_000)
    lines = ("while True: os.write(2, b'x' * 100_000)",)
    with pytest.raises(NotSigned, match="结束"):
        ExternalSigner(program(tmp_path, *lines), seconds=20).sign(pdf, SAID)


def test_a_program_that_leaves_another_behind_in_its_folder_is_no_fault(
    tmp_path: Path, pdf: bytes
) -> None:
    left = tmp_path / "left"
    child = (
        "import os,time\n"
        "end = time.monotonic() + 2\n"
        "while time.monotonic() < end:\n"
        "    try: open(f'{time.monotonic_ns()}', 'w').close()\n"
        f"    except OSError: open({str(left)!r}, 'w').close()\n"
    )
    lines = (
        "import subprocess",
        f"subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True)",
        "time.sleep(0.5)",
        sealing(),
        "signature.write_bytes(made)",
    )
    assert ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID).startswith(pdf)


def test_the_program_never_sees_our_passphrase_and_changes_no_file_of_ours(
    tmp_path: Path, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_SIGNATURE_PASSPHRASE", "open sesame")
    seen = tmp_path / "seen"
    lines = (
        f"pathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))",
        "pathlib.Path(order['document']).write_bytes(b'changed')",
        "pathlib.Path(order['prepared']).write_bytes(b'changed')",
        sealing(),
        "signature.write_bytes(made)",
    )
    content = ExternalSigner(program(tmp_path, *lines)).sign(pdf, SAID)

    assert "sesame" not in seen.read_text()
    assert hashlib.sha256(content[: len(pdf)]).digest() == hashlib.sha256(pdf).digest()
    assert look(content, []).signatures[0].intact
