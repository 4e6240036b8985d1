"""The number that the phone app says of itself is the program's."""

import re

import inspect_server
from tests.phone_build.tools import CLIENT


def test_the_phone_says_the_version_of_the_program() -> None:
    source = (CLIENT / "src/app/session/device/version.ts").read_text("utf-8")

    assert re.findall(r'VERSION = "(.*)"', source) == [inspect_server.__version__]
