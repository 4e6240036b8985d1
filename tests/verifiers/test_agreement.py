"""The package, the single file and the browser say the same of the same files."""

import ast
import copy
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.hashes.tagged import suite
from tests.sampling import one_in
from tests.unit.draw_example import KEY, mutations
from tests.verifiers.forger import forged
from tests.verifiers.full_draw import full, signed, voided
from tests.verifiers.three import SINGLE, by_browser, by_package, by_single_file

POOLS = 1_000
BATCH = 100
SOON = 2.0
"""Seconds in which nothing was hashed: each pair of chains alone would take the browser more."""


def random_pool(rng: random.Random) -> dict[str, str]:
    """Return the files of a computed draw: 1 to 2,000 leaves, cells empty, p from 0 to 10⁶."""
    name = rng.choice(["sha256", "sha256", "sha256", "sm3"])
    h = suite(name)
    size = int(2 ** rng.uniform(0, 10.97))
    cells = [
        (
            f"c{n}.{rng.choice(['none', 'dust'])}",
            rng.choice([0, 1_000_000, rng.randrange(1_000_001)]),
        )
        for n in range(rng.randint(1, 8))
    ]
    used = rng.sample(cells, rng.randint(1, len(cells)))
    entries = [(rng.choice(used)[0], rng.randbytes(32)) for _ in range(size)]
    lines = pool.lines(entries)
    leaves: dict[str, list[bytes]] = {cell: [] for cell, _ in cells}
    for cell, c in entries:
        leaves[cell].append(c)
    body = compute_body(name, pool.lines_root(h, lines), cells)
    values = [rng.randbytes(rng.choice([0, 1, 32, 80])) for _ in range(rng.randint(1, 4))]
    outcome = cert.outcome_of(body, values, leaves, None)
    revealed = [cert.Revealed(cert.GIVEN, str(n), v, "") for n, v in enumerate(values, start=1)]
    text = cert.to_text(cert.build(body, revealed, outcome, ""))
    return {"certificate.json": text, "pool.txt": "".join(f"{line}\n" for line in lines)}


def spoiled(rng: random.Random, files: dict[str, str]) -> dict[str, str]:
    """Return the files with one thing changed."""
    if rng.random() < 0.3:
        lines = files["pool.txt"].splitlines(keepends=True)
        n = rng.randrange(len(lines))
        lines[n : n + 1] = rng.choice([[], [lines[n]] * 2, [lines[n][:-2] + "g\n"]])
        return {**files, "pool.txt": "".join(lines)}
    certificate = json.loads(files["certificate.json"])
    key = rng.choice([k for k in certificate if k != "selected" or len(certificate[k]) < 50])
    part = certificate[key]
    changed = [value for _, value in mutations(part)]
    certificate[key] = rng.choice(changed)
    return {**files, "certificate.json": json.dumps(certificate, ensure_ascii=False)}


