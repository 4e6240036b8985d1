"""How a command names one version of a checklist: name@version."""

import re
from typing import Any, NamedTuple

import click

REF = re.compile(r"([a-z0-9][a-z0-9_-]{0,47})@([1-9][0-9]{0,5})", re.ASCII)


class Version(NamedTuple):
    """One version of a checklist."""

    name: str
    number: int


class _VersionType(click.ParamType[Version]):
    name = "名称@版本"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Version:
        """Read name@version."""
        if isinstance(value, Version):
            return value
        found = REF.fullmatch(value)
        if found is None:
            self.fail(f"“{value}”应写作“名称@版本”，如 general-safety@1。", param, ctx)
        return Version(found[1], int(found[2]))


VERSION = _VersionType()
