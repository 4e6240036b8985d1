"""The progress bar on a real pseudo-terminal: rate and time left at any width, nothing in files."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from inspect_server.cli.terminal.typography import columns
from tests.faces.clerk import CLERK, add_clerk
from tests.usecases.registry_samples import TITLES, enterprise, write_csv

WORK = """
import time
from inspect_server.cli.terminal.progress import bar, say
with bar({total}, "生成抽取池", unit="家") as advance:
    for _ in range(5):
        time.sleep(0.12)
        advance({step})
        say("第一家 已完成")
"""
SPEED = r"\d+(\.\d)? 家/秒"


def on_terminal(
    words: list[str],
    width: int,
    env: dict[str, str] | None = None,
    out: int | None = None,
    err: int | None = None,
) -> str:
    """Run a command with a terminal of this width and 24 lines; return what it wrote there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    with subprocess.Popen(
        [sys.executable, *words],
        env={**os.environ, **(env or {})},
        stdin=theirs,
        stdout=theirs if out is None else out,
        stderr=theirs if err is None else err,
    ) as process:
        os.close(theirs)
        written = b""
        while part := _part(ours):
            written += part
    os.close(ours)
    assert process.returncode == 0, written.decode()
    return written.decode("utf-8")


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody has the other end any more
        return b""


def _screens(written: str) -> list[str]:
    return [text for text in re.split(r"[\r\n]+", written) if text.strip()]


@pytest.mark.parametrize("width", [80, 40])
def test_a_bar_of_a_terminal_shows_rate_and_time_left_on_one_line(width: int) -> None:
    shown = _screens(on_terminal(["-c", WORK.format(total=150_000, step=30_000)], width))
    bars = [text for text in shown if "生成抽取池" in text]

    assert max(columns(text) for text in shown) < width
    assert re.search(rf"剩余 00:0\d {SPEED}$", bars[-1].rstrip())
    assert "100%" in bars[-1]
    assert shown.count("第一家 已完成") == 5  # above the bar, never glued to it


@pytest.mark.parametrize("width", [80, 40])
def test_work_of_unknown_length_shows_count_and_rate(width: int) -> None:
    shown = _screens(on_terminal(["-c", WORK.format(total=None, step=1)], width))

    assert max(columns(text) for text in shown) < width
    assert re.search(rf"^生成抽取池 5家 用时 00:00 {SPEED}$", shown[-1].rstrip())


def test_no_work_shows_no_bar() -> None:
    shown = _screens(on_terminal(["-c", WORK.format(total=0, step=0)], 80))

    assert set(shown) == {"第一家 已完成"}


def test_an_import_draws_its_bar_on_the_terminal_and_none_into_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = write_csv(tmp_path / "a.csv", [TITLES, *(enterprise(n) for n in range(1, 30))])
    env = {"INSPECT_DATA_DIR": str(tmp_path / "data")}
    words = ["-m", "inspect_server", "import", "enterprises", str(registry), *CLERK]
    on_terminal(["-m", "inspect_server", "init"], 80, env)
    monkeypatch.setenv("INSPECT_DATA_DIR", env["INSPECT_DATA_DIR"])
    add_clerk()
    told, faults = tmp_path / "told", tmp_path / "faults"

    with told.open("wb") as out:
        drawn = on_terminal(words, 40, env, out=out.fileno())
    with told.open("ab") as out, faults.open("wb") as err:
        silent = on_terminal(words, 40, env, out=out.fileno(), err=err.fileno())

    assert "企业" in drawn
    assert "行/秒" in drawn
    assert silent == ""
    assert faults.read_bytes() == b""
    assert b"\r" not in told.read_bytes()
    assert told.read_text("utf-8").count("企业 29 行") == 2
