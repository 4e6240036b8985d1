"""One page of the verifier for all tests of a process."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page

from tests.verifiers.three import loaded, verifier_page


@pytest.fixture(scope="session")
def page(chromium: Browser) -> Iterator[Page]:
    with verifier_page(chromium) as found:
        yield found


@pytest.fixture(scope="session")
def single() -> ModuleType:
    return loaded()
