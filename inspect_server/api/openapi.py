"""The OpenAPI 3 description: what flask-smorest collects, plus the answers all routes share."""

from typing import Any

from flask import Flask
from flask_smorest import Api

from inspect_server import __version__
from inspect_server.web.guard import EVERYONE, PUBLIC, policy_of

COOKIE, CSRF = "cookie", "csrf"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "One Chinese sentence with the next step."},
        "errors": {"type": "object", "description": "Field -> what is wrong with it."},
    },
}

SHARED = {
    400: "The request cannot be read.",
    401: "Not signed in.",
    403: "Signed in, but not allowed; or the CSRF token is missing.",
    404: "No such thing, or not for this account.",
    409: "The thing is in another state, or somebody was faster.",
    413: "Too large.",
    415: "Not JSON.",
    422: "A value cannot be used.",
    503: "Busy; retry after the given seconds.",
}
"""Problems that a route may answer with, by status."""


def make_api(app: Flask) -> Api:
    """Return the collector, configured; it serves nothing by itself."""
    app.config.update(
        API_TITLE="Inspect Server",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=None,
    )
    api = Api(app)
    api.spec.options["info"] = {
        "description": f"双随机检查、执法文书与全过程记录接口，程序版本 {__version__}。",
        "license": {"name": "Apache-2.0"},
    }
    api.spec.components.schema("Problem", PROBLEM)
    api.spec.components.security_scheme(
        COOKIE, {"type": "apiKey", "in": "cookie", "name": "inspect"}
    )
    api.spec.components.security_scheme(
        CSRF, {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"}
    )
    return api


def describe(app: Flask, api: Api) -> None:
    """Add the shared problems and the security of each operation, from its route's policy."""
    rules = {
        (_template(str(rule)), method.lower()): policy_of(app, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in api.spec._paths.items():  # apispec offers no public way to read them
        for method, operation in item.items():
            if method == "parameters":
                continue
            public = rules.get((path, method), EVERYONE) is PUBLIC
            _describe(operation, method, path, public)


def _describe(operation: dict[str, Any], method: str, path: str, public: bool) -> None:
    writes = method not in {"get", "head"}
    statuses = {503}
    if not public:
        statuses |= {401, 403}
        operation["security"] = [{COOKIE: [], CSRF: []} if writes else {COOKIE: []}]
    if "{" in path:
        statuses.add(404)
    if operation.get("parameters") or "requestBody" in operation:
        statuses |= {400, 422}
    if "requestBody" in operation:
        statuses |= {413, 415}
    if writes:
        statuses.add(409)
    answers = operation["responses"]
    answers.pop("default", None)
    for status in sorted(statuses):
        said = answers.get(str(status))
        own = said.get("description") if isinstance(said, dict) and status != 422 else None
        answers[str(status)] = _problem(own or SHARED[status])


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _template(rule: str) -> str:
    """Return a Flask rule as an OpenAPI path: `<uuid:id>` becomes `{id}`."""
    parts = []
    for part in rule.split("/"):
        inner = part[1:-1].split(":")[-1] if part.startswith("<") and part.endswith(">") else None
        parts.append(part if inner is None else f"{{{inner}}}")
    return "/".join(parts)
