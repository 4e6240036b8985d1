"""Who acts where a test is not about who acts."""

from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Actor

ALL_ROLES = Actor(label="system:test", roles=frozenset(Role), unit="云湾区应急管理局")
"""May do everything but approve; no real actor has all roles."""
