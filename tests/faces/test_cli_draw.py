"""`draw` on the command line: a whole ceremony, files that anybody checks, refusals in Chinese."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspect_server.app import make_backend
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.schema import upgrade
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.make_plan import approve_plan, make_plan
from inspect_server.usecases.work import SystemClock
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, SHARED_VECTORS
from tests.usecases.draw_world import (
    APPROVER,
    KL8,
    RATES,
    SUPERVISOR,
    add_enterprise,
    add_officer,
)

Run = Callable[..., Result]
PASSWORD = "long-enough-passphrase-1"
TYPED = f"{PASSWORD}\n" * 2
DAYS = ("--from", "2026-03-09", "--to", "2026-03-20")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A bureau with an approved plan and two people who type."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    for key, text in BUREAU.items():
        monkeypatch.setenv(f"INSPECT_{key.upper()}", text)
    # Whatever day it is when the tests run, the year of the plan is not over.
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    held = make_backend()
    upgrade(held.engine)
    with held.begin(SUPERVISOR) as work:
        for number in range(1, 41):
            add_enterprise(work, number)
        for number in range(6):
            add_officer(work, number)
    with held.begin(ALL_ROLES) as work:
        plan = plan_of_2026(work)
        for login, role in (("lisi", Role.SUPERVISOR), ("wangwu", Role.OFFICE)):
            add_user(work, login, login, "办公室", [role], PASSWORD)
    with held.begin(APPROVER) as work:
        approve_plan(work, plan)
    held.engine.dispose()

    def invoke(*arguments: object, typed: str = TYPED) -> Result:
        asked = {"commit", "reveal", "anchor", "dice"} & set(arguments[:3])
        who = ("--as", "lisi") if asked else ()
        return CliRunner().invoke(root, [str(one) for one in (*arguments, *who)], input=typed)

    return invoke


def plan_of_2026(work):
    return make_plan(work, 2026, RATES).id


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


ENTRIES = ("--entry", "lisi", KL8, "--entry", "wangwu", KL8)


def hold(run: Run, tmp_path: Path) -> None:
    value = commit(run, tmp_path)
    assert "已揭示" in good(run("draw", "reveal", "2026-01", "--witness", value, *ENTRIES))


def commit(run: Run, tmp_path: Path, issue: str = "2026051", *options: str) -> str:
    """Hold a ceremony as far as the witness's value, and return that."""
    witness = tmp_path / "usb" / "witness.json"
    good(run("draw", "chain", "new", "--kind", "authority", "--year", 2026, "--length", 5))
    good(run("draw", "chain", "anchor", "--kind", "authority", "--year", 2026))
    made = good(
        run(
            *("draw", "chain", "new", "--kind", "witness", "--year", 2026, "--length", 5),
            *("--holder", "区纪委", "--file", witness),
        )
    )
    anchor = made.split("锚值：")[1].split()[0]
    good(
        run(
            *("draw", "chain", "anchor", "--kind", "witness", "--year", 2026),
            *("--holder", "区纪委", "--anchor", anchor, "--length", 5),
        )
    )
    made = good(run("draw", "commit", *DAYS, "--public", f"cwl.kl8/{issue}", *options))
    digest = made.split("承诺值：")[1].split()[0]
    taken = run("draw", "chain", "next", "--file", witness, "--position", 1, "--for", digest)
    good(taken)
    return taken.stdout.strip()


def test_a_ceremony_is_held_exported_and_checked_by_files_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(run, tmp_path)
    shown = good(run("draw", "show", "2026-01"))
    stored = good(run("draw", "verify", "--no", "2026-01"))
    out = tmp_path / "out"
    good(run("draw", "export", "2026-01", "--out", out, "--openings"))
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "nowhere"))
    parts = [
        *("--pool", out / "pool.txt", "--excluded", out / "excluded.txt"),
        *("--eligibility", out / "eligibility.txt", "--openings", out / "openings.json"),
        *("--keys", out / "keys.json"),
    ]
    report = good(run("draw", "verify", out / "certificate.json", *parts))
    folder = good(run("draw", "verify", out))

    assert "主办" in shown
    assert "L2" in stored
    assert "L2" in report
    assert report.count("未查") == 1
    assert folder == report
    secret = json.loads((tmp_path / "usb" / "witness.json").read_text())
    assert secret["secret_hex"] not in shown + stored + report
    assert oct((tmp_path / "usb" / "witness.json").stat().st_mode & 0o777) == "0o600"
    assert oct((tmp_path / "keys" / "draw-chain-2026.json").stat().st_mode & 0o777) == "0o600"