@pytest.mark.parametrize("batch", one_in(5, range(POOLS // BATCH)))
def test_all_three_accept_every_random_pool_and_reject_it_spoiled(
    batch: int, page: Page, single: ModuleType
) -> None:
    rng = random.Random(batch)
    true = [random_pool(rng) for _ in range(BATCH)]
    false = [spoiled(rng, files) for files in true]

    for files, browser in zip([*true, *false], by_browser(page, [*true, *false]), strict=True):
        report = by_package(files)
        ok = report is not None and report.ok
        assert browser["ok"] is ok, browser["checks"]
        assert by_single_file(single, files) is ok
        assert ok is any(files is one for one in true), files["certificate.json"][:2000]


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def run_single(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the single file, as somebody who has nothing else."""
    with tempfile.TemporaryDirectory() as elsewhere:
        alone = Path(elsewhere) / "check.py"
        alone.write_bytes(SINGLE.read_bytes())
        return subprocess.run(
            [sys.executable, "-I", alone, *paths],
            check=False,
            capture_output=True,
            text=True,
            cwd=elsewhere,
        )


def test_the_single_file_runs_alone_and_says_what_it_does_not_check(tmp_path: Path) -> None:
    files = random_pool(random.Random("alone"))
    write(tmp_path, files)
    whole = run_single(tmp_path)
    named = run_single(tmp_path / "certificate.json", tmp_path / "pool.txt")
    (tmp_path / "pool.txt").write_text(files["pool.txt"].upper(), encoding="utf-8")
    spoilt = run_single(tmp_path)

    assert (whole.returncode, named.returncode, spoilt.returncode) == (0, 0, 1), whole.stderr
    assert whole.stdout == named.stdout
    last = whole.stdout.splitlines()[-1]
    assert last.startswith("未查：排除清单、")
    assert "签名、检查组、人员资格、替补 0 次、作废 0 次、时间戳、批次" in last
    assert last.endswith("须再用网页程序或者 draw verify 核查。")
    assert "不符" in spoilt.stderr
    assert "Traceback" not in spoilt.stderr


def test_the_single_file_is_one_page_for_old_pythons_and_knows_no_package() -> None:
    text = SINGLE.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    nodes = list(ast.walk(tree))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}

    assert len(text.splitlines()) <= 150
    assert max(map(len, text.splitlines())) <= 100
    assert imported <= {"datetime", "hashlib", "json", "re", "sys", "pathlib"}


def test_the_browser_hashes_and_signs_as_others_do(page: Page) -> None:
    rng = random.Random(3)
    data = [rng.randbytes(n) for n in (0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 128, 1000)]
    wanted = [
        [hashlib.sha256(one).hexdigest(), suite("sm3")(one).hex(), hashlib.sha512(one).hexdigest()]
        for one in data
    ]
    got = page.evaluate(
        """many => many.map(one => {
            const data = SjcForms.bytes(one);
            const of = (made) => SjcForms.hex(made);
            return [of(SjcHashes.sha256.of(data)), of(SjcHashes.sm3.of(data)),
                    of(SjcHashes.sha512(data))];
        })""",
        [one.hex() for one in data],
    )
    holds = page.evaluate(
        "many => many.map(three => SjcHashes.signed(...three.map(SjcForms.bytes)))",
        [
            [KEY.public_bytes.hex(), KEY.sign(one).hex(), (one + more).hex()]
            for one in data
            for more in (b"", b"x")
        ],
    )

    assert got == wanted
    assert holds == [True, False] * len(data)


def test_a_repeated_key_is_refused_by_the_browser(page: Page) -> None:
    files = random_pool(random.Random("twice"))
    twice = copy.copy(files)
    twice["certificate.json"] = files["certificate.json"].replace('"r":', '"r":0,"r":', 1)

    assert [one["ok"] for one in by_browser(page, [files, twice])] == [True, False]
    assert by_package(twice) is None


@pytest.mark.parametrize("given", ["nowhere", "nowhere/certificate.json", "parent", "cut"])
def test_a_file_that_cannot_be_read_is_not_called_wrong(tmp_path: Path, given: str) -> None:
    folder = tmp_path / "parent" / "2026-01"
    folder.mkdir(parents=True)
    write(folder, random_pool(random.Random("unread")))
    if given == "cut":
        content = (folder / "certificate.json").read_bytes()
        (folder / "certificate.json").write_bytes(content[: len(content) // 2])
    told = run_single(folder if given == "cut" else tmp_path / given)

    assert told.returncode == 1
    assert told.stderr.startswith("没有核查：")
    assert "不符" not in told.stderr
    assert re.search("JSON" if given == "cut" else "certificate.json|pool.txt", told.stderr)


def test_the_single_file_names_each_part_in_chinese(tmp_path: Path) -> None:
    write(tmp_path, random_pool(random.Random("words")))
    told = run_single(tmp_path).stdout

    assert "符合 抽中企业 与重新算出的相同" in told
    assert not re.search("given|log_head|draw_no|符合 [a-z]", told)


def test_the_single_file_says_whose_each_value_is_and_what_was_never_drawn(tmp_path: Path) -> None:
    honest, other = full(replaced=False), full(replaced=False, seed=1, issue="2026033")
    void = signed(honest, voided(honest, revealed=False))
    for name, files in {
        "honest": signed(honest, honest.certificate),
        "other": signed(other, other.certificate),
        "void": void,
    }.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name, files)
    alone, both, never = (
        run_single(*(tmp_path / name for name in names))
        for names in (["honest"], ["honest", "other"], ["void"])
    )

    assert (alone.returncode, both.returncode, never.returncode) == (0, 0, 0), both.stderr
    for whose in ("本机关随机值 2 ", "见证方随机值 3 ", "公布值随机值 2026005 ", "骰子随机值 1 "):
        assert f"符合 {whose}" in alone.stdout
    assert "其他证书" not in alone.stdout
    assert "符合 其他证书 1 份，没有共用的随机值" in both.stdout
    for what in ("随机值", "各单元家数", "抽中企业", "种子"):
        assert f"符合 {what} 揭示前作废，没有结果" in never.stdout
    assert never.stdout.count("与重新算出的相同") == 4


def test_a_ninth_source_is_refused_before_anything_is_hashed(
    page: Page, single: ModuleType
) -> None:
    made = full(replaced=False)
    values = [bytes.fromhex(one["bytes_hex"]) for one in made.certificate["entropy"]]
    more = [made.h(b"%d" % n) for n in range(5)]
    added = [{"kind": "witness_chain", "name": made.h(value).hex(), "issue": "1"} for value in more]
    for count, is_right in ((4, True), (5, False)):
        files = forged(
            made,
            lambda body, count=count: body["sources"].__setitem__(slice(2, 2), added[:count]),
            [*values[:2], *more[:count], *values[2:]],
        )
        started = time.monotonic()
        report, (browser,) = by_package(files), by_browser(page, [files])
        assert report is not None
        found = (report.ok, browser["ok"], by_single_file(single, files))
        assert is_right or found == (False, False, False)
        assert is_right or time.monotonic() - started < SOON
        structure = [check.detail for check in report.checks if check.what == "证书结构"]
        assert ("超过 8 个" in structure[0]) is not is_right
