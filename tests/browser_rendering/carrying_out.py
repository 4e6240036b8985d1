"""
Sets what a folder of orders names; lies among the orders, for any Python that has the pack.

A folder has `orders.json`, by name what is to be set, and `photos/`, prepared JPEG files by the
hash of their original. Nothing is imported here that a phone has not: no test, no example.
"""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pdf_templates.case_file.binding import CaseFile, Filed, bind
from pdf_templates.catalogue import render, render_receipt

FINGERPRINT = re.compile(rb"/ID\s*\[<(\w{32})>")


def carried_out(folder: Path) -> dict[str, dict[str, Any]]:
    """
    Return of each document: its sha256, the fingerprint that it carries, bytes, seconds.

    The fingerprint is of what the document shows and says, before it is compressed.
    """
    orders = json.loads((folder / "orders.json").read_text("utf-8"))
    photos = {path.stem: path.read_bytes() for path in sorted((folder / "photos").iterdir())}
    made = {}
    for name, order in orders.items():
        begun = time.perf_counter()
        content = _set(order, photos)
        seconds = time.perf_counter() - begun
        (fingerprint,) = FINGERPRINT.findall(content)
        made[name] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "fingerprint": fingerprint.decode("ascii"),
            "bytes": len(content),
            "seconds": seconds,
        }
    return made


def _set(order: Mapping[str, Any], photos: Mapping[str, bytes]) -> bytes:
    match order["what"]:
        case "document":
            return render(order["kind"], order["facts"], photos, watermark=order["watermark"])
        case "receipt":
            return render_receipt(order["kind"], order["facts"])
        case _:
            cover, *filed = (Filed(**one) for one in order["filed"])
            return bind(CaseFile(**order["case"], cover=cover, filed=filed), photos)
