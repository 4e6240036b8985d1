"""The state machine of one inspection: what is not listed is refused."""

from itertools import product

import pytest

from inspect_server.domain.enums import InspectionState as State
from inspect_server.domain.inspection import MOVES, STATE_NAMES, Event, StepNotAllowed, move

ALLOWED = {
    (State.SCHEME_DRAFT, Event.AMEND_SCHEME, State.SCHEME_DRAFT),
    (State.SCHEME_DRAFT, Event.APPROVE_SCHEME, State.SCHEME_APPROVED),
    (State.SCHEME_APPROVED, Event.AMEND_SCHEME, State.SCHEME_DRAFT),
    (State.SCHEME_APPROVED, Event.DISPATCH, State.DISPATCHED),
    (State.DISPATCHED, Event.REASSIGN, State.DISPATCHED),
    (State.DISPATCHED, Event.START_VISIT, State.UNDER_WAY),
    (State.UNDER_WAY, Event.REASSIGN, State.UNDER_WAY),
    (State.UNDER_WAY, Event.START_VISIT, State.UNDER_WAY),
    (State.UNDER_WAY, Event.CLOSE_RECORD, State.RECORD_CLOSED),
    (State.RECORD_CLOSED, Event.ISSUE_DOCUMENTS, State.DOCUMENTS_ISSUED),
    (State.SCHEME_DRAFT, Event.END, State.ENDED),
    (State.SCHEME_APPROVED, Event.END, State.ENDED),
    (State.DISPATCHED, Event.END, State.ENDED),
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_only_the_steps_of_the_procedure_are_taken(state: State, event: Event) -> None:
    after = next((new for old, step, new in ALLOWED if (old, step) == (state, event)), None)
    if after is None:
        with pytest.raises(StepNotAllowed, match=STATE_NAMES[state]):
            move(state, event)
        return

    assert move(state, event) is after


def test_every_state_is_reached_and_named() -> None:
    reached = {State.SCHEME_DRAFT, *MOVES.values()}

    assert reached == set(State) == set(STATE_NAMES)
