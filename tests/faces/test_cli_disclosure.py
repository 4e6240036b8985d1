"""`disclosure` and the proofs on the command line, from an open batch to a checked proof."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from inspect_server.cli import root
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.enums import Risk, Role
from inspect_server.store import publications
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import build, visits_in
from tests.usecases.test_replacement import first, replace_one

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


class Office:
    """A bureau with one revealed draw, and its command line."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend = backend
        self.world = build(backend, folder)
        self.draw_id: UUID = drawn(self.world)
        with backend.begin(ALL_ROLES) as work:
            for login, role in (("boss", Role.SUPERVISOR), ("desk", Role.OFFICE)):
                add_user(
                    work, login, login, BUREAU["authority"], [role], "long-enough-passphrase-1"
                )

    def run(self, *arguments: object, who: str = "boss") -> Result:
        words = [str(one) for one in arguments]
        return CliRunner().invoke(root, [*words, "--as", who] if who else words)

    def finish(self) -> None:
        close(self.backend, open_checks(self.backend, self.draw_id))

    def uscc(self) -> str:
        with self.backend.reading() as session:
            return publications.tasks(session, self.draw_id)[0].identity["uscc"]


@pytest.fixture
def office(sqlite_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    return Office(sqlite_backend, tmp_path)


def test_a_batch_is_listed_previewed_and_published(office: Office) -> None:
    waiting = office.run("disclosure", "list")
    early = office.run("disclosure", "publish", "2026-01")
    office.finish()
    ready = office.run("disclosure", "list")
    preview = office.run("disclosure", "preview", "2026-01")
    made = office.run("disclosure", "publish", "2026-01")
    after = office.run("disclosure", "list")

    assert "未办结，暂不能公示" in waiting.stdout
    assert (early.exit_code, "提前暴露检查对象" in early.output) == (1, True)
    assert "最迟 2026-04-16 公示" in ready.stdout
    assert "未发现问题" in preview.stdout
    assert "未写入任何数据" in preview.stdout
    assert (made.exit_code, "已公示（第 1 次）" in made.stdout) == (0, True)
    assert "已公示（第 1 次）" in after.stdout


def test_results_are_stated_and_corrected_with_their_reason(office: Office) -> None:
    uscc = office.uscc()
    stated = office.run(
        "disclosure", "result", "2026-01", "--uscc", uscc, "--result", "unreachable",
        "--reason", "登记地址无此单位",
    )  # fmt: skip
    office.finish()
    office.run("disclosure", "publish", "2026-01")
    corrected = office.run(
        "disclosure", "correct", "2026-01", "--uscc", uscc, "--result", "ordered",
        "--reason", "复核发现遗漏",
    )  # fmt: skip

    assert "已登记：通过登记的住所无法联系" in stated.stdout
    assert "已更正为：发现问题已责令改正（第 2 次公示）" in corrected.stdout


def test_a_result_may_be_said_in_chinese_and_a_refusal_names_the_choices(office: Office) -> None:
    give = ("disclosure", "result", "2026-01", "--uscc", office.uscc(), "--reason", "拒绝检查")
    wrong = office.run(*give, "--result", "没人")
    stated = office.run(*give, "--result", "不配合")

    assert wrong.exit_code == 2
    assert "uncooperative 不配合检查，unreachable 通过登记的住所无法联系" in wrong.output
    assert "已登记：不配合检查" in stated.stdout


def test_a_replaced_enterprise_is_previewed_with_the_reason_in_chinese(
    office: Office,
) -> None:
    draw = office.world.commit(**visits_in(4))
    office.world.reveal(draw)
    replace_one(office.world, draw, Reason.STOPPED, first(office.world, draw).uscc)

    preview = office.run("disclosure", "preview", draw.draw_no)

    assert "未检查（已按程序替换）（企业停产）" in preview.stdout


def test_a_proof_is_written_with_its_explanation_and_holds(office: Office, tmp_path: Path) -> None:
    office.finish()
    office.run("disclosure", "publish", "2026-01")
    uscc = office.uscc()
    made = office.run(
        "draw", "proof", "2026-01", "--uscc", uscc, "--out", tmp_path / "p", who="desk"
    )
    file = tmp_path / "p" / f"2026-01-{uscc}.json"
    checked = office.run("draw", "verify-proof", file, who="")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"index": 9999}))
    forged = office.run("draw", "verify-proof", file, who="")

    assert made.exit_code == 0, made.output
    told = file.with_suffix(".txt").read_text()
    assert "抽中。" in told
    assert told.index("公示网页") < told.index("verify-proof")  # what an enterprise has comes first
    assert (checked.exit_code, "证明成立" in checked.stdout) == (0, True)
    assert (forged.exit_code, "证明不成立" in forged.output) == (1, True)


