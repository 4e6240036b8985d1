"""What every resource is made of: a blueprint whose bodies are read strictly."""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import flask_smorest
from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser, abort
from werkzeug.datastructures import CombinedMultiDict

MAX_UPLOAD = 32 * 1024 * 1024
"""Bytes of an uploaded registry file: 150,000 enterprises as .xlsx take about 20 MiB."""
MULTIPART = "multipart/form-data"

V = TypeVar("V", bound=Callable[..., Any])


class StrictParser(FlaskParser):
    """JSON or nothing: another content type is said so, and hostile JSON is the client's fault."""

    def load_files(self, req: Request, schema: Any) -> Any:
        """Read uploaded files and what is told beside them; they may be larger than any JSON."""
        if req.mimetype != MULTIPART:
            abort(415)
        req.max_content_length = MAX_UPLOAD
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)

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

    def operation(self, name: str, summary: str, description: str = "") -> Callable[[V], V]:
        """Give an operation its English id, and what the description says of it in Chinese."""
        said = {"operationId": name, "summary": summary}
        if description:
            said["description"] = description
        named: Callable[[V], V] = self.doc(**said)
        return named
