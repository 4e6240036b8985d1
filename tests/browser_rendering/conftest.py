"""What a phone has been given, and what an ordinary process makes of the same orders."""

import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browser_rendering.carrying_out import carried_out
from tests.browser_rendering.orders import write_orders
from tests.browser_rendering.print_pack import write_pack

Made = Mapping[str, Mapping[str, Any]]
SAME_ZLIB = "ng" not in zlib.ZLIB_RUNTIME_VERSION
"""zlib-ng compresses differently: with it a document still says and shows the same."""


@pytest.fixture(scope="package")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the print pack in pack/, and the orders both as they are and packed."""
    folder = tmp_path_factory.mktemp("given")
    write_pack(folder / "pack")
    write_orders(folder / "orders")
    shutil.make_archive(str(folder / "orders"), "zip", folder / "orders")
    return folder


@pytest.fixture(scope="package")
def ordinary(given: Path) -> Made:
    """Return what this process makes, with all that is installed at hand."""
    return carried_out(given / "orders")


def differences(made: Made, ordinary: Made) -> list[str]:
    """Return the names of the documents that are not the same."""
    assert made.keys() == ordinary.keys()
    by = "sha256" if SAME_ZLIB else "fingerprint"
    return [name for name in made if made[name][by] != ordinary[name][by]]
