"""
The people and moments that the documents of one inspection share, and who issues them.

Like `facts`, `order` and `previewing` it knows no database: phones set previews with this very code
(docs/decisions/0064).
"""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Protocol

from inspect_server.domain.inspection import ClosedRecord, Participant, Signature
from pdf_templates.check.enterprise import Enterprise
from pdf_templates.parts.people import Officer
from pdf_templates.parts.signing import Signature as Signed

SIGNERS = {"lead": "officer", "member": "officer", "participant": "witness"}
ON_THE_SPOT = frozenset({"in_charge", "responsible"})
"""Who of the enterprise may be its 法定代表人 in person."""


class Names(Protocol):
    """What a bureau says of itself in documents, and the zone in which they speak."""

    @property
    def zone(self) -> tzinfo:
        """The bureau's time."""

    @property
    def authority(self) -> str:
        """本机关全称."""

    @property
    def authority_short(self) -> str:
        """文号中的地区简称."""

    @property
    def government(self) -> str:
        """行政复议机关."""

    @property
    def court(self) -> str:
        """行政诉讼管辖法院."""


class Issuer(Protocol):
    """Who makes documents, and when: a unit of work on the server, a phone with the print pack."""

    @property
    def now(self) -> datetime:
        """The moment of making."""

    @property
    def settings(self) -> Names:
        """The bureau."""


def enterprise(closed: ClosedRecord) -> Enterprise:
    """Return the inspected unit."""
    known = closed.enterprise
    return Enterprise(
        name=known.get("name", ""),
        uscc=known.get("uscc", ""),
        address=known.get("address", ""),
        legal_person=known.get("legal_person", ""),
        position=known.get("position", "") or _position_on_site(closed),
        phone=known.get("phone", ""),
    )


def _position_on_site(closed: ClosedRecord) -> str:
    """Return what the 法定代表人 is there, where the registry is silent and they were met."""
    name = closed.enterprise.get("legal_person", "")
    met = (p for p in closed.participants if p.kind in ON_THE_SPOT and name and p.name == name)
    return next((person.position for person in met if person.position), "")


def first_day(work: Issuer, closed: ClosedRecord) -> date:
    """Return the local day on which the visit began: law and forms are those of that day."""
    return datetime.fromisoformat(closed.started_at).astimezone(work.settings.zone).date()


def officers(closed: ClosedRecord) -> tuple[Officer, ...]:
    """Return the team, the lead first."""
    team = sorted(closed.team, key=lambda member: member.role != "lead")
    return tuple(Officer(member.name, member.cert_no, member.unit) for member in team)


def last_signatures(closed: ClosedRecord, document: str) -> tuple[Signature, ...]:
    """
    Return the signature of each signer to one document that counts, without those of participants.

    It is the last that holds, or the last; an officer who left the team is not named in the
    document and signs none.
    """
    team = {member.officer_id for member in closed.team}
    last: dict[tuple[str, str], Signature] = {}
    for given in _as_they_count(closed.signatures):
        is_own = given.document == document and not given.participant
        if is_own and given.officer_id in {"", *team}:
            last[given.signer, given.officer_id or given.name] = given
    return tuple(last.values())


def signature_of(closed: ClosedRecord, person: Participant) -> Signature | None:
    """Return what somebody who took part signed, or refused to, for themselves, if it counts."""
    given = [one for one in closed.signatures if person.id and one.participant == person.id]
    return _as_they_count(given)[-1] if given else None


def _as_they_count(given: Sequence[Signature]) -> list[Signature]:
    """
    Return signatures with those last that hold, each part as it was given.

    A clock that was ahead dates a signature behind those given later; none of them, however, holds
    that was made before the last change.
    """
    return sorted(given, key=lambda one: not one.stale)


def signed(
    work: Issuer, closed: ClosedRecord, given: Signature, *, stale: bool, unseen: tuple[str, ...]
) -> Signed:
    """
    Return a signature as documents show it, with 证号 or position.

    An officer stands under the registry's name, whatever was typed on the phone, and a participant
    as noted.
    """
    officers = {member.officer_id: member for member in closed.team}
    officer = officers.get(given.officer_id)
    own = [person for person in closed.participants if given.participant == person.id != ""]
    known = {person.name: person for person in (*closed.participants, *own)}
    name = officer.name if officer else own[0].name if own else given.name
    person = None if given.officer_id else known.get(name)
    return Signed(
        signer=SIGNERS.get(given.signer, given.signer),
        name=name,
        cert_no=officer.cert_no if officer else "",
        position="　".join(filter(None, (person.unit, person.position))) if person else "",
        signed_at=local(work, given.signed_at),
        strokes=given.strokes,
        refused=given.refused,
        refusal_reason=given.refusal_reason,
        stale=stale,
        unseen=unseen,
        phone_of=_phone_of(closed, given),
    )


def _phone_of(closed: ClosedRecord, given: Signature) -> str:
    """Return who enrolled the phone on which an officer signed, where it was another officer."""
    if not given.phone_of:
        return ""
    names = {member.officer_id: member.name for member in closed.team}
    return names.get(given.phone_of, "其他执法人员")


def local(work: Issuer, moment: str) -> str:
    """Return a moment in the bureau's time, to the second."""
    value = datetime.fromisoformat(moment)
    known = value if value.tzinfo else value.replace(tzinfo=work.settings.zone)
    return known.astimezone(work.settings.zone).isoformat(timespec="seconds")
