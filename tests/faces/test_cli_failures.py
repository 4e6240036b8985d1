"""What goes wrong around the command line: one Chinese sentence, exit code 1, nothing made."""

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import DBAPIError

from inspect_server.cli import root
from inspect_server.cli.documents.listing import FolderNotWritable, write_document
from inspect_server.cli.terminal import chinese
from tests.faces.clerk import CLERK, add_clerk
from tests.usecases.registry_samples import TITLES, enterprise, write_csv

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))

    def invoke(*words: object, **environ: str) -> Result:
        return CliRunner().invoke(root, [str(word) for word in words], env=environ)

    return invoke


def _refused(done: Result, *words: str) -> None:
    assert done.exit_code == 1
    assert done.output.startswith("错误：")
    assert len(done.output.splitlines()) == 1
    assert all(word in done.output for word in words)


@pytest.mark.parametrize(
    "words",
    [
        ("user", "list"),
        ("plan", "make", "--year", "2026"),
        ("draw", "show"),
        ("record", "verify"),
        ("documents", "issue"),
        ("journal", "verify"),
        ("draw", "chain", "new", "--kind", "authority", "--year", "2026"),
        ("serve", "--port", "0"),
        ("jobs",),
    ],
    ids=" ".join,
)
def test_before_init_a_command_says_to_run_init_and_makes_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    _refused(run(*words), "inspect-server init")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_data_folder_stays_empty(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    _refused(run("user", "list"), "inspect-server init")
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "foo",
        "mysql://x/y",
        "postgresql://u:geheim@h:notaport/x",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_url_that_names_no_database_is_refused_without_showing_it(run: Run, url: str) -> None:
    for command in ("init", "jobs"):
        done = run(command, INSPECT_DATABASE_URL=url)

        _refused(done, "INSPECT_DATABASE_URL", "postgresql://")
        assert "geheim" not in done.output


def test_a_postgresql_that_does_not_answer_is_said(run: Run) -> None:
    done = run("user", "list", INSPECT_DATABASE_URL="postgresql://u:geheim@127.0.0.1:1/x")

    _refused(done, "连接不上数据库服务", "PostgreSQL 已启动")
    assert "geheim" not in done.output


def test_a_file_that_is_no_database_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "inspect.db"
    file.write_bytes(b"no database " * 500)

    for command in (("init",), ("user", "list")):
        _refused(run(*command), "从备份恢复")
    assert file.read_bytes() == b"no database " * 500


def test_a_data_folder_that_is_a_file_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")

    _refused(run("init"), "同名文件已存在", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ('FATAL:  database "x" does not exist', "请先建库"),
        ('relation "user" does not exist', "inspect-server init"),
        ("no such table: user", "inspect-server init"),
        ("database is locked", "请稍后重试"),
        ("database or disk is full", "清理磁盘"),
        ("attempt to write a readonly database", "检查数据目录的权限"),
        ("UNIQUE constraint failed: user.login", "请重试"),
        ("server closed the connection unexpectedly", "不能确定这一步是否已经写入"),
        ("record_leaf is append-only", "不能改动或删除"),
        ('password authentication failed for user "u"', "账号或密码"),
        ("something never seen", "something never seen"),
    ],
)
def test_what_a_driver_says_becomes_the_next_step(reason: str, words: str) -> None:
    failed = DBAPIError("SELECT 1", {}, Exception(reason))
    command = _failing(failed)

    _refused(CliRunner().invoke(command, ["fail"]), words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘空间不足"), (errno.EROFS, "文件系统只读"), (errno.EIO, "磁盘出错")],
)
def test_what_the_system_says_becomes_chinese(number: int, words: str) -> None:
    command = _failing(OSError(number, "English", "/some/where"))

    _refused(CliRunner().invoke(command, ["fail"]), words)


def test_a_fault_of_the_program_names_its_place_and_no_value() -> None:
    done = CliRunner().invoke(_failing(KeyError("张三 13800000001")), ["fail"])

    _refused(done, "KeyError", Path(__file__).name, "system.bug")
    assert "张三" not in done.output


def _failing(error: Exception) -> click.Group:
    group = chinese.ChineseGroup()

    @group.command("fail")
    def fail() -> None:
        raise error

    return group


