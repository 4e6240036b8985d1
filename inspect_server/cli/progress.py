"""Progress of long work: how far, how fast, how long still."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

FORMAT = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 用时 {elapsed} 剩余 {remaining} {rate_fmt}"


@contextmanager
def bar(total: int | None, label: str, unit: str = "项") -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; yields `advance(n)`. Silent when not a terminal."""
    with tqdm(
        total=total,
        desc=label,
        unit=unit,
        bar_format=FORMAT if total else None,
        file=sys.stderr,
        disable=None,
    ) as shown:
        yield lambda n: _advance(shown, n)


def _advance(shown: "tqdm[None]", n: int) -> None:
    shown.update(n)
