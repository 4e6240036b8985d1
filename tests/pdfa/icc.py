"""ICC profiles, read strictly: ICC.1:2001-04 (2.4) and what of ICC.1:2010 (4.3) is the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from struct import unpack_from

COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 3}
CLASSES = {b"mntr", b"prtr", b"scnr", b"spac"}
MATRIX_TAGS = {b"desc", b"cprt", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"}
TYPES = {
    b"desc": {b"desc", b"mluc"}, b"cprt": {b"text", b"mluc"}, b"wtpt": {b"XYZ "},
    b"rXYZ": {b"XYZ "}, b"gXYZ": {b"XYZ "}, b"bXYZ": {b"XYZ "},
    b"rTRC": {b"curv", b"para"}, b"gTRC": {b"curv", b"para"}, b"bTRC": {b"curv", b"para"},
    b"chad": {b"sf32"},
}  # fmt: skip
D50 = (0.9642, 1.0, 0.8249)


@dataclass(frozen=True)
class Profile:
    """A profile's header and tags."""

    kind: bytes
    space: bytes
    version: float
    made_at: datetime
    illuminant: tuple[float, ...]
    tags: dict[bytes, bytes]

    @property
    def components(self) -> int:
        """How many numbers a colour has, or 0 where its space is unknown."""
        return COMPONENTS.get(self.space, 0)


def read(content: bytes) -> Profile:
    """
    Read a profile.

    Raises:
        ValueError: It is none, and why.
    """
    if len(content) < 132 or content[36:40] != b"acsp":
        raise ValueError("it has not the signature of a profile")
    (size,) = unpack_from(">I", content)
    if size != len(content):
        raise ValueError(f"it says that it is {size} bytes long and is {len(content)}")
    if content[20:24] not in (b"XYZ ", b"Lab "):
        raise ValueError("its connection space is neither XYZ nor Lab")
    year, month, day, hour, minute, second = unpack_from(">6H", content, 24)
    return Profile(
        content[12:16],
        content[16:20],
        content[8] + (content[9] >> 4) / 10,
        datetime(year, month, day, hour, minute, second, tzinfo=UTC),
        numbers(content[68:80]),
        dict(_tags(content)),
    )


def numbers(content: bytes) -> tuple[float, ...]:
    """Return s15Fixed16 numbers."""
    return tuple(value / 65536 for value in unpack_from(f">{len(content) // 4}i", content))


def _tags(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (count,) = unpack_from(">I", content, 128)
    seen = set()
    for place in range(count):
        name, at, size = unpack_from(">4sII", content, 132 + 12 * place)
        if at % 4 or at < 132 + 12 * count or at + size > len(content):
            raise ValueError(f"its tag {name.decode('latin-1')} lies outside")
        if name in seen:
            raise ValueError(f"its tag {name.decode('latin-1')} is there twice")
        seen.add(name)
        yield name, content[at : at + size]


def faults(profile: Profile) -> Iterator[str]:
    """Yield what is wrong with a profile that could be read."""
    if profile.kind not in CLASSES:
        yield f"its class is {profile.kind!r}"
    if not profile.components:
        yield f"its colour space is {profile.space!r}"
    if not 2 <= profile.version < 5:
        yield f"its version is {profile.version}"
    if any(abs(a - b) > 0.0001 for a, b in zip(profile.illuminant, D50, strict=True)):
        yield "its illuminant is not D50"
    if profile.kind == b"mntr" and profile.space == b"RGB " and b"A2B0" not in profile.tags:
        for name in sorted(MATRIX_TAGS - profile.tags.keys()):
            yield f"it has no tag {name.decode()}"
    for name, content in profile.tags.items():
        if name in TYPES and content[:4] not in TYPES[name]:
            yield f"its tag {name.decode()} is of type {content[:4]!r}"
        if content[4:8] != b"\0\0\0\0":
            yield f"the reserved bytes of its tag {name.decode('latin-1')} are not 0"
