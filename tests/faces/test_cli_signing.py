"""`documents sign`, `verify` and `demo-ca`: what an office and whoever got a document see."""

import errno
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlalchemy.exc import OperationalError

from inspect_server import app
from inspect_server.cli import root
from inspect_server.cli.documents.verdicts import Verdict, of_file, of_signatures
from inspect_server.domain.enums import Role
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.pdf_verifying.findings import (
    Certificate,
    Findings,
    Signature,
    Stamp,
    Unreadable,
)
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.faces.test_cli_documents import furnish
from tests.sampling import rows_in
from tests.scenes import scene
from tests.tampering import unguard
from tests.usecases.bureau import small_form

__all__ = ["small_form"]

ORDER_NO = "（苏·云）应急责改〔2026〕1号"
RECORD_NO = "（苏·云）应急检记〔2026〕1号"


def run(*arguments: str) -> Result:
    who = ("--as", "neiqin") if arguments[0] in {"issue", "void", "sign"} else ()
    return CliRunner().invoke(root, ["documents", *arguments, *who])


class Office:
    """A bureau with a demo certificate and two issued documents, and a folder of exported files."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend, self.folder = backend, folder

    def exported(self, doc_no: str = ORDER_NO) -> Path:
        result = run("export", "--to", str(self.folder), "--with-voided")
        assert result.exit_code == 0, result.output
        (path,) = (path for path in self.folder.iterdir() if doc_no in path.name)
        return path

    def signed(self, doc_no: str = ORDER_NO) -> Path:
        result = run("sign", doc_no)
        assert result.exit_code == 0, result.output
        return self.exported(doc_no)


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's authority and key as `demo-ca` makes them, once: the keys take their time."""
    folder = tmp_path_factory.mktemp("signing") / "ca"
    now = FixedClock().now()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("inspect_server.usecases.work.SystemClock.now", lambda _: now)
        assert run("demo-ca", "--out", str(folder)).exit_code == 0
    return folder


@pytest.fixture
def office(
    sqlite_backend: Backend,
    small_form: object,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ca: Path,
) -> Office:
    now = sqlite_backend.clock.now()
    monkeypatch.setattr("inspect_server.usecases.work.SystemClock.now", lambda _: now)
    shutil.copytree(ca, tmp_path / "ca")  # tests spoil it
    ca = tmp_path / "ca"
    named = {
        "signature_key": str(ca / "demo-signer.p12"),
        "signature_passphrase_file": str(ca / "demo-passphrase.txt"),
        "signature_trust": str(ca / "demo-root.pem"),
        "signature_reason": "制作执法文书",
    }
    for key, value in named.items():
        monkeypatch.setenv(f"INSPECT_{key.upper()}", value)
    backend = replace(sqlite_backend, settings=replace(sqlite_backend.settings, **named))
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    issued(sqlite_backend)
    monkeypatch.setattr(app, "make_backend", lambda **_: backend)
    return Office(backend, tmp_path / "out")


@scene
def issued(backend: Backend) -> None:
    """By the command line, on which the backend must stand."""
    furnish(backend)
    assert run("issue").exit_code == 0


def test_a_signed_document_that_agrees_with_the_record_is_zero(office: Office) -> None:
    found = run("verify", str(office.signed()))

    assert found.exit_code == 0, found.output
    assert "“云湾区应急管理局（演示用）”签署" in found.output
    assert "演示用根证书（不得用于实际执法）" in found.output
    assert "其后没有追加" in found.output
    assert "与登记的签名文件逐字节一致" in found.output
    assert "结论：所核验的各项均成立。" in found.output
    assert "×" not in found.output


def test_sign_all_signs_what_is_in_force_and_a_second_call_finds_nothing(office: Office) -> None:
    assert run("void", RECORD_NO, "--reason", "写错了").exit_code == 0
    first, second = run("sign", "--all"), run("sign", "--all")

    assert "新签名文书 1 份，此前已签名 0 份" in first.output
    assert "新签名文书 0 份，此前已签名 1 份" in second.output
    assert "已作废，不能签名" in run("sign", RECORD_NO).output
    assert "此前已签名 1 份" in run("sign", ORDER_NO).output
    assert "已签名" in run("list").output


