"""
A whole year's worth on the command line: replaced, void, published, and verified by all three.

What is verified is what the public downloads, not what the database says.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Page

from inspect_server.app import create_app, make_backend
from inspect_server.domain.enums import Role
from inspect_server.reads import draws as reads
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.faces.test_cli_draw import PASSWORD, Run, good, run
from tests.usecases.disclosed_world import close, open_checks
from tests.usecases.draw_world import KL8
from tests.verifiers.three import by_browser, by_package, by_single_file

__all__ = ["run"]
AS = ("--as", "lisi")
APRIL = ("--from", "2026-04-09", "--to", "2026-04-20")
MARCH = ("--from", "2026-03-09", "--to", "2026-03-20")


@contextmanager
def opened() -> Iterator[Backend]:
    held = make_backend()
    yield held
    held.engine.dispose()


class Bureau:
    """The office at its command line and the witness at theirs."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.file = run, folder / "usb" / "witness.json"
        self.proof = folder / "证明.pdf"
        self.proof.write_bytes(b"%PDF-1.7 proof")
        for line in (
            ("new", "--kind", "authority", "--year", 2026, "--length", 5),
            ("anchor", "--kind", "authority", "--year", 2026),
        ):
            good(run("draw", "chain", *line))
        new = ("new", "--kind", "witness", "--year", 2026, "--length", 9, "--holder", "区纪委")
        made = good(run("draw", "chain", *new, "--file", self.file))
        anchor = made.split("锚值：")[1].split()[0]
        key = made.split("公钥：")[1].split()[0]
        publish = (
            "--holder",
            "区纪委",
            "--anchor",
            anchor,
            "--length",
            9,
            "--key",
            key.split("：")[-1],
        )
        good(run("draw", "chain", "anchor", "--kind", "witness", "--year", 2026, *publish))

    def value(self, position: int, purpose: str) -> str:
        named = ("--position", position, "--for", purpose)
        taken = self.run("draw", "chain", "next", "--file", self.file, *named)
        good(taken)
        return taken.stdout.strip()

    def draw(self, number: str, days: tuple[str, ...], issue: str, position: int) -> None:
        made = good(self.run("draw", "commit", *days, "--public", f"cwl.kl8/{issue}"))
        commit = made.split("承诺值：")[1].split()[0]
        typed = KL8.replace("2026051", issue)
        entries = ("--entry", "lisi", typed, "--entry", "wangwu", typed)
        good(
            self.run("draw", "reveal", number, "--witness", self.value(position, commit), *entries)
        )
        good(self.run("dispatch", "schemes", "--draw", number, *AS))

    def replace(self, number: str, reason: str, position: int, officer: str = "") -> None:
        with opened() as held, held.reading() as session:
            task = reads.tasks(session, reads.draw_id_of(session, number))[0]
            lead = session.get_one(Officer, task.officers[0][1]).cert_no
        given = ("--reason", reason, "--enterprise", task.uscc, "--evidence", self.proof)
        who = ("--officer", lead) if officer else ()
        request = ("draw", "replace", "request", number, *given, *who, "--approver", "zhaoliu")
        asked = good(self.run(*request, *AS, typed=f"{PASSWORD}\n"))
        leaf = asked.split("抽取日志中的记录：")[1].split()[0]
        value = ("--witness", self.value(position, leaf))
        good(self.run("draw", "replace", "complete", number, *value, *AS))

    def void(self, number: str) -> None:
        given = ("--reason", "pool.wrong", "--evidence", self.proof, "--approver", "zhaoliu")
        asked = good(self.run("draw", "void", number, *given, *AS, typed=f"{PASSWORD}\n"))
        commit, leaf = (asked.split(word)[1].split()[0] for word in ("承诺值", "申请记录"))
        named = ("--no", number, "--commit", commit, "--reason", "pool.wrong", "--request", leaf)
        signed = self.run("draw", "chain", "cosign", "--file", self.file, *named)
        good(signed)
        good(self.run("draw", "void", number, "--cosign", signed.stdout.strip(), *AS))

    def published(self, number: str, to: Path) -> Path:
        """Publish a draw and return the folder in what the public downloads."""
        good(self.run("disclosure", "publish", number, *AS))
        with opened() as held:
            client = create_app(held).test_client()
            content = client.get(f"/disclosure/draws/{number}/1/all.zip", buffered=True).data
        zipfile.ZipFile(io.BytesIO(content)).extractall(to)
        return to / number


def test_a_replaced_and_a_void_draw_are_published_and_verified_by_all_three(
    run: Run, tmp_path: Path, page: Page, single: ModuleType
) -> None:
    bureau = Bureau(run, tmp_path)
    with opened() as held, held.begin(ALL_ROLES) as work:
        add_user(work, "zhaoliu", "赵六", "局领导", [Role.APPROVER], PASSWORD)
    bureau.draw("2026-01", MARCH, "2026051", 1)
    bureau.replace("2026-01", "officer.leave", 2, officer="lead")
    bureau.replace("2026-01", "enterprise.closed", 3)
    bureau.draw("2026-02", APRIL, "2026052", 4)
    bureau.void("2026-02")
    with opened() as held:
        with held.reading() as session:
            first = reads.draw_id_of(session, "2026-01")
        close(held, open_checks(held, first))
    folders = [bureau.published(number, tmp_path / "公示") for number in ("2026-01", "2026-02")]
    many = [{path.name: path.read_text("utf-8") for path in one.iterdir()} for one in folders]
    told = good(run("draw", "verify", *folders))

    assert "符合　替补（2 次）" in told
    assert "符合　作废（已作废：抽取池有误）" in told
    assert told.count("符合　其他证书") == 2
    for files, other, browser in zip(many, many[::-1], by_browser(page, many), strict=True):
        report = by_package(files, [other])
        assert report is not None
        assert report.ok, report.wrong
        assert browser["ok"], browser["checks"]
        left = {one["what"] for one in browser["checks"] if one["verdict"] == "未查"}
        assert left <= {"记录位置", "抽中企业身份"}  # of a void draw nobody is named
        assert by_single_file(single, files)
