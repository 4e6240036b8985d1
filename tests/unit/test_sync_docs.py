"""docs/sync.md names everything that the code has."""

import ast
from pathlib import Path

import pytest

from sync import errors, protocol, values
from sync.entries import Entry

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
PATHS = [
    protocol.NONCE,
    protocol.REPLICAS,
    protocol.STATE,
    protocol.PUSH,
    protocol.PULL,
    protocol.BLOBS_HAVE,
    protocol.BLOBS,
    protocol.UPLOADS,
    protocol.RECEIPTS,
]


@pytest.mark.parametrize("name", sorted(values.TYPES))
def test_every_operation_and_each_field_of_its_value_is_documented(name: str) -> None:
    rows = [row for row in TEXT.splitlines() if row.startswith("|") and f"`{name}`" in row]

    assert rows
    for field in values.TYPES[name].value.__struct_encode_fields__:
        assert any(f"`{field}`" in row for row in rows), field


@pytest.mark.parametrize("field", Entry.__struct_fields__)
def test_every_field_of_an_entry_is_documented(field: str) -> None:
    assert f"| `{field}` |" in TEXT


@pytest.mark.parametrize("code", sorted(errors.BY_CODE))
def test_every_error_is_documented_with_its_status(code: str) -> None:
    assert f"| {errors.BY_CODE[code].status} | `{code}` |" in TEXT


@pytest.mark.parametrize("path", PATHS)
def test_every_endpoint_is_documented(path: str) -> None:
    assert path.removeprefix(protocol.PREFIX) in TEXT


@pytest.mark.parametrize(
    "kind",
    [
        protocol.EnrolReply,
        protocol.StateReply,
        protocol.PushRequest,
        protocol.PushReply,
        protocol.PushResult,
        protocol.PullReply,
        protocol.PulledDocument,
        protocol.Receipt,
        protocol.ReceiptRequest,
        protocol.Problem,
    ],
)
def test_every_field_of_a_message_is_documented(kind: type[protocol.Problem]) -> None:
    missing = [name for name in kind.__struct_fields__ if name not in TEXT]

    assert missing == []


def test_the_generator_of_the_vectors_does_not_import_what_it_tests() -> None:
    source = (ROOT / "tests" / "vectors" / "sync" / "generate.py").read_text(encoding="utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert "json" in imported
    assert not imported & {"sync", "inspect_server", "forms"}
