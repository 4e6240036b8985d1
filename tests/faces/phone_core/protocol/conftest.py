"""One process for all questions to the phone's protocol: starting it takes longer than most."""

from collections.abc import Iterator

import pytest

from tests.faces.phone_core.protocol.node import Node


@pytest.fixture(scope="package")
def in_node() -> Iterator[Node]:
    """The phone's protocol in TypeScript."""
    node = Node()
    yield node
    node.end()
