"""A small bureau that can hold a draw: registry, approved plan, two chains, two people at keys."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.verify import Report
from inspect_server.domain.enums import Credit, EnterpriseStatus, Risk, Role, Standardisation
from inspect_server.gateways import chains
from inspect_server.gateways.keys import LocalKeys, ReceiptKey
from inspect_server.gateways.signatures import ed25519_holds, ed25519_public
from inspect_server.store.drawing import draws
from inspect_server.store.models.registry import (
    Enterprise,
    Officer,
    OfficerLeave,
    OfficerRecusal,
)
from inspect_server.usecases.drawing.beforehand.staffing import wanted
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.drawing.ceremony.roll_dice import RolledDice, roll_and_note
from inspect_server.usecases.drawing.chains import publish_anchor
from inspect_server.usecases.drawing.commit_draw import CommittedDraw, commit_draw
from inspect_server.usecases.drawing.reveal_draw import RevealedDraw, reveal_and_note
from inspect_server.usecases.drawing.verify_draw import verify_draw
from inspect_server.usecases.make_plan import approve_plan, make_plan
from inspect_server.usecases.work import Actor, Backend, Work
from tests.conftest import BUREAU
from tests.scenes import scene

SUPERVISOR = Actor(
    "user:5d1f0000-0000-4000-8000-000000000001",
    frozenset({Role.SUPERVISOR}),
    unit=BUREAU["authority"],
)
APPROVER = Actor("user:approver", frozenset({Role.APPROVER}))
TYPISTS = tuple(Actor(f"user:{name}", frozenset({Role.OFFICE})) for name in "ab")
FROM, TO = date(2026, 3, 9), date(2026, 3, 20)
# At the tests' clock 2026051 to 2026060 are still to come by the notice that closes the market over
# 春节, and can exist when it counts for nothing: a test commits and reveals at one moment.
LOTTERY = Source(SourceKind.PUBLIC, "cwl.kl8", "2026051")
KL8 = "cwl.kl8/2026051/01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"
WITNESS = "witness.json"
RATES = """
[rate.base_ppm_by_sector]
title = "抽查率"
unit = "ppm"
[[rate.base_ppm_by_sector.rows]]
from = 2026-01-01
source = "本局 2026 年抽查率公告"
verified = true
[rate.base_ppm_by_sector.rows.value]
hazardous_chemicals = 2000000
metal_smelting = 2000000
dust_explosion = 2000000
ammonia_refrigeration = 2000000
confined_space = 2000000
none = 2000000
[plan.batches]
title = "批次"
unit = "batches"
[[plan.batches.rows]]
from = 2026-01-01
source = "本局"
verified = true
value = 12
"""


@dataclass
class World:
    """Everything a test needs to hold one draw after another."""

    backend: Backend
    plan_id: UUID
    authority: chains.ChainSecret
    witness: chains.ChainSecret

    def signer(self) -> ReceiptKey:
        return LocalKeys(self.backend.settings.data_dir / "keys").receipts()

    def keys(self) -> dict[str, bytes]:
        return {self.signer().kid: self.signer().public_bytes}

    def commit(self, by: Actor = SUPERVISOR, **options: Any) -> CommittedDraw:
        names = ("partners", "experts", "relaxations", "banned_pairs")
        asked = {name: options.pop(name) for name in names if name in options}
        teams = wanted(self.backend.settings.partner_departments, **asked)
        with self.backend.begin(by) as work:
            return commit_draw(
                work,
                options.pop("plan_id", self.plan_id),
                options.pop("visit_from", FROM),
                options.pop("visit_to", TO),
                options.pop("sources", [_next_issue(work)]),
                teams=teams,
                **options,
            )

    def chain_values(self, draw: CommittedDraw) -> tuple[str, str]:
        own, other = draw.sources[:2]
        return (
            self.authority.value(int(own.issue)).hex(),
            self.witness.value(int(other.issue)).hex(),
        )

    def reveal(self, draw: CommittedDraw, **options: Any) -> RevealedDraw:
        own, other = self.chain_values(draw)
        return reveal_and_note(
            self.backend,
            SUPERVISOR,
            draw.id,
            options.get("authority", own),
            options.get("witness", other),
            options.get("entries", [both(KL8.replace(LOTTERY.issue, draw.sources[2].issue))]),
            self.signer(),
        )

    def roll(self, draw: CommittedDraw, text: str, second: str | None = None) -> RolledDice:
        return roll_and_note(self.backend, SUPERVISOR, draw.id, both(text, second))

    def verify(self, draw_id: UUID) -> Report:
        with self.backend.reading() as session:
            return verify_draw(session, self.backend.blobs, draw_id, self.keys(), ed25519_holds)


def _next_issue(work: Work) -> Source:
    """The first lottery that no commit named: each issue serves one."""
    used = len(draws.commit_bodies(work.session))
    return replace(LOTTERY, issue=str(int(LOTTERY.issue) + used))


def visits_in(month: int) -> dict[str, date]:
    """The days of a draw for another batch: a year has twelve, and each is drawn once."""
    return {"visit_from": date(2026, month, 9), "visit_to": date(2026, month, 20)}


ROLLED = "dice.d6/1/1,2,3,4,5,6,1,2,3,4"
DICE = Source(SourceKind.DICE, "dice.d6", "1")


def both(text: str, second: str | None = None) -> DoubleEntry:
    return DoubleEntry(text, TYPISTS[0], text if second is None else second, TYPISTS[1])


def add_enterprise(work: Work, number: int, **facts: object) -> UUID:
    row = Enterprise(
        id=uuid4(),
        uscc=f"9132{number:014d}",
        name=f"企业{number}",
        division="320799",
        **{
            "sectors": ["dust_explosion"] if number % 2 else [],
            "risk": Risk.RED if number % 3 else Risk.BLUE,
            "credit": Credit.B,
            "standardisation": Standardisation.NONE,
            "is_key": number % 10 == 0,
            "status": EnterpriseStatus.OPERATING,
            "contacts": [],
            "created_at": work.now,
            "updated_at": work.now,
            **facts,
        },
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def add_officer(work: Work, number: int, **facts: Any) -> UUID:
    row = Officer(
        id=uuid4(),
        cert_no=f"JS{number:08d}",
        name=f"人员{number}",
        **{
            "unit": "执法大队",
            "cert_valid_from": date(2024, 1, 1),
            "cert_valid_to": date(2028, 1, 1),
            "specialties": ["dust_explosion"],
            "may_lead": number % 2 == 0,
            "active": True,
            "created_at": work.now,
            "updated_at": work.now,
            **facts,
        },
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def add_leave(work: Work, officer_id: UUID, first: date, last: date) -> None:
    work.session.add(
        OfficerLeave(
            id=uuid4(), officer_id=officer_id, first_day=first, last_day=last, reason="年休"
        )
    )


def add_recusal(work: Work, officer_id: UUID, uscc: str) -> None:
    work.session.add(
        OfficerRecusal(id=uuid4(), officer_id=officer_id, uscc=uscc, reason="近亲属任职")
    )


def public_key(chain: chains.ChainSecret) -> str:
    """The key that a witness publishes with the anchor; an authority has none."""
    secret = bytes.fromhex(chain.signing_key_hex)
    return ed25519_public(secret).hex() if secret else ""


def build(
    backend: Backend,
    folder: Path,
    enterprises: int = 60,
    officers: int = 8,
    rates: str = RATES,
) -> World:
    """Make the bureau; every seventh enterprise is closed. The witness's chain is in `folder`."""
    world = _bureau(backend, enterprises, officers, rates, public_key)
    shutil.move(backend.settings.data_dir / WITNESS, folder / WITNESS)
    return world


@scene
def _bureau(
    backend: Backend,
    enterprises: int,
    officers: int,
    rates: str,
    published: Callable[[chains.ChainSecret], str],
) -> World:
    with backend.begin(SUPERVISOR) as work:
        for number in range(1, enterprises + 1):
            closed = {"status": EnterpriseStatus.CLOSED} if number % 7 == 0 else {}
            add_enterprise(work, number, **closed)
        for number in range(officers):
            add_officer(work, number)
        plan = make_plan(work, 2026, rates)
    with backend.begin(APPROVER) as work:
        approve_plan(work, plan.id)
    authority = chains.create(
        chains.authority_file(backend.settings.data_dir, 2026),
        kind="authority",
        holder="本局",
        year=2026,
        length=4,
    )
    witness = chains.create(
        backend.settings.data_dir / WITNESS, kind="witness", holder="区纪委", year=2026, length=9
    )
    for chain in (authority, witness):
        with backend.begin(SUPERVISOR) as work:
            publish_anchor(
                work,
                kind=chain.kind,
                holder=chain.holder,
                year=chain.year,
                anchor_hex=chain.anchor_hex,
                length=chain.length,
                public_key_hex=published(chain),
            )
    return World(backend, plan.id, authority, witness)
