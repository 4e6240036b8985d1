"""`python -m inspect_server.cli.drills.shifted SECONDS …`: the command line with a moved clock."""

import sys
from datetime import timedelta
from typing import Any

import click

from inspect_server.cli import LazyRoot, root
from inspect_server.demo.season import ShiftedClock


class ShiftedRoot(LazyRoot):
    """The root group, whose commands get this clock instead of the machine's."""

    def __init__(self, clock: ShiftedClock) -> None:
        super().__init__(params=root.params, callback=root.callback, help=root.help)
        self._clock = clock

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command with the clock laid in."""
        ctx.meta["clock"] = self._clock
        return super().invoke(ctx)


def main() -> None:
    """Take the shift off the arguments and run the rest."""
    shift = timedelta(seconds=float(sys.argv[1]))
    ShiftedRoot(ShiftedClock(shift)).main(args=sys.argv[2:], prog_name="inspect-server")


if __name__ == "__main__":
    main()
