"""The finding that a failed item suggests: wording, level, basis, and whose matter it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from forms.citing import by_law, join_citations
from forms.model import Basis, Competence, Form, Item, Major, Penalty

Citation = TypeVar("Citation", Basis, Penalty)

REFER = "refer"
"""The measure about what others enforce: 线索移送."""


@dataclass(frozen=True)
class Suggestion:
    """
    The finding that a failed item suggests; the officer decides.

    `to_confirm` are conditions that no answer decides: a major level stands only if they hold, and
    a general one becomes major if they do. `device_basis` is cited as well where the device is
    there but failed or void. `to_verify` are the citations in these and in `penalty_basis` that
    nobody has compared with the text yet: check them before issuing. What others enforce has
    `refer_to`: it is referred to them (线索移送) and neither rectified nor penalised here.
    """

    code: str
    wording: str
    level: str  # general | major
    refer_to: str  # a `Competence` other than the bureau's own, or ""
    to_confirm: tuple[str, ...]
    basis: str
    device_basis: str
    penalty_basis: str
    to_verify: tuple[str, ...]
    measure: str  # rectify_now | rectify_within | refer; "" for a major one, which must be chosen
    deadline: int | str  # natural days, or the id of a dated law value; 0 where none is set here
    correctable_on_site: bool

    @property
    def is_supervised(self) -> bool:
        """Whether on-site measures and 挂牌督办 follow, as of a 重大事故隐患 of the bureau."""
        return self.level == "major" and not self.refer_to


def suggest(form: Form, item: Item, failed: frozenset[str], on: date) -> Suggestion:
    """
    Return the finding that a failure of `item` suggests.

    Args:
        form: The checklist that the item stands in.
        item: An item that failed.
        failed: The codes of all items of this checklist that failed.
        on: The day of the visit.
    """
    is_major = item.major is Major.YES and failed.issuperset(item.major_needs)
    bases = _citable([basis for basis in item.basis if basis.law.in_force(on)])
    penalties = _citable([penalty for penalty in item.penalties if penalty.law.in_force(on)])
    clauses = _device_clauses(form, item, on)
    is_own = item.competence is Competence.OWN
    return Suggestion(
        code=item.code,
        wording=item.finding,
        level="major" if is_major else "general",
        refer_to="" if is_own else item.competence.value,
        to_confirm=_to_confirm(item, failed, clauses),
        basis=join_citations(basis.printed for basis in bases),
        device_basis=join_citations(clause.printed for clause in clauses),
        penalty_basis=join_citations(penalty.printed for penalty in penalties),
        to_verify=_unchecked(bases) + _unchecked(clauses) + _unchecked(penalties),
        measure=_measure(item, is_major=is_major),
        deadline=item.rectify,
        correctable_on_site=item.correctable_on_site,
    )


def _device_clauses(form: Form, item: Item, on: date) -> list[Basis]:
    """Return the clause by which failed devices are major, where the item is about them."""
    clause = form.device_clause if item.device_clause else None
    return [] if clause is None or not clause.law.in_force(on) else [clause]


def _measure(item: Item, *, is_major: bool) -> str:
    if item.competence is not Competence.OWN:
        return REFER
    if is_major:
        return ""
    return "rectify_now" if item.correctable_on_site else "rectify_within"


def _to_confirm(item: Item, failed: frozenset[str], clauses: Sequence[Basis]) -> tuple[str, ...]:
    """Return what the officer still has to judge for the level of a failure."""
    if item.major is Major.NO or not failed.issuperset(item.major_needs):
        return ()
    notes = [item.major_note] if item.major_note else []
    for clause in clauses if item.major is Major.POSSIBLE else ():
        notes.append(
            "判定标准所列情形中直接关系安全的监控、报警、防护设施失效或者无效的，"
            f"依据{clause.printed}判定为重大事故隐患。"
        )
    return tuple(notes)


def _citable(citations: list[Citation]) -> list[Citation]:
    """Return those that were checked; all of them only where none was."""
    return [citation for citation in citations if _checked(citation)] or list(citations)


def _unchecked(citations: Sequence[Basis] | Sequence[Penalty]) -> tuple[str, ...]:
    """Return what of citable citations nobody compared: all of them or none."""
    return by_law(citation.printed for citation in citations if not _checked(citation))


def _checked(citation: Basis | Penalty) -> bool:
    return citation.verified and citation.law.verified
