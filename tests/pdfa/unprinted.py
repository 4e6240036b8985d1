"""Facts that documents carry and do not print, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unprinted:
    """
    A field that may stay out of the pages.

    Attributes:
        field: Its dotted name, or the end of it.
        why: The reason.
        kinds: The documents of which that holds; of all where there are none.
    """

    field: str
    why: str
    kinds: tuple[str, ...] = ()

    def covers(self, kind: str, field: str) -> bool:
        """Return whether it is about this field of this kind."""
        ends = field == self.field or field.endswith("." + self.field)
        return ends and (not self.kinds or kind in self.kinds)


RECORD, ORDER = "inspection_record", "rectification_order"
ALL_UNPRINTED = (
    Unprinted("made_at", "the file's own dates say it"),
    Unprinted("officers.unit", "officers are named with their certificates, not their units"),
    Unprinted("servers.unit", "as of officers"),
    Unprinted("servers.cert_no", "who serves signs by hand"),
    Unprinted("handlers.unit", "a cover names the officers alone"),
    Unprinted("handlers.cert_no", "as their units"),
    Unprinted("officers.name", "they sign by hand, beside their certificates' numbers"),
    Unprinted("employer_address", "forms ask for the home alone"),
    Unprinted(
        "cause", "a decision tells what was done instead", ("penalty_decision_organisation",)
    ),
    Unprinted("problems.item", "the item's number leads into the checklist", (RECORD,)),
    Unprinted("refusal_basis", "it is printed where somebody refused to sign", (RECORD,)),
    Unprinted("signatures.name", "it is drawn; a refusal names it", (RECORD, ORDER)),
    Unprinted("signatures.position", "as the name", (RECORD, ORDER)),
    Unprinted("provisional_no", "it is printed where a signature was given to it", (ORDER,)),
    Unprinted("enterprise.address", "the order is addressed by name alone", (ORDER,)),
    Unprinted("enterprise.legal_person", "as the address", (ORDER,)),
    Unprinted("enterprise.position", "as the address", (ORDER,)),
    Unprinted("enterprise.phone", "as the address", (ORDER,)),
    Unprinted("interviewed.postcode", "as the employer's address", ("interview_record",)),
    Unprinted("speaker.postcode", "as the employer's address", ("statement_record",)),
    Unprinted("organisation.address", "the record names the party alone", ("statement_record",)),
    Unprinted("organisation.postcode", "as the address", ("statement_record",)),
    Unprinted("organisation.uscc", "as the address", ("statement_record",)),
    Unprinted("chosen.commitment", "its first 16 digits are enough to find it", ("draw_result",)),
    Unprinted("chosen.team.officer", "as that of the enterprise", ("draw_result",)),
    Unprinted("counted.name", "cells that drew none are counted together", ("draw_result",)),
    Unprinted("deadline", "it is printed where it was passed", ("draw_result",)),
    Unprinted("visit_from", "a witness's copy does not say when", ("draw_result",)),
    Unprinted("visit_to", "a witness's copy does not say when", ("draw_result",)),
)  # fmt: skip
