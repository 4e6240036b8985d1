"""The OpenAPI 3 description: what flask-smorest collects, plus the answers all routes share."""

from http import HTTPStatus
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest import Api, Blueprint

from inspect_server import __version__
from inspect_server.web.guard import EVERYONE, PUBLIC, policy_of

COOKIE, CSRF = "cookie", "csrf"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定的代码，供程序判断。"},
        "detail": {"type": "string", "description": "一句中文，末尾说明下一步。"},
        "errors": {"type": "object", "description": "有误的字段及原因。"},
    },
    "example": {
        "type": "about:blank",
        "status": 404,
        "code": "common.not_found",
        "detail": "没有找到该企业，请核对后重试。",
    },
}

SHARED = {
    400: "请求无法读取。",
    401: "未登录，或登录已失效。",
    403: "已登录，但无权办理；或缺少 CSRF 令牌。",
    404: "没有这一项，或该账号无权知道。",
    409: "所处状态不允许，或已被他人抢先。",
    413: "内容过大。",
    415: "内容类型不符。",
    422: "有取值不能采用。",
    500: "存储的数据损坏，或服务器内部错误（已记录）。",
    503: "繁忙，请按 Retry-After 重试。",
}
"""Problems that a route may answer with, by status."""
DONE = {200: "成功。", 201: "已新建。", 204: "成功，没有正文。"}
KNOWN = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "example": '"9f86d081884c7d65"'},
    "description": "此前收到的 ETag；内容未变时答复 304。",
}


class Collector:
    """
    Mounts resources at once, and describes them when the description is first asked for.

    To describe them takes ten times as long as to mount them, and few processes are ever asked.
    """

    def __init__(self, app: Flask) -> None:
        self._app, self._api = app, Api(app)
        self._mounted: list[Blueprint] = []

    @property
    def spec(self) -> APISpec:
        """The description, as far as it was collected."""
        spec: APISpec = self._api.spec
        return spec

    def mount(self, resource: Blueprint) -> None:
        """Mount a resource."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][resource.name] = self._api
        self._app.register_blueprint(resource)
        self._mounted.append(resource)

    def collect(self) -> None:
        """Describe everything that was mounted; once."""
        for one in self._mounted:
            one.register_views_in_doc(
                self._api, self._app, self.spec, name=one.name, parameters=None
            )
            self.spec.tag({"name": one.name, "description": one.description})


def make_api(app: Flask) -> Collector:
    """Return the collector, configured; it serves nothing by itself."""
    app.config.update(
        API_TITLE="检查服务接口",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=None,
    )
    api = Collector(app)
    api.spec.options["info"] = {
        "description": f"双随机检查、执法文书与全过程记录接口，程序版本 {__version__}。",
        "license": {"name": "Apache-2.0"},
    }
    api.spec.components.schema("Problem", PROBLEM)
    cookie = {"type": "apiKey", "in": "cookie", "name": "inspect"}
    csrf = {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"}
    api.spec.components.security_scheme(
        COOKIE,
        {**cookie, "description": "登录所得的会话；启用 HTTPS 时名为 __Host-inspect。"},
    )
    api.spec.components.security_scheme(
        CSRF, {**csrf, "description": "登录答复中的 csrf_token，写操作必带。"}
    )
    return api


def describe(app: Flask, spec: APISpec) -> None:
    """Add the shared problems and the security of each operation, from its route's policy."""
    rules = {
        (template(str(rule)), method.lower()): policy_of(app, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in spec._paths.items():  # apispec offers no public way to read them
        for method, operation in item.items():
            if method == "parameters":
                continue
            public = rules.get((path, method), EVERYONE) is PUBLIC
            _describe(operation, method, path, public)


def _describe(operation: dict[str, Any], method: str, path: str, public: bool) -> None:
    writes = method not in {"get", "head"}
    statuses = {500, 503}
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
        statuses |= {409, 422}
    answers = operation["responses"]
    answers.pop("default", None)
    for status in DONE:
        if str(status) in answers:
            _say_done(answers[str(status)], status)
    if "304" in answers:
        operation.setdefault("parameters", []).append(KNOWN)
    for status in sorted(statuses):
        said = answers.get(str(status))
        own = said.get("description") if isinstance(said, dict) and status != 422 else None
        answers[str(status)] = _problem(own or SHARED[status])


def _say_done(answer: dict[str, Any], status: int) -> None:
    """Replace the phrase of the HTTP standard; a description of its own stays."""
    if answer.get("description") == HTTPStatus(status).phrase:
        answer["description"] = DONE[status]


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


def template(rule: str) -> str:
    """Return a Flask rule as an OpenAPI path: `<uuid:id>` becomes `{id}`."""
    parts = []
    for part in rule.split("/"):
        inner = part[1:-1].split(":")[-1] if part.startswith("<") and part.endswith(">") else None
        parts.append(part if inner is None else f"{{{inner}}}")
    return "/".join(parts)
