"""Pictures that a page draws itself, as SVG paths: the page's policy lets no style in."""

from dataclasses import dataclass

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004, 9.1)."""


@dataclass(frozen=True)
class Qr:
    """A QR code as one path."""

    size: int  # modules, the quiet zone included
    path: str  # the dark modules, one unit each


def qr(text: str) -> Qr:
    """Return a text as a QR code of medium error correction."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    dark = [
        f"M{QUIET + x} {QUIET + y}h1v1h-1z"
        for y, row in enumerate(code.modules)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return Qr(code.getModuleCount() + 2 * QUIET, "".join(dark))
