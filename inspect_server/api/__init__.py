"""The REST face under /api/v1: one file per resource, described by /api/openapi.json."""

from typing import Any

from flask import Flask

from inspect_server.api.openapi import describe, make_api
from inspect_server.api.pages import create_pages
from inspect_server.api.resources import (
    directed,
    documents,
    draws,
    enterprises,
    imports,
    inspections,
    law_values,
    officers,
    phones,
    plans,
    sessions,
    users,
)
from inspect_server.api.resources.drawing import (
    ceremony,
    chains,
    disclosing,
    evidence,
    papers,
    preview,
    replacing,
    voiding,
)
from inspect_server.api.sync_description import describe_sync

STEPS = (preview, ceremony, disclosing, evidence, papers, replacing, voiding, directed)
"""They add their routes to the resource of draws, or inspections, by being imported."""
RESOURCES = (
    sessions,
    enterprises,
    officers,
    imports,
    plans,
    chains,
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
        api.mount(resource.blp)

    def description() -> dict[str, Any]:
        api.collect()
        describe(app, api.spec)
        describe_sync(app, api.spec)
        said: dict[str, Any] = api.spec.to_dict()
        return said

    app.register_blueprint(create_pages(description))
