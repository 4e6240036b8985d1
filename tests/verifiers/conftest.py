"""One browser for all tests of a process."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Page

from tests.verifiers.three import browser_page, loaded


@pytest.fixture(scope="session")
def page() -> Iterator[Page]:
    with browser_page() as found:
        yield found


@pytest.fixture(scope="session")
def single() -> ModuleType:
    return loaded()
