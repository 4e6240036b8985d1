"""The description itself, and a page to browse it, without anything from another host."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import swagger_ui_bundle
from flask import Blueprint, Response, send_from_directory

from inspect_server.api.downloads import unless_known
from inspect_server.web.guard import PUBLIC, policy
from inspect_server.web.icon import ICON

ASSETS = Path(str(swagger_ui_bundle.swagger_ui_path))

PAGE = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>接口说明</title>
<link rel="icon" href="{ICON}">
<link rel="stylesheet" href="/api/assets/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/api/assets/swagger-ui-bundle.js"></script>
<script src="/api/assets/start.js"></script></body></html>
"""
START = (
    "SwaggerUIBundle({url: '/api/openapi.json', dom_id: '#swagger-ui', docExpansion: 'list'});\n"
)


def create_pages(describe: Callable[[], dict[str, Any]]) -> Blueprint:
    """Return the blueprint that serves a description, made when somebody first asks for it."""
    blueprint = Blueprint("api_pages", __name__, url_prefix="/api")
    one_at_a_time = Lock()

    @cache
    def described() -> tuple[bytes, str]:
        said = json.dumps(describe(), ensure_ascii=False).encode("utf-8")
        return said, hashlib.sha256(said).hexdigest()

    @blueprint.get("/openapi.json")
    @policy(PUBLIC)
    def openapi() -> Response:
        with one_at_a_time:
            said, sha256 = described()
        return unless_known(Response(said, mimetype="application/json"), sha256)

    @blueprint.get("/")
    @policy(PUBLIC)
    def browse() -> Response:
        page = Response(PAGE, mimetype="text/html")
        # Swagger UI sets styles from its script and loads inline images.
        page.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return page

    @blueprint.get("/assets/start.js")
    @policy(PUBLIC)
    def start() -> Response:
        return Response(START, mimetype="text/javascript")

    @blueprint.get("/assets/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
    @policy(PUBLIC)
    def asset(name: str) -> Response:
        return send_from_directory(ASSETS, name, max_age=86_400)

    return blueprint
