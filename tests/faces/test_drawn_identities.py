"""Whom a draw chose: before it is public only those who need it see it, and each look is noted."""

import re
from itertools import combinations
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from inspect_server.app import create_app
from inspect_server.cli import root
from inspect_server.domain import disclosure
from inspect_server.domain.enums import Credit, Risk, Role
from inspect_server.store.models.identity import AuditEvent, User
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.accounts import acting_as
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect
from tests.usecases import draw_world
from tests.usecases.disclosed_world import close, open_checks
from tests.usecases.draw_world import SUPERVISOR, visits_in

DAYS = "visit_from=2026-04-09&visit_to=2026-04-20"


class Bureau:
    """A revealed draw of the unit above the units, and one account of each kind."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend, self.world = backend, draw_world.build(backend, folder)
        self.id: UUID = self.world.reveal(self.world.commit()).id
        self.at, self.app = f"/draws/{self.id}", create_app(backend)
        self.own = connect(backend, self.app, "zhang", Role.SUPERVISOR, unit=SUPERVISOR.unit)
        self.other = connect(backend, self.app, "li", Role.SUPERVISOR, unit="二科")
        self.approver = connect(backend, self.app, "wang", Role.APPROVER)
        self.auditor = connect(backend, self.app, "sun", Role.AUDITOR)
        self.legal = connect(backend, self.app, "qian", Role.LEGAL_REVIEWER)
        self.office = connect(backend, self.app, "wu", Role.OFFICE)

    def names(self) -> list[str]:
        return [task["name"] for task in self.tasks(self.own)]

    def tasks(self, who: Program) -> list[dict[str, str]]:
        found: list[dict[str, str]] = who.get(self.at).get_json()["tasks"]
        return found

    def schemes(self) -> None:
        with self.backend.begin(SUPERVISOR) as work:
            make_schemes(work, self.id)

    def looks(self, action: str) -> list[tuple[str, str | None]]:
        with self.backend.reading() as session:
            rows = session.scalars(
                select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.at)
            )
            return [(row.actor, row.subject) for row in rows]


@pytest.fixture
def bureau(sqlite_backend: Backend, tmp_path: Path) -> Bureau:
    return Bureau(sqlite_backend, tmp_path)


FILES = ("/files/openings.json", "/replacements")


def test_only_who_needs_it_sees_whom_a_draw_chose_before_it_is_public(bureau: Bureau) -> None:
    names = bureau.names()
    for who in (bureau.other, bureau.approver, bureau.legal, bureau.office):
        page = who.get(bureau.at).get_json()
        shown = who.client.get(bureau.at).text
        assert (page["tasks"], page["sealed"]) == ([], True)
        assert "尚未公示，抽中企业和检查人员只由" in shown
        assert not [name for name in names if f">{name}<" in shown]
        for path in FILES:
            answer = who.get(f"{bureau.at}{path}")
            assert (answer.status_code, answer.get_json()["code"]) == (
                403,
                "draw.identities_sealed",
            )
    for who in (bureau.own, bureau.auditor):
        assert [task["name"] for task in bureau.tasks(who)] == names
        assert [who.get(f"{bureau.at}{path}").status_code for path in FILES] == [200, 200]
    assert bureau.other.client.get(f"{bureau.at}/disclosure").status_code == 403
    bureau.schemes()
    assert len(bureau.tasks(bureau.approver)) == len(names)  # who now has something to approve
    assert bureau.tasks(bureau.office) == []


def test_every_look_before_it_is_public_stands_in_the_audit(bureau: Bureau) -> None:
    bureau.auditor.get(f"{bureau.at}/files/openings.json")
    bureau.auditor.client.get(bureau.at)
    bureau.other.get(bureau.at)
    looks = bureau.looks("draw.identities")

    assert [subject for _, subject in looks] == [
        f"draw:{bureau.id}/openings.json",
        f"draw:{bureau.id}/page",
    ]
    assert len({actor for actor, _ in looks}) == 1


def test_once_it_is_public_the_whole_bureau_reads_it_unnoted(bureau: Bureau) -> None:
    bureau.schemes()
    close(bureau.backend, open_checks(bureau.backend, bureau.id))
    with bureau.backend.begin(SUPERVISOR) as work:
        publish_batch(work, bureau.id)
    before = bureau.looks("draw.identities")

    for who in (bureau.other, bureau.office, bureau.legal):
        assert bureau.tasks(who)
        assert [who.get(f"{bureau.at}{path}").status_code for path in FILES] == [200, 200]
    assert bureau.looks("draw.identities") == before


def test_a_draw_stays_with_its_unit_when_who_committed_to_it_moves(bureau: Bureau) -> None:
    head = acting_as(bureau.backend, "li").actor
    drawn = bureau.world.reveal(bureau.world.commit(head, **visits_in(4)))
    with bureau.backend.begin(head) as work:
        work.session.get_one(User, head.user_id).unit = "一科"

    assert bureau.other.get(f"/draws/{drawn.id}").get_json()["sealed"]
    colleague = connect(bureau.backend, bureau.app, "zhou", Role.SUPERVISOR, unit="二科")
    assert not colleague.get(f"/draws/{drawn.id}").get_json()["sealed"]


def test_nobody_else_asks_after_an_enterprise_by_acting_on_it(bureau: Bureau) -> None:
    bureau.schemes()
    uscc = bureau.tasks(bureau.own)[0]["uscc"]
    body = {"uscc": uscc, "result": disclosure.Result.UNREACHABLE, "reason": "无此单位"}
    for given in (body, body | {"uscc": "9132" + "0" * 14}):
        answer = bureau.other.post(f"{bureau.at}/results", json=given)
        assert answer.get_json()["code"] == "draw.of_another_unit"
    internal = bureau.office.post(f"{bureau.at}/papers", json={"what": "result-internal"})
    witness = bureau.office.post(f"{bureau.at}/papers", json={"what": "result"})

    assert internal.get_json()["code"] == "draw.identities_sealed"
    assert witness.status_code == 201


def test_a_pool_is_not_listed_to_whom_its_gaps_would_tell_who_was_drawn(bureau: Bureau) -> None:
    for path in ("under_way", ""):
        for who in (bureau.other, bureau.office, bureau.legal):
            answer = who.get(f"/draws/preview/enterprises?{DAYS}&label={path}")
            assert answer.get_json()["code"] == "draw.identities_sealed"
        assert bureau.own.get(f"/draws/preview/enterprises?{DAYS}&label={path}").status_code == 200
    assert bureau.other.get(f"/draws/preview?{DAYS}").status_code == 200  # figures tell nobody


APRIL = "from=2026-04-09&to=2026-04-20"


def test_a_preview_answers_nothing_of_single_enterprises_to_whom_their_gaps_would_tell(
    bureau: Bureau,
) -> None:
    """No lead has a partner left: every enterprise of the pool starves, and would be named."""
    numbers = [f"JS{number:08d}" for number in range(8)]
    pairs = list(combinations(numbers, 2))
    apart = "&".join(f"keep_apart={one},{other}" for one, other in pairs)
    fields = "&".join(f"apart={one}&apart={other}" for one, other in pairs)
    free = {who: getattr(bureau, who).get(f"/draws/preview?{DAYS}") for who in ("own", "other")}
    full = bureau.own.get(f"/draws/preview?{DAYS}&{apart}").get_json()

    assert "9132" in full["obstacles"][0]
    assert not full["sealed"]
    for who in (bureau.other, bureau.office, bureau.legal):
        found = who.get(f"/draws/preview?{DAYS}&{apart}").get_json()
        page = who.client.get(f"/draws/preview?{APRIL}&{fields}").text
        assert found == free["other"].get_json()  # whatever is asked of the teams
        assert found == free["own"].get_json() | {"sealed": True, "uncovered": []}
        assert "只对可以查看其抽中企业的人员" in page
        assert "9132" not in page
    page = bureau.other.client.get(f"/draws/commit?{APRIL}&{fields}").text
    assert "9132" not in page


def test_a_cell_of_one_enterprise_tells_nobody_whether_it_is_in_the_pool(bureau: Bureau) -> None:
    with bureau.backend.begin(SUPERVISOR) as work:
        for number, credit in enumerate((Credit.UNKNOWN, Credit.A, Credit.C), start=900):
            draw_world.add_enterprise(
                work, number, credit=credit, sectors=["dust_explosion"], is_key=False
            )
    own, other = (
        who.get(f"/draws/preview?{DAYS}").get_json()["cells"] for who in (bureau.own, bureau.other)
    )

    assert [part for cell in own for part in cell["parts"] if part["enterprises"] == 1]
    assert [cell["parts"] for cell in other] == [[]] * len(own)
    assert [cell["enterprises"] for cell in other] == [cell["enterprises"] for cell in own]


def test_a_refused_commit_names_no_enterprise_to_whom_its_gaps_would_tell(bureau: Bureau) -> None:
    numbers = [f"JS{number:08d}" for number in range(8)]
    asked = {
        "visit_from": "2026-04-09",
        "visit_to": "2026-04-20",
        "keep_apart": [f"{one},{other}" for one, other in combinations(numbers, 2)],
        "sources": [{"kind": "public", "name": "cwl.kl8", "issue": "2026052"}],
    }
    told, hidden = (who.post("/draws", json=asked).get_json() for who in (bureau.own, bureau.other))

    assert (told["code"], hidden["code"]) == ("draw.teams_infeasible", "draw.teams_sealed")
    assert "9132" in told["detail"]
    assert not re.search("9132|[0-9]+ 个", hidden["detail"])
    assert "draw preview" in hidden["detail"]


def test_a_preview_by_whom_it_may_tell_is_noted_like_the_lists(bureau: Bureau) -> None:
    bureau.own.get(f"/draws/preview?{DAYS}")
    bureau.own.client.get(f"/draws/preview?{APRIL}")
    bureau.other.get(f"/draws/preview?{DAYS}")

    looks = [subject for _, subject in bureau.looks("draw.identities")]
    assert looks == [f"draw:{bureau.id}/preview"] * 2


def test_an_audit_names_no_enterprise_to_whom_the_difference_would_tell(bureau: Bureau) -> None:
    with bureau.backend.engine.begin() as connection:
        connection.execute(update(Enterprise).values(risk=Risk.YELLOW))
    named, counted = (
        who.get(f"{bureau.at}/audit").get_json() for who in (bureau.own, bureau.other)
    )
    last = counted["checks"].pop()

    assert named["differences"]
    assert (counted["differences"], last["what"]) == ([], "不符的企业")
    assert counted["checks"] == named["checks"]
    assert bureau.looks("draw.identities")[-1][1] == f"draw:{bureau.id}/audit"


def test_each_list_of_a_pool_is_noted_whichever_face_it_is_asked_of(bureau: Bureau) -> None:
    pool = f"draw:{bureau.id}/pool"
    listed = bureau.own.get(f"/draws/preview/enterprises?{DAYS}").status_code
    shown = bureau.own.client.get("/draws/preview/enterprises?from=2026-04-09&to=2026-04-20")

    assert (listed, shown.status_code) == (200, 200)
    assert [subject for _, subject in bureau.looks("draw.identities")] == [pool, pool]


def test_the_command_line_lists_a_pool_and_a_visit_to_come_by_the_same_rule(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    bureau.schemes()
    with bureau.backend.reading() as session:
        number = session.scalars(select(Inspection.number)).first() or ""
    before = len(bureau.looks("draw.identities"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(root, [*words])

    preview = ("draw", "preview", "--from", "2026-04-09", "--to", "2026-04-20")
    lists = (("--cell", "under_way"), ("--excluded", str(tmp_path / "名单.csv")))
    refused = [run(*preview, *one, "--as", "li") for one in lists]
    figures = run(*preview, "--as", "li")
    own = [run(*preview, *one, "--as", "zhang") for one in lists]
    machine = run(*preview, *lists[0])
    looked = [run("record", "show", number, "--as", who) for who in ("li", "zhang")]
    looks, seen = bureau.looks("draw.identities")[before:], bureau.looks("inspection.unannounced")

    assert all("draw.identities_sealed" in one.output for one in refused)
    assert [one.exit_code for one in (figures, *own, machine)] == [0] * 4
    assert len(looks) == 3
    assert looks[-1] == ("system:cli", f"draw:{bureau.id}/pool")
    assert [one.exit_code == 0 for one in looked] == [False, True]
    assert [subject for _, subject in seen] == [f"inspection:{number}"]


def test_a_visit_to_come_is_seen_by_no_office_and_each_look_is_noted(bureau: Bureau) -> None:
    bureau.schemes()
    listed = {
        name: getattr(bureau, name).get("/inspections").get_json()["total"]
        for name in ("own", "other", "approver", "auditor", "legal", "office")
    }
    first, *_ = open_checks(bureau.backend, bureau.id)
    hidden = [who.get(f"/inspections/{first}") for who in (bureau.legal, bureau.office)]
    bureau.auditor.get(f"/inspections/{first}")
    close(bureau.backend, [first])
    after = bureau.office.get("/inspections").get_json()["total"]
    with bureau.backend.reading() as session:
        number = session.get_one(Inspection, first).number

    total = listed["own"]
    assert listed == {
        "own": total, "other": 0, "approver": total, "auditor": total, "legal": 0, "office": 0,
    }  # fmt: skip
    assert [answer.status_code for answer in hidden] == [404, 404]
    assert after == 1
    looks = bureau.looks("inspection.unannounced")
    assert len({actor for actor, _ in looks}) == 3
    assert looks[-1][1] == f"inspection:{number}"
    assert str(looks[0][1]).endswith(f"({total})")