def test_what_was_signed_before_the_disk_was_full_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(blobs: LocalBlobs, content: bytes) -> str:
        if "已签名" in run("list").output:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(blobs, content)

    whole = LocalBlobs.put
    with monkeypatch.context() as full:
        full.setattr(LocalBlobs, "put", put)
        result = run("sign", "--all")

    assert result.exit_code == 1
    assert "磁盘空间不足" in result.output
    assert result.output.count("  已签名\n") == run("list").output.count("  已签名\n") == 1


def test_sign_all_without_a_person_says_so_once(office: Office) -> None:
    found = CliRunner().invoke(root, ["documents", "sign", "--all"])

    assert found.exit_code == 1
    assert found.output.count("--as 账号") == 1
    assert "责改" not in found.output


def test_sign_wants_numbers_or_all(office: Office) -> None:
    assert run("sign").exit_code == 2
    assert run("sign", ORDER_NO, "--all").exit_code == 2


def test_sign_without_a_configured_key_says_what_to_do(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "neiqin", "内勤", "办公室", [Role.OFFICE], "office-passphrase-2026")
    result = run("sign", "--all")

    assert result.exit_code == 1
    assert "demo-ca" in result.output


def test_an_unsigned_original_and_one_whose_signature_was_cut_off_are_open(office: Office) -> None:
    path = office.exported()
    unsigned = run("verify", str(path))
    original = path.read_bytes()
    office.signed().write_bytes(original)
    stripped = run("verify", str(path))

    assert unsigned.exit_code == 3
    assert "文件没有电子签名" in unsigned.output
    assert "与制作时的原文件逐字节一致" in unsigned.output
    assert stripped.exit_code == 3
    assert "登记中另有签名文件" in stripped.output


def test_a_voided_document_is_four(office: Office) -> None:
    path = office.signed()
    run("void", ORDER_NO, "--reason", "写错了")
    found = run("verify", str(path))

    assert found.exit_code == 4
    assert "已经作废" in found.output


def _page_changed(content: bytes) -> bytes:
    output = io.BytesIO(content)
    update = IncrementalPdfFileWriter(output)
    page = update.root["/Pages"]["/Kids"][0]
    del page["/Contents"]
    update.mark_update(update.root["/Pages"]["/Kids"].raw_get(0).reference)
    update.write_in_place()
    return output.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    rows_in(
        3,
        [
            (_page_changed, "改动了页面或其他内容"),
            (lambda content: content + b"\n%more", "其后追加的 6 字节"),
            (lambda content: content[: len(content) // 2], "末尾缺失"),
            (lambda content: b"x" + content, "结构已损坏"),
            (lambda content: content.replace(b"/Page /Parent", b"/Page /Parenz", 1), "×"),
            (lambda _: b"", "不是 PDF 文件"),
        ],
    ),
    ids=["page", "appended", "cut", "before", "byte", "empty"],
)
def test_a_changed_file_is_one(office: Office, change: Callable[[bytes], bytes], said: str) -> None:
    path = office.signed()
    path.write_bytes(change(path.read_bytes()))
    found = run("verify", str(path))

    assert found.exit_code == 1, found.output
    assert said in found.output
    assert "结论：不成立" in found.output


def test_a_signature_by_an_unknown_authority_is_not_proven(office: Office, tmp_path: Path) -> None:
    path = office.signed()
    run("demo-ca", "--out", str(tmp_path / "other"))
    found = run("verify", str(path), "--trust", str(tmp_path / "other" / "demo-root.pem"))

    assert found.exit_code == 3
    assert "可能是冒名的证书" in found.output


def test_without_a_database_the_signature_is_still_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = office.signed()
    monkeypatch.undo()
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "nothing"))
    trust = ("--trust", str(tmp_path / "ca" / "demo-root.pem"))
    alone, asked = run("verify", str(path), *trust), run("verify", str(path), "--without-record")

    assert alone.exit_code == 3, alone.output
    assert "由所信任的根证书可验证" in alone.output
    assert "未与登记比对" in alone.output
    assert "没有配置信任的根证书（配置项 signature_trust，或命令中写 --trust" in asked.output
    assert not (tmp_path / "nothing").exists()


