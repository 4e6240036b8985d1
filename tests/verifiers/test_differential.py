"""
Package and browser refuse the same forgeries, whatever a forger tries.

Every certificate here is signed anew by the authority's true key, and where the edit touches what
was committed to, commit, seed and result follow from it. A seed that fails names its edits.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import compute_body
from inspect_server.domain.draw.hashes.tagged import suite
from tests.sampling import one_in
from tests.verifiers.edits import (
    line_variants,
    one_of,
    place,
    put,
    text_variants,
    told,
    value_at,
    variants,
)
from tests.verifiers.full_draw import full, voided
from tests.verifiers.redrawn import Draft, Files, redrawn, rooted, signed
from tests.verifiers.three import by_browser, by_package

Case = tuple[str, dict[str, Any]]
KINDS = ("revealed", "sm3", "void", "void before", "void on paper", "bare", "compute", "opened")
LINES = ("pool.txt", "excluded.txt", "eligibility.txt")
JSONS = ("certificate.json", "keys.json", "witness-keys.json", "openings.json")


@cache
def draft_of(kind: str) -> Draft:
    """Return an honest draw of each kind."""
    if kind == "compute":
        return _computed()
    made = full("sm3" if kind == "sm3" else "sha256", replaced=kind != "bare")
    certificate = copy.deepcopy(made.certificate)
    files = dict(made.files)
    if kind.startswith("void"):
        certificate = voided(made, revealed=kind != "void before", paper=kind == "void on paper")
    if kind == "bare":
        certificate["timestamps"] = []
    if kind == "opened":
        beside = {one["c"]: one.pop("opening") for one in certificate["selected"]}
        files["openings.json"] = told(beside)
    return Draft(files, certificate)


def _computed() -> Draft:
    h = suite("sha256")
    rows = pool.lines(("a" if n % 3 else "b", h(b"%d" % n)) for n in range(20))
    body = compute_body("sha256", pool.lines_root(h, rows), [("a", 300_000), ("b", 500_000)])
    leaves = pool.by_cell(body.cells, pool.parse(rows, pool.POOL))
    values = [b"\1" * 32, b"xyz"]
    outcome = cert.outcome_of(body, values, leaves, None)
    given = [cert.Revealed(cert.GIVEN, str(n), value, "") for n, value in enumerate(values, 1)]
    certificate = cert.build(body, given, outcome, "")
    return Draft({"pool.txt": "".join(f"{row}\n" for row in rows)}, certificate)


def in_certificate(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit any value of the certificate, and sign."""
    name, certificate = one_of(random, draft.certificate)
    return name, signed_or_bare(replace(draft, certificate=certificate))


