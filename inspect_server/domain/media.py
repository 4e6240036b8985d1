"""What kind of file some bytes are, told from the bytes and never from a name."""

UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"%PDF-", "application/pdf"),
)
LONGEST = 16
"""How many first bytes `media_type` looks at."""


def media_type(head: bytes) -> str:
    """Return the media type that the first bytes announce, or application/octet-stream."""
    for at, signature, name in _SIGNATURES:
        if head[at : at + len(signature)] == signature:
            return name
    return UNKNOWN