def test_a_database_that_cannot_be_asked_is_said_after_what_the_file_alone_proves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.signed()

    def refused(**_: object) -> Backend:
        raise OperationalError("", {}, Exception("connection refused"))

    monkeypatch.setattr(app, "make_ready_backend", refused)
    found = run("verify", str(path))

    assert found.exit_code == 3, found.output
    assert "由所信任的根证书可验证" in found.output
    assert "？ 不能与登记比对：连接不上数据库服务" in found.output
    assert "结论：未发现改动，但有事项未能证实" in found.output


def test_a_file_with_neither_signature_nor_record_is_not_said_to_be_unchanged(
    office: Office,
) -> None:
    path = office.exported()
    found = run("verify", str(path), "--without-record")

    assert found.exit_code == 3
    assert "不能判断是否改动" in found.output
    assert "未发现改动" not in found.output


def test_facts_changed_in_the_database_are_told(office: Office) -> None:
    path = office.signed()
    with office.backend.begin(ALL_ROLES) as work:
        unguard(work.session, "issued_document")
        for row in work.session.query(IssuedDocument):
            row.facts = {**row.facts, "bureau": "别的局"}
    found = run("verify", str(path))

    assert found.exit_code == 1
    assert "× 登记中存储的文书内容与登记的哈希不符" in found.output
    assert "内容与登记一致" not in found.output


def test_a_changed_byte_of_an_original_is_not_told_as_one_of_receipt_paper(office: Office) -> None:
    path = office.exported()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    assert path.read_bytes() != content
    found = run("verify", str(path))

    assert found.exit_code == 1
    assert "但文件与登记的不同" in found.output
    assert "热敏纸版也不同" not in found.output


def test_a_file_that_the_record_does_not_know_or_knows_otherwise_is_one(office: Office) -> None:
    path = office.signed()
    with office.backend.begin(ALL_ROLES) as work:
        unguard(work.session, "issued_document")
        for row in work.session.query(IssuedDocument):
            row.content_sha256 = "0" * 64
    changed = run("verify", str(path))
    with office.backend.begin(ALL_ROLES) as work:
        unguard(work.session, "signed_document")
        unguard(work.session, "issued_document")
        work.session.connection().exec_driver_sql("DELETE FROM signed_document")
        work.session.connection().exec_driver_sql("DELETE FROM issued_document")
    unknown = run("verify", str(path))

    assert changed.exit_code == 1
    assert "内容数据与登记的内容不符" in changed.output
    assert unknown.exit_code == 1
    assert "登记中没有这份文书" in unknown.output
    assert "用 documents render 排印的文书不登记" in unknown.output


def test_a_root_that_cannot_be_read_is_a_fault_of_the_option(
    office: Office, tmp_path: Path
) -> None:
    found = run("verify", str(office.exported()), "--trust", str(tmp_path / "no.pem"))

    assert found.exit_code == 1
    assert "请改正 --trust" in found.output
    assert "signature 各配置项" not in found.output


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "no.pdf", tmp_path):
        found = run("verify", str(path), "--without-record")
        assert found.exit_code == 1
        assert "无法读取" in found.output


@pytest.mark.parametrize("bureau", ["", " ", "字" * 17])
def test_a_demo_authority_for_no_name_or_a_longer_one_than_certificates_take_is_refused(
    tmp_path: Path, bureau: str
) -> None:
    result = run("demo-ca", "--out", str(tmp_path / "ca"), "--bureau", bureau)

    assert result.exit_code == 1
    assert "应为 1 至 16 个汉字" in result.output
    assert run("demo-ca", "--out", str(tmp_path / "ca"), "--bureau", "字" * 16).exit_code == 0


