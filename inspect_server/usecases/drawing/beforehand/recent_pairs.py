"""Who went together lately is kept apart, so that no two officers become a standing team."""

from itertools import combinations
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.store.drawing import draws, replacements


def recent_pairs(session: Session, last: int) -> set[tuple[UUID, UUID]]:
    """
    Return every two officers who were in one team in one of the last draws, lower id first.

    What counts is who stood in the end: replacements are followed, void draws are not counted.

    Args:
        last: How many draws are looked back on; 0 for none.

    Law: plan.recent_pair_draws
    """
    pairs: set[tuple[UUID, UUID]] = set()
    if last < 1:
        return pairs
    for draw_id in draws.last_revealed(session, last):
        teams = replacements.standing_teams(session, draw_id).values()
        partners = replacements.standing_partners(session, draw_id).values()
        for team in (*teams, *(one for by_dept in partners for one in by_dept.values())):
            pairs |= set(combinations(sorted(officer for _, officer in team), 2))
    return pairs
