"""The OpenAPI description and the server say the same, whatever a client sends."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.faces.town import Signed, Town

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCS = Path(__file__).parents[2] / "docs" / "api.md"
ROLES = ("supervisor", "approver", "inspector", "system_admin", "security_admin")
SHORT, LONG = 6, 60


def known(town: Town, rng: random.Random) -> dict[str, str]:
    """Return things that exist, so that requests do not all end with 404."""
    case = rng.choice([town.own, town.other])
    waiting = [str(one) for one in town.fresh]
    return {
        "inspection_id": rng.choice([str(case.inspection), *waiting]),
        "document_id": str(case.document),
        "enterprise_id": str(town.enterprise),
        "plan_id": str(rng.choice([town.plan_id, town.draft_plan])),
        "draw_id": str(town.draw_id),
        "replica_id": case.phone,
        "entry_hash": rng.choice(list(case.entries.values())),
        "login": "victim",
    }


def explore(town: Town, examples: int) -> None:
    """Send generated requests to every operation as every role, and hold answers to the text."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", town.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not _has_input(operation):
                continue
            _explore(town, operation.as_strategy(generation_mode=mode), examples)


def _has_input(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _explore(town: Town, cases: st.SearchStrategy[Any], examples: int) -> None:
    signed: dict[str, Signed] = {}

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, real=st.booleans(), seed=st.integers(0, 2**16))
    def send(case: Any, real: bool, seed: int) -> None:
        found = known(town, random.Random(seed))
        if real:
            given_ids = case.path_parameters or {}
            case.path_parameters = {name: found[name] for name in given_ids}
        for role in ROLES:
            if role not in signed:
                signed[role] = town.sign_in(role)
            answer = case.call(
                headers={"X-CSRF-Token": signed[role].csrf},
                cookies={"inspect": _cookie(signed[role])},
            )
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code == 401:
                del signed[role]

    send()


def _cookie(signed: Signed) -> str:
    cookie = signed.client.get_cookie("inspect")
    assert cookie is not None
    return cookie.value


def test_no_answer_is_undocumented(town: Town) -> None:
    explore(town, SHORT)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_no_answer_is_undocumented_however_long_one_looks(town: Town) -> None:
    explore(town, LONG)


def test_every_operation_says_what_it_is_and_how_it_fails(town: Town) -> None:
    description = town.app.test_client().get("/api/openapi.json").get_json()
    thin = []
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            answers = set(operation["responses"])
            is_public = (method, path) == ("post", "/api/v1/session")
            wanted = {"503"} if is_public else {"401", "403", "503"}
            if not operation.get("summary") or not wanted <= answers:
                thin.append(f"{method} {path}")
            if not is_public and not operation.get("security"):
                thin.append(f"{method} {path}: security")

    assert thin == []
    assert all(path.startswith("/api/v1/") for path in description["paths"])


def test_docs_list_every_operation_and_no_other(town: Town) -> None:
    description = town.app.test_client().get("/api/openapi.json").get_json()
    real = {
        (path.removeprefix("/api/v1"), method.upper())
        for path, item in description["paths"].items()
        for method in item
        if method != "parameters"
    }
    rows = re.findall(r"^\| `(/[^`]+)` \| ([A-Z ]+) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    listed = {(path, method) for path, methods in rows for method in methods.split()}

    assert listed == real


def test_the_page_to_browse_it_loads_nothing_from_elsewhere(town: Town) -> None:
    client = town.app.test_client()

    page = client.get("/api/")

    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert client.get(f"/api/assets/{name}", buffered=True).status_code == 200