LIMITED = """
import resource
from inspect_server.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes}))
main()
"""
"""No file may become larger than this, as on a disk that is full."""


def _started(tmp_path: Path, code: str, *words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, "INSPECT_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _registry(tmp_path: Path, rows: int) -> Path:
    return write_csv(tmp_path / "a.csv", [TITLES, *(enterprise(n) for n in range(1, rows + 1))])


def _enterprises(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "data" / "inspect.db") as database:
        return int(database.execute("SELECT count(*) FROM enterprise").fetchone()[0])


def test_a_disk_that_fills_up_leaves_nothing_of_an_import(run: Run, tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    add_clerk()
    size = (tmp_path / "data" / "inspect.db").stat().st_size
    words = ("import", "enterprises", _registry(tmp_path, 3_000), *CLERK)

    with _started(tmp_path, LIMITED.format(most_bytes=size + 60_000), *words) as process:
        out, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert out == b""
    assert err.decode().startswith("错误：")
    assert err.decode().count("\n") == 1
    assert "磁盘" in err.decode()
    assert _enterprises(tmp_path) == 0
    assert run("record", "verify").exit_code == 0


INTERRUPTED = """
import signal
from inspect_server.__main__ import main
from inspect_server.cli import imports
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
imports._Bar.advance = lambda *_: signal.raise_signal(signal.SIGINT)  # to this thread, at once
main()
"""


def test_an_import_that_is_interrupted_says_so_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    add_clerk()
    words = ("import", "enterprises", _registry(tmp_path, 50), *CLERK)

    with _started(tmp_path, INTERRUPTED, *words) as one:
        out, err = one.communicate(timeout=60)

    assert one.returncode == 1
    assert out == b""
    assert err.decode().strip() == "已中止，未完成的操作没有写入数据库。"
    assert _enterprises(tmp_path) == 0


def test_an_interrupt_before_any_command_is_no_traceback() -> None:
    code = (
        "import sys\n"
        "from inspect_server import __main__, cli\n"
        "def run(**_): raise KeyboardInterrupt\n"
        "cli.root.main = run\n"
        "__main__.main()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=30
    )

    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr.decode() == "已中止，未完成的操作没有写入数据库。\n"


def test_a_port_in_use_is_said(run: Run) -> None:
    assert run("init").exit_code == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _refused(run("serve", "--port", taken.getsockname()[1]), "已被其他程序占用", "--port")


@pytest.mark.parametrize(
    ("host", "reason"), [("192.0.2.1", "本机没有该地址"), ("没有 这台", "地址无法解析")]
)
def test_an_address_that_cannot_be_used_is_said_in_chinese(
    run: Run, host: str, reason: str
) -> None:
    assert run("init").exit_code == 0
    _refused(run("serve", "--host", host, "--port", "0"), reason, "--host")


def test_what_cannot_be_seen_in_an_error_is_written_as_an_escape(run: Run) -> None:
    assert run("init").exit_code == 0

    _refused(run("record", "close", "\u202eabc\u200bx"), r"\u202eabc\u200bx 的检查任务")


def test_a_full_disk_leaves_no_part_of_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fills_up(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fills_up)

    with pytest.raises(FolderNotWritable, match="磁盘空间不足"):
        write_document(tmp_path, "a.pdf", b"xyz")
    assert list(tmp_path.iterdir()) == []


def test_a_document_folder_that_cannot_be_written_is_said_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(FolderNotWritable, match=r"无法写入 .*（上级路径是文件，不是目录）"):
        write_document(tmp_path / "file" / "below", "a.pdf", b"x")


@pytest.mark.parametrize("number", errno.errorcode)
def test_no_failure_of_the_system_is_said_in_english(number: int) -> None:
    said = chinese.disk_reason(OSError(number, "English"))

    assert "English" not in said


def test_asked_to_end_the_program_cleans_up_first(tmp_path: Path) -> None:
    code = (
        "import os, signal, tempfile\n"
        "from inspect_server import __main__, cli\n"
        "def run(**_):\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        print(folder, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        signal.pause()\n"
        "cli.root.main = run\n"
        "__main__.main()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=30
    )

    assert done.returncode == 128 + signal.SIGTERM
    assert not Path(done.stdout.decode().strip()).exists()
    assert done.stderr == b""
