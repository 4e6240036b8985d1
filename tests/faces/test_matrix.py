"""
Route × role: who may call what, written down here a second time and compared with every route.

A route that this table does not know fails, and so does a table line without a route.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest

from inspect_server.web.guard import EVERYONE, PUBLIC, SIGNED, policy_of
from tests.faces.town import Case, Town

INSPECTOR, SUPERVISOR, APPROVER = "inspector", "supervisor", "approver"
LEGAL, OFFICE, AUDITOR = "legal_reviewer", "office", "auditor"
SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
ROLES = (
    INSPECTOR, SUPERVISOR, APPROVER, LEGAL, OFFICE, AUDITOR, SYSTEM, SECURITY, AUDIT,
)  # fmt: skip
BESIDE = "beside"  # an inspector of the same unit who is not on the team

BUREAU = {SUPERVISOR, APPROVER, LEGAL, OFFICE, AUDITOR}
CASES = BUREAU | {INSPECTOR}
DECIDES = {SUPERVISOR, APPROVER}
ANY = set(ROLES)
WHOLE_BUREAU = {APPROVER, LEGAL, OFFICE, AUDITOR}
NEED_TO_KNOW = {SUPERVISOR, APPROVER, AUDITOR}  # whom a draw chose, before it is public
DEVICES = {AUDITOR, SYSTEM, SECURITY}


@dataclass(frozen=True)
class Line:
    """Who may call a route; `sees` says that it shows one thing, and only to whom it concerns."""

    roles: set[str] | str  # a set of roles, or public | signed
    sees: str = ""  # "" | case | phone | draw: whom it chose, before it is public
    body: Any = None
    lead_only: bool = False  # of a team, only the lead may do it


REGISTERS = {SUPERVISOR, OFFICE}
DRAW_FILE = (
    "<any('pool.txt', 'excluded.txt', 'eligibility.txt', 'openings.json', 'keys.json'):name>"
)
PROVED = "/draws/<uuid:draw_id>/evidence/<string(length=64):sha256>"
REASON = {"reason": "核对后处理"}
INBOX = "/inbox/<string(length=64):entry_hash>"
NAME = "<string(maxlength=60):name>"
PHOTO = "GET /inspections/<uuid:inspection_id>/photos/<string(length=64):sha256>"
PRINT_PACK = "GET /phone/pack/<path:name>"
OWN_ROOT = ("GET /phone/trust", "GET /phone/ca.crt", "GET /phone/ca.mobileconfig")
PUBLISHED = f"GET /disclosure/draws/<string(maxlength=60):draw_no>/<int(max=9999):revision>/{NAME}"
TABLE: dict[str, Line] = {
    # console
    "GET /assets/<path:filename>": Line("public"),
    "GET /login": Line("public"),
    "POST /login": Line("public"),
    "POST /logout": Line(ANY),
    "GET /second-factor": Line(ANY),
    "POST /second-factor": Line(ANY),
    "GET /": Line(ANY),
    "GET /inspections/<uuid:inspection_id>": Line(CASES, "case"),
    PHOTO: Line(CASES, "case"),
    "GET /inspections/directed": Line({SUPERVISOR}),
    "GET /gate-codes": Line(BUREAU),
    "POST /inspections/directed": Line({SUPERVISOR}),
    "GET /plans": Line(BUREAU),
    "GET /plans/<uuid:plan_id>": Line(BUREAU),
    "GET /draws": Line(BUREAU),
    "GET /draws/<uuid:draw_id>": Line(BUREAU),
    "GET /draws/preview": Line(BUREAU),
    "GET /draws/preview/enterprises": Line(BUREAU),
    "GET /draws/commit": Line({SUPERVISOR}),
    "POST /draws/commit": Line({SUPERVISOR}),
    "GET /draws/<uuid:draw_id>/ceremony": Line({SUPERVISOR}),
    "GET /draws/<uuid:draw_id>/disclosure": Line({SUPERVISOR, AUDITOR}),
    "POST /draws/<uuid:draw_id>/disclosure": Line({SUPERVISOR}),
    "POST /draws/<uuid:draw_id>/results": Line({SUPERVISOR}),
    "GET /draws/<uuid:draw_id>/audit": Line({SUPERVISOR, AUDITOR}),
    "GET /draws/<uuid:draw_id>/proofs": Line({SUPERVISOR, OFFICE}),
    "POST /draws/<uuid:draw_id>/proofs": Line({SUPERVISOR, OFFICE}),
    "POST /draws/<uuid:draw_id>/papers": Line({SUPERVISOR, OFFICE}),
    "GET /draws/<uuid:draw_id>/replacements": Line({SUPERVISOR, APPROVER}),
    "POST /draws/<uuid:draw_id>/replacements": Line({SUPERVISOR}),
    "POST /draws/<uuid:draw_id>/replacements/complete": Line({SUPERVISOR}),
    "GET /draws/<uuid:draw_id>/voids": Line({SUPERVISOR, APPROVER}),
    "POST /draws/<uuid:draw_id>/voids": Line({SUPERVISOR}),
    "POST /draws/<uuid:draw_id>/voids/complete": Line({SUPERVISOR}),
    f"GET {PROVED}": Line({SUPERVISOR, APPROVER, AUDITOR}, "no such file"),
    "GET /hash-chains": Line(BUREAU),
    "POST /hash-chains": Line({SUPERVISOR}),
    "POST /hash-chains/notices": Line({SUPERVISOR, OFFICE}),
    "GET /phones": Line({SUPERVISOR, AUDITOR, SYSTEM, SECURITY}),
    "POST /phones/<string(length=64):replica_id>/revoke": Line({SUPERVISOR, SYSTEM}, "phone"),
    "GET /inbox": Line(BUREAU),
    f"POST {INBOX}/accept": Line({SUPERVISOR}, "case"),
    f"POST {INBOX}/decline": Line({SUPERVISOR}, "case"),
    "GET /documents": Line(CASES),
    "GET /documents/<uuid:document_id>.pdf": Line(CASES, "case"),
    "GET /documents/<uuid:document_id>/receipt.pdf": Line(CASES, "case"),
    # the public's face
    "GET /disclosure/": Line("public"),
    "GET /disclosure/draws/<string(maxlength=60):draw_no>": Line("public"),
    PUBLISHED: Line("public"),
    "GET /disclosure/rules/<int(max=9999):year>": Line("public"),
    "GET /disclosure/explained": Line("public"),
    "GET /disclosure/verify": Line("public"),
    f"GET /disclosure/verify/{NAME}": Line("public"),
    "GET /disclosure/proof": Line("public"),
    "POST /disclosure/proof": Line("public"),
    "GET /disclosure/assets/<path:filename>": Line("public"),
    # the app on phones
    "GET /phone": Line("public"),
    "GET /phone/": Line("public"),
    "GET /phone/<path:name>": Line("public"),
    PRINT_PACK: Line("public"),
    **dict.fromkeys(OWN_ROOT, Line("public")),
    # description
    "GET /api/openapi.json": Line("public"),
    "GET /api/": Line("public"),
    "GET /api/assets/start.js": Line("public"),
    "GET /api/assets/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>": Line("public"),
    # REST
    "POST /api/v1/session": Line("public", body={"login": "nobody", "password": "x"}),
    "GET /api/v1/session": Line(ANY),
    "DELETE /api/v1/session": Line(ANY),
    "POST /api/v1/session/second-factor": Line(ANY),
    "PUT /api/v1/session/second-factor": Line(ANY, body={"code": "000000"}),
    "GET /api/v1/enterprises": Line(BUREAU),
    "GET /api/v1/enterprises/<uuid:enterprise_id>": Line(BUREAU),
    "GET /api/v1/officers": Line(BUREAU),
    "GET /api/v1/plans": Line(BUREAU),
    "POST /api/v1/plans": Line({SUPERVISOR}, body={"year": 2026}),
    "GET /api/v1/plans/<uuid:plan_id>": Line(BUREAU),
    "POST /api/v1/plans/<uuid:plan_id>/approve": Line({APPROVER}),
    "GET /api/v1/draws": Line(BUREAU),
    "GET /api/v1/draws/<uuid:draw_id>": Line(BUREAU),
    "GET /api/v1/draws/<uuid:draw_id>/certificate": Line(BUREAU, "draw"),
    "POST /api/v1/draws": Line({SUPERVISOR}, body={"visit_from": "2026-03-09"}),
    "GET /api/v1/draws/preview": Line(BUREAU),
    "GET /api/v1/draws/preview/enterprises": Line(BUREAU),
    "POST /api/v1/draws/<uuid:draw_id>/dice": Line({SUPERVISOR}, body={"typists": []}),
    "POST /api/v1/draws/<uuid:draw_id>/reveal": Line({SUPERVISOR}, body={"witness": "00"}),
    "POST /api/v1/draws/<uuid:draw_id>/schemes": Line(DECIDES),
    "GET /api/v1/draws/<uuid:draw_id>/replacements": Line(BUREAU, "draw"),
    "POST /api/v1/draws/<uuid:draw_id>/replacements": Line({SUPERVISOR}),
    "POST /api/v1/draws/<uuid:draw_id>/replacements/complete": Line({SUPERVISOR}, body={}),
    "GET /api/v1/draws/<uuid:draw_id>/voids": Line(BUREAU),
    "POST /api/v1/draws/<uuid:draw_id>/voids": Line({SUPERVISOR}),
    "POST /api/v1/draws/<uuid:draw_id>/voids/complete": Line({SUPERVISOR}),
    f"GET /api/v1{PROVED}": Line({SUPERVISOR, APPROVER, AUDITOR}, "no such file"),
    "GET /api/v1/draws/<uuid:draw_id>/verification": Line(BUREAU),
    f"GET /api/v1/draws/<uuid:draw_id>/files/{DRAW_FILE}": Line(BUREAU, "draw"),
    "GET /api/v1/draws/<uuid:draw_id>/disclosure": Line({SUPERVISOR, AUDITOR}),
    "POST /api/v1/draws/<uuid:draw_id>/disclosure": Line({SUPERVISOR}, body={}),
    "POST /api/v1/draws/<uuid:draw_id>/results": Line({SUPERVISOR}, body={"uscc": "x"}),
    "POST /api/v1/draws/<uuid:draw_id>/corrections": Line({SUPERVISOR}, body={"uscc": "x"}),
    "POST /api/v1/draws/<uuid:draw_id>/proofs": Line({SUPERVISOR, OFFICE}, body={}),
    "GET /api/v1/draws/<uuid:draw_id>/audit": Line({SUPERVISOR, AUDITOR}),
    "POST /api/v1/draws/<uuid:draw_id>/papers": Line(
        {SUPERVISOR, OFFICE}, body={"what": "commitment"}
    ),
    "POST /api/v1/hash-chains/notices": Line({SUPERVISOR, OFFICE}, body={"year": 2026}),
    "GET /api/v1/hash-chains": Line(BUREAU),
    "POST /api/v1/hash-chains": Line({SUPERVISOR}, body={"kind": "witness", "year": 2026}),
    "GET /api/v1/imports": Line(BUREAU),
    "POST /api/v1/imports/enterprises": Line(REGISTERS),
    "POST /api/v1/imports/officers": Line(REGISTERS),
    "GET /api/v1/imports/<uuid:import_id>/report": Line(REGISTERS),
    "GET /api/v1/inspections": Line(CASES),
    "POST /api/v1/inspections/directed": Line({SUPERVISOR}, body={"uscc": "x"}),
    "GET /api/v1/inspections/<uuid:inspection_id>": Line(CASES, "case"),
    "GET /api/v1/inspections/<uuid:inspection_id>/verification": Line(BUREAU, "case"),
    "POST /api/v1/inspections/<uuid:inspection_id>/refresh": Line(DECIDES, "case"),
    "POST /api/v1/inspections/<uuid:inspection_id>/approve": Line(DECIDES, "case"),
    "POST /api/v1/inspections/<uuid:inspection_id>/dispatch": Line(DECIDES, "case"),
    "POST /api/v1/inspections/<uuid:inspection_id>/reassign": Line(
        DECIDES,
        "case",
        {"officer_out": "<drawn>", "officer_in": "<drawn>", "reason": "illness"},
    ),
    "POST /api/v1/inspections/<uuid:inspection_id>/settle": Line(
        {INSPECTOR},
        "case",
        {"item": "answer/small/A1", "chosen": "0#0", **REASON},
        lead_only=True,
    ),
    "POST /api/v1/inspections/<uuid:inspection_id>/close": Line(DECIDES | {INSPECTOR}, "case"),
    "POST /api/v1/inspections/<uuid:inspection_id>/documents": Line(
        {INSPECTOR, SUPERVISOR, APPROVER, OFFICE}, "case"
    ),
    "GET /api/v1/documents": Line(CASES),
    "GET /api/v1/documents/<uuid:document_id>": Line(CASES, "case"),
    "GET /api/v1/documents/<uuid:document_id>/pdf": Line(CASES, "case"),
    "GET /api/v1/documents/<uuid:document_id>/receipt": Line(CASES, "case"),
    "POST /api/v1/documents/<uuid:document_id>/void": Line(DECIDES | {OFFICE}, "case", REASON),
    "GET /api/v1/phones": Line({SUPERVISOR, AUDITOR, SYSTEM, SECURITY}),
    "POST /api/v1/phones/<string(length=64):replica_id>/revoke": Line(
        {SUPERVISOR, SYSTEM}, "phone", REASON
    ),
    "GET /api/v1/inbox": Line(BUREAU),
    "GET /api/v1/inbox/unverified": Line(BUREAU),
    "POST /api/v1/inbox/<string(length=64):entry_hash>/accept": Line({SUPERVISOR}, "case", REASON),
    "POST /api/v1/inbox/<string(length=64):entry_hash>/decline": Line({SUPERVISOR}, "case", REASON),
    "GET /api/v1/law-values": Line(ANY),
    "GET /api/v1/users": Line({SYSTEM, SECURITY, AUDIT}),
    "POST /api/v1/users": Line({SYSTEM}, body={"login": "x"}),
    "PUT /api/v1/users/<string(maxlength=60):login>/roles": Line({SECURITY}, body={"roles": []}),
    # Any account sets its own (below); another's only the system administrator.
    "PUT /api/v1/users/<string(maxlength=60):login>/password": Line(
        {SYSTEM}, body={"password": "Correct-Horse-7"}
    ),
    "POST /api/v1/users/<string(maxlength=60):login>/disable": Line({SYSTEM}),
    "DELETE /api/v1/users/<string(maxlength=60):login>/second-factor": Line({SECURITY}),
    # sync: every request is signed by a phone's key, and cookies mean nothing
    "GET /sync/v1/nonce": Line("signed"),
    "POST /sync/v1/replicas": Line("signed"),
    "GET /sync/v1/state": Line("signed"),
    "POST /sync/v1/push": Line("signed"),
    "POST /sync/v1/pull": Line("signed"),
    "POST /sync/v1/receipts": Line("signed"),
    "POST /sync/v1/blobs/have": Line("signed"),
    "POST /sync/v1/previews": Line("signed"),
    "GET /sync/v1/blobs/<string(length=64):sha256>": Line("signed"),
    "POST /sync/v1/uploads": Line("signed"),
    "POST /sync/v1/uploads/<uuid:upload_id>": Line("signed"),
    "PATCH /sync/v1/uploads/<uuid:upload_id>": Line("signed"),
    "DELETE /sync/v1/uploads/<uuid:upload_id>": Line("signed"),
}
ROUTES = sorted(TABLE)
JUDGE = {route for route, line in TABLE.items() if line.roles == "signed"} | {
    "POST /login",
    "POST /api/v1/session",
    PUBLISHED,
    PRINT_PACK,
    *OWN_ROOT,
}
"""They let everybody in and judge for themselves: by a password, by a phone's signature, by whether
a batch is public yet, or the office has made a print pack or a root."""


def routes(town: Town) -> set[str]:
    """Every route that the app answers; HEAD follows GET, and OPTIONS only names methods."""
    return {
        f"{method} {rule.rule}"
        for rule in town.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(town: Town, route: str, case: Case) -> str:
    """Return the path of a route for one case; nothing of it may stay a placeholder."""
    method, path = route.split(" ", 1)
    values = {
        "<path:filename>": "disclosure.css" if "/disclosure/" in path else "console.css",
        "<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>": "swagger-ui.css",
        "<uuid:inspection_id>": case.inspection,
        "<uuid:document_id>": case.document,
        "<uuid:enterprise_id>": town.enterprise,
        "<uuid:plan_id>": town.draft_plan if method == "POST" else town.plan_id,
        "<uuid:draw_id>": town.draw_id,
        DRAW_FILE: "pool.txt",
        "<uuid:import_id>": town.import_id,
        "<string(maxlength=60):draw_no>": "2026-01",
        "<int(max=9999):revision>": 1,
        "<int(max=9999):year>": 2026,
        NAME: "verify.html",
        "<string(length=64):replica_id>": case.phone,
        "<string(length=64):entry_hash>": case.entries[
            "accept" if path.endswith("accept") and "/api/" in path else "decline"
        ],
        "<string(length=64):sha256>": case.photo,
        "<uuid:upload_id>": uuid4(),
        "<string(maxlength=60):login>": "victim",
        "<path:name>": "manifest.webmanifest",
    }
    for placeholder, value in values.items():
        path = path.replace(placeholder, str(value))
    assert "<" not in path
    return path


def given(town: Town, line: Line, case: Case) -> Any:
    """Return the body of a request, with an officer of the case in the place of `<drawn>`."""
    if not isinstance(line.body, dict) or "<drawn>" not in line.body.values():
        return line.body
    officer = town.drawn(case.inspection)[0]
    return {key: officer if value == "<drawn>" else value for key, value in line.body.items()}


def cases(town: Town, route: str, who: str) -> list[tuple[Case, bool]]:
    """
    Return what a route is tried on, and whether it is the role's own: a closed case of the own
    team and unit, one of another, and, where a route needs no more than the case, an open one of
    the own unit, which is an inspector's only while on its team.
    """
    closed = [(town.own, who != BESIDE), (town.other, False)]
    if "<uuid:inspection_id>" not in route or "sha256" in route:
        return closed
    is_own = who == SUPERVISOR
    if who in (INSPECTOR, BESIDE):
        is_own = town.is_on_team(who, town.fresh[-1])
    return [*closed, (replace(town.own, inspection=town.fresh[-1]), is_own)]


FRONT_DOOR = "GET /"


def may_see(who: str, what: str, is_own: bool, is_to_come: bool = False) -> bool:
    """The rule of visibility, once more."""
    if is_to_come and who in (LEGAL, OFFICE):
        return False
    if what == "phone":
        return who in DEVICES or (who == SUPERVISOR and is_own)
    return who in WHOLE_BUREAU or (who in (SUPERVISOR, INSPECTOR) and is_own)


def expected(town: Town, line: Line, who: str, case: Case, is_own: bool) -> set[int] | None:
    """The only statuses that may come, or None: the request gets through the gate."""
    if isinstance(line.roles, str):
        return None
    if who == "nobody":
        return {401}
    role = INSPECTOR if who == BESIDE else who
    if role not in line.roles:
        return {403}
    if line.sees == "no such file":  # the hash that is asked for proved nothing of the draw
        return {404}
    if line.sees == "draw":
        return None if role in NEED_TO_KNOW else {403}
    is_to_come = case.inspection in town.fresh
    if line.sees and not may_see(role, line.sees, is_own, is_to_come):
        return {404}
    if line.lead_only and role == INSPECTOR and not town.leads(who, case.inspection):
        return {403}
    return None


def test_table_and_app_know_the_same_routes(town: Town) -> None:
    assert routes(town) ^ set(TABLE) == set()


@pytest.mark.parametrize("route", ROUTES)
def test_each_role_gets_as_far_as_the_table_says(town: Town, route: str) -> None:
    method, line = route.split(" ")[0], TABLE[route]
    wrong = []
    for who in (*ROLES, BESIDE, "nobody"):
        for case, is_own in cases(town, route, who):
            body = given(town, line, case)
            answer = town.sign_in(who).send(method, address(town, route, case), json=body)
            wanted = expected(town, line, who, case, is_own)
            if (route, who) == (FRONT_DOOR, "nobody"):
                wanted = {302}  # to the form
            through = answer.status_code < 500 and answer.status_code not in (401, 403, 404)
            right = answer.status_code in wanted if wanted else through or route in JUDGE
            if not right:
                wrong.append((who, is_own, answer.status_code, answer.text[:200]))

    assert wrong == []


@pytest.mark.parametrize("who", [*ROLES, BESIDE, "nobody"])
def test_a_photo_set_aside_is_shown_to_who_may_rule_on_it_and_to_nobody_else(
    town: Town, who: str
) -> None:
    found = {
        case is town.own: town.sign_in(who).get(address(town, PHOTO, shown)).status_code
        for case in (town.own, town.other)
        for shown in [replace(case, photo=case.waiting_photo)]
    }
    otherwise = 401 if who == "nobody" else 404 if who in CASES | {BESIDE} else 403

    assert found == {True: 200 if who == SUPERVISOR else otherwise, False: otherwise}


def test_what_the_app_declares_is_what_the_table_says(town: Town) -> None:
    own_password = "PUT /api/v1/users/<string(maxlength=60):login>/password"
    kinds = {"public": PUBLIC, "signed": SIGNED}
    wrong = []
    for rule in town.app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            route = f"{method} {rule.rule}"
            found = policy_of(town.app, rule.endpoint, method)
            roles = ANY if route == own_password else TABLE[route].roles
            if isinstance(roles, str):
                right = found is kinds[roles]
            else:
                right = found is not None and {str(role) for role in found} == roles
            if not right:
                wrong.append(route)

    assert wrong == []


def test_head_is_as_closed_as_get_and_options_tells_nobody_from_outside(town: Town) -> None:
    wrong = []
    for rule in town.app.url_map.iter_rules():
        gets = policy_of(town.app, rule.endpoint, "GET")
        heads = policy_of(town.app, rule.endpoint, "HEAD")
        if "GET" in (rule.methods or ()) and heads is not gets:
            wrong.append(rule.rule)
    options = town.sign_in("nobody").send("OPTIONS", "/api/v1/users")
    head = town.sign_in("inspector").send("HEAD", "/api/v1/users")

    assert wrong == []
    assert options.status_code == 401
    assert head.status_code == 403
    assert policy_of(town.app, "users.Users", "OPTIONS") is EVERYONE


def test_a_route_without_policy_answers_nobody(town: Town) -> None:
    assert policy_of(town.app, "no.such.endpoint", "GET") is None


@pytest.mark.parametrize("who", ["inspector", "office", "audit_admin"])
def test_anybody_may_set_the_own_password(town: Town, who: str) -> None:
    login = town.accounts[who].login

    answer = town.sign_in(who).send(
        "PUT", f"/api/v1/users/{login}/password", json={"password": "Correct-Horse-7"}
    )

    assert answer.status_code == 204


def test_lists_show_each_account_only_its_own(town: Town) -> None:
    seen = {}
    for who in ("inspector", "supervisor", "approver"):
        rows = town.sign_in(who).get("/api/v1/documents?size=200").get_json()["rows"]
        seen[who] = {row["inspection_id"] for row in rows}

    assert seen["inspector"] == {str(town.own.inspection)}
    assert seen["supervisor"] == {str(town.own.inspection)}
    assert seen["approver"] == {str(town.own.inspection), str(town.other.inspection)}
