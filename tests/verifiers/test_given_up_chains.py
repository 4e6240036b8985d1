"""
A batch drawn again with a chain of the witness that its void gave up, in whatever disguise.

Two officials who voided on paper what the witness never saw would draw until they like the result.
Package and browser are asked about both certificates together, in both orders.
"""

import copy
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.replacement.void import PaperReason, Void, VoidReason
from inspect_server.gateways.keys import ReceiptKey
from tests.verifiers.forger import forged
from tests.verifiers.full_draw import KEYS, Made, full, signed, voided
from tests.verifiers.test_replacing_chains import replaced_from
from tests.verifiers.test_together import BATCH, Files, agreed, files_of

FIRST = full(batch=BATCH, replaced=False)
H = FIRST.h
CHAIN, NEW = H(b"other0"), H(b"whose")
LATER: dict[str, Any] = {"seed": 1, "issue": "2026006", "replaced": False}
PAPER = signed(FIRST, voided(FIRST, paper=True))
ON_PAPER = Void(
    VoidReason.POOL_WRONG, "ee" * 32, paper_sha256="aa" * 32, because=PaperReason.LOST
).to_json()


def again(anchor: int = 0, position: int = 5, secret: bytes = CHAIN, **batch: int) -> Files:
    """Draw the batch again from a value of a chain, named by the position of any of its values."""
    made = full(**LATER, batch={**BATCH, **batch})
    values = [bytes.fromhex(one["bytes_hex"]) for one in made.certificate["entropy"]]
    values[1] = chain.value_at(H, secret, 30, anchor + position)
    name = chain.value_at(H, secret, 30, anchor).hex()

    def edit(body: dict[str, Any]) -> None:
        body["sources"][1].update(name=name, issue=str(position))

    return forged(made, edit, values)


def resigned(files: Files, key: ReceiptKey = KEYS[0], **changed: Any) -> Files:
    """Return the files with a changed certificate, signed by one key alone."""
    told = {**json.loads(files["certificate.json"]), **changed, "signatures": []}
    keys = json.dumps({key.kid: key.public_bytes.hex()})
    return {**files, "certificate.json": cert.to_text(cert.sign(H, told, key)), "keys.json": keys}


def refused(page: Page, one: Files, other: Files) -> bool:
    """Return whether both certificates are refused together, whichever is shown first."""
    found = {agreed(page, one, other), agreed(page, other, one)}
    assert len(found) == 1
    return found == {False}


def test_an_authority_under_a_new_name_and_a_new_key_is_no_other_witness(page: Page) -> None:
    made = full(**LATER, witness=0, position=5, batch=BATCH)
    renamed = forged(made, lambda body: body.update(authority="云湾区应急局"))

    assert refused(page, resigned(renamed, KEYS[1]), PAPER)


@pytest.mark.parametrize("revealed", [True, False])
@pytest.mark.parametrize("anchor", [1, 3, 4])
def test_the_chain_under_another_anchor_is_the_same_chain(
    revealed: bool, anchor: int, page: Page
) -> None:
    paper = signed(FIRST, voided(FIRST, revealed, paper=True))

    assert refused(page, again(anchor, 5 - anchor), paper)
    assert not refused(page, again(anchor, 5 - anchor), signed(FIRST, voided(FIRST, revealed)))


def test_the_chain_of_a_replacement_is_given_up_as_well(page: Page) -> None:
    replaced = resigned(replaced_from(NEW, 30, 0, 1), void=ON_PAPER)

    for anchor, position in ((0, 2), (1, 2), (2, 1)):
        assert refused(page, again(anchor, position, NEW), replaced)
    assert not refused(page, again(0, 2, NEW, number=2), replaced)
    assert not refused(page, again(0, 2, H(b"another")), replaced)


def test_a_draw_that_only_replaces_from_the_given_up_chain_goes_on_with_it(page: Page) -> None:
    second = resigned(replaced_from(NEW, 30, 0, 2))

    assert refused(page, second, resigned(again(0, 1, NEW), void=ON_PAPER))
    assert not refused(page, second, resigned(again(0, 1, H(b"another")), void=ON_PAPER))


@pytest.mark.parametrize("issues", [("3", "5"), ("5", "3")])
def test_of_two_values_of_one_chain_the_first_counts(issues: tuple[str, str], page: Page) -> None:
    data = copy.deepcopy(dict(FIRST.body.data))
    own, witness, *rest = data["sources"]
    data["sources"] = [own, *({**witness, "issue": issue} for issue in issues), *rest]
    twice = Made(H, CommitBody(data), FIRST.files, FIRST.certificate)
    paper = signed(twice, voided(twice, revealed=False, paper=True))

    assert refused(page, again(0, 4), paper)


def test_what_was_drawn_before_the_void_went_on_with_nothing(page: Page) -> None:
    """A first draw was void with the witness's signature; the second one on paper."""
    before = full(**LATER, witness=0, position=1, batch=BATCH)

    assert not refused(page, files_of(before), PAPER)
    assert not refused(page, again(1, 1), PAPER)


def test_a_position_that_is_none_is_no_way_round(page: Page) -> None:
    row = {"source": "x", "issue": "0", "bytes_hex": "", "proof": ""}

    assert not agreed(page, again(0, 2, NEW), resigned(PAPER, replacements=[row]))
