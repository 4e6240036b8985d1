"""What a closed record leaves to do besides rectifying: 线索移送, 挂牌督办, saying where it is."""

from dataclasses import dataclass

from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.inspection import ClosedRecord


@dataclass(frozen=True)
class Referral:
    """A problem that others enforce, to be referred to them (线索移送)."""

    problem: int  # its number in the 现场检查记录
    refer_to: str  # market_supervision | fire | public_security | …, of the checklists
    text: str
    place: str
    basis: str


def to_refer(closed: ClosedRecord) -> tuple[Referral, ...]:
    """Return what is to be referred, in the order of the record."""
    return tuple(
        Referral(number, finding.refer_to, finding.text, finding.place, finding.basis)
        for number, finding in enumerate(closed.findings, start=1)
        if finding.is_referred
    )


def to_supervise(closed: ClosedRecord) -> tuple[int, ...]:
    """Return by number in the record the 重大事故隐患 that await 挂牌督办."""
    return tuple(
        number for number, finding in enumerate(closed.findings, start=1) if finding.is_supervised
    )


def unlocated(closed: ClosedRecord) -> tuple[int, ...]:
    """
    Return by number in the record the bureau's own 重大事故隐患 of which no photo has coordinates.

    They keep no record open: workshops have no reception, and what is said of the place stands.
    """
    return tuple(
        number
        for number, finding in enumerate(closed.findings, start=1)
        if finding.level == FindingLevel.MAJOR
        and not finding.is_referred
        and not any(photo.latitude for photo in finding.photos)
    )
