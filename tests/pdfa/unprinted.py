"""Facts that documents carry and do not print, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unprinted:
    """
    Fields that may stay out of the pages.

    Attributes:
        fields: Their dotted names, or the ends of them.
        why: The reason.
        kinds: The documents of which that holds; of all where there are none.
    """

    fields: tuple[str, ...]
    why: str
    kinds: tuple[str, ...] = ()

    def covers(self, kind: str, field: str) -> bool:
        """Return whether it is about this field of this kind."""
        ends = any(field == one or field.endswith("." + one) for one in self.fields)
        return ends and (not self.kinds or kind in self.kinds)


def _of(group: str, *fields: str) -> tuple[str, ...]:
    return tuple(f"{group}.{field}" for field in fields)


RECORD, ORDER = "inspection_record", "rectification_order"
PARTICULARS = ("uscc", "address", "postcode", "legal_person", "position", "phone")
"""Of an enterprise or another organisation, beside its name."""
ALL_UNPRINTED = (
    Unprinted(("made_at",), "the file's own dates say it"),
    Unprinted(
        ("officers.unit", "officers.name"), "they sign by hand; their certificates are named"
    ),
    Unprinted(("servers.unit", "servers.cert_no"), "who serves signs by hand"),
    Unprinted(
        ("handlers.unit", "handlers.cert_no", "investigators.unit", "investigators.cert_no"),
        "covers and reports name people without their certificates",
    ),
    Unprinted(
        ("employer_address", "interviewed.postcode", "speaker.postcode", "person.postcode"),
        "forms ask for the home's address alone",
    ),
    Unprinted(_of("enterprise", *PARTICULARS), "an order is addressed by name and code", (ORDER,)),
    Unprinted(
        _of("organisation", *PARTICULARS),
        "the party is known from the documents before",
        ("statement_record", "hearing_report"),
    ),
    Unprinted(("cause",), "a decision tells what was done", ("penalty_decision_organisation",)),
    Unprinted(("problems.item",), "the item's number leads into the checklist", (RECORD,)),
    Unprinted(("refusal_basis",), "it is printed where somebody refused to sign", (RECORD,)),
    Unprinted(_of("signatures", "name", "position"), "it is drawn; a refusal names it"),
    Unprinted(
        ("account.payee", "account.bank", "account.number", "surcharge.basis"),
        "it is printed where the fine is not collected on the spot",
        ("spot_penalty_organisation",),
    ),
    Unprinted(
        ("checklists.content_sha256",), "a checklist is printed by name and version", (RECORD,)
    ),
    Unprinted(
        ("provisional_no", "shown_sha256"),
        "it is printed where a signature was given to it",
        (ORDER,),
    ),
    Unprinted(
        ("chosen.commitment", "chosen.team.officer"),
        "the first 16 digits are enough to find it",
        ("draw_result",),
    ),
    Unprinted(("counted.name",), "cells that drew none are counted together", ("draw_result",)),
    Unprinted(("deadline",), "it is printed where it was passed", ("draw_result",)),
    Unprinted(("visit_from", "visit_to"), "a witness's copy does not say when", ("draw_result",)),
)
