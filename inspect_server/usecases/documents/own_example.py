"""A kind's example in a bureau's own name: what it configured in the place of the story's."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from inspect_server.config import Settings
from inspect_server.usecases.documents.bureau_texts import in_own_name
from pdf_templates.examples import example
from pdf_templates.examples.story import CONFIGURED
from pdf_templates.facts import to_json


def own_example(kind: str, settings: Settings) -> Any:
    """
    Return a kind's example; what the configuration leaves empty stays the story's.

    Raises:
        UnknownKind: No such kind.
    """
    return in_own_name(example(kind), settings, of_bureau())


def still_the_storys(facts: Any, settings: Settings) -> list[str]:
    """Return the settings left empty in whose place another bureau's example says the story's."""
    if settings.authority in ("", of_bureau()["authority"]):
        return []
    said = json.dumps(to_json(facts), ensure_ascii=False)
    return [key for key, text in of_bureau().items() if not getattr(settings, key) and text in said]


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
