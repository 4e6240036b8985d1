"""What goes from phone to phone without a network, by the vectors that hold the app, too."""

import base64
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from sync import entries
from sync.phone.errors import BadFile, RefusedFile
from sync.phone.local import LocalDocument, LocalStore
from sync.phone.partner import carrying
from tests.conftest import SHARED_VECTORS
from tests.vectors.sync import generate
from tests.vectors.sync.partner.list_cases import MARK, SIGNS

FOLDER = SHARED_VECTORS / "sync"
NAMES = ("partner_files.json", "partner_lists.json")
FILES, LISTS = (json.loads((FOLDER / name).read_text(encoding="utf-8")) for name in NAMES)
PROBLEMS: dict[str, type[Exception]] = {"damaged": BadFile, "refused": RefusedFile}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    """The phone that takes in: it has pulled its task, and nothing else."""
    made = LocalStore(tmp_path / "lead.phone")
    task = FILES["task"]
    body = json.dumps(task).encode()
    document = LocalDocument(f"task/{task['id']}", task["id"], "task", 1, 1, body)
    with made.transaction():
        made.add_replica(entries.new_key())
        made.put(user=FILES["user"])
        made.stage([(document, False)], [])
        made.flip(fresh=True)
    yield made
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_gives_exactly_the_stored_vectors(name: str) -> None:
    assert generate.files()[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("vector", FILES["taken"], ids=lambda vector: vector["name"])
def test_a_partners_file_brings_its_entries_and_photos_once(
    store: LocalStore, vector: dict[str, Any]
) -> None:
    file = base64.b64decode(vector["file_b64"])
    counts = [carrying.take_in(store, file), carrying.take_in(store, file)]

    assert counts == [len(vector["entries"]), 0]
    assert [row.hash for row in store.entries()] == vector["entries"]
    assert sorted(store.brought()) == sorted(vector["photos"])


@pytest.mark.parametrize("vector", FILES["refused"], ids=lambda vector: vector["name"])
def test_of_a_file_that_is_damaged_or_unproven_nothing_is_kept(
    store: LocalStore, vector: dict[str, Any]
) -> None:
    with pytest.raises((BadFile, RefusedFile)) as problem:
        carrying.take_in(store, base64.b64decode(vector["file_b64"]))

    assert problem.type is PROBLEMS[vector["why"]]
    assert (store.entries(), list(store.brought()), store.keys()) == ([], [], store.keys())
    assert len(store.keys()) == len(store.replicas())


class NoList(Exception):
    """A text says nothing of what a phone has."""


def bytes_of(text: str) -> bytes:
    """Read base45 (RFC 9285)."""
    found = bytearray()
    if set(text) - set(SIGNS):
        raise NoList
    for part in re.findall(".{1,3}", text):
        number = sum(SIGNS.index(sign) * 45**place for place, sign in enumerate(part))
        length = len(part) - 1
        if length == 0 or number >= 256**length:
            raise NoList
        found += number.to_bytes(length, "big")
    return bytes(found)


def said(text: str) -> dict[str, Any]:
    """Read a list as docs/sync.md has it; sync itself shows and reads no codes."""
    if not text.startswith(MARK):
        raise NoList
    left = iter(bytes_of(text.removeprefix(MARK)))

    def hex_of(count: int) -> str:
        part = bytes(islice(left, count))
        if len(part) < count:
            raise NoList
        return part.hex()

    def number() -> int:
        found, place = 0, 1
        while place < 128**7:
            byte = int(hex_of(1), 16)
            found += byte % 128 * place
            if byte < 128:
                return found
            place *= 128
        raise NoList

    task = hex_of(16)
    own = [hex_of(8) for _ in range(int(hex_of(1), 16))]
    runs: dict[str, list[dict[str, Any]]] = {}
    for _ in range(int(hex_of(1), 16)):
        of, end = hex_of(8), 0
        runs[of] = []
        for _ in range(int(hex_of(1), 16)):
            first = end + number() + 1
            end = first + number() - 1
            runs[of].append({"first": first, "last": end, "digest": hex_of(4)})
    if next(left, None) is not None:
        raise NoList
    return {"task": task, "own": own, "runs": runs}


@pytest.mark.parametrize("vector", LISTS["lists"], ids=lambda vector: vector["name"])
def test_a_list_says_what_the_document_says(vector: dict[str, Any]) -> None:
    assert said(vector["text"]) == {"task": vector["task"].replace("-", ""), **vector["says"]}


@pytest.mark.parametrize("vector", LISTS["refused"], ids=lambda vector: vector["name"])
def test_what_is_no_list_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(NoList):
        said(vector["text"])
