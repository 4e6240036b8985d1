"""What a camera of tests is shown: pictures, each for a while, again and again."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image

SEES = (1280, 720)
"""What it shows, wide and high."""
AROUND = "#555555"
FRAMES_EACH = 5


def in_view(picture: Image.Image) -> Image.Image:
    """A picture as it is held before the camera, as large as fits into its middle."""
    view = Image.new("RGB", SEES, AROUND)
    held = picture.convert("RGB")
    held.thumbnail(SEES)
    view.paste(held, ((SEES[0] - held.width) // 2, (SEES[1] - held.height) // 2))
    return view


def record(film: Path, views: Iterable[Image.Image]) -> None:
    """Write views, each as large as the camera's, as a film; one that is there is replaced."""
    width, height = SEES
    with film.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for view in views:
            light, *colours = view.convert("YCbCr").split()
            halves = [colour.resize((width // 2, height // 2)) for colour in colours]
            frame = b"".join(part.tobytes() for part in (light, *halves))
            file.write((b"FRAME\n" + frame) * FRAMES_EACH)
