"""The public's face: nothing before its day, only published copies, cheap, and no script."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from inspect_server.app import create_app
from inspect_server.disclosure.admission import Admission
from inspect_server.domain.disclosure import Result
from inspect_server.domain.draw.entropy import DICE, Source, SourceKind
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.domain.enums import Role
from inspect_server.domain.plan import EXCLUSIONS
from inspect_server.store import publications
from inspect_server.store.models.planning import DrawLeaf
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.disclosing.proofs import give_proof
from inspect_server.usecases.disclosing.results import correct_result
from inspect_server.usecases.work import Actor, Backend
from tests.usecases.disclosed_world import close, drawn_bureau, open_checks
from tests.usecases.draw_world import LOTTERY, SUPERVISOR, World, build
from tests.usecases.test_replacement import agree, ask_void, signed

ROOT = Path(__file__).parents[2]
PAGES = ("/", "/draws/2026-01", "/rules/2026", "/explained", "/verify", "/proof")
OFFICE = Actor("user:office", frozenset({Role.OFFICE}))


class Town:
    """A bureau with one draw, and the public in front of it."""

    def __init__(self, world: World, draw_id: UUID) -> None:
        self.world, self.backend = world, world.backend
        self.app: Flask = create_app(world.backend)
        self.client: FlaskClient = self.app.test_client()
        self.draw_id = draw_id

    def publish(self) -> None:
        close(self.backend, open_checks(self.backend, self.draw_id))
        with self.backend.begin(SUPERVISOR) as work:
            publish_batch(work, self.draw_id)

    def text(self, path: str) -> str:
        return self.client.get(f"/disclosure{path}", headers={"Accept": "text/html"}).text

    def enterprises(self, **which: bool) -> list[tuple[str, str]]:
        with self.backend.reading() as session:
            tasks = publications.tasks(session, self.draw_id)
            return [(task.identity["uscc"], task.identity["name"]) for task in tasks]


@pytest.fixture
def town(sqlite_backend: Backend) -> Town:
    return Town(*drawn_bureau(sqlite_backend))


@pytest.fixture
def statements(town: Town) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(town.backend.engine, "before_cursor_execute", note)
    yield found
    event.remove(town.backend.engine, "before_cursor_execute", note)


def test_the_rules_page_promises_no_secrecy_that_a_published_rate_gives_away(town: Town) -> None:
    page = town.text("/rules/2026")

    assert "以免" not in page
    assert "没有可以合并的，只略去名称" in page
    assert "可由其单元或者概率看出其信用等级" in page


def test_the_rules_page_says_of_every_reason_who_is_left_out_and_from_which_day(town: Town) -> None:
    page = town.text("/rules/2026")
    town.publish()
    drawn = town.text("/draws/2026-01")

    for code, name in EXCLUSIONS.items():
        assert f">{name}" in page
        assert f">{code}<" in page
    assert "至检查首日不满 90 日，重点企业除外" in page
    assert "指检查首日以前 365 日以内检查过" in page
    assert [code for code in EXCLUSIONS if f">{code}<" in drawn]


def test_only_a_parameter_that_claims_another_text_waits_for_its_original(town: Town) -> None:
    page = town.text("/rules/2026")

    assert "：本机关参数<" in page
    assert '：本机关参数<span class="soft">（原文待核' not in page
    assert '转述：计划企业原则上年度至少检查1次）<span class="soft">（原文待核' in page


def test_before_its_day_a_draw_shows_digest_and_totals_and_no_name(town: Town) -> None:
    close(town.backend, open_checks(town.backend, town.draw_id)[1:])
    shown = "".join(town.text(path) for path in PAGES)

    assert "52 家" in shown
    assert "全部检查完毕后才公示" in shown
    for uscc, name in town.enterprises():
        assert uscc not in shown
        assert f">{name}<" not in shown
    assert "county." not in town.text("/draws/2026-01")
    assert "2026年3月20日" not in town.text("/draws/2026-01")
    for name in ("certificate.json", "pool.txt", "openings.json", "all.zip"):
        assert town.client.get(f"/disclosure/draws/2026-01/1/{name}").status_code == 404


def test_dice_are_called_by_their_ceremony_and_not_by_an_issue(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    world.commit(sources=[LOTTERY, Source(SourceKind.DICE, DICE, "2026-01-A")])
    page = create_app(world.backend).test_client().get("/disclosure/draws/2026-01").text

    assert "现场掷骰：场次 2026-01-A，公开随机值产生之前当场掷出并录入，点数随批次公示</li>" in page


@pytest.mark.parametrize("number", [2**63 - 1, 10**40])
def test_a_number_beyond_all_numbers_is_simply_not_there(town: Town, number: int) -> None:
    for path in (f"draws/2026-01/{number}/pool.txt", f"rules/{number}"):
        assert town.client.get(f"/disclosure/{path}").status_code == 404


def test_until_its_publication_the_page_says_the_same_whether_checks_are_open_or_closed(
    town: Town,
) -> None:
    """It knows what is published and nothing else, so it says nothing of how far the checks are."""
    checks = open_checks(town.backend, town.draw_id)
    before = town.text("/draws/2026-01")
    close(town.backend, checks)
    town.client = create_app(town.backend).test_client()  # which has not kept the page of before
    after = town.text("/draws/2026-01")

    assert "证书、清单和名单尚未公示" in after
    assert "检查尚未" not in after
    assert after == before


def test_the_face_reads_the_published_copies_only(town: Town, statements: list[str]) -> None:
    town.publish()
    statements.clear()
    for path in (*PAGES, "/draws/2026-01/1/pool.txt"):
        assert town.client.get(f"/disclosure{path}", buffered=True).status_code == 200

    named = {name for line in statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", line)}
    assert named == {"published_notice", "published_result", "published_file"}


def test_no_page_names_a_person(town: Town) -> None:
    town.publish()
    shown = "".join(town.text(path) for path in PAGES)
    with town.backend.reading() as session:
        people = [*session.scalars(select(Officer.name)), *session.scalars(select(Officer.cert_no))]
        people += [one for one in session.scalars(select(Enterprise.legal_person)) if one]

    assert not [one for one in people if one in shown]


def test_pages_have_no_script_and_only_the_verifier_may_run_its_own(town: Town) -> None:
    town.publish()
    for path in PAGES:
        answer = town.client.get(f"/disclosure{path}")
        policy = answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text, path
        assert "style=" not in answer.text
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
    policy = town.client.get("/disclosure/verify/verify.html").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy


def test_a_page_known_already_is_not_sent_again_until_something_is_published(town: Town) -> None:
    first = town.client.get("/disclosure/")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = town.client.get("/disclosure/", headers=tag)
    town.publish()
    later = town.client.get("/disclosure/", headers=tag)

    assert (again.status_code, again.data) == (304, b"")
    assert later.status_code == 200
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers


def test_what_is_downloaded_verifies_with_the_single_file(town: Town, tmp_path: Path) -> None:
    town.publish()
    content = town.client.get("/disclosure/draws/2026-01/1/all.zip", buffered=True).data
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "out")
    program = tmp_path / "sjc_verify.py"
    program.write_bytes(town.client.get("/disclosure/verify/sjc_verify.py").data)
    folder = tmp_path / "out" / "2026-01"

    def checked() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-I", program, folder], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "不符" not in done.stdout
        return done.stdout.splitlines()

    *_, last = checked()
    assert last.startswith("未查：")
    assert "检查组、人员资格、替补 0 次、作废 0 次、时间戳、批次" in last
    assert last.endswith("。须再用网页程序或者 draw verify 核查。")
    assert not {"签名", "排除清单", "公开的身份"} & set(re.split("[：、。]", last))
    (folder / "keys.json").unlink()
    assert "签名" in re.split("[：、。]", checked()[-1])


def test_a_published_file_comes_in_parts_and_keeps_its_address(town: Town) -> None:
    town.publish()
    whole = town.client.get("/disclosure/draws/2026-01/1/pool.txt", buffered=True)
    part = town.client.get(
        "/disclosure/draws/2026-01/1/pool.txt", headers={"Range": "bytes=10-19"}, buffered=True
    )

    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    assert "immutable" in whole.headers["Cache-Control"]


def test_a_correction_stands_beside_what_it_corrects(town: Town) -> None:
    town.publish()
    uscc, name = town.enterprises()[0]
    with town.backend.begin(SUPERVISOR) as work:
        correct_result(work, town.draw_id, uscc, Result.ORDERED, "复核发现遗漏")
    shown = town.text("/draws/2026-01")

    row = shown[shown.index(uscc) :].partition("</tr>")[0]
    assert "发现问题已责令改正" in row
    assert "复核发现遗漏" in row
    assert "更正前" in row
    assert "未发现问题" in row
    assert name in shown


def test_an_enterprise_checks_its_place_by_its_proof_or_by_its_salt(town: Town) -> None:
    town.publish()
    uscc, name = town.enterprises()[0]
    with town.backend.begin(OFFICE) as work:
        proof = give_proof(work, town.draw_id, uscc).proof
    content = json.dumps(proof).encode()
    typed = {"draw_no": "2026-01", "name": name, "uscc": uscc, "salt": proof["salt"]}

    def sent(data: dict[str, object]) -> tuple[int, str]:
        answer = town.client.post("/disclosure/proof", data=data)
        return answer.status_code, answer.text

    for status, page in (sent({"file": (io.BytesIO(content), "p.json")}), sent({**typed})):
        assert status == 200
        assert "核对结果：成立" in page
        assert ">抽中<" in page
    status, page = sent({**typed, "name": "别的企业"})
    assert (status, "对不上清单" in page) == (422, True)
    forged = content.replace(b'"index": ', b'"index": 1')
    status, page = sent({"file": (io.BytesIO(forged), "p.json")})
    assert (status, "证明不成立" in page) == (422, True)
    for odd in ({}, {"draw_no": "x" * 9999, "salt": "zz"}, {**typed, "salt": "00"}):
        assert sent(dict(odd))[0] == 422


def test_a_draw_that_is_void_says_still_who_was_selected(town: Town) -> None:
    asked = ask_void(town.world, town.draw_id, VoidReason.RULES_WRONG)
    agree(town.world, town.draw_id, signature_hex=signed(town.world, asked))
    town.publish()
    said = {}
    for is_selected in (True, False):
        with town.backend.begin(OFFICE) as work:
            leaf = work.session.scalars(
                select(DrawLeaf).where(
                    DrawLeaf.draw_id == town.draw_id,
                    DrawLeaf.included,
                    DrawLeaf.selected.is_(is_selected),
                )
            ).first()
            assert leaf is not None
            given = give_proof(work, town.draw_id, json.loads(leaf.record)["uscc"])
        content = json.dumps(given.proof).encode()
        page = town.client.post("/disclosure/proof", data={"file": (io.BytesIO(content), "p")}).text
        said[is_selected] = re.findall(r"<dt>结果</dt><dd>(.*?)</dd>", page)[0]
        assert f"本次抽取结果：{said[is_selected]}。" in given.explanation

    assert said[True].startswith("抽中；本次抽取其后作废")
    assert said[False].startswith("未抽中；本次抽取其后作废")


def test_strangers_take_a_part_of_the_threads_and_give_it_back(town: Town) -> None:
    town.publish()
    gates: Admission = town.app.extensions["inspect_admission"]
    free = (gates.inside._value, gates.working._value, gates.downloads._value)
    for path in (*PAGES, "/nothing", "/draws/nope", "/draws/2026-01/1/pool.txt"):
        town.client.get(f"/disclosure{path}", buffered=True)
        town.client.head(f"/disclosure{path}", buffered=True)
        tag = town.client.get(f"/disclosure{path}", buffered=True).headers.get("ETag", "x")
        town.client.get(f"/disclosure{path}", headers={"If-None-Match": tag}, buffered=True)
    after = (gates.inside._value, gates.working._value, gates.downloads._value)

    assert free == (6, 4, 2)  # of eight
    assert after == free


def test_who_finds_no_place_is_told_to_come_again_and_inspectors_go_on(town: Town) -> None:
    gates: Admission = town.app.extensions["inspect_admission"]
    for _ in range(gates.inside._value):
        gates.inside.acquire()
    refused = town.client.get("/disclosure/", headers={"Accept": "text/html"})
    style = town.client.get("/disclosure/assets/disclosure.css", buffered=True)
    office = town.client.get("/login")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "访问人数较多" in refused.text
    assert "no-store" in refused.headers["Cache-Control"]
    assert (style.status_code, office.status_code) == (200, 200)


def test_a_slow_reader_keeps_one_of_few_places_for_downloads(town: Town) -> None:
    town.publish()
    path = "/disclosure/draws/2026-01/1/pool.txt"
    open_ones = [town.client.get(path, buffered=False) for _ in range(2)]
    refused = town.client.get(path, buffered=True)
    for one in open_ones:
        one.close()
    then = town.client.get(path, buffered=True)

    assert (refused.status_code, then.status_code) == (503, 200)


def test_a_page_that_is_not_there_belongs_to_the_face(town: Town) -> None:
    page = town.text("/draws/nope")

    assert "双随机抽查公示" in page
    assert "返回抽查批次" in page


def test_the_downloads_of_a_draw_come_before_its_long_lists(town: Town) -> None:
    town.publish()
    text = town.text("/draws/2026-01")

    assert text.index('id="files"') < text.index('id="results"') < text.index('id="cells"')
    assert '<details class="card" id="cells">' in text
