"""docs/sync.md names everything that the code has."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

from inspect_server.api.sync_description.failures import FAILURES, ON_THE_PHONE, codes
from sync import previews, protocol, values
from sync.entries import Entry

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "sync"
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
    previews.PREVIEWS,
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


ERRORS = TEXT.partition("### Errors")[2].partition("\n### ")[0]
OPERATIONS = TEXT.partition("### Operations and their values")[2].partition("\n## ")[0]


def test_the_errors_of_the_document_are_those_of_the_code() -> None:
    documented = re.findall(r"^\| (\d{3}) \| `([^`]+)` \|", ERRORS, re.M)
    answered = {(str(status), code) for status, names in codes().items() for code in names}
    on_the_phone = {(str(error.status), error.code) for error in ON_THE_PHONE}

    assert sorted(documented) == sorted(answered | on_the_phone)


def test_every_status_of_the_description_is_one_of_the_document() -> None:
    documented = {int(status) for status in re.findall(r"^\| (\d{3}) \|", ERRORS, re.M)}

    assert documented - set(FAILURES) == {429}  # only of a proxy
    assert set(FAILURES) <= documented


@pytest.mark.parametrize("flag", ["accepted", "declined", "fork", "future_clock", "gap"])
def test_every_flag_is_documented(flag: str) -> None:
    (row,) = [row for row in TEXT.splitlines() if row.startswith("| `POST /push` |")]

    assert f"`{flag}`" in row


def test_every_operation_of_the_document_is_one_of_the_code() -> None:
    first = [row.split("|")[1] for row in OPERATIONS.splitlines() if row.startswith("| `")]
    named = [name for cell in first for name in re.findall(r"`([^`]+)`", cell)]

    assert sorted(named) == sorted(values.TYPES)


def test_every_field_of_an_entry_in_the_document_is_one_of_the_code() -> None:
    table = TEXT.partition("## Entry\n")[2].partition("\nAn operation is")[0]

    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(Entry.__struct_fields__)


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
        previews.PreviewRequest,
        previews.PreviewReply,
        protocol.Problem,
    ],
)
def test_every_field_of_a_message_is_documented(kind: type[protocol.Problem]) -> None:
    missing = [name for name in kind.__struct_fields__ if name not in TEXT]

    assert missing == []


@pytest.mark.parametrize("module", sorted((VECTORS).glob("*.py")), ids=lambda path: path.name)
def test_the_generator_of_the_vectors_imports_nothing_of_the_project(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    imported = {
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    own = {name for name in imported if name.startswith("tests.vectors.sync.")}
    others = {name.split(".")[0] for name in imported - own}
    assert others <= {*sys.stdlib_module_names, "cryptography"}


def test_the_worked_push_is_the_one_of_the_vectors() -> None:
    push = json.loads((VECTORS / "digests.json").read_text(encoding="utf-8"))["push"]
    lines = [f"{name}: {value}" for name, value in push["headers"].items()]
    request = [f"{push['method']} {push['path']} HTTP/1.1", *lines, "", push["body"]]

    assert "\n```http\n" + "\n".join(request) + "\n```\n" in TEXT
    assert "\n```text\n" + push["base"] + "\n```\n" in TEXT
    assert "\n```text\n" + push["entry"]["bytes"] + "\n```\n" in TEXT
    assert f"`{push['entry']['hash']}`" in TEXT
    assert f"The entry, {len(push['entry']['bytes'].encode())} bytes" in TEXT


@pytest.mark.parametrize("name", sorted(path.name for path in VECTORS.glob("*.json")))
def test_the_readme_of_the_vectors_names_every_file_and_what_it_holds(name: str) -> None:
    readme = (VECTORS / "README.md").read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if row.startswith(f"| `{name}`")]
    content = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    fields = set(content) if isinstance(content, dict) else {key for one in content for key in one}

    assert len(rows) == 1
    told = {"name", "assignment"}
    assert [field for field in sorted(fields - told) if f"`{field}`" not in readme] == []
