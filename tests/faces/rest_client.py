"""A program of the bureau at the REST face: signed in, with its CSRF token."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user, start_session
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES

PASSWORD = "correct horse battery 7"


@dataclass
class Program:
    """One account's connection."""

    client: FlaskClient
    csrf: str

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        headers = {"X-CSRF-Token": self.csrf}
        return self.client.post(f"/api/v1{path}", headers=headers, **options)


def connect(backend: Backend, app: Flask, login: str, *roles: Role, unit: str = "一科") -> Program:
    """Open an account and sign it in."""
    with backend.begin(ALL_ROLES) as work:
        user = add_user(work, login, login, unit, roles, PASSWORD)
        opened = start_session(work, user)
    client = app.test_client()
    client.set_cookie("inspect", opened.token)
    return Program(client, opened.csrf)
