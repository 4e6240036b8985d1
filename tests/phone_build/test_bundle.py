"""The committed bundle: made of the committed sources, small, and with nothing of other hosts."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import brotli
import pytest

from inspect_server.phone.bundle import read_bundle
from tests.phone_build.tools import BUNDLE, CLIENT, KEPT

NO_SOURCE = {"node_modules", "tests", "tsconfig.tests.json", "vitest.config.ts"}
"""Of the client's folder, what nothing is built from."""
MOST_CODE = 60 * 1024
"""Bytes of code and styles that the first page needs, by gzip; other pages load their own."""
MOST_OPENED = 96 * 1024
"""The same with what an open account needs, which comes while its secret is typed."""
OPENED = re.compile(r"assets/opened-[\w-]{8}\.js")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["'`]\./([^"'`]+\.js)["'`]""")
TEXTS = {".css", ".html", ".js", ".md", ".svg", ".webmanifest"}
OTHER_HOSTS = re.compile(r"""(?:https?:|wss?:|(?<=["'`(]))//[a-z0-9-]+\.[a-z0-9.-]+""")
MADE_OF_TEXT = re.compile(r"url\(data:|data:image/[^`'\"]*,[^`'\"]|\beval\(|new Function\(")
NAMED_ONLY = ("http://www.w3.org", "https://vuejs.org", "https://uri.amap.com")
"""Kinds of XML, where Vue explains its errors, and the map that a tap on an address opens."""

VIEWER = re.compile(r"assets/pdf-[^/]*\.js")
"""pdf.js names what it never asks of a host here, and would make code of text were it allowed to:
it is told not to (`app/documents/pdf/rendering.ts`), and the page's policy would refuse both."""


def manifest() -> Any:
    return json.loads((BUNDLE / "manifest.json").read_text("utf-8"))


def hashes(folder: Path, without: set[str]) -> dict[str, str]:
    found = {}
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if file.is_file() and not hidden and parts[0] not in without:
            content = file.read_bytes()
            found["/".join(parts)] = hashlib.sha256(content).hexdigest()
    return found


def test_it_was_built_from_these_sources() -> None:
    """Whoever changes a source builds anew: `make phone`."""
    assert manifest()["sources"] == hashes(CLIENT, NO_SOURCE)


def test_every_file_is_the_one_that_was_built_and_none_is_missing() -> None:
    assert manifest()["outputs"] == hashes(BUNDLE, {"manifest.json"})


def test_compressed_copies_hold_their_originals_and_say_nothing_of_when_or_where() -> None:
    copied = {name: found for name, found in read_bundle(BUNDLE).items() if len(found.contents) > 1}
    for file in copied.values():
        original, zipped = file.contents["identity"], file.contents["gzip"]
        assert gzip.decompress(zipped) == original
        assert brotli.decompress(file.contents["br"]) == original
        assert zipped[3:10] == bytes([0, 0, 0, 0, 0, 2, 255])

    texts = {found for found in read_bundle(BUNDLE) if Path(found).suffix in TEXTS}
    assert set(copied) == texts
    assert {"index.html", "sw.js"} < texts


def test_the_worker_keeps_every_file_that_the_app_is_made_of() -> None:
    (listed,) = KEPT.findall((BUNDLE / "sw.js").read_text("utf-8"))
    kept = dict(json.loads(listed))

    served = read_bundle(BUNDLE)
    assert kept == {
        name: file.sha256 for name, file in served.items() if name not in ("sw.js", "licences.md")
    }


def test_the_worker_knows_its_own_code_so_that_another_one_is_another_version() -> None:
    told = (BUNDLE / "sw.js").read_text("utf-8")
    code = KEPT.sub("__PHONE_FILES__", told)
    (own,) = set(re.findall(r"[`'\"][0-9a-f]{64}[`'\"]", code))

    written = code.replace(own, "__PHONE_WORKER__")
    assert hashlib.sha256(written.encode()).hexdigest() == own[1:-1]


@pytest.mark.parametrize("forbidden", ["<style", "style=", " on", "data:"])
def test_the_page_keeps_its_own_policy(forbidden: str) -> None:
    page = (BUNDLE / "index.html").read_text("utf-8")

    assert re.findall(rf"<[^>]*{re.escape(forbidden)}[^>]*=", page) == []
    assert re.findall(r"<script[^>]*>[^<]", page) == []


def test_nothing_is_asked_of_other_hosts_and_nothing_is_made_of_text() -> None:
    strange = {}
    for name, file in read_bundle(BUNDLE).items():
        if Path(name).suffix not in TEXTS - {".md"} or VIEWER.fullmatch(name):
            continue
        text = file.contents["identity"].decode("utf-8")
        hosts = {host for host in OTHER_HOSTS.findall(text) if not host.startswith(NAMED_ONLY)}
        made = MADE_OF_TEXT.findall(text)
        if hosts or made:
            strange[name] = (hosts, made)

    assert strange == {}


def test_the_code_is_small_enough_for_a_weak_signal() -> None:
    page = (BUNDLE / "index.html").read_text("utf-8")
    needed = {"index.html", *re.findall(r'(?:src|href)="/phone/(assets/[^"]+)"', page)}
    code = {name: len(read_bundle(BUNDLE)[name].contents["gzip"]) for name in needed}

    assert len(code) > 2
    assert sum(code.values()) <= MOST_CODE, code


def test_what_shows_documents_is_two_files_that_no_page_begins_with() -> None:
    viewer = [name for name in read_bundle(BUNDLE) if VIEWER.fullmatch(name)]

    assert len(viewer) == 2
    assert "assets/pdf-" not in (BUNDLE / "index.html").read_text("utf-8")


def test_what_comes_while_the_secret_is_typed_is_small_as_well() -> None:
    served = read_bundle(BUNDLE)
    page = (BUNDLE / "index.html").read_text("utf-8")
    begun = {*re.findall(r'(?:src|href)="/phone/(assets/[^"]+)"', page)}
    begun |= {name for name in served if OPENED.fullmatch(name)}
    needed: set[str] = {"index.html"}
    while begun:
        needed |= begun
        texts = [served[name].contents["identity"].decode() for name in begun]
        begun = {f"assets/{name}" for text in texts for name in IMPORTED.findall(text)} - needed
    code = {name: len(served[name].contents["gzip"]) for name in needed}

    assert len([name for name in needed if OPENED.fullmatch(name)]) == 1
    assert sum(code.values()) <= MOST_OPENED, code


def test_the_licences_of_what_is_in_it_come_along() -> None:
    licences = (BUNDLE / "licences.md").read_text("utf-8")

    assert "vue" in licences
    assert "pdfjs-dist" in licences
    assert "Apache License" in licences
    assert "Permission is hereby granted" in licences
