"""A replacement follows from its request and one witness value; every lie about it shows."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility as lines_of
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.eligibility import Eligibility, OfficerLine, TeamRules
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import NobodyLeft, ReplacementNotAllowed
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.replacement.choosing import (
    Replacement,
    after,
    check_request,
    replacement,
)
from inspect_server.domain.draw.replacement.requests import AWAY, Reason, Request
from inspect_server.domain.draw.replacement.standing import (
    Ground,
    Standing,
    as_drawn,
    ground_of,
    witness_of,
)
from inspect_server.domain.draw.replacement.void import (
    Void,
    VoidReason,
    never_revealed,
    void_message,
)
from inspect_server.domain.draw.selection import select
from inspect_server.domain.draw.staffing import staff
from inspect_server.domain.draw.teams import Stage
from inspect_server.domain.draw.verify import Verdict, verify
from inspect_server.gateways.signatures import ed25519_public, ed25519_signed
from tests.unit.draw_example import KEY, Example, example, mutations

H = suite("sha256")
SECRET, LENGTH = H(b"the witness"), 40
ANCHOR = chain.anchor(H, SECRET, LENGTH).hex()
LEAF = "ef" * 32
WITNESS_KEY = b"w" * 32


@dataclass
class World:
    """One random draw, with everything in lists that a test may shuffle."""

    leaves: dict[str, list[bytes]]
    officers: list[OfficerLine]
    recusals: list[tuple[str, str]]
    banned: list[tuple[str, str]]
    rules: tuple[TeamRules, ...]
    seed: bytes

    def ground(self) -> Ground:
        banned = frozenset(self.banned) | {(b, a) for a, b in self.banned}
        eligibility = Eligibility(tuple(self.officers), frozenset(self.recusals), banned)
        return Ground(H, self.seed, self.leaves, self.rules, eligibility)

    def drawn(self) -> Standing | None:
        cells = [(cell, 400_000) for cell in sorted(self.leaves)]
        chosen = select(H, self.seed, cells, self.leaves)
        tasks = [(one.cell, one.commitment) for one in chosen.selected]
        places = []
        for rules in self.rules:
            found = staff(H, self.seed, rules, tasks, self.ground().eligibility)
            if found is None:
                return None
            places += found
        return as_drawn(chosen, places, self.rules, None)


@st.composite
def worlds(draw: Callable[..., Any]) -> World:
    rng = draw(st.randoms(use_true_random=False))
    salt = rng.randbytes(8)
    cells = [f"county.{sector}.red.B.never" for sector in ("dust", "none")]
    leaves = {cell: [H(salt + cell.encode() + bytes([n])) for n in range(12)] for cell in cells}
    names = [H(salt + b"o" + bytes([n])).hex() for n in range(14)]
    officers = [  # of each department seven, told apart by their roles
        OfficerLine(
            name, (f"lead{n % 2}", f"member{n % 2}"), ("dust",) if n % 3 else (), rng.randint(0, 2)
        )
        for n, name in enumerate(names)
    ]
    everyone = [c.hex() for found in leaves.values() for c in found]
    rules = tuple(
        TeamRules(
            dept,
            (Stage("lead/0", f"lead{n}"), Stage("member/0", f"member{n}")),
            (f"lead{n}",),
            (f"specialty/lead{n}", "pair"),
        )
        for n, dept in enumerate(("应急", "消防")[: rng.randint(1, 2)])
    )
    return World(
        leaves,
        officers,
        [(rng.choice(names), rng.choice(everyone)) for _ in range(4)],
        [tuple(sorted(rng.sample(names, 2))) for _ in range(3)],
        rules,
        rng.randbytes(32),
    )


def ask(standing: Standing, rng: random.Random) -> Request:
    task = rng.choice(sorted(standing.teams))
    reason = rng.choice(list(Reason))
    k = standing.done + 1
    if reason.kind == "enterprise":
        return Request(k, reason, task, "", "", task, LEAF)
    (dept, role), out = rng.choice(sorted(standing.teams[task].places.items()))
    return Request(k, reason, task, dept, role, out, LEAF)


def answer(ground: Ground, standing: Standing, request: Request) -> Replacement:
    source = Source(SourceKind.WITNESS, ANCHOR, str(request.k))
    value = chain.value_at(H, SECRET, LENGTH, request.k)
    return replacement(ground, standing, request, source, value)


@given(worlds(), st.randoms(use_true_random=False))
def test_who_comes_in_was_not_in_and_may_go(world: World, rng: random.Random) -> None:
    ground, standing = world.ground(), world.drawn()
    if standing is None or not standing.teams:
        return
    out: set[str] = set()
    recused: set[tuple[str, str]] = set()
    seen = set(standing.teams)
    lines = {line.officer: line for line in world.officers}
    for _ in range(5):
        request = ask(standing, rng)
        before = standing.teams[request.task]
        try:
            made = answer(ground, standing, request)
        except NobodyLeft:
            continue
        standing = after(standing, made)
        task = made.came_in if request.reason.kind == "enterprise" else request.task
        if request.reason.kind == "enterprise":
            assert made.came_in not in seen
            assert bytes.fromhex(made.came_in) in world.leaves[before.cell]
            seen.add(made.came_in)
        elif request.reason in AWAY:
            out.add(request.out)
        else:
            recused.add((request.out, request.task))
        team = standing.teams[task]
        joined = set(team.places.values()) - set(before.places.values())
        assert not joined & out
        assert len(set(team.places.values())) == len(team.places) == 2 * len(world.rules)
        for (dept, label), officer in team.places.items():
            assert (officer, task) not in recused | set(world.recusals)
            relaxed = team.relaxed[dept]
            if label == "lead/0" and not relaxed and "dust" in team.cell:
                assert "dust" in lines[officer].tags
            if "pair" not in relaxed:
                pairs = {(officer, other) for other in team.of(dept)}
                assert not pairs & ground.eligibility.banned


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(world: World, rng: random.Random) -> None:
    standing = world.drawn()
    if standing is None or not standing.teams:
        return
    request = ask(standing, rng)

    def outcome() -> Any:
        try:
            return answer(world.ground(), standing, request).to_json()
        except NobodyLeft:
            return None

    first = outcome()
    for part in (*world.leaves.values(), world.officers, world.recusals, world.banned):
        rng.shuffle(part)  # type: ignore[arg-type]
    assert outcome() == first


def test_another_request_or_value_leads_to_another_seed() -> None:
    ground, standing = standing_example(example())
    task = next(iter(standing.teams))
    seeds = set()
    for leaf, position in ((LEAF, 4), ("00" * 32, 4), (LEAF, 5)):
        request = Request(1, Reason.CLOSED, task, "", "", task, leaf)
        source, value = witness(position)
        seeds.add(replacement(ground, standing, request, source, value).seed)

    assert len(seeds) == 3


def test_a_position_named_before_serves_no_replacement() -> None:
    ground, standing = standing_example(example())
    task = next(iter(standing.teams))
    request = Request(1, Reason.CLOSED, task, "", "", task, LEAF)

    with pytest.raises(ReplacementNotAllowed, match="已用过"):
        replacement(ground, standing, request, *witness(3))
    source, _ = witness(4)
    with pytest.raises(ReplacementNotAllowed, match="锚值"):
        replacement(ground, standing, request, source, witness(5)[1])
    with pytest.raises(ReplacementNotAllowed, match="第 1 次"):
        check_request(ground, standing, Request(2, Reason.CLOSED, task, "", "", task, LEAF))


def test_a_cell_that_is_used_up_has_nobody_to_come_in() -> None:
    ground, standing = standing_example(example())
    for position in range(4, 10):
        task = sorted(standing.teams)[0]
        request = Request(standing.done + 1, Reason.CLOSED, task, "", "", task, LEAF)
        cell = standing.teams[task].cell
        left = {c.hex() for c in ground.leaves[cell]} - set(standing.teams) - standing.closed
        made = replacement(ground, standing, request, *witness(position))
        assert made.came_in in left
        standing = after(standing, made)
    small = Ground(H, ground.seed, {cell: [] for cell in ground.leaves}, ground.rules, NOBODY_OF)
    task = sorted(standing.teams)[0]

    with pytest.raises(NobodyLeft, match=r"登记无法检查的结果.*不必作废"):
        check_request(
            small, standing, Request(standing.done + 1, Reason.MOVED, task, "", "", task, LEAF)
        )


NOBODY_OF = Eligibility((), frozenset(), frozenset())


def witness(position: int) -> tuple[Source, bytes]:
    """The value of the example's witness at a position."""
    other = H(b"other")
    anchor = chain.anchor(H, other, 9).hex()
    return (
        Source(SourceKind.WITNESS, anchor, str(position)),
        chain.value_at(H, other, 9, position),
    )