def test_an_audit_says_that_all_is_well_or_names_who_differs(office: Office) -> None:
    right = office.run("draw", "audit", "2026-01")
    with office.backend.begin(ALL_ROLES) as work:
        work.session.execute(
            update(Enterprise).where(Enterprise.name == "企业1").values(risk=Risk.BLUE)
        )
    wrong = office.run("draw", "audit", "2026-01")

    assert (right.exit_code, "相符" in right.stdout) == (0, True)
    assert wrong.exit_code == 1
    assert "913200000000000001 风险等级：为“red”，应为“blue（当日名录）”" in wrong.stdout


def test_the_citizens_page_and_its_document_say_the_same() -> None:
    folder = ROOT / "inspect_server" / "disclosure" / "templates" / "disclosure"
    page = (folder / "explained.html").read_text("utf-8")
    document = (ROOT / "docs" / "draw.zh-CN.md").read_text("utf-8").replace("\n", "")
    steps = re.findall(r"<h2>(第.步：.*?)</h2>\s*<p>(.*?)</p>", page)

    assert len(steps) == 4
    for title, text in steps:
        assert title in document
        assert re.sub(r"<.*?>", "", text) in document


def test_the_auditors_part_of_the_page_and_its_document_say_the_same() -> None:
    folder = ROOT / "inspect_server" / "disclosure" / "templates" / "disclosure"
    page = (folder / "verify.html").read_text("utf-8")
    part = page[page.index('id="audit"') :].partition("</section>")[0]
    document, english = (
        re.sub(r"[\s`]", "", (ROOT / "docs" / name).read_text("utf-8"))
        for name in ("draw.zh-CN.md", "draw.md")
    )
    said = [
        re.sub(r"<.*?>|\s", "", one)
        for one in re.findall(r"<(?:h2|h3|p|li)\b.*?</(?:h2|h3|p|li)>", part)
    ]
    commands = re.findall(r'<code class="command">(.*?)</code>', part)

    assert len(said) == 23
    assert [one for one in said if one not in document] == []
    assert len(commands) == 3
    assert [one for one in commands if re.sub(r"\s", "", one) not in english] == []


def test_where_programs_are_given_it_is_said_that_they_do_not_state_the_highest_level() -> None:
    folder = ROOT / "inspect_server" / "disclosure" / "templates" / "disclosure"
    page = (folder / "verify.html").read_text("utf-8")

    assert "本页两个程序最高给出 L2" in page
    assert 'href="#timestamp"' in page
    assert 'id="timestamp"' in page


ROWS = re.compile(r'<text x="\d+" y="(\d+)"[^>]*>(.*?)</text>')


@pytest.mark.parametrize(
    ("page", "steps"),
    [
        ("draw.md", ("──► commit", "dice, logged", "public value (", "witness chain", "seed ──►")),
        ("draw.zh-CN.md", ("承诺值", "掷骰", "公开号码", "封存的数", "种子")),
    ],
)
def test_the_documents_tell_the_steps_of_the_figure_in_their_order(
    page: str, steps: tuple[str, ...]
) -> None:
    figure = (ROOT / "docs" / page).read_text("utf-8").split("**")[0]
    places = [figure.index(step) for step in steps]

    assert places == sorted(places)


@pytest.mark.parametrize(("figure", "axis"), [("draw.svg", 0), ("draw-narrow.svg", 1)])
def test_the_figure_has_the_commit_before_the_line_and_what_is_opened_after_it(
    figure: str, axis: int
) -> None:
    text = (ROOT / "inspect_server" / "disclosure" / "static" / figure).read_text("utf-8")
    places = {
        word: (int(x), int(y))[axis]
        for x, y, word in re.findall(r'<text x="(\d+)" y="(\d+)"[^>]*>(.*?)</text>', text)
    }
    drawn = re.search(r'<path d="M(\d+) (\d+)\S+" stroke="#a3231b"', text)
    assert drawn is not None
    line = int(drawn.group(axis + 1))
    opened = [at for word, at in places.items() if any(x in word for x in ("掷骰", "封存", "开奖"))]
    down = [word for _, word in sorted((int(y), word) for y, word in ROWS.findall(text))]
    dice, public = (down.index(word) for word in ("当众掷骰（有的抽取）", "公开号码开奖"))

    assert "先承诺，后揭开：谁也不能挑" in places
    assert places["承诺值"] < line
    assert len(opened) >= 3
    assert min(opened) > line
    assert dice < public
