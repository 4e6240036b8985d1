"""`draw replace`, `draw void`, `draw chain cosign` as people type them."""

from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_server.app import make_backend
from inspect_server.domain.enums import Role
from inspect_server.reads import draws as reads
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU
from tests.faces.test_cli_draw import PASSWORD, Run, good, hold, run

__all__ = ["run"]
AS = ("--as", "lisi")
APPROVED = f"{PASSWORD}\n"


@pytest.fixture
def proof(tmp_path: Path, run: Run) -> Path:
    """A revealed draw, somebody who approves, and a file that proves a reason."""
    hold(run, tmp_path)
    held = make_backend()
    with held.begin(ALL_ROLES) as work:
        add_user(work, "zhaoliu", "赵六", "局领导", [Role.APPROVER], PASSWORD)
    held.engine.dispose()
    path = tmp_path / "证明.pdf"
    path.write_bytes(b"%PDF-1.7 proof")
    return path


def first_task() -> tuple[str, str]:
    """The code of an enterprise that stands, and the certificate of its lead."""
    held = make_backend()
    with held.reading() as session:
        task = reads.tasks(session, reads.draw_id_of(session, "2026-01"))[0]
        lead = task.officers[0][1]
        cert_no = session.scalars(select(Officer.cert_no).where(Officer.id == lead)).one()
    held.engine.dispose()
    return task.uscc, cert_no


def value(run: Run, tmp_path: Path, position: int, asked: str) -> str:
    """Return what the witness shows for the request that was logged just now."""
    named = "--position", position, "--for", asked.split("抽取日志中的记录：")[1].split()[0]
    file = tmp_path / "usb" / "witness.json"
    return run("draw", "chain", "next", "--file", file, *named).stdout.strip()


def test_an_officer_and_an_enterprise_are_replaced_listed_and_verified(
    run: Run, tmp_path: Path, proof: Path
) -> None:
    uscc, cert_no = first_task()
    request = ("draw", "replace", "request", "2026-01", "--enterprise", uscc, "--evidence", proof)
    who = ("--approver", "zhaoliu", *AS)
    asked = good(
        run(*request, "--reason", "officer.leave", "--officer", cert_no, *who, typed=APPROVED)
    )
    waiting = good(run("draw", "replace", "list", "2026-01"))
    complete = ("draw", "replace", "complete", "2026-01", *AS, "--witness")
    done = good(run(*complete, value(run, tmp_path, 2, asked)))
    closed = good(run(*request, "--reason", "enterprise.closed", *who, typed=APPROVED))
    good(run(*complete, value(run, tmp_path, 3, closed)))
    listed = good(run("draw", "replace", "list", "2026-01"))
    report = good(run("draw", "verify", "--no", "2026-01"))
    good(run("draw", "export", "2026-01", "--out", tmp_path / "out"))
    witness = ("--file", tmp_path / "usb" / "witness.json")
    compared = good(run("draw", "chain", "check", *witness, tmp_path / "out" / "certificate.json"))
    files = good(run("draw", "verify", tmp_path / "out"))

    assert "第 2 个值" in asked
    assert compared.count("符合　第 ") == 3
    assert "待区纪委第 2 个值" in waiting
    assert "第 2 版" in done
    assert "退出" in done
    assert listed.count("替补") == 2
    name = listed.splitlines()[1].partition("：")[2].partition(" 退出")[0]
    assert name.startswith("企业")
    assert "，" not in name  # an enterprise that goes out is named once
    assert "符合　替补（2 次）" in report
    assert "符合　替补（2 次）" in files
    assert uscc not in good(run("draw", "show", "2026-01"))


def test_what_a_request_says_gives_the_value_and_no_other_request_s(
    run: Run, tmp_path: Path, proof: Path
) -> None:
    uscc, _ = first_task()
    paper = ("draw", "print", "2026-01", "--what", "replacement-request", *AS, "--out")
    early = run(*paper, tmp_path / "早.pdf")
    request = ("draw", "replace", "request", "2026-01", "--reason", "enterprise.closed")
    who = ("--enterprise", uscc, "--evidence", proof, "--approver", "zhaoliu", *AS)
    asked = run(*request, *who, typed=APPROVED)
    good(asked)
    said = asked.stderr.split("运行：inspect-server ")
    (take,) = (line.splitlines()[0] for line in said if line.startswith("draw chain next"))
    next_value = take.replace("秘密文件", str(tmp_path / "usb" / "witness.json")).split()
    taken, again, other = run(*next_value), run(*next_value), run(*next_value[:-1], "ab" * 32)
    good(run(*paper, tmp_path / "申请单.pdf"))

    assert "draw.no_request_yet" in early.stderr
    assert good(taken) == good(again)
    assert (other.exit_code, other.stdout) == (1, "")
    assert "draw.value_shown_for_another" in other.stderr
    assert (tmp_path / "申请单.pdf").read_bytes().startswith(b"%PDF")


