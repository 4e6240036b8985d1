"""Values that exist and bodies that make sense, so that generated requests get through the gate."""

import hashlib
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.disclosure import Result
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.domain.enums import InspectionState
from inspect_server.reads import draws, replacements
from inspect_server.store import publications
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import DrawState
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.disclosing.results import ResultThere, state_result
from inspect_server.usecases.drawing.afterwards.void_draw import request_void
from tests.actors import ALL_ROLES
from tests.faces.town import APPROVING, PASSWORD, TYPISTS, Town
from tests.usecases.draw_world import KL8, RATES, ROLLED

CSV = "企业名称,统一社会信用代码\n云湾铸造厂,91320799MA1WXXXX00\n"
OFFICERS = "姓名,执法证号,有效期至\n张三,32079900001,2028-01-01\n"
DAYS = {"visit_from": "2026-04-16", "visit_to": "2026-04-27"}
PROOF, SCAN = b"%PDF-1.7 proof", b"%PDF-1.7 signed by the witness"
NEXT_ISSUE = "2026060"
"""Of the lottery: not known yet at the town's clock, a week on, and not too early to reveal."""
REASON = {"reason": "核对后处理"}
NEWEST = ("rollDice", "revealDraw", "makeSchemes", "requestVoid", "completeVoid")
"""What is done to the draw that `commitDraw` made: the town's own is needed as it is."""
PREPARED = (InspectionState.SCHEME_DRAFT, InspectionState.SCHEME_APPROVED)


def path_values(town: Town, operation: str, rng: random.Random) -> dict[str, str]:
    """Return things that exist, fit for one operation where only some of them are."""
    case = rng.choice([town.own, town.other])
    inspection = rng.choice([case.inspection, *town.fresh[1:]])
    if operation in ("approveScheme", "dispatchInspection"):
        inspection = _prepared(town)[0]  # one goes through both
    if operation == "issueDocuments":
        inspection = town.own.inspection
    if operation == "refreshScheme":
        inspection = _prepared(town)[-1]
    return {
        "inspection_id": str(inspection),
        "document_id": str(case.document),
        "enterprise_id": str(town.enterprise),
        "import_id": str(town.import_id),
        "plan_id": str(town.draft_plan if operation == "approvePlan" else town.plan_id),
        "draw_id": _draw(town, operation),
        "replica_id": case.phone,
        "entry_hash": town.own.entries["accept" if operation == "acceptEntry" else "decline"],
        "login": "victim",
        "name": rng.choice(["pool.txt", "openings.json", "keys.json"]),
        "sha256": _proved(town) if operation == "downloadProof" else "0" * 64,
        "upload_id": str(uuid4()),
    }


def _proved(town: Town) -> str:
    """The file behind a request to void the town's draw, which goes on: no witness agreed."""
    asks, approves = (town.accounts[who].actor for who in ("supervisor", "approver"))
    with town.backend.begin(asks) as work:
        if not replacements.voids(work.session, town.draw_id):
            request_void(work, town.draw_id, VoidReason.POOL_WRONG, PROOF, approves)
    return hashlib.sha256(PROOF).hexdigest()


def _prepared(town: Town) -> list[UUID]:
    """The drafts: those of the draw, and once its results are stated those that nobody drew."""
    with town.backend.reading() as session:
        drafts = select(Inspection.id).where(Inspection.state.in_(PREPARED))
        return list(session.scalars(drafts.order_by(Inspection.number))) or town.fresh


def body(town: Town, operation: str, path: dict[str, str], rng: random.Random) -> Any:
    """Return a body that makes sense, or None where a generated one does."""
    made = BODIES.get(operation)
    return None if made is None else made(town, path, rng)


def query(operation: str) -> dict[str, Any] | None:
    """Return a query that makes sense, or None where a generated one does."""
    return dict(DAYS) if operation in ("previewDraw", "listPreview") else None


def _draw(town: Town, operation: str) -> str:
    with town.backend.reading() as session:
        lines = draws.draws(session)
    if operation == "revealDraw":
        lines = tuple(line for line in lines if line.state is DrawState.COMMITTED) or lines
    return str(lines[0].id if operation in NEWEST else town.draw_id)


