"""`inspect-server journal`: what a supervisor and whoever runs the server see and type."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from forms.model import Form
from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.engine import sqlite_module
from inspect_server.store.journal import head as sync_head
from inspect_server.store.models.identity import User
from inspect_server.usecases.journal.inbox import revoke_replica
from inspect_server.usecases.work import Backend
from sync import entries
from sync.protocol import PushedEntry
from tests.actors import ALL_ROLES
from tests.conformance_journal import photo
from tests.faces.test_sync_hostile import BROKEN
from tests.phone_export import PASSPHRASE, listed, sealed
from tests.usecases.bureau import small_form
from tests.usecases.synced_visit import ITEM, Visit
from tests.usecases.test_sync_tasks import visit

__all__ = ["small_form", "visit"]
NUMBER = "2026-0001"


@pytest.fixture
def bureau(visit: Visit, small_form: Form, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """The command line works on the visit's server; officer0 leads, officer4 supervises all."""
    backend = visit.bureau.backend
    monkeypatch.setattr(app, "make_backend", lambda **_: backend)
    with backend.begin(ALL_ROLES) as work:
        work.session.execute(
            update(User)
            .where(User.login == "officer4")
            .values(roles=[Role.SUPERVISOR.value], unit=backend.settings.authority)
        )
    return visit


def run(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(root, ["journal", *arguments], input=answers)


def test_verify_counts_what_it_read_and_rebuild_finds_nothing_to_change(bureau: Visit) -> None:
    bureau.day()

    verified, rebuilt = run("verify"), run("rebuild")

    assert verified.exit_code == 0, verified.output
    assert "文件 1 个、回执 1 份、汇总项 2 项" in verified.output
    assert verified.output.splitlines()[-1] == "核验通过，未发现改动。"
    assert "与原结果一致" in rebuilt.output


def test_verify_names_what_was_changed_and_fails(bureau: Visit) -> None:
    sha256 = bureau.day()
    bureau.bureau.backend.blobs.path(sha256).write_bytes(b"other")
    _tamper(
        bureau.bureau.backend,
        "DROP TRIGGER journal_entry_no_update; DROP TRIGGER receipt_no_update;"
        "UPDATE journal_entry SET signature = CAST(zeroblob(64) AS BLOB) WHERE seq = 1;"
        "UPDATE receipt SET signature = CAST(zeroblob(64) AS BLOB);",
    )

    result = run("verify")

    assert result.exit_code == 1
    assert f"文件缺失或内容与哈希不符：{sha256}" in result.output
    for said in ("签名不符", "回执不符", "立即停止使用"):
        assert said in result.output


def test_rebuild_repairs_a_changed_projection(bureau: Visit) -> None:
    bureau.day()
    with bureau.bureau.backend.begin(ALL_ROLES) as work:
        work.session.execute(text("UPDATE sync_document SET body = 'x' WHERE kind = 'item'"))
    broken, repaired, after = run("verify"), run("rebuild"), run("verify")

    assert (broken.exit_code, after.exit_code) == (1, 0)
    assert "汇总结果与日志不符" in broken.output
    assert "原始记录完好" in broken.output
    assert "journal rebuild" in broken.output
    assert "2 项与原结果不同" in repaired.output


def test_the_lead_sees_a_conflict_and_settles_it(bureau: Visit) -> None:
    bureau.answers(bureau.lead, "pass")
    chosen = bureau.answers(bureau.member, "fail").results[0].hash + "#0"
    listed = run("conflicts", NUMBER)
    short = chosen[:8]
    arguments = ("settle", NUMBER, "A1", "--choose", short, "--reason", "现场复核确有问题")
    refused = run(*arguments[:4], "x", *arguments[5:], "--as", "officer0")
    member = run(*arguments, "--as", "officer1")
    lead = run(*arguments, "--as", "officer0")
    again = run(*arguments, "--as", "officer0")

    assert f" {short}  钱检查" in listed.output
    assert "不在现有填写之中" in refused.output
    assert "  符合" in listed.output
    assert "  不符合" in listed.output
    assert "journal settle" in listed.output
    assert "共 1 项不一致" in listed.output
    assert (member.exit_code, lead.exit_code, again.exit_code) == (1, 0, 1)
    assert "主办人员" in member.output
    assert "共 0 项不一致" in run("conflicts", NUMBER).output


def test_a_lost_phone_is_found_in_the_list_and_revoked_by_the_beginning_of_its_number(
    bureau: Visit,
) -> None:
    phone = bureau.member.id
    listed = run("phones")
    refused = [
        run("revoke", given, "--reason", "手机遗失", "--as", "officer4")
        for given in (phone[:7], "f" * 16)
    ]
    member = run("revoke", phone[:8], "--reason", "手机遗失", "--as", "officer1")
    done = run("revoke", phone[:8], "--reason", "手机遗失", "--as", "officer4")

    assert f"{phone[:16]}  钱检查" in listed.output
    assert "已停用" not in listed.output
    assert [one.exit_code for one in (*refused, member, done)] == [1, 1, 1, 0]
    assert "journal phones" in refused[0].output
    assert f"钱检查的手机 {phone[:16]} 已停用" in done.output
    assert run("phones").output.count("已停用") == 1


def test_the_inbox_says_by_how_much_a_phone_s_clock_was_ahead(bureau: Visit) -> None:
    backend = bureau.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        revoke_replica(work, bureau.member.id, "手机遗失")
    bureau.member.wall = backend.clock.now()
    bureau.answers(bureau.member, "pass")
    right = run("inbox").output
    bureau.member.wall = backend.clock.now() + timedelta(minutes=25)
    bureau.answers(bureau.member, "fail")

    assert "手机时钟" not in right
    assert run("inbox").output.count("手机时钟比服务器至少快 25 分钟") == 1


def test_a_supervisor_sees_what_was_not_applied_and_decides(bureau: Visit) -> None:
    with bureau.bureau.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, bureau.member.id, "手机遗失")
    first, second = (
        bureau.answers(bureau.member, word).results[0].hash for word in ("pass", "fail")
    )
    listed = run("inbox")
    inspector = run("accept", first, "--reason", "属实", "--as", "officer1")
    accepted = run("accept", first, "--reason", "属实", "--as", "officer4")
    declined = run("decline", second, "--reason", "重复", "--as", "officer4")
    unknown = run("accept", "f" * 64, "--reason", "属实", "--as", "officer4")
    after = run("inbox")

    assert first in listed.output
    assert "手机已停用" in listed.output
    assert "A1 问题A1  不符合" in listed.output
    assert "现有填写：无" in listed.output
    assert [r.exit_code for r in (inspector, accepted, declined, unknown)] == [1, 0, 0, 1]
    assert first not in after.output
    assert "已标记为不采用：周检查" in after.output
    assert "重复" in after.output
    assert "共 1 条" in after.output


