"""Progress of long work: how far, how fast, how long still."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from tqdm import tqdm

WIDE = (
    "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 用时 {elapsed} 剩余 {remaining} {speed}"
)
NARROW = "{desc} {percentage:3.0f}% 剩余 {remaining} {speed}"
UNENDING = "{desc} {n_fmt}{unit} 用时 {elapsed} {speed}"
WIDE_FROM = 64
"""Columns from which on the whole line fits beside a bar that still shows something."""


class _Bar(tqdm):  # type: ignore[type-arg]  # generic in its stubs only
    """tqdm that says the speed in Chinese: 350 行/秒, or 4.2 秒/件 where one takes longer."""

    @property
    def format_dict(self) -> dict[str, Any]:
        """Return tqdm's figures with `speed` among them."""
        figures = dict(super().format_dict)
        seconds, n = figures["elapsed"], figures["n"]
        rate = figures["rate"] or (n / seconds if seconds else 0)
        figures["speed"] = _speed(rate, figures["unit"])
        return figures


@contextmanager
def bar(total: int | None, label: str, unit: str = "项") -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; yields `advance(n)`. Silent off a terminal."""
    shown = _Bar(
        total=total,
        desc=label,
        unit=unit,
        bar_format=_format(total),
        file=sys.stderr,
        disable=True if total == 0 else None,  # None: unless stderr is a terminal
        dynamic_ncols=True,
    )

    def advance(n: int) -> None:
        shown.update(n)

    with shown:
        yield advance


def say(text: str, err: bool = False) -> None:
    """Print a line while a bar may be shown: above it, not into it."""
    with tqdm.external_write_mode():
        click.echo(text, err=err)


def _format(total: int | None) -> str:
    if not total:
        return UNENDING
    return WIDE if _width() >= WIDE_FROM else NARROW


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):  # no terminal, or a stream without a file
        return WIDE_FROM


def _speed(rate: float, unit: str) -> str:
    if not rate:
        return ""
    if rate < 1:
        return f"{1 / rate:.1f} 秒/{unit}"
    return f"{rate:.0f} {unit}/秒" if rate >= 10 else f"{rate:.1f} {unit}/秒"