def _reveal(town: Town, path: dict[str, str], _: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        page = draws.draw_page(session, UUID(path["draw_id"]))
    position, typed = int(page.sources[1].issue), KL8.replace("2026051", page.sources[2].issue)
    typists = [{"login": who, "password": PASSWORD, "values": [typed]} for who in TYPISTS]
    return {"witness": town.witness.value(position).hex(), "typists": typists}


def _replace(town: Town, _: dict[str, str], __: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        visit = session.get_one(Inspection, town.fresh[-1])
        uscc = session.get_one(Enterprise, visit.enterprise_id).uscc
        leaving = visit.scheme["officers"][-1]["officer_id"]
    return {
        "reason": Reason.RECUSAL.value,
        "uscc": uscc,
        "officer_id": leaving,
        "evidence": PROOF,
        "approver": APPROVING,
        "password": PASSWORD,
    }


def _value(town: Town, _: dict[str, str], __: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        line = replacements.replacements(session, town.draw_id)[-1]
    return {"witness": town.witness.value(line.position).hex()}


def _reassign(town: Town, path: dict[str, str], rng: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        visit = session.scalars(select(Inspection).where(Inspection.state.in_(PREPARED))).first()
        officers = {str(one) for one in session.scalars(select(Officer.id))}
        assert visit is not None
        team = [one["officer_id"] for one in visit.scheme["officers"]]
    path["inspection_id"] = str(visit.id)
    joining = rng.choice(sorted(officers - set(team)))
    return {"officer_out": team[-1], "officer_in": joining, "reason": "illness"}


def _publish(town: Town, _: dict[str, str], __: random.Random) -> dict[str, Any]:
    """Nobody was to be found: with a result for every check the batch is over."""
    with town.backend.begin(ALL_ROLES) as work:
        for task in publications.tasks(work.session, town.draw_id):
            with suppress(ResultThere):
                state_result(
                    work, town.draw_id, task.identity["uscc"], Result.UNREACHABLE, "查无此址"
                )
    return {"reason": ""}


def _proof(town: Town, _: dict[str, str], __: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        return {"uscc": publications.tasks(session, town.draw_id)[0].identity["uscc"]}


def _directed(town: Town, _: dict[str, str], rng: random.Random) -> dict[str, Any]:
    with town.backend.reading() as session:
        officers = session.scalars(select(Officer).order_by(Officer.cert_no)).all()
        enterprises = session.scalars(select(Enterprise.uscc).order_by(Enterprise.uscc)).all()
    lead = next(one for one in officers if one.may_lead)
    return {
        **DAYS,
        "reason": DirectedReason.HAZARD.value,
        "text": "举报车间积尘严重",
        "reference": "举报〔2026〕12号",
        "uscc": rng.choice(enterprises),
        "lead": str(lead.id),
        "members": [str(next(one.id for one in officers if one is not lead))],
    }


def _anchor(_: Town, __: dict[str, str], rng: random.Random) -> dict[str, Any]:
    year, anchor = rng.randint(2030, 2200), rng.randbytes(32).hex()
    return {"kind": "witness", "year": year, "holder": "区司法局", "anchor": anchor, "length": 9}


def _account(_: Town, __: dict[str, str], rng: random.Random) -> dict[str, Any]:
    login = f"user{rng.randint(0, 10**9)}"
    return {"login": login, "name": "新人", "unit": "一科", "password": "Correct-Horse-7"}


def _fixed(value: Any) -> Callable[..., Any]:
    return lambda *_: value


BODIES: dict[str, Callable[[Town, dict[str, str], random.Random], Any]] = {
    "signIn": _fixed({"login": TYPISTS[0], "password": PASSWORD}),
    "makePlan": _fixed({"year": 2026, "rates": RATES}),
    "commitDraw": _fixed(
        {
            **DAYS,
            "sources": [
                {"kind": "public", "name": "cwl.kl8", "issue": NEXT_ISSUE},
                {"kind": "dice", "name": "dice.d6", "issue": "1"},
            ],
        }
    ),
    "rollDice": _fixed(
        {"typists": [{"login": who, "password": PASSWORD, "values": [ROLLED]} for who in TYPISTS]}
    ),
    "revealDraw": _reveal,
    "requestReplacement": _replace,
    "completeReplacement": _value,
    "requestVoid": _fixed(
        {
            "reason": VoidReason.POOL_WRONG.value,
            "evidence": PROOF,
            "approver": APPROVING,
            "password": PASSWORD,
            "paper_because": PaperReason.LOST.value,
        }
    ),
    "completeVoid": _fixed({"paper": SCAN}),
    "publishAnchor": _anchor,
    "reassignOfficer": _reassign,
    "directCheck": _directed,
    "publishDraw": _publish,
    "giveProof": _proof,
    "addUser": _account,
    "acceptEntry": _fixed(REASON),
    "declineEntry": _fixed(REASON),
    "revokePhone": _fixed(REASON),
    "voidDocument": _fixed(REASON),
    "setPassword": _fixed({"password": "Correct-Horse-7"}),
    "importEnterprises": _fixed({"file": CSV.encode()}),
    "importOfficers": _fixed({"file": OFFICERS.encode()}),
}
