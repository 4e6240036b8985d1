"""The REST face under /api/v1: one file per resource, described by /api/openapi.json."""

from flask import Flask

from inspect_server.api.openapi import describe, make_api
from inspect_server.api.pages import create_pages
from inspect_server.api.sessions import blp as sessions

RESOURCES = (sessions,)


def register_api(app: Flask) -> None:
    """Mount the REST face, its description and the page to browse it."""
    api = make_api(app)
    for blueprint in RESOURCES:
        api.register_blueprint(blueprint)
    describe(app, api)
    app.register_blueprint(create_pages(api))
