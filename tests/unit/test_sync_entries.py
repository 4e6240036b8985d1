"""Names, clocks, signatures, requests and messages, each against what would break it."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sync import entries, httpsig, protocol, values
from sync.cursor import Cursor, read_cursor
from sync.errors import (
    BadEntry,
    BadEnvelope,
    BadReceipt,
    CursorGone,
    DigestMismatch,
    NotSigned,
)
from sync.ids import Hlc, is_item, uuid7
from tests.conformance_journal import FORM, Hand, answer

TASK = "0198aaaa-0000-4000-8000-000000000001"
USER = "0198cccc-0000-4000-8000-000000000001"
LONGEST = "f" * 64


UUID_V7, UUID_V4 = "019cac13-76bb-7bec-9448-4163d9b66a3c", "897b0662-4fac-4600-93c1-d32f1b354bff"


def test_uuid7_carries_the_moment_and_is_never_the_same() -> None:
    made = [uuid7(1_772_413_200_123) for _ in range(50)]
    parsed = [uuid.UUID(text) for text in made]

    assert {one.version for one in parsed} == {7}
    assert {one.variant for one in parsed} == {uuid.RFC_4122}
    assert {one.int >> 80 for one in parsed} == {1_772_413_200_123}
    assert len(set(made)) == 50


@given(st.lists(st.integers(0, 2**41), min_size=1, max_size=20))
def test_the_hlc_never_goes_back_whatever_the_wall_clock_does(walls: list[int]) -> None:
    clock, shown = Hlc(0, 0, "ab" * 4), []
    for wall in walls:
        clock = clock.next(wall, "ab" * 32)
        shown.append(str(clock))

    assert shown == sorted(set(shown))
    assert Hlc.parse(shown[-1]) == clock
    assert Hlc(5, 0xFFFF, "a" * 8).next(1, "a" * 64) == Hlc(6, 0, "a" * 8)


@pytest.mark.parametrize(
    "text",
    [
        "answer/dust_explosion/D01",
        f"photo/{UUID_V7}",
        f"visit/complete/{LONGEST}",
        f"entry/{LONGEST}",
        f"answer/{'f' * 48}/{'c' * 48}",
    ],
)
def test_items_of_the_protocol_are_taken(text: str) -> None:
    assert is_item(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "answer/dust",
        "answer/Dust/D01",
        f"answer/{'f' * 49}/c",
        f"photo/{UUID_V4}",
        "finding/1",
        f"visit/start/{LONGEST}x",
        "answer/dust/D01\n",
        "other/x/y",
    ],
)
def test_other_names_are_no_items(text: str) -> None:
    assert not is_item(text)


def test_a_signature_holds_only_for_its_key_and_bytes() -> None:
    key, other = entries.new_key(), entries.new_key()
    signature = entries.sign(key, b"x")
    public = entries.raw_public_key(key)

    assert entries.verify(public, b"x", signature)
    assert not entries.verify(public, b"y", signature)
    assert not entries.verify(entries.raw_public_key(other), b"x", signature)
    assert not entries.verify(public, b"x", signature[:-1])
    assert not entries.verify(public, b"x", bytes(64))
    assert not entries.verify(b"\x04" + bytes(64), b"x", signature)
    assert not entries.verify(b"", b"x", signature)


def test_an_entry_above_its_limit_is_refused() -> None:
    hand = Hand(USER)
    ops = [answer(f"D{n:03}", note="x" * 4000) for n in range(70)]
    with pytest.raises(BadEntry, match="字节"):
        entries.build(hand.entry(TASK, *ops))

    assert entries.parse(entries.build(hand.entry(TASK, *ops[:60]))).form == FORM


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"\xff", b'{"v":1}', b"[" * 100_000, b'{"seq":"1"}']
)
def test_bytes_that_are_no_entry_give_the_one_error(content: bytes) -> None:
    with pytest.raises(BadEntry):
        entries.parse(content)
    with pytest.raises(BadEntry):
        entries.envelope(content)


@pytest.mark.parametrize("unread", [b"1e400", b'"\xff"'])
def test_of_a_choice_written_twice_only_the_last_is_looked_at(unread: bytes) -> None:
    chosen = {"result": "pass", "reason": "", "note": ""}
    settled = {"chosen": chosen, "reason": "现场复核"}
    op = entries.make_op("conflict.resolve", "answer/dust/D01", settled, [f"{LONGEST}#0"])
    once = entries.build(Hand(USER).entry(TASK, op))
    twice = once.replace(b'"chosen":', b'"chosen":' + unread + b',"chosen":', 1)

    entry, read = entries.read(twice, LONGEST)

    assert read == entries.operations(entry, LONGEST) == entries.read(once, LONGEST)[1]
    assert read[0].value == values.canonical(settled)


@pytest.mark.parametrize("told", ["2026-03-02 09:00:00+08:00", "20260302T090000Z", "2026-W10-1"])
def test_a_moment_in_another_spelling_is_none(told: str) -> None:
    entry = structs.replace(Hand(USER).entry(TASK, answer("D01")), last_server_time=told)

    with pytest.raises(BadEntry, match="last_server_time"):
        entries.build(entry)


SIGNATURE: dict[str, Any] = {
    "signer": "lead",
    "name": "甲",
    "officer_id": "",
    "view": "0" * 64,
    "strokes": [[[0, 0]]],
    "refused": False,
    "refusal_reason": "",
}


@pytest.mark.parametrize(
    ("type", "changes"),
    [
        ("signature.add", {"strokes": []}),
        ("signature.add", {"strokes": [[[0, 1001]]]}),
        ("signature.add", {"strokes": [[[0]]]}),
        ("signature.add", {"strokes": [[[0, 0.5]]]}),
        ("signature.add", {"refused": True}),
        ("signature.add", {"view": "x"}),
    ],
)
def test_a_signature_without_strokes_or_reason_is_refused(
    type: str, changes: dict[str, Any]
) -> None:
    op = entries.make_op(type, f"signature/{uuid7(1)}", {**SIGNATURE, **changes})
    with pytest.raises(BadEntry):
        entries.build(Hand(USER).entry(TASK, op))

    right = entries.make_op(type, f"signature/{uuid7(1)}", SIGNATURE)
    assert entries.build(Hand(USER).entry(TASK, right))


def test_a_finding_with_a_day_that_does_not_exist_is_refused() -> None:
    value = {
        "answer_item": "",
        "level": "general",
        "text": "x",
        "place": "",
        "basis": "",
        "penalty_basis": "",
        "measure": "rectify_within",
        "deadline": "2026-02-30",
        "corrected_on_site": False,
    }
    item = f"finding/{uuid7(1)}"
    with pytest.raises(BadEntry, match="整改期限"):
        entries.build(Hand(USER).entry(TASK, entries.make_op("finding.add", item, value)))

    right = entries.make_op("finding.add", item, {**value, "deadline": "2026-02-28"})
    assert entries.build(Hand(USER).entry(TASK, right))


def test_a_team_has_one_lead() -> None:
    team = [{"user": USER, "role": "lead"}, {"user": TASK, "role": "lead"}]
    op = entries.make_op("task.assign", f"task/{TASK}", {"form": FORM, "team": team})

    with pytest.raises(BadEntry, match="主办"):
        entries.build(Hand(USER).entry(TASK, op))


def test_canonical_values_sort_keys_and_keep_texts() -> None:
    value = {"b": "\u2028é\x01\x7f", "a": [1, True, None]}

    assert values.canonical(value) == '{"a":[1,true,null],"b":"\u2028é\\u0001\x7f"}'.encode()


def _headers(body: bytes | None = b"{}", **changes: str) -> dict[str, str]:
    key = entries.new_key()
    target = httpsig.Target("POST", "/sync/v1/push", "a=1")
    made = httpsig.signed_headers(
        target,
        body,
        entries.replica_id(entries.raw_public_key(key)),
        1,
        lambda b: entries.sign(key, b),
    )
    made["public"] = entries.raw_public_key(key).hex()
    return {**made, **changes}


def _verified(headers: dict[str, str], target: httpsig.Target, has_body: bool = True) -> str:
    public = bytes.fromhex(headers["public"])
    return httpsig.verify_request(
        target, headers, has_body, lambda base, sig: entries.verify(public, base, sig)
    )


def test_a_signed_request_holds_only_for_its_method_path_query_and_digest() -> None:
    target = httpsig.Target("POST", "/sync/v1/push", "a=1")
    headers = _headers()
    others = [
        httpsig.Target("GET", "/sync/v1/push", "a=1"),
        httpsig.Target("POST", "/sync/v1/pull", "a=1"),
        httpsig.Target("POST", "/sync/v1/push", "a=2"),
    ]

    assert _verified(headers, target) == httpsig.signer(headers)
    for other in others:
        with pytest.raises(NotSigned):
            _verified(headers, other)
    with pytest.raises(NotSigned):
        _verified({**headers, "Content-Digest": httpsig.content_digest(b"[]")}, target)
    with pytest.raises(NotSigned):
        _verified(_headers(None), target)
    with pytest.raises(NotSigned):
        _verified({"public": headers["public"]}, target)
    with pytest.raises(NotSigned):
        httpsig.signer({})


@pytest.mark.parametrize("header", ["", "sha-256=:x:", "sha-512=:AAAA:"])
def test_a_digest_of_another_kind_is_no_envelope_and_of_another_body_does_not_match(
    header: str,
) -> None:
    with pytest.raises(BadEnvelope, match="Content-Digest"):
        httpsig.check_digest(header, bytes(32))
    with pytest.raises(DigestMismatch):
        httpsig.check_digest(httpsig.content_digest(b"a"), bytes(32))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cursor":"","limit":0}', b"\xff\xfe"])
def test_what_is_no_message_is_a_bad_envelope(content: bytes) -> None:
    with pytest.raises(BadEnvelope):
        protocol.decode(protocol.PullRequest, content)


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "a:b:c", "a:1", "a:-1:", "a:" + "9" * 30 + ":"),
        *("a:1:2:law:3", "a:1:2:law:x:law/y", "a:1:x:law:3:law/y", "a:1:2:l\0w:3:law/y"),
    ],
)
def test_what_is_no_cursor_is_gone(cursor: str) -> None:
    with pytest.raises(CursorGone):
        read_cursor(cursor)


@pytest.mark.parametrize("cursor", [Cursor("e", 7), Cursor("e", 7, 9, "law", 8, "law/a:b")])
def test_a_cursor_comes_back_as_it_was_given(cursor: Cursor) -> None:
    assert read_cursor(cursor.text()) == cursor
    assert read_cursor("") == Cursor()


def test_a_receipt_of_an_unknown_key_or_changed_bytes_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    receipt = protocol.Receipt(1, "e", "r", 1, "h", 1, "b", {}, 1, "l", "t", "k1")
    reply = protocol.sign_receipt(key, receipt)
    changed = protocol.ReceiptReply(reply.receipt_b64.replace(b'"h"', b'"x"'), reply.sig_b64, "k1")

    assert protocol.verify_receipt(reply, {"k1": public}) == receipt
    for bad, keys in (
        (reply, {"k2": public}),
        (reply, {"k1": bytes(32)}),
        (changed, {"k1": public}),
    ):
        with pytest.raises(BadReceipt):
            protocol.verify_receipt(bad, keys)
