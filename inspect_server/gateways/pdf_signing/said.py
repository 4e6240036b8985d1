"""What a signer is told; apart from pyHanko, which is only loaded when something is signed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Said:
    """What the signature dictionary says beside the signature."""

    at: datetime  # the claimed time, by the server's clock
    reason: str = ""
    location: str = ""
