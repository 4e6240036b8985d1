"""`record verify` as an auditor uses it: the running total, imported files, the server's keys."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from stdnum.cn.uscc import calc_check_digit

from inspect_server.app import make_backend, prepare
from inspect_server.cli import root
from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.tampering import unguard
from tests.usecases.draw_world import build

BODY = "91320700MA1N0A0A1"
CODE = BODY + calc_check_digit(BODY)
SHEET = f"企业名称,统一社会信用代码,行政区划代码\n云湾第一机械厂,{CODE},320799\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An initialised server."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    prepare(Settings(data_dir=tmp_path, **BUREAU))
    return tmp_path


def run(*args: str, stdin: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(root, list(args), input=stdin)
    return result.exit_code, result.output


def total(output: str) -> str:
    (line,) = [line for line in output.splitlines() if line.startswith("登记总值（")]
    return line.rpartition("：")[2]


def happened(folder: Path, times: int) -> None:
    backend = make_backend(Settings(data_dir=folder, **BUREAU))
    for _ in range(times):
        with backend.begin(ALL_ROLES) as work:
            note(work, "demo.step", "demo")
    backend.engine.dispose()


def tampered(folder: Path, *statements: str) -> None:
    engine = open_engine(f"sqlite:///{folder / 'inspect.db'}")
    with engine.connect() as connection:
        unguard(connection, "record_leaf", "record_case", "counted", "chain_value")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
    engine.dispose()


def test_a_total_written_down_holds_while_the_record_only_grows(folder: Path) -> None:
    happened(folder, 2)
    before = total(run("record", "verify")[1])
    happened(folder, 3)

    code, output = run("record", "verify", "--expect", before)

    assert code == 0
    assert "抄录时的 6 项均在，此后新增 3 项" in output
    assert total(output) != before


def test_a_total_may_be_typed_in_the_groups_that_a_ledger_prints(folder: Path) -> None:
    whole = total(run("record", "verify")[1])
    groups = [whole[at : at + 4] for at in range(0, 64, 4)]

    for words in (
        groups,
        [" ".join(groups)],
        [f" {whole.upper()}\u3000"],
        [*groups[:8], whole[32:]],
    ):
        code, output = run("record", "verify", "--expect", *words)
        assert (code, "与抄件相符" in output) == (0, True), output


@pytest.mark.parametrize(
    "words", [["0" * 63], ["0" * 65], ["0" * 60, "xyz0"], ["o" * 64], ["０" * 64], [""]]
)
def test_a_copy_that_is_no_total_is_a_slip_of_the_pen_and_no_alarm(
    folder: Path, words: list[str]
) -> None:
    code, output = run("record", "verify", "--expect", *words)

    assert code == 2, output
    assert "应为 64 位十六进制" in output
    assert "备份" not in output


def test_a_total_and_the_number_of_an_inspection_do_not_go_together(folder: Path) -> None:
    code, output = run("record", "verify", "2026-0001", "--expect", "0" * 64)

    assert (code, "不能与检查编号同用" in output) == (2, True), output
    assert run("record", "verify", "2026-0001", "2026-0002")[0] == 2


def test_a_tail_cut_with_its_head_and_its_count_is_told_by_the_total_written_down(
    folder: Path,
) -> None:
    happened(folder, 3)
    before = total(run("record", "verify")[1])
    tampered(
        folder,
        "DELETE FROM record_leaf WHERE case_name = 'demo' AND case_seq > 1",
        "UPDATE record_case SET last_seq = 1, last_leaf ="
        " (SELECT leaf FROM record_leaf WHERE case_name = 'demo') WHERE name = 'demo'",
        "DELETE FROM counted WHERE pos > 5",
    )

    assert run("record", "verify")[0] == 0  # nothing inside the database can tell
    code, output = run("record", "verify", "--expect", before)
    assert code != 0
    assert "不在本库的历次总值中" in output


def test_a_changed_value_of_a_draw_is_told_with_the_draw_s_number(folder: Path) -> None:
    settings = Settings(data_dir=folder, **BUREAU)
    engine = open_engine(settings.database_url)
    world = build(Backend(engine, LocalBlobs(folder / "blobs"), settings, FixedClock()), folder)
    world.reveal(world.commit())
    engine.dispose()
    code, output = run("record", "verify")

    assert (code, "抽取 1 次" in output) == (0, True), output
    tampered(folder, f"UPDATE chain_value SET value_hex = '{'0' * 64}' WHERE position = 1")
    code, output = run("record", "verify")

    assert code == 1
    assert "抽取 2026-01：随机源与数据库一致：哈希链公布值与证书不符" in output


def test_a_changed_byte_of_an_imported_file_is_found(folder: Path) -> None:
    sheet = folder / "企业.csv"
    sheet.write_text(SHEET, "utf-8")
    run("user", "add", "zhang", "--name", "某", "--role", "supervisor", stdin="Yun-Wan#2026x\n")
    code, output = run("import", "enterprises", str(sheet), "--as", "zhang")
    assert code == 0, output
    (kept,) = (folder / "imports").iterdir()
    assert run("record", "verify")[0] == 0
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")

    code, output = run("record", "verify")

    assert code != 0
    assert f"导入的原始文件 {kept.name}：内容已被改动" in output
    kept.unlink()
    assert "已缺失" in run("record", "verify")[1]


@pytest.mark.parametrize("name", ["receipt-ed25519.pem", "replica-p256.pem", "uploads.secret"])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_lost_or_replaced_key_stops_the_server_and_is_never_made_anew(
    folder: Path, name: str, replaced: bool
) -> None:
    path = folder / "keys" / name
    content = path.read_bytes()
    path.unlink()
    if replaced:
        path.write_bytes(content[::-1])

    for command in (["record", "verify"], ["init"]):
        code, output = run(*command)
        assert code != 0
        assert name in output
        assert "请从备份恢复" in output
    assert path.exists() == replaced
    path.write_bytes(content)
    assert run("record", "verify")[0] == 0
