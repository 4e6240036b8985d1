"""入企码: sheets for the doors of enterprises, read by the phone of an officer who arrives."""

import re
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.console.pictures import Qr, qr
from inspect_server.domain.saying.arriving import gate_code
from inspect_server.reads.registry import EnterpriseView, enterprises_named
from inspect_server.web.begin import reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

MOST = 50
"""Sheets that are printed at once."""
_BREAK = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True)
class Sheet:
    """One sheet: whose door, and the code."""

    enterprise: EnterpriseView
    picture: Qr


def register(console: Blueprint) -> None:
    """Add the page to the console."""
    console.add_url_rule("/gate-codes", "gate_codes", gate_codes)


@allow(*BUREAU)
def gate_codes() -> ResponseReturnValue:
    """Show a sheet for each enterprise that is asked for, to be printed; name what is not found."""
    asked = _asked(request.args.getlist("uscc"))
    with reading() as session:
        found = enterprises_named(session, asked[:MOST])
    known = {one.uscc for one in found}
    return render_template(
        "gate_codes.html",
        sheets=[Sheet(one, qr(gate_code(one.id))) for one in found],
        unknown=[code for code in asked[:MOST] if code not in known],
        left_out=asked[MOST:],
        most=MOST,
        asked=asked,
    )


def _asked(given: list[str]) -> list[str]:
    """Return the numbers that were typed, each once, in their order."""
    typed = "".join(char if char.isprintable() else " " for char in " ".join(given))
    return list(dict.fromkeys(code.upper() for code in _BREAK.split(typed[:20_000]) if code))
