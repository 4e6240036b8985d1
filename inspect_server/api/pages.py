"""The description itself, and a page to browse it, without anything from another host."""

import hashlib
import json
from pathlib import Path

import swagger_ui_bundle
from flask import Blueprint, Response, send_from_directory
from flask_smorest import Api

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


def create_pages(api: Api) -> Blueprint:
    """Return the blueprint that serves the description of `api`."""
    blueprint = Blueprint("api_pages", __name__, url_prefix="/api")
    description = json.dumps(api.spec.to_dict(), ensure_ascii=False).encode("utf-8")
    sha256 = hashlib.sha256(description).hexdigest()

    @blueprint.get("/openapi.json")
    @policy(PUBLIC)
    def openapi() -> Response:
        return unless_known(Response(description, mimetype="application/json"), sha256)

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
