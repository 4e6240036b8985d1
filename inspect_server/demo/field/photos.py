"""Photos that a demo's phone takes: drawn scenes of a workshop, each one different."""

import io
import random
from collections.abc import Callable, Mapping
from datetime import datetime

from PIL import Image, ImageDraw, ImageFilter

from inspect_server.demo.field.lettering import lettering

SIZE, LARGE_SIZE = (1024, 768), (2400, 1800)
LARGE_BYTES = 2_600_000
"""A large photo needs several pieces of 1 MiB, so that an upload can break off in the middle."""

Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw


def take(scene: str, seed: str, taken: datetime, place: str, *, large: bool = False) -> bytes:
    """
    Return a JPEG of a scene with time and place printed into it, as enforcement recorders do.

    Args:
        scene: A key of SCENES; others give the workshop.
        seed: Another seed gives another picture.
        taken: Local time of the shot.
        place: Where it was taken.
        large: At least LARGE_BYTES bytes.
    """
    chance = random.Random(seed)
    width, height = LARGE_SIZE if large else SIZE
    image = _room(chance, width, height)
    SCENES.get(scene, _machine)(ImageDraw.Draw(image), chance, width, height)
    image = image.filter(ImageFilter.GaussianBlur(width / 1400))
    grain = Image.effect_noise((width, height), 40 if large else 26).convert("RGB")
    image = Image.blend(image, grain, 0.34 if large else 0.08)
    _caption(image, f"{taken:%Y-%m-%d %H:%M:%S}  {place}")
    return _jpeg(image, LARGE_BYTES if large else 0)


def _jpeg(image: Image.Image, least: int) -> bytes:
    for quality in (82, 90, 95, 98, 100):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() >= least:
            break
    return out.getvalue()


