"""The REST face under /api/v1: one file per resource, described by /api/openapi.json."""

from flask import Flask

from inspect_server.api.openapi import describe, make_api
from inspect_server.api.pages import create_pages
from inspect_server.api.resources import (
    documents,
    draws,
    enterprises,
    inspections,
    law_values,
    officers,
    phones,
    plans,
    sessions,
    users,
)

RESOURCES = (
    sessions,
    enterprises,
    officers,
    plans,
    draws,
    inspections,
    documents,
    phones,
    law_values,
    users,
)


def register_api(app: Flask) -> None:
    """Mount the REST face, its description and the page to browse it."""
    api = make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blp)
    describe(app, api)
    app.register_blueprint(create_pages(api))