def test_the_demo_authority_says_what_it_is_worth_and_overwrites_nothing(tmp_path: Path) -> None:
    first, second = (run("demo-ca", "--out", str(tmp_path / "ca")) for _ in range(2))

    assert first.exit_code == 0
    assert "不得用于实际执法" in first.output
    assert 'passphrase_file = "' in first.output
    assert "请把以下内容写入" in first.output
    assert f'key = "{(tmp_path / "ca").resolve()}' in first.output
    assert second.exit_code == 1
    assert "未作改动" in second.output


TRUSTED = Certificate(
    "甲局", "根", "1", "0" * 64, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", ""
)
SOUND = Signature(
    field="Signature1",
    is_checked=True,
    intact=True,
    valid=True,
    whole=True,
    length=900,
    later="",
    claimed_at="2026-03-02T01:00:00+00:00",
    certificate=TRUSTED,
    stamp=None,
)
STRANGE = replace(TRUSTED, distrust="unknown_issuer")


def stamp(*, holds: bool, certificate: Certificate) -> Stamp:
    return Stamp("2026-03-02T01:00:05+00:00", holds, certificate)


@pytest.mark.parametrize(
    ("signature", "length", "said", "code"),
    [
        (SOUND, 900, "自称时间 2026-03-02 09:00:00；所签内容未被改动", 0),
        (replace(SOUND, stamp=stamp(holds=True, certificate=TRUSTED)), 900, "时间戳证明", 0),
        (replace(SOUND, stamp=stamp(holds=True, certificate=STRANGE)), 900, "不能证明时间", 3),
        (replace(SOUND, stamp=stamp(holds=False, certificate=TRUSTED)), 900, "时间戳不成立", 1),
        (replace(SOUND, valid=False), 900, "签名值不成立", 1),
        (replace(SOUND, whole=False), 900, "没有覆盖它之前的全部字节", 1),
        (replace(SOUND, later="added"), 1_900, "其后追加的 1,000 字节只是另外的签名", 0),
        (replace(SOUND, later="changed"), 1_900, "其后追加的 1,000 字节改动了文件", 1),
        (replace(SOUND, is_checked=False), 900, "不能核验其签名算法（如 SM2）", 3),
        (replace(SOUND, is_checked=False, certificate=None), 900, "签名格式不可读", 1),
        (replace(SOUND, certificate=replace(TRUSTED, distrust="out_of_date")), 900, "有效期内", 3),
        (replace(SOUND, is_future=True), 900, "所称时间比现在还晚，不足为凭", 3),
        (replace(SOUND, is_stamp=True), 900, "√ 时间戳 1：由“甲局”签发，所载时间 2026-03-02", 3),
        (replace(SOUND, is_stamp=True), 900, "？ 文件没有电子签名，只有时间戳", 3),
        (replace(SOUND, is_stamp=True, intact=False), 900, "时间戳之后，所盖内容被改动", 1),
    ],
)
def test_every_kind_of_signature_has_its_sentence_and_its_code(
    signature: Signature, length: int, said: str, code: int
) -> None:
    found = Findings(length, "0" * 64, signatures=(signature,), facts="{}")
    verdicts = of_signatures(found, ZoneInfo("Asia/Shanghai"))

    assert any(said in one.text for one in verdicts), [one.text for one in verdicts]
    assert Verdict.exit_code(verdicts) == code


def test_a_stamp_beside_a_signature_is_counted_apart() -> None:
    both = (replace(SOUND, is_stamp=True), SOUND)
    verdicts = of_signatures(Findings(900, "0" * 64, signatures=both), ZoneInfo("Asia/Shanghai"))
    told = "\n".join(one.text for one in verdicts)

    assert "1 个签名、1 个时间戳" in told
    assert "签名 1：" in told
    assert "时间戳 1：" in told
    assert "签名 2" not in told
    assert Verdict.exit_code(verdicts) == 0


@pytest.mark.parametrize("code", list(Unreadable))
def test_every_kind_of_unreadable_file_has_its_sentence(code: Unreadable) -> None:
    (verdict,) = of_file(Findings(9, "0" * 64, unreadable=code))

    assert verdict.text.startswith("× ")
    assert Verdict.exit_code([verdict]) == 1
