"""Closed lists of the field, one English name per Chinese term (docs/glossary.md)."""

from enum import StrEnum

SYSTEM = "system:"
"""How the label of an actor begins who is a part of the server and no person."""


class Role(StrEnum):
    """What an account may do. The three administrators exclude each other (三员分立)."""

    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"
    LEGAL_REVIEWER = "legal_reviewer"
    OFFICE = "office"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    AUDITOR = "auditor"


class Risk(StrEnum):
    """风险等级 四色."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    UNKNOWN = "unknown"


class Credit(StrEnum):
    """信用等级 A to D."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    UNKNOWN = "unknown"


class Standardisation(StrEnum):
    """安全生产标准化等级."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    NONE = "none"


class Sector(StrEnum):
    """行业领域标签: what decides checklists, rates and caps."""

    DUST = "dust_explosion"
    CONFINED_SPACE = "confined_space"
    METAL_SMELTING = "metal_smelting"
    AMMONIA = "ammonia_refrigeration"
    HAZARDOUS_CHEMICALS = "hazardous_chemicals"


class EnterpriseStatus(StrEnum):
    """经营状态."""

    OPERATING = "operating"
    STOPPED = "stopped"
    CLOSED = "closed"


class TeamRole(StrEnum):
    """主办 or 协办 of one inspection."""

    LEAD = "lead"
    MEMBER = "member"


class InspectionState(StrEnum):
    """Where one inspection stands (procedure.md 2.1)."""

    SCHEME_DRAFT = "scheme_draft"
    SCHEME_APPROVED = "scheme_approved"
    DISPATCHED = "dispatched"
    UNDER_WAY = "under_way"
    RECORD_CLOSED = "record_closed"
    DOCUMENTS_ISSUED = "documents_issued"
    ENDED = "ended"


class FindingLevel(StrEnum):
    """一般隐患 or 重大事故隐患."""

    GENERAL = "general"
    MAJOR = "major"