def test_dice_are_typed_by_two_people_before_the_reveal_and_once(run: Run, tmp_path: Path) -> None:
    value = commit(run, tmp_path, "2026051", "--dice", "A-1")
    reveal = ("draw", "reveal", "2026-01", "--witness", value, *ENTRIES)
    faces = "3,5,1,6,2,4,4,1,6,3"

    def rolls(first: str, second: str) -> Result:
        return run("draw", "dice", "2026-01", "--entry", "lisi", first, "--entry", "wangwu", second)

    early = run(*reveal)
    differing = rolls(faces, faces[::-1])
    alone = run("draw", "dice", "2026-01", "--entry", "lisi", faces)
    rolled = good(rolls(faces, f"dice.d6/A-1/{faces}"))
    again = good(rolls(faces, faces))
    other = rolls(faces[::-1], faces[::-1])
    shown = good(run("draw", "show", "2026-01"))
    out = tmp_path / "out"
    good(run(*reveal))
    stored = good(run("draw", "verify", "--no", "2026-01"))
    good(run("draw", "export", "2026-01", "--out", out, "--openings"))
    files = good(run("draw", "verify", out))

    assert (early.exit_code, differing.exit_code, alone.exit_code, other.exit_code) == (1, 1, 1, 1)
    assert "请在 2026-03-02 21:00（北京时间）之前当场掷骰" in early.output
    assert "两次录入的骰子点数不一致" in differing.output
    assert "应由两个账号各录入一次" in alone.output
    assert f"骰子点数已登记：{faces}" in rolled
    assert f"骰子点数早已登记，没有改动：{faces}" in again
    assert "只掷一次，不能更改" in other.output
    assert f"现场掷骰 场次 A-1：{faces}" in shown
    assert "符合　掷骰登记" in stored
    assert "未查　掷骰登记（是否在公开随机值可能产生之前录入，需对照抽取日志" in files


def test_a_changed_file_is_called_wrong_with_exit_1(run: Run, tmp_path: Path) -> None:
    hold(run, tmp_path)
    out = tmp_path / "out"
    good(run("draw", "export", "2026-01", "--out", out))
    lines = (out / "pool.txt").read_text().splitlines(keepends=True)
    (out / "pool.txt").write_text("".join(lines[1:]))
    result = run("draw", "verify", out / "certificate.json", "--pool", out / "pool.txt")

    assert result.exit_code == 1
    assert "结论：不符" in result.output


def test_a_second_reveal_and_a_second_chain_file_are_refused_in_one_sentence(
    run: Run, tmp_path: Path
) -> None:
    hold(run, tmp_path)
    witness = tmp_path / "usb" / "witness.json"
    again = run("draw", "reveal", "2026-01", "--witness-file", witness, *ENTRIES)
    one = run("draw", "reveal", "2026-01", "--witness-file", witness, "--entry", "lisi", KL8)
    chain = run("draw", "chain", "new", "--kind", "authority", "--year", 2026)

    assert (again.exit_code, one.exit_code, chain.exit_code) == (1, 1, 1)
    assert "只能抽取一次" in again.stderr
    assert "两个账号各录入一次" in one.stderr
    assert "不能覆盖" in chain.stderr
    assert "draw chain anchor" in chain.stderr


@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("", "lisi"),
        (f"{PASSWORD}\n", "wangwu"),
        (f"{PASSWORD}\nwrong\n", "wangwu"),
        (f"wrong\n{PASSWORD}\n", "lisi"),
    ],
)
def test_a_public_value_counts_only_with_the_password_of_each_who_typed_it(
    run: Run, tmp_path: Path, typed: str, whose: str
) -> None:
    reveal = ("draw", "reveal", "2026-01", "--witness", commit(run, tmp_path), *ENTRIES)
    refused = run(*reveal, typed=typed)
    shown = run("draw", "show", "2026-01")
    revealed = run(*reveal)

    assert refused.exit_code == 1
    assert "login.refused" in refused.stderr
    assert f"账号 {whose} 未通过核对" in refused.stderr
    assert PASSWORD not in refused.output
    assert "已承诺" in shown.output
    assert "已揭示" in good(revealed)


def test_a_value_that_cannot_exist_yet_is_refused_at_the_reveal_and_told_by_a_preview(
    run: Run, tmp_path: Path
) -> None:
    witness = commit(run, tmp_path, "2026062", "--deadline", "2026-03-20")
    typed = KL8.replace("2026051", "2026062")
    entries = ("--entry", "lisi", typed, "--entry", "wangwu", typed)
    refused = run("draw", "reveal", "2026-01", "--witness", witness, *entries)
    shown = good(run("draw", "show", "2026-01"))
    late = ("draw", "preview", *DAYS, "--public", "cwl.kl8/2026065")
    told = good(run(*late))
    in_time = good(run(*late, "--deadline", "2026-03-20"))
    after = good(run(*late, "--deadline", "2026-03-21"))

    assert refused.exit_code == 1
    assert "draw.issue_not_yet" in refused.stderr
    assert "最早 2026-03-03 21:00（北京时间）产生" in refused.stderr
    assert "已承诺" in shown
    assert "晚于最迟揭示日 2026-03-09" in told
    assert "2026065" not in in_time
    assert "最迟揭示日 2026-03-21 晚于检查末日 2026-03-20" in after


