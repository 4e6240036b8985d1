"""Options whose values are codes: each may be typed as its Chinese name too, or a part of it."""

from collections.abc import Mapping
from typing import Any

import click


class Named(click.Choice[str]):
    """One of several codes that have Chinese names; a name, or its unmistakable part, does too."""

    def __init__(self, names: Mapping[Any, str]) -> None:
        """
        Offer the codes.

        Args:
            names: What people call each, by code (a string or a member of a `StrEnum`).
        """
        self._names = {str(code): name for code, name in names.items()}
        super().__init__(list(self._names))

    def told(self) -> str:
        """Return every code with its name, as help pages list them."""
        return "，".join(f"{code} {name}" for code, name in self._names.items())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code of what was typed."""
        if str(value) in self._names:
            return str(value)
        meant = [code for code, name in self._names.items() if str(value).strip() == name] or [
            code for code, name in self._names.items() if value and str(value).strip() in name
        ]
        if len(meant) == 1:
            return meant[0]
        return super().convert(value, param, ctx)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Name the choices as codes and in Chinese."""
        return f"没有“{value}”，可用的有（写代码或中文都可以）：{self.told()}。"
