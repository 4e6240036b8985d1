"""What every resource is made of: a blueprint whose bodies are read strictly."""

import json
from typing import Any, NoReturn

import flask_smorest
from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser, abort


class StrictParser(FlaskParser):
    """JSON or nothing: another content type is said so, and hostile JSON is the client's fault."""

    def _raw_load_json(self, req: Request) -> Any:
        content = req.get_data(cache=True)
        if content and not req.is_json:
            abort(415)
        return self._decoded(content) if content else core.missing

    def _decoded(self, content: bytes) -> Any:
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError):  # numbers of 5,000 digits and towers of brackets, too
            abort(400, messages={"json": ["不是有效的 JSON。"]})

    def handle_error(
        self,
        error: Any,
        req: Request,
        schema: Any,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Answer with the fields and what is wrong with them, without the place they were in."""
        fields = next(iter(error.messages.values())) if len(error.messages) == 1 else error.messages
        abort(422, messages=fields if isinstance(fields, dict) else {"_schema": fields})


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON


class Resource(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """One resource of the REST face."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, path: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix=f"/api/v1{path}", description=description)