def test_a_folder_is_verified_as_far_as_it_goes_and_a_foreign_one_is_named(
    run: Run, tmp_path: Path
) -> None:
    hold(run, tmp_path)
    out = tmp_path / "out"
    told = run("draw", "export", "2026-01", "--out", out)
    without = good(run("draw", "verify", out))
    (out / "pool.txt").write_text((out / "pool.txt").read_text("utf-8") + "x\n", "utf-8")
    changed = run("draw", "verify", out)
    (out / "pool.txt").unlink()
    missing = run("draw", "verify", out)

    assert f"inspect-server draw verify {out}" in told.stderr
    assert "结论：已核查的部分全部符合" in without
    assert (changed.exit_code, "结论：不符" in changed.output) == (1, True)
    assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)
    assert "没有 pool.txt" in missing.stderr


def test_one_account_typing_twice_is_asked_once_and_refused(run: Run, tmp_path: Path) -> None:
    value = commit(run, tmp_path)
    twice = ("--entry", "lisi", KL8, "--entry", "lisi", KL8)
    refused = run("draw", "reveal", "2026-01", "--witness", value, *twice, typed=f"{PASSWORD}\n")

    assert refused.exit_code == 1
    assert "两名不同人员" in refused.stderr


def test_a_reveal_names_the_missing_witness_and_a_position_its_range(
    run: Run, tmp_path: Path
) -> None:
    commit(run, tmp_path)
    witness = tmp_path / "usb" / "witness.json"
    missing = run("draw", "reveal", "2026-01", *ENTRIES)
    beyond = run("draw", "chain", "next", "--file", witness, "--position", 6, "--for", "ab" * 32)

    assert (missing.exit_code, beyond.exit_code) == (1, 1)
    assert "缺少 --witness 或 --witness-file" in missing.stderr
    assert "第 1 到第 5 个值" in beyond.stderr


def test_the_help_of_draw_lists_the_ceremony_in_order(run: Run) -> None:
    said = good(run("draw", "--help"))
    places = [said.index(f"{step}. ") for step in range(1, 8)]

    assert places == sorted(places)
    assert "inspect-server draw reveal 2026-01 --witness" in said


def test_preview_needs_no_ceremony_and_a_commit_needs_chains(run: Run) -> None:
    shown = good(run("draw", "preview", *DAYS))
    refused = run("draw", "commit", *DAYS, "--public", "cwl.kl8/2026051")
    known = run("draw", "commit", *DAYS, "--public", "cwl.kl8/2026001")
    dice = run("draw", "commit", *DAYS, "--dice", "1")
    missing = run("draw", "show", "2026-09")
    nothing = run("draw", "show")

    refused_name = run("draw", "preview", *DAYS, "--excluded", "x.txt")

    assert "预期共抽" in shown
    assert "应以 .xlsx 或 .csv 结尾" in refused_name.stderr
    assert "  县级·" in shown
    assert refused.exit_code == 1
    assert "尚未公布" in refused.stderr
    assert missing.exit_code == 1
    assert "尚无抽取" in nothing.output
    assert (known.exit_code, dice.exit_code) == (1, 1)
    assert "请改用承诺之后才产生的一期" in known.stderr
    assert "现场掷骰不能代替" in dice.stderr


