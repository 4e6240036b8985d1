"""
The phones' face: the files of the app that inspectors carry, as they were built.

They hold no data: whoever opens them without an account sees an app that asks to be enrolled. Built
from `client/` into `static/` by `make phone` (docs/phone.md).
"""

from pathlib import Path

from flask import Flask

from inspect_server.phone.bundle import read_bundle
from inspect_server.phone.sending import create_phone_blueprint

STATIC = Path(__file__).parent / "static"


def register_phone(app: Flask, folder: Path = STATIC) -> None:
    """Mount the app below `/phone/`, from the bundle in `folder`."""
    app.register_blueprint(create_phone_blueprint(read_bundle(folder)))