def _room(chance: random.Random, width: int, height: int) -> Image.Image:
    """Return a hall in perspective: back wall, floor, side wall, windows with light."""
    tone = chance.randint(120, 170)
    wall: Colour = (tone + 20, tone + 18, tone + 8)
    image = Image.new("RGB", (width, height), wall)
    draw = ImageDraw.Draw(image)
    horizon = int(height * chance.uniform(0.52, 0.62))
    for y in range(horizon, height, 4):
        shade = 70 + (y - horizon) * 60 // (height - horizon)
        draw.rectangle((0, y, width, y + 4), (shade, shade - 4, shade - 10))
    corner = int(width * chance.uniform(0.1, 0.25))
    draw.polygon(
        [(0, 0), (corner, height // 8), (corner, horizon), (0, height)],
        (tone - 15, tone - 15, tone - 22),
    )
    for n in range(chance.randint(2, 4)):
        left = corner + width // 12 + n * width // 5
        box = (left, height // 6, left + width // 8, height // 3)
        draw.rectangle(box, (225, 232, 238), outline=(90, 95, 100), width=max(3, width // 250))
        draw.line((left + width // 16, height // 6, left + width // 16, height // 3), (90, 95, 100))
    return image


def _machine(draw: Draw, chance: random.Random, width: int, height: int) -> None:
    """A dust collector: body, hopper, duct, and dust on the floor."""
    left, top = int(width * chance.uniform(0.35, 0.5)), int(height * 0.28)
    right, bottom = left + width // 4, int(height * 0.62)
    body: Colour = chance.choice([(70, 110, 140), (150, 150, 60), (95, 120, 95)])
    draw.rectangle((left, top, right, bottom), body, outline=(40, 50, 55), width=width // 200)
    middle = (left + right) // 2
    draw.polygon([(left, bottom), (right, bottom), (middle, bottom + height // 7)], _darker(body))
    for n in range(1, 5):
        x = left + n * (right - left) // 5
        draw.line((x, top, x, bottom), _darker(body), width // 300)
    pipe = width // 30
    draw.rectangle((width // 6, top + pipe, left, top + 2 * pipe), (165, 168, 170))
    draw.ellipse((left - pipe, top + pipe // 2, left + pipe, top + 5 * pipe // 2), (120, 124, 128))
    for _ in range(700):
        at, down = chance.gauss(middle, width / 9), chance.gauss(height * 0.84, height / 30)
        size = chance.uniform(1, width / 180)
        draw.ellipse((at, down, at + 2 * size, down + size), (196, 172, 128))


def _manhole(draw: Draw, chance: random.Random, width: int, height: int) -> None:
    """A manhole without barrier, a ladder in it and a board beside it."""
    x, y = int(width * chance.uniform(0.35, 0.6)), int(height * 0.78)
    wide, flat = width // 7, height // 14
    draw.ellipse((x - wide - 14, y - flat - 8, x + wide + 14, y + flat + 8), (96, 98, 100))
    draw.ellipse((x - wide, y - flat, x + wide, y + flat), (14, 15, 18))
    for step in (-1, 1):
        draw.line(
            (x + step * wide // 4, y - height // 6, x + step * wide // 4, y + flat // 2),
            (190, 160, 40),
            width // 130,
        )
    for n in range(4):
        level = y - height // 7 + n * height // 22
        draw.line((x - wide // 4, level, x + wide // 4, level), (190, 160, 40), width // 160)
    left = int(width * 0.68)
    draw.rectangle(
        (left, height // 3, left + width // 6, height // 2), (235, 200, 40), (20, 20, 20), 6
    )
    draw.polygon(
        [
            (left + width // 12, height // 3 + 16),
            (left + width // 8, height // 2 - 16),
            (left + width // 24, height // 2 - 16),
        ],
        (235, 200, 40),
        (20, 20, 20),
    )


def _cabinet(draw: Draw, chance: random.Random, width: int, height: int) -> None:
    """An open electrical cabinet."""
    left, top = int(width * chance.uniform(0.3, 0.5)), height // 4
    right, bottom = left + width // 4, int(height * 0.75)
    edge = right + width // 8
    draw.rectangle((left, top, right, bottom), (205, 207, 205), (70, 70, 70), width // 150)
    draw.polygon(
        [(right, top), (edge, top - 30), (edge, bottom + 40), (right, bottom)],
        (180, 182, 180),
        (70, 70, 70),
    )
    for row in range(4):
        for column in range(4):
            x = left + (column + 1) * (right - left) // 6
            y = top + (row + 1) * (bottom - top) // 6
            draw.rectangle((x, y, x + width // 50, y + height // 20), (40, 44, 52))
            draw.rectangle((x + 4, y + 6, x + width // 80, y + 20), chance.choice(_LAMPS))
    for _ in range(12):
        x = chance.randint(left + 10, right - 10)
        draw.arc((x, bottom - 120, x + 90, bottom - 10), 0, 250, chance.choice(_LAMPS), 4)


def _papers(draw: Draw, chance: random.Random, width: int, height: int) -> None:
    """A ledger on a desk, some lines left blank."""
    draw.polygon(
        [(0, height), (width, height), (width * 5 // 6, height // 2), (width // 6, height // 2)],
        (124, 86, 56),
    )
    left, top, right, bottom = width // 4, height // 3, width * 3 // 4, height * 9 // 10
    draw.polygon(
        [(left + 40, top), (right - 40, top), (right + 30, bottom), (left - 30, bottom)],
        (246, 244, 236),
        (150, 150, 150),
    )
    for n in range(14):
        y = top + (n + 2) * (bottom - top) // 17
        draw.line((left + 10, y, right - 10, y), (150, 160, 190), 2)
        if chance.random() < 0.6:
            end = chance.randint(left + 80, right - 40)
            draw.line((left + 30, y - 10, end, y - 8), (40, 44, 90), width // 300)


_LAMPS: tuple[Colour, ...] = ((200, 40, 36), (40, 150, 60), (220, 180, 40), (40, 80, 170))
SCENES: Mapping[str, Callable[[Draw, random.Random, int, int], None]] = {
    "machine": _machine,
    "manhole": _manhole,
    "cabinet": _cabinet,
    "papers": _papers,
}


def _darker(colour: Colour) -> Colour:
    red, green, blue = (part * 3 // 4 for part in colour)
    return red, green, blue


def _caption(image: Image.Image, text: str) -> None:
    size = image.width // 42
    rim = max(1, size // 12)
    ink = lettering(text, size, "song", rim)
    corner = (size - rim, image.height - 7 * size // 4 - rim)
    image.paste((30, 30, 30), corner, ink.filter(ImageFilter.MaxFilter(2 * rim + 1)))
    image.paste((255, 236, 120), corner, ink)
