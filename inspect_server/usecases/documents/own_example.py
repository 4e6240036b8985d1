"""A kind's example in a bureau's own name: what it configured in the place of the story's."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from inspect_server.config import Settings
from inspect_server.usecases.documents.bureau_texts import in_own_name
from pdf_templates.examples import example
from pdf_templates.examples.story import CONFIGURED


def own_example(kind: str, settings: Settings) -> Any:
    """
    Return a kind's example; what the configuration leaves empty stays the story's.

    Raises:
        UnknownKind: No such kind.
    """
    return in_own_name(example(kind), settings, of_bureau())


@cache
def of_bureau() -> Mapping[str, str]:
    """Return what the story says of the bureau and its neighbours, by the key of the settings."""
    application, letter = example("enforcement_application"), example("crime_transfer_letter")
    decision = example("penalty_decision_organisation")
    return CONFIGURED | {
        "authority_address": application.authority_address,
        "authority_head": application.head.name,
        "online_channel": decision.remedies.online_channel,
        "disclosure_site": decision.disclosure_site,
        "desk_complaint_phone": example("inspection_notice").complaint_phone,
        "transfer_police": letter.receiver,
        "transfer_procuratorate": letter.sent_to,
    }
