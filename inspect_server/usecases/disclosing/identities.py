"""Whom a draw chose, before it is public: for those who need it, and each access is noted."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.domain.identity import knows_drawn
from inspect_server.domain.inspection import UNANNOUNCED
from inspect_server.store import identity, inspections, publications
from inspect_server.store.models.disclosure import NoticeKind
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.usecases.work import Actor, Backend, Work

DRAWN, UNVISITED, SHOWN = "draw.identities", "inspection.unannounced", "shown"


class IdentitiesSealed(InspectError):
    """Checks are unannounced, and the account is none of those that need to know."""

    code, kind = "draw.identities_sealed", "forbidden"
    message = (
        "抽取 {draw_no} 尚未公示，抽中企业和检查人员只由组织抽取的机构负责人、审批人（编制方案后）"
        "和审计人员查看；请在公示之后查看，需要办理的由组织抽取的机构办理。"
    )


def may_see_drawn(session: Session, actor: Actor, draw: Draw) -> bool:
    """Return whether somebody may see whom a draw chose: anybody once its batch is public."""
    return draw.state is DrawState.COMMITTED or may_see_cells(session, actor, draw)


def may_see_cells(session: Session, actor: Actor, draw: Draw) -> bool:
    """
    Return whether somebody may see every cell of a draw's pool by itself, and what tells of them.

    How many a cell of one enterprise gave names it, so before the batch is public that is for those
    who may know whom the draw chose, from the commit on.
    """
    if _is_public(session, draw):
        return True
    has_schemes = bool(inspections.of_draw(session, draw.id))
    return knows_drawn(actor, draw.authority, draw.unit, has_schemes=has_schemes)


def check_may_see_drawn(session: Session, actor: Actor, draw: Draw) -> None:
    """
    Refuse whoever may not see whom a draw chose.

    Raises:
        IdentitiesSealed: Not before it is public.
    """
    if not may_see_drawn(session, actor, draw):
        raise IdentitiesSealed(draw_no=draw.draw_no)


def shows_cells(work: Work, draw_id: UUID) -> bool:
    """
    Return whether the actor is shown every cell of a draw's pool by itself.

    Raises:
        NotFound: No such draw.
    """
    return may_see_cells(work.session, work.actor, _known(work.session, draw_id))


def show_drawn(work: Work, draw_id: UUID, what: str) -> bool:
    """
    Return whether the actor is shown whom a draw chose; until it is public the audit notes it.

    Args:
        what: Which file or page.

    Raises:
        NotFound: No such draw.
    """
    draw = _known(work.session, draw_id)
    if not may_see_drawn(work.session, work.actor, draw):
        return False
    if draw.state is not DrawState.COMMITTED and not _is_public(work.session, draw):
        _note(work, DRAWN, f"draw:{draw_id}/{what}")
    return True


def open_drawn(work: Work, draw_id: UUID, what: str) -> None:
    """
    Let the actor see whom a draw chose, as `show_drawn` does.

    Raises:
        NotFound: No such draw.
        IdentitiesSealed: Not this actor, not yet.
    """
    if not show_drawn(work, draw_id, what):
        raise IdentitiesSealed(draw_no=_known(work.session, draw_id).draw_no)


def open_pool(backend: Backend, actor: Actor) -> None:
    """
    Let the actor list who is in and out of a pool, if they may know all that is drawn; it is noted.

    Whoever is under way stays out of the pool; so the list, or a gap in it, tells whom sealed draws
    chose.

    Raises:
        IdentitiesSealed: Naming the draw that is not public yet.
    """
    with backend.begin(actor) as work:
        if hidden := hidden_draw(work.session, actor):
            raise IdentitiesSealed(draw_no=hidden)
        _note_pool(work, "pool")


def unseen_draws(backend: Backend, actor: Actor, what: str) -> frozenset[UUID]:
    """
    Return the draws whose choice must not show in what the actor is told of a pool.

    None for whoever may know whom every sealed draw chose; that they looked is noted. Otherwise all
    that are sealed: a figure that changes when an enterprise is struck off the registry, or does
    not, tells whether it is under way.

    Args:
        what: Which answer.
    """
    with backend.begin(actor) as work:
        if hidden_draw(work.session, actor):
            sealed = (one for one in _standing(work.session) if not _is_public(work.session, one))
            return frozenset(draw.id for draw in sealed)
        _note_pool(work, what)
        return frozenset()


def hidden_draw(session: Session, actor: Actor) -> str:
    """Return the number of a draw of which the actor may not see whom it chose, "" for none."""
    return next(
        (draw.draw_no for draw in _standing(session) if not may_see_drawn(session, actor, draw)), ""
    )


def note_unvisited(
    backend: Backend, actor: Actor, shown: Iterable[tuple[str, InspectionState]]
) -> None:
    """
    Note in the audit that somebody saw inspections whose visit is still to come.

    Args:
        shown: Number and state of each row of the page.
    """
    numbers = sorted(number for number, state in shown if state in UNANNOUNCED)
    if not numbers:
        return
    span = numbers[0] if len(numbers) == 1 else f"{numbers[0]}..{numbers[-1]} ({len(numbers)})"
    with backend.begin(actor) as work:
        _note(work, UNVISITED, f"inspection:{span}")


def note_pulled(
    backend: Backend,
    user_id: UUID,
    replica: str,
    tasks: Collection[UUID],
    enterprises: Collection[UUID],
) -> None:
    """
    Note in the audit that a phone is given visits to come, each of them once.

    Args:
        tasks: The inspections whose task is about to be handed over; none where there is no news.
        enterprises: The enterprises of which it is told something: they name the visit as well.
    """
    if not tasks and not enterprises:
        return
    with backend.reading() as session:
        given = inspections.to_come(session, user_id, tasks, enterprises)
        if not given:
            return
        subjects = [f"phone:{replica}/inspection:{number}" for number, _ in given]
        first = min(dispatched for _, dispatched in given)
        noted = identity.audited(session, UNVISITED, subjects, first)
    if new := [subject for subject in subjects if subject not in noted]:
        with backend.begin(Actor(f"user:{user_id}", user_id=user_id)) as work:
            for subject in new:
                _note(work, UNVISITED, subject)


def _note_pool(work: Work, what: str) -> None:
    for draw in _standing(work.session):
        open_drawn(work, draw.id, what)


def _standing(session: Session) -> list[Draw]:
    """Return the draws that may keep enterprises out of a pool: a void one keeps nobody out."""
    found = publications.draws_with_a_result(session)
    return [draw for draw in found if draw.state is not DrawState.VOID]


def _is_public(session: Session, draw: Draw) -> bool:
    return publications.newest_notice(session, NoticeKind.BATCH, draw.draw_no) is not None


def _known(session: Session, draw_id: UUID) -> Draw:
    draw = session.get(Draw, draw_id)
    if draw is None:
        raise NotFound(what="该次抽取")
    return draw


def _note(work: Work, action: str, subject: str) -> None:
    identity.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=action,
        subject=subject,
        outcome=SHOWN,
    )
