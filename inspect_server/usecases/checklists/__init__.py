"""Publishing and retiring checklists, and confirming what their authors could not compare."""

from inspect_server.domain.enums import Role

KEEPS = (Role.SUPERVISOR, Role.APPROVER, Role.LEGAL_REVIEWER)
"""Who publishes and retires checklists."""
CONFIRMS = (Role.LEGAL_REVIEWER, Role.APPROVER)
"""Who says that a citation was compared with the text."""


def case_of(name: str) -> str:
    """Return the case of the record in which a checklist's events stand, all versions together."""
    return f"checklist/{name}"
