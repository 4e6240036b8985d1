"""Which roles stand behind the routes, named once for all faces (三员分立: no administrator)."""

from inspect_server.domain.enums import Role

BUREAU = (
    Role.SUPERVISOR,
    Role.APPROVER,
    Role.LEGAL_REVIEWER,
    Role.OFFICE,
    Role.AUDITOR,
)
"""Who reads registries, plans and draws; an inspector gets what a task needs with the task."""

CASES = (Role.INSPECTOR, *BUREAU)
"""Who reads inspections, each those that `reads.visibility` lets them see."""

DECIDES = (Role.SUPERVISOR, Role.APPROVER)
"""Who moves an inspection on."""

REGISTERS = (Role.SUPERVISOR, Role.OFFICE)
"""Who brings the two registries up to date, and reads the reports on rejected rows."""

PRINTS = (Role.SUPERVISOR, Role.OFFICE)
"""Who prints the papers of a draw; what is printed is noted."""

ACCOUNTS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""Who sees the accounts."""
