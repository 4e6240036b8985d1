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
from inspect_server.domain.enums import EnterpriseStatus, Risk, Role
from inspect_server.store import planning
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


LISTS = ("certificate.json", "pool.txt", "excluded.txt", "eligibility.txt", "openings.json")
FILES = ("/certificate", "/replacements", *(f"/files/{name}" for name in LISTS[1:]))


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
        assert {who.get(f"{bureau.at}{path}").status_code for path in FILES} == {200}
    assert bureau.office.get(f"{bureau.at}/files/keys.json").status_code == 200
    assert bureau.other.client.get(f"{bureau.at}/disclosure").status_code == 403
    bureau.schemes()
    assert len(bureau.tasks(bureau.approver)) == len(names)  # who now has something to approve
    assert bureau.tasks(bureau.office) == []


def test_every_look_before_it_is_public_stands_in_the_audit(bureau: Bureau) -> None:
    bureau.auditor.get(f"{bureau.at}/certificate")
    for name in LISTS[1:]:
        bureau.auditor.get(f"{bureau.at}/files/{name}")
    bureau.auditor.client.get(bureau.at)
    bureau.other.get(bureau.at)
    looks = bureau.looks("draw.identities")

    assert [subject for _, subject in looks] == [
        *(f"draw:{bureau.id}/{name}" for name in LISTS),
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
        assert {who.get(f"{bureau.at}{path}").status_code for path in FILES} == {200}
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
    assert bureau.other.get(f"/draws/preview?{DAYS}").status_code == 200


APRIL = "from=2026-04-09&to=2026-04-20"


def test_striking_one_enterprise_off_tells_nobody_whether_it_was_drawn(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever keeps the registry could ask after any enterprise by one row and its way back."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    chosen = {task["uscc"] for task in bureau.tasks(bureau.own)}
    with bureau.backend.reading() as session:
        operating = select(Enterprise.uscc).where(Enterprise.status == EnterpriseStatus.OPERATING)
        spared = next(uscc for uscc in session.scalars(operating) if uscc not in chosen)
        plan = planning.approved(session, 2026)
        assert plan is not None

    def keep(uscc: str, status: EnterpriseStatus) -> None:
        alike = {"sectors": ["dust_explosion"], "risk": Risk.RED, "is_key": True}
        row = update(Enterprise).where(Enterprise.uscc == uscc).values(status=status, **alike)
        with bureau.backend.engine.begin() as connection:
            connection.execute(row)

    def shown(who: Program, login: str) -> list[str]:
        words = ("draw", "preview", "--from", "2026-04-09", "--to", "2026-04-20", "--as", login)
        told = CliRunner().invoke(root, [*words])
        assert told.exit_code == 0
        at = f"/plans/{plan[0]}"
        pages = (who.client.get(f"/draws/preview?{APRIL}").text, who.client.get(at).text)
        rest = (who.get(f"/draws/preview?{DAYS}").text, who.get(at).text)
        return [told.output, *pages, *rest]

    drawn = min(chosen)
    for uscc in (drawn, spared):
        keep(uscc, EnterpriseStatus.OPERATING)
    people = {"li": bureau.other, "wu": bureau.office, "zhang": bureau.own}
    before = {login: shown(who, login) for login, who in people.items()}
    after: dict[str, list[list[str]]] = {login: [] for login in people}
    for uscc in (drawn, spared):
        keep(uscc, EnterpriseStatus.CLOSED)
        for login, who in people.items():
            after[login].append(shown(who, login))
        keep(uscc, EnterpriseStatus.OPERATING)
    looks = [subject for _, subject in bureau.looks("draw.identities")]

    for login in ("li", "wu"):
        assert after[login][0] == after[login][1]
        assert all(one != other for one, other in zip(before[login], after[login][0], strict=True))
        assert "已抽中或已派发" not in before[login][0]
    assert all(one != other for one, other in zip(*after["zhang"], strict=True))
    assert looks.count(f"draw:{bureau.id}/preview") == 9  # of those who may know, each face
    assert looks.count(f"draw:{bureau.id}/coverage") == 6


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
        assert found["obstacles"] == free["own"].get_json()["obstacles"]
        assert (found["sealed"], found["uncovered"]) == (True, [])
        assert "只对可以查看其抽中企业的人员" in page
        assert "9132" not in page
    page = bureau.other.client.get(f"/draws/commit?{APRIL}&{fields}").text
    assert "9132" not in page


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
