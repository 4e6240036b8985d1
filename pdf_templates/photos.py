"""Photos made ready for print once: upright, at most 1000 pixels, plain JPEG without metadata."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

LONG_SIDE = 1000
QUALITY = 80
MOST_PIXELS = 120_000_000
"""More than any phone's camera gives; a small file that claims more is an attack on memory."""


def prepare(content: bytes) -> bytes | None:
    """Return the photo as a small JPEG, or None where the bytes are no picture that can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                return _reduced(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None


def _reduced(image: Image.Image) -> bytes | None:
    if image.width * image.height > MOST_PIXELS:
        return None
    image.draft(
        "RGB", (LONG_SIDE, LONG_SIDE)
    )  # a JPEG decodes at a quarter scale, in a tenth of the time
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
