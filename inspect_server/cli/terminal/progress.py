"""Progress of long work: how far, how fast, how long still."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

FORMAT = (
    "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} "
    "用时 {elapsed} 剩余 {remaining} {rate_fmt}"
)


@contextmanager
def bar(total: int | None, label: str, unit: str = "项") -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; yields `advance(n)`. Silent off a terminal."""
    shown: tqdm[Any] = tqdm(
        total=total,
        desc=label,
        unit=unit,
        bar_format=FORMAT if total else None,
        file=sys.stderr,
        disable=None,
    )

    def advance(n: int) -> None:
        shown.update(n)

    with shown:
        yield advance
