"""
Normalised copies of photos, for print and screen: upright, small, and naming their original.

A copy follows from the original's bytes and RECIPE alone, so it can be made again at any time and
is kept nowhere but in the documents that show it (docs/decisions/0027).
"""

import hashlib
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

RECIPE = "photo/1"
"""
How copies are made. Another result for the same photo is another recipe: it gets a name of its own,
and the templates that show photos another version (a test holds the bytes of this one).
"""
LONG_SIDE = 1000
QUALITY = 80
MOST_PIXELS = 120_000_000
"""More than any phone's camera gives; a small file that claims more is an attack on memory."""


def prepare(content: bytes) -> bytes | None:
    """
    Return the photo as a small JPEG, or None where the bytes are no picture that can be read.

    Nothing of the original's metadata is in it, but a comment: `photo/1 sha256:<of the original>`.
    """
    origin = f"{RECIPE} sha256:{hashlib.sha256(content).hexdigest()}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                return _reduced(image, origin)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None


def _reduced(image: Image.Image, origin: str) -> bytes | None:
    if image.width * image.height > MOST_PIXELS:
        return None
    # A large JPEG decodes at a quarter of its scale, in a tenth of the time.
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    plain = Image.frombytes("RGB", upright.size, upright.tobytes())  # leaves all metadata behind
    plain.save(out, "JPEG", quality=QUALITY, comment=origin)
    return out.getvalue()