def test_after_a_replacement_the_schemes_to_be_approved_are_named(
    run: Run, tmp_path: Path, proof: Path
) -> None:
    held = make_backend()
    with held.begin(ALL_ROLES) as work:
        for login, role in (("zhuren", Role.SUPERVISOR), ("juzhang", Role.APPROVER)):
            add_user(work, login, login, BUREAU["authority"], [role], PASSWORD)
    held.engine.dispose()
    chief = ("--as", "zhuren")
    good(run("dispatch", "schemes", "--draw", "2026-01", *chief))
    good(run("dispatch", "approve", "--draw", "2026-01", "--as", "juzhang"))
    uscc, cert_no = first_task()
    asked = good(
        run(
            *("draw", "replace", "request", "2026-01", "--enterprise", uscc, "--evidence", proof),
            *("--reason", "officer.leave", "--officer", cert_no, "--approver", "zhaoliu", *chief),
            typed=APPROVED,
        )
    )
    complete = ("draw", "replace", "complete", "2026-01", *chief, "--witness")
    done = run(*complete, value(run, tmp_path, 2, asked))

    assert "改派检查人员 2026-0" in done.stdout
    assert "有 1 件检查方案尚未审批，任务没有派发：2026-0" in done.stderr
    steps = ("dispatch approve --draw 2026-01", "dispatch send --draw 2026-01", "draw verify")
    places = [done.stderr.index(step) for step in steps]
    assert places == sorted(places)


def test_the_approver_types_their_own_password_and_is_not_the_requester(
    run: Run, proof: Path
) -> None:
    uscc, _ = first_task()
    request = ("draw", "replace", "request", "2026-01", "--reason", "enterprise.moved")
    rest = ("--enterprise", uscc, "--evidence", proof)
    wrong = run(*request, *rest, "--approver", "zhaoliu", *AS, typed="wrong\n")
    same = run(*request, *rest, "--approver", "lisi", *AS, typed=APPROVED)
    nothing = run("draw", "replace", "complete", "2026-01", "--witness", "00" * 32, *AS)

    assert (wrong.exit_code, same.exit_code, nothing.exit_code) == (1, 1, 1)
    assert "没有替补" in good(run("draw", "replace", "list", "2026-01"))
    assert "draw replace request" in nothing.stderr


def test_a_draw_is_void_with_the_witness_signature_made_offline(
    run: Run, tmp_path: Path, proof: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    void = ("draw", "void", "2026-01")
    unsaid = run(*void, *AS)
    request = (*void, "--reason", "pool.wrong", "--evidence", proof)
    alone = run(*request, *AS)
    same = run(*request, "--approver", "lisi", *AS, typed=APPROVED)
    needless = run(
        *(*request, "--approver", "zhaoliu", "--paper-because", "key.lost"), *AS, typed=APPROVED
    )
    asked = good(run(*request, "--approver", "zhaoliu", *AS, typed=APPROVED))
    commit = asked.split("承诺值")[1].split()[0]
    leaf = asked.split("申请记录")[1].split()[0]
    with monkeypatch.context() as offline:
        offline.setenv("INSPECT_DATA_DIR", str(tmp_path / "nowhere"))
        signed = run(
            *("draw", "chain", "cosign", "--file", tmp_path / "usb" / "witness.json"),
            *("--no", "2026-01", "--commit", commit, "--reason", "pool.wrong", "--request", leaf),
        )
    good(signed)
    unpublished = run(*void, "--cosign", signed.stdout.strip(), *AS)
    scan = tmp_path / "签署件.pdf"
    scan.write_bytes(b"%PDF-1.7 signed by hand")
    voided = run(*void, "--paper", scan, *AS)
    done = good(voided)
    report = good(run("draw", "verify", "--no", "2026-01"))

    assert unsaid.exit_code == 1
    assert "--reason" in unsaid.stderr
    assert "--approver" in alone.stderr
    assert "approval.author_may_not_approve" in same.stderr
    assert "没有公布公钥" in needless.stderr
    assert len(signed.stdout.strip()) == 128
    assert "重新签署" not in unpublished.stderr  # this bureau published no key with the anchor
    assert "draw void 2026-01 --paper" in unpublished.stderr
    assert "draw void 2026-01 --paper" in asked
    assert "draw chain cosign" not in asked
    assert "理由　　　抽取池有误（pool.wrong）" in asked
    assert "已作废" in done
    assert "请批准人注意：作废后见证方的哈希链停用" in asked
    assert "draw chain anchor --kind witness" in voided.stderr
    listed = good(run("disclosure", "list", *AS))
    assert "2026-01 已作废，" in listed
    assert not [word for word in ("抽中", "办结") if word in listed]
    assert "结论：已核查的部分全部符合" in report
    assert "已作废" in good(run("draw", "show"))