def standing_example(made: Example) -> tuple[Ground, Standing]:
    """What the example's draw left standing."""
    body = checked_body(made.certificate["commit_body"])
    leaves = pool.by_cell(body.cells, pool.parse(made.pool, pool.POOL))
    officers = lines_of.parse(made.eligibility)
    entropy = [bytes.fromhex(part["bytes_hex"]) for part in made.certificate["entropy"]]
    outcome = cert.outcome_of(body, entropy, leaves, officers)
    ground = ground_of(body, outcome.seed, leaves, officers)
    return ground, as_drawn(outcome.selection, outcome.places or (), ground.rules, witness_of(body))


def replaced_example() -> Example:
    """The example after two officers of one team, and then its enterprise, were replaced."""
    made = example()
    ground, standing = standing_example(made)
    rows = []
    task = sorted(standing.teams)[0]
    for k, reason in enumerate((Reason.ILLNESS, Reason.RECUSAL, Reason.CLOSED), start=1):
        leaf = H(bytes([k])).hex()
        if reason is Reason.CLOSED:
            request = Request(k, reason, task, "", "", task, leaf)
        else:
            role = ("lead/0", "member/0")[k - 1]
            out = standing.teams[task].places["应急", role]
            request = Request(k, reason, task, "应急", role, out, leaf)
        one = replacement(ground, standing, request, *witness(3 + k))
        standing = after(standing, one)
        rows.append(one.to_json())
    return Example(
        resigned(cert.reissued(made.certificate, "ce" * 32, replacements=rows)),
        made.pool,
        made.excluded,
        made.eligibility,
        made.openings,
    )


