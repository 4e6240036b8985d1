"""How much comes before anything is shown: the page, its scripts and its styles, by gzip."""

import gzip
import re
from pathlib import Path

from inspect_server.phone.bundle import read_bundle

KILOBYTE = 1024
NEEDED = re.compile(r'(?:src|href)="/phone/(assets/[^"]+)"')


def app_kb(bundle: Path) -> float:
    """Return it of the built app, as it is sent."""
    page = (bundle / "index.html").read_text("utf-8")
    served = read_bundle(bundle)
    needed = {"index.html", *NEEDED.findall(page)}
    return round(sum(len(served[name].contents["gzip"]) for name in needed) / KILOBYTE, 1)


def plain_kb(folder: Path) -> float:
    """Return it of the page without a framework."""
    return round(
        sum(len(gzip.compress(file.read_bytes())) for file in folder.iterdir()) / KILOBYTE, 1
    )