def test_a_preview_writes_who_is_out_into_a_file_that_an_office_opens(
    run: Run, tmp_path: Path
) -> None:
    hold(run, tmp_path)
    april = ("--from", "2026-04-09", "--to", "2026-04-20")
    shown = good(run("draw", "preview", *DAYS))
    for name in ("名单.csv", "名单.xlsx"):
        assert "已写入" in good(run("draw", "preview", *april, "--excluded", tmp_path / name))
    twice = run("draw", "preview", *april, "--excluded", tmp_path / "名单.csv")
    label = (tmp_path / "名单.csv").read_text("utf-8-sig").splitlines()[1].split(",")[-1]
    both = good(
        run("draw", "preview", *april, "--excluded", tmp_path / "都要.csv", "--cell", label)
    )
    assert "已写入" in both
    assert len(both.splitlines()) > 2  # the file, the list, and its count
    listed = good(run("draw", "preview", *april, "--cell", "under_way"))
    unknown = run("draw", "preview", *april, "--cell", "nothing")

    assert "注意：现在按此时段承诺会被拒绝：2026 年第 3 批" in shown
    rows = (tmp_path / "名单.csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == "统一社会信用代码,企业名称,不入池原因,原因代码"
    assert len(rows) - 1 == listed.count("\n  9132") + listed.startswith("  9132")
    assert "已抽中或已派发，尚未办结" in rows[1]
    assert (tmp_path / "名单.xlsx").read_bytes()[:2] == b"PK"
    assert "不会覆盖" in twice.stderr
    assert "没有编码为 nothing" in unknown.stderr


def pool_files(tmp_path: Path) -> tuple[Path, Path]:
    pool, rules = tmp_path / "POOL.jsonl", tmp_path / "RULES.json"
    cells = [{"id": "B", "p_ppm": 300_000}, {"id": "A", "p_ppm": 500_000}]
    rules.write_text(json.dumps({"cells": cells, "suite": "sha256"}))
    with pool.open("w", encoding="utf-8") as file:
        for n in range(20):
            record = {"uscc": f"{n:018d}", "name": f"企业{n}"}
            line = {"cell": "AB"[n % 2], "record": record, "salt": f"{n:064x}"}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return pool, rules


def test_compute_needs_no_database_and_its_files_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "nowhere"))
    pool, rules = pool_files(tmp_path)
    entropy = json.loads((SHARED_VECTORS / "draw-enterprises.json").read_text())["entropy_hex"]
    arguments = ["--pool", pool, "--rules", rules, "--out", tmp_path / "out"]
    arguments += [part for value in entropy for part in ("--entropy", value)]
    good(CliRunner().invoke(root, ["draw", "compute", *map(str, arguments)]))
    out = tmp_path / "out"
    checked = CliRunner().invoke(
        root,
        ["draw", "verify", str(out / "certificate.json"), "--pool", str(out / "pool.txt")],
    )
    certificate = json.loads((out / "certificate.json").read_text())

    assert "全部符合" in good(checked)
    assert certificate["counts"] == [3, 5]
    assert [cell for cell, _ in certificate["commit_body"]["cells"]] == ["B", "A"]
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSON"),
        ('{"cell": "Z", "record": {}, "salt": "' + "00" * 32 + '"}', "不在规则中"),
        ('{"cell": "A", "record": {}, "salt": "00"}', "32 字节"),
        ('{"cell": "A", "record": {"a": 1.5}, "salt": "' + "00" * 32 + '"}', "不是整数"),
    ],
)
def test_compute_names_the_line_that_it_cannot_read(tmp_path: Path, line: str, reason: str) -> None:
    pool, rules = pool_files(tmp_path)
    with pool.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    arguments = ["--pool", pool, "--rules", rules, "--entropy", "00", "--out", tmp_path / "out"]
    result = CliRunner().invoke(root, ["draw", "compute", *map(str, arguments)])

    assert result.exit_code == 1
    assert "第 21 行" in result.stderr
    assert reason in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_chain_file_that_is_missing_or_there_already_is_told_apart(
    run: Run, tmp_path: Path
) -> None:
    missing = run("draw", "chain", "anchor", "--kind", "authority", "--year", 2026)
    good(run("draw", "chain", "new", "--kind", "authority", "--year", 2026))
    again = run("draw", "chain", "new", "--kind", "authority", "--year", 2026)
    nameless = run(
        *("draw", "chain", "anchor", "--kind", "witness", "--year", 2026),
        *("--holder", "区" * 201, "--anchor", "ab" * 32, "--length", 5),
    )

    assert (missing.exit_code, again.exit_code, nameless.exit_code) == (1, 1, 1)
    assert "draw chain new" in missing.output
    assert "不能覆盖" in again.output
    assert "持有单位" in nameless.output


def test_no_chain_is_made_for_a_bureau_without_a_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INSPECT_AUTHORITY")
    refused = run("draw", "chain", "new", "--kind", "authority", "--year", 2026)

    assert refused.exit_code == 1
    assert "authority" in refused.stderr
    assert not list((tmp_path / "keys").glob("draw-chain-*"))


def test_words_that_are_no_date_or_no_choice_are_told_in_chinese(run: Run) -> None:
    date = run("draw", "preview", "--from", "2026-13-01", "--to", "2026-12-01")
    choice = run("draw", "chain", "anchor", "--kind", "court", "--year", 2026)

    assert date.exit_code == choice.exit_code == 2
    assert "不是日期，应如 2026-03-09" in date.output
    assert "可用的有：'authority', 'witness'" in choice.output