def in_body(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit any value that was committed to, draw anew from it, and sign."""
    name, body = one_of(random, draft.body)
    return f"body {name}", _again(draft, {**draft.certificate, "commit_body": body})


def in_rules(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit what decides most: sources and rules."""
    part = random.choice(["sources", "rules", "cells"])
    if part not in draft.body:
        return in_body(random, draft)
    name, held = one_of(random, draft.body[part])
    body = {**draft.body, part: held}
    return f"body {part} {name}", _again(draft, {**draft.certificate, "commit_body": body})


def in_values(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit a random value's bytes as text, and draw anew."""
    shown = draft.certificate["entropy"]
    if not shown:
        return in_certificate(random, draft)
    at = random.randrange(len(shown))
    text = bytes.fromhex(shown[at]["bytes_hex"]).decode("latin-1")
    name, new = random.choice(variants(text))
    value = new if isinstance(new, str) else text + text[-1]
    coded = value.encode("utf-8", "surrogatepass") if at > 1 else value.encode("latin-1", "ignore")
    certificate = put(draft.certificate, ("entropy", at, "bytes_hex"), coded.hex())
    return f"value {at} {name}", _again(draft, certificate)


def in_lines(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit a file of lines, now and then committed to and drawn from as it is."""
    file = random.choice([name for name in LINES if name in draft.files])
    name, text = random.choice(line_variants(draft.files[file]))
    changed = Draft({**draft.files, file: text}, draft.certificate)
    if random.random() < 0.3:
        return f"{file} {name}", signed(changed)
    try:
        changed = redrawn(rooted(changed))
    except (ValueError, KeyError, TypeError, UnicodeEncodeError):
        return f"{file} {name} (not drawn)", signed(changed)
    return f"{file} {name}, committed", signed(changed)


def in_texts(random: Random, draft: Draft) -> tuple[str, Files]:
    """Spell a JSON file in another way."""
    files = signed(draft)
    file = random.choice([name for name in JSONS if name in files])
    name, text = random.choice(text_variants(files[file]))
    return f"{file} spelt: {name}", {**files, file: text}


def in_beside(random: Random, draft: Draft) -> tuple[str, Files]:
    """Edit keys or identities."""
    files = signed(draft)
    file = random.choice([name for name in JSONS[1:] if name in files] or JSONS[:1])
    held = json.loads(files[file])
    where = place(random, held) if random.random() < 0.9 else ()
    name, new = random.choice(variants(value_at(held, where))[1:])
    return f"{file} {'.'.join(map(str, where))}: {name}", {
        **files,
        file: told(put(held, where, new)),
    }


def left_out(random: Random, draft: Draft) -> tuple[str, Files]:
    """Leave out a file, and edit the certificate."""
    files = signed(draft)
    gone = random.choice(
        [name for name in files if name not in ("certificate.json", "pool.txt")] or ["none"]
    )
    rest = Draft(
        {name: text for name, text in draft.files.items() if name != gone}, draft.certificate
    )
    name, edited = random.choice([in_certificate, in_body])(random, rest)
    return f"without {gone}, {name}", edited


EDITS: tuple[Callable[[Random, Draft], tuple[str, Files]], ...] = (
    in_certificate,
    in_body,
    in_rules,
    in_values,
    in_lines,
    in_texts,
    in_beside,
    left_out,
)


def signed_or_bare(draft: Draft) -> Files:
    """Return the files signed, or unsigned where no signature can be made."""
    try:
        return signed(draft)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return {**draft.files, "certificate.json": told(draft.certificate)}


def _again(draft: Draft, certificate: dict[str, Any]) -> Files:
    try:
        return signed(redrawn(replace(draft, certificate=certificate)))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, IndexError):
        return signed_or_bare(replace(draft, certificate=certificate))


def together(random: Random) -> Case:
    """Edit one of two certificates that are shown side by side."""
    mine, other = (draft_of(random.choice(KINDS)) for _ in range(2))
    name, edited = random.choice([in_certificate, in_body, in_rules, in_texts])(random, other)
    text = edited.get("certificate.json", "")
    return f"beside: {name}", {**signed(mine), "others": [text]}


def cases(seed: int) -> Iterator[Case]:
    """Yield forgeries without end, the same for the same seed."""
    random = Random(seed)
    while True:
        if random.random() < 0.15:
            yield together(random)
            continue
        kind = random.choice(KINDS)
        name, files = random.choice(EDITS)(random, draft_of(kind))
        yield f"{kind}: {name}", dict(files)


def verdicts(page: Page, part: list[Case]) -> Iterator[tuple[str, bool, bool]]:
    """Yield of each case what package and browser say."""
    browser = by_browser(page, [files for _, files in part])
    for (name, files), theirs in zip(part, browser, strict=True):
        others = [{"certificate.json": text} for text in files.get("others", [])]
        ours = by_package({key: files[key] for key in files if key != "others"}, others)
        yield name, ours is not None and ours.ok, theirs["ok"]


def disagreements(page: Page, seed: int, count: int) -> list[str]:
    """Return the forgeries of a seed on which package and browser disagree."""
    found, made = [], cases(seed)
    for _ in range(0, count, 100):
        part = [next(made) for _ in range(100)]
        found += [
            f"{name}: package {ours}, browser {theirs}"
            for name, ours, theirs in verdicts(page, part)
            if ours is not theirs
        ]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forged_without_an_edit_is_right(kind: str, page: Page) -> None:
    draft = draft_of(kind)
    honest = [(kind, dict(signed(draft))), (kind, dict(signed(redrawn(draft))))]
    if kind != "compute":
        honest.append((kind, dict(signed(redrawn(rooted(draft))))))

    assert {(ours, theirs) for _, ours, theirs in verdicts(page, honest)} == {(True, True)}


@pytest.mark.parametrize("seed", one_in(2, range(4)))
def test_package_and_browser_refuse_the_same_forgeries(seed: int, page: Page) -> None:
    assert disagreements(page, seed, 200) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 108))
def test_package_and_browser_refuse_the_same_forgeries_of_many(seed: int, page: Page) -> None:
    assert disagreements(page, seed, 2_500) == []