def test_an_entry_that_says_nothing_readable_cannot_be_accepted(bureau: Visit) -> None:
    content = BROKEN["unknown type"](
        entries.build(bureau.lead.entry(str(bureau.id), _answer(), form="small@1"))
    )
    bad = bureau.push(bureau.lead, bureau.lead.sign(content)).results[0].hash
    garbage = bureau.lead.clone().sign(b"\xff no entry")
    bureau.push(bureau.lead, garbage)

    listed = run("inbox")
    accepted = run("accept", bad, "--reason", "属实", "--as", "officer4")

    assert "内容不符合格式" in listed.output
    assert "签名无法核验的原始数据 1 份" in listed.output
    assert accepted.exit_code == 1
    assert "无法采用" in accepted.output


def test_after_a_restore_a_new_epoch_is_opened_once_confirmed(bureau: Visit) -> None:
    backend = bureau.bureau.backend
    with backend.reading() as session:
        before = sync_head.epoch(session)
    refused = run("restored", answers="n\n")
    with backend.reading() as session:
        unchanged = sync_head.epoch(session)
    done = run("restored", "--yes")

    with backend.reading() as session:
        after = sync_head.epoch(session)
    assert refused.exit_code == 1
    assert unchanged == before != after
    assert str(after) in done.output
    assert run("verify").exit_code == 0


def _answer() -> entries.Op:
    value = {"result": "pass", "reason": "", "note": ""}
    return entries.make_op("answer.set", ITEM, value)


def _tamper(backend: Backend, script: str) -> None:
    path: Path = backend.settings.data_dir / "inspect.db"
    database = sqlite_module().connect(path)
    database.executescript(script)
    database.close()


def test_rescue_says_what_came_what_does_not_count_and_what_to_do_then(
    bureau: Visit, tmp_path: Path
) -> None:
    answer = entries.make_op("answer.set", ITEM, {"result": "pass", "reason": "", "note": ""})
    good, later = bureau.save(bureau.lead, answer), bureau.lead.seq
    content = entries.build(bureau.lead.entry(str(bureau.id), photo(b"\xff\xd8\xff")))
    said = listed(bureau.lead, [good, PushedEntry(content, bytes(64))], [b"\xff\xd8\xff"])
    said["damaged"] = {"entries": ["0" * 64], "photos": []}
    with bureau.bureau.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, bureau.lead.id, "遗失")
    path = tmp_path / "file.inspect-export"
    path.write_bytes(sealed(said, [b"\xff\xd8\xff"]))

    wrong = run("rescue", str(path), answers="别的口令\n")
    forbidden = run("rescue", str(path), "--as", "officer0", answers=f"{PASSPHRASE}\n")
    done = run("rescue", str(path), "--as", "officer4", answers=f"{PASSPHRASE}\n")

    assert later == 1
    assert (wrong.exit_code, forbidden.exit_code, done.exit_code) == (1, 1, 0)
    assert "口令不对" in wrong.output
    assert "无权导入手机导出的内容" in forbidden.output
    for told in (
        "记录：新收 1 条，原已收到 0 条。",
        "其中 1 条未计入检查记录：手机已停用。",
        "1 条的签名未通过核验",
        "1 个照片、录像没有记录引用",
        "1 条记录在手机上已损坏",
        "inspect-server journal inbox",
    ):
        assert told in done.output
    assert PASSPHRASE not in done.output