def resigned(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate as an authority that lies would sign it."""
    try:
        return cert.from_text(cert.to_text(cert.sign(H, {**certificate, "signatures": []}, KEY)))
    except (ValueError, TypeError):  # has no canonical form, so nobody can sign it
        return certificate


REPLACED = replaced_example()


def test_a_certificate_with_replacements_is_right_in_every_part() -> None:
    report = verify(REPLACED.evidence())
    rows = REPLACED.certificate["replacements"]

    assert report.ok, report.wrong
    assert report.level == 2
    assert {check.what: check.verdict for check in report.checks}["替补"] is Verdict.RIGHT
    assert [row["kind"] for row in rows] == ["officer", "officer", "enterprise"]
    assert set(rows[0]) == {
        "k", "kind", "reason", "task", "dept", "role", "out", "in", "request_leaf", "source",
        "issue", "bytes_hex", "proof", "seed", "ticket", "relaxed", "team",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "changed"),
    list(mutations(REPLACED.certificate["replacements"])),
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_every_changed_field_of_a_replacement_is_found_even_when_signed_anew(
    path: tuple[Any, ...], changed: Any
) -> None:
    lie = resigned({**REPLACED.certificate, "replacements": changed})
    only_fewer = repr(changed) == repr(REPLACED.certificate["replacements"][: len(changed)])

    # A shorter list is an earlier certificate; only the record tells that it is not the newest.
    assert verify(REPLACED.evidence(lie)).ok is only_fewer
    assert not only_fewer or path in {(2, "gone"), ("emptied",)}


def test_without_officers_replacements_are_unchecked_not_right() -> None:
    report = verify(REPLACED.evidence(eligibility=None))

    assert {check.what: check.verdict for check in report.checks}["替补"] is Verdict.UNCHECKED


def void_of(reason: VoidReason) -> dict[str, Any]:
    """A void that the witness signed."""
    body = REPLACED.certificate
    message = void_message(
        H, draw_no=body["draw_no"], commit=body["commit"], reason=reason, request_leaf=LEAF
    )
    signature = ed25519_signed(WITNESS_KEY, message).hex()
    return Void(reason, LEAF, cert.key_id(ed25519_public(WITNESS_KEY)), signature).to_json()


KEYS = {cert.key_id(ed25519_public(WITNESS_KEY)): ed25519_public(WITNESS_KEY)}


def voided(before_reveal: bool, void: Any) -> dict[str, Any]:
    body = checked_body(REPLACED.certificate["commit_body"])
    if before_reveal:
        return resigned({**never_revealed(body, {}, "cf" * 32), cert.VOID: void})
    return resigned(cert.reissued(REPLACED.certificate, "cf" * 32, void=void))


@pytest.mark.parametrize("before_reveal", [False, True])
def test_a_void_draw_is_still_checked_and_has_no_level(before_reveal: bool) -> None:
    made = voided(before_reveal, void_of(VoidReason.POOL_WRONG))
    report = verify(REPLACED.evidence(made, witness_keys=KEYS, openings={}))

    assert report.ok, report.wrong
    assert report.level is None
    assert {check.what: check.verdict for check in report.checks}["作废"] is Verdict.RIGHT


@pytest.mark.parametrize("before_reveal", [False, True])
@pytest.mark.parametrize(
    "changed",
    [changed for _, changed in mutations(void_of(VoidReason.POOL_WRONG))],
)
def test_every_changed_field_of_a_void_is_found_even_when_signed_anew(
    before_reveal: bool, changed: Any
) -> None:
    made = voided(before_reveal, changed)

    assert not verify(REPLACED.evidence(made, witness_keys=KEYS, openings={})).ok


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "00" * 32},
        {"r": 1},
        {"r": False},
        {"counts": [1]},
        {"selected": REPLACED.certificate["selected"][:1]},
        {"teams": REPLACED.certificate["teams"][:1]},
        {"replacements": REPLACED.certificate["replacements"][:1]},
    ],
)
def test_a_draw_void_before_its_reveal_has_no_result(change: dict[str, Any]) -> None:
    made = voided(True, void_of(VoidReason.WITNESS_LOST))

    assert not verify(
        REPLACED.evidence(resigned({**made, **change}), witness_keys=KEYS, openings={})
    ).ok


def test_a_missing_value_is_no_reason_once_the_result_is_out() -> None:
    void = void_of(VoidReason.ENTROPY_UNAVAILABLE)
    early = verify(REPLACED.evidence(voided(True, void), witness_keys=KEYS, openings={}))
    late = verify(REPLACED.evidence(voided(False, void), witness_keys=KEYS, openings={}))

    assert early.ok
    assert not late.ok


def test_a_consent_on_paper_is_unchecked_without_the_paper() -> None:
    void = Void(VoidReason.POOL_WRONG, LEAF, paper_sha256="ab" * 32).to_json()
    report = verify(REPLACED.evidence(voided(False, void)))

    assert report.ok, report.wrong
    assert {check.what: check.verdict for check in report.checks}["作废"] is Verdict.UNCHECKED
