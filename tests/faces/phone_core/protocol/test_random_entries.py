"""Whatever stands in an entry, phone and server read it alike, or refuse the same part of it."""

import json
import re
from functools import cache

import pytest

from sync import entries
from sync.errors import BadEntry
from tests.conftest import SHARED_VECTORS
from tests.faces.phone_core.protocol.node import Json, Node, b64, told
from tests.faces.phone_core.protocol.random_entries import mutated
from tests.sampling import one_in

RUNS, EACH = 100, 600
PLACE = re.compile(r" - at `(\$[^`]*)`$")
CHINESE = re.compile("[\u4e00-\u9fff]")


@cache
def texts() -> list[str]:
    """The vectors' valid entries that are short, so that changes meet what matters."""
    vectors = json.loads((SHARED_VECTORS / "sync" / "entries.json").read_text(encoding="utf-8"))
    return [vector["bytes"] for vector in vectors["valid"] if len(vector.get("bytes", "")) > 1]


@pytest.mark.parametrize("run", one_in(100, range(RUNS)))
def test_phone_and_server_read_the_same_entries(run: int, in_node: Node) -> None:
    seeds = range(run * EACH, (run + 1) * EACH)
    contents = [mutated(texts()[seed % len(texts())], seed) for seed in seeds]
    expected = [_here(content) for content in contents]
    got = in_node([["parse", b64(content)] for content in contents])

    for content, one, other in zip(contents, expected, got, strict=True):
        if _is_no_json(other):  # refused as a whole; the server may have come to something before
            assert "operations" not in one, content
        else:
            assert _comparable(other, one) == one, content
    assert 0 < sum(map(_is_no_json, got)) < EACH // 5
    read = [one for one in expected if "operations" in one]
    places = {one["path"] for one in expected if "path" in one}
    assert len(read) > EACH // 5
    assert len(places) > 40


def _here(content: bytes) -> Json:
    """Return what the server makes of an entry."""
    try:
        entry = entries.parse(content)
    except BadEntry as error:
        field, reason = error.facts["field"], error.facts["reason"]
        if CHINESE.match(reason):  # a rule of the protocol, said in the same words
            return {"field": field, "reason": reason}
        place = PLACE.search(reason)
        return {"field": field, "path": place[1]} if place else {"field": field}
    hash = entries.entry_hash(content)
    return {"hash": hash, "operations": [told(op) for op in entries.operations(entry, hash)]}


def _is_no_json(made: Json) -> bool:
    return made.get("reason", "").endswith(("不是规定的写法", "不是 UTF-8 文字"))


def _comparable(made: Json, expected: Json) -> Json:
    """Return what of the phone's answer the server's says, too."""
    if "operations" in made:
        for op in made["operations"]:
            assert op["value"] == json.loads(op["canonical"])
            op["value"] = op.pop("canonical")
    return {name: made[name] for name in expected if name in made}
