"""Publishing and retiring checklists, and confirming what their authors could not compare."""

from inspect_server.domain.enums import Role

KEEPS = (Role.SUPERVISOR, Role.APPROVER, Role.LEGAL_REVIEWER)
"""Who publishes and retires checklists."""
CONFIRMS = (Role.LEGAL_REVIEWER, Role.APPROVER)
"""Who says that a citation was compared with the text."""
