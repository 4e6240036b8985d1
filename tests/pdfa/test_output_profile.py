"""Our own ICC profile is sRGB, by the letter of ICC.1:2001-04 and as littlecms computes with it."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageCms

from pdf_templates.file import srgb
from tests.pdfa import icc

Matrix = Sequence[Sequence[float]]
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
STEP = 1 / 65536


def profile() -> icc.Profile:
    return icc.read(srgb.profile())


def test_header_and_tags_are_those_of_a_display_in_rgb() -> None:
    read = profile()

    assert list(icc.faults(read)) == []
    assert (read.kind, read.space, read.version) == (b"mntr", b"RGB ", 2.4)
    assert read.made_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert read.tags.keys() == icc.MATRIX_TAGS | {b"chad"}
    assert len(srgb.profile()) % 4 == 0


def test_primaries_and_adaptation_follow_from_the_standard() -> None:
    """Bradford's adaptation of what IEC 61966-2-1 says, computed here, to a step of s15Fixed16."""
    read = profile()
    primaries = _transposed([_xyz(0.64, 0.33), _xyz(0.30, 0.60), _xyz(0.15, 0.06)])
    white = _xyz(0.3127, 0.3290)
    share = _applied(_inverse(primaries), white)
    display = [[value * one for value, one in zip(row, share, strict=True)] for row in primaries]
    seen, wanted = _applied(BRADFORD, white), _applied(BRADFORD, icc.D50)
    scaled = [
        [w / s * value for value in row] for row, s, w in zip(BRADFORD, seen, wanted, strict=True)
    ]
    adaptation = _product(_inverse(BRADFORD), scaled)

    tags = [icc.numbers(read.tags[tag][8:]) for tag in (b"rXYZ", b"gXYZ", b"bXYZ")]
    stated = icc.numbers(read.tags[b"chad"][8:])
    adapted = _transposed(_product(adaptation, display))
    assert [*stated] == pytest.approx([x for row in adaptation for x in row], abs=STEP)
    for tag, column in zip(tags, adapted, strict=True):
        assert [*tag] == pytest.approx(column, abs=STEP)
    assert [sum(axis) for axis in zip(*tags, strict=True)] == pytest.approx(icc.D50, abs=2 * STEP)
    assert icc.numbers(read.tags[b"wtpt"][8:]) == pytest.approx(icc.D50, abs=STEP)


def _xyz(x: float, y: float) -> list[float]:
    return [x / y, 1.0, (1 - x - y) / y]


def _applied(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _product(first: Matrix, second: Matrix) -> list[list[float]]:
    return _transposed([_applied(first, column) for column in _transposed(second)])


def _transposed(matrix: Matrix) -> list[list[float]]:
    return [list(row) for row in zip(*matrix, strict=True)]


def _inverse(matrix: Matrix) -> list[list[float]]:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    cofactors = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    determinant = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return [[value / determinant for value in row] for row in cofactors]


def test_the_curve_rises_from_black_to_white() -> None:
    curve = profile().tags[b"rTRC"]
    values = [int.from_bytes(curve[at : at + 2], "big") for at in range(12, len(curve), 2)]

    assert (values[0], values[-1], len(values)) == (0, 65535, int.from_bytes(curve[8:12], "big"))
    assert values == sorted(values)


def test_littlecms_turns_its_colours_into_themselves() -> None:
    """Through our profile and littlecms' own sRGB, no colour changes by more than a step."""
    own = ImageCms.ImageCmsProfile(io.BytesIO(srgb.profile()))
    theirs = ImageCms.createProfile("sRGB")
    colours = [
        (r, g, b) for r in range(0, 256, 15) for g in range(0, 256, 15) for b in (0, 90, 255)
    ]
    before = Image.new("RGB", (len(colours), 1))
    before.putdata(colours)

    for source, target in ((own, theirs), (theirs, own)):
        after = ImageCms.profileToProfile(before, source, target, outputMode="RGB")
        assert after is not None
        steps = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
        assert max(steps) <= 1


def test_littlecms_reads_what_the_profile_is_called() -> None:
    own = ImageCms.ImageCmsProfile(io.BytesIO(srgb.profile()))

    assert ImageCms.getProfileDescription(own).strip() == srgb.NAME
    assert "free" in ImageCms.getProfileCopyright(own)


@pytest.mark.parametrize(
    ("at", "new", "said"),
    [
        (0, b"\0\0\0\x99", "bytes long"),
        (20, b"RGB ", "connection space"),
        (36, b"ACSP", "signature"),
        (136, b"\0\0\0\x11", "lies outside"),
    ],
)
def test_a_broken_profile_cannot_be_read(at: int, new: bytes, said: str) -> None:
    content = srgb.profile()

    with pytest.raises(ValueError, match=said):
        icc.read(content[:at] + new + content[at + len(new) :])
