"""PAdES B-B signatures of notices, with a demo certificate whose key stays loaded."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from inspect_server.gateways.pdf_signing.certificates import load_key
from inspect_server.gateways.pdf_signing.demo_ca import make_demo_authority
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_signing.signing import OwnSigner


def sign(folder: Path, files: Sequence[bytes]) -> dict[str, float]:
    """Return what a signature takes, in milliseconds of processor time and by the clock."""
    now = datetime.now(UTC)
    made = make_demo_authority(folder, "云湾区应急管理局", now)
    signer = OwnSigner(load_key(made.key, None, made.passphrase.read_text().strip()))
    said = Said(now)
    signer.sign(files[0], said)
    cpu, wall = time.process_time(), time.perf_counter()
    for file in files:
        signer.sign(file, said)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"each_ms": cpu * 1000 / len(files), "wall_ms": wall * 1000 / len(files)}
