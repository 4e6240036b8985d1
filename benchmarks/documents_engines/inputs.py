"""What the engines are given: fonts, the QR matrix, and photos prepared from raw ones."""

import io
import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops

from benchmarks.documents_engines.content import QR_SIDE
from benchmarks.documents_engines.faces import rebuild
from pdf_templates.photos import prepare
from pdf_templates.setting.qr import about, qr

RAW = (4000, 3000)


def write(folder: Path, photos: int) -> dict[str, float]:
    """Fill the folder; return what it took to prepare the photos, in milliseconds each."""
    rebuild(folder)
    said = about("（苏·云）应急检通〔2026〕1号", "ab" * 32)
    mark = qr(said, 0, 0, QR_SIDE)
    modules = max(column + wide for column, _, wide, _ in mark.bars)
    (folder / "code.json").write_text(json.dumps({"bars": mark.bars, "modules": modules}))
    taken, sizes = [], []
    for number, raw in enumerate(_raw(photos)):
        began = time.process_time()
        copy = prepare(raw)
        taken.append((time.process_time() - began) * 1000)
        assert copy is not None
        (folder / f"photo-{number:03}.jpg").write_bytes(copy)
        sizes.append(len(raw))
    return {
        "count": photos,
        "each_ms": statistics.mean(taken),
        "slowest_ms": max(taken),
        "raw_kb": statistics.mean(sizes) / 1000,
    }


def _raw(count: int) -> Iterator[bytes]:
    """Yield photos as a phone takes them: areas of light, detail, and the sensor's noise."""
    light = Image.effect_noise((40, 30), 120).resize(RAW, Image.Resampling.BICUBIC)
    detail = Image.effect_noise((1000, 750), 60).resize(RAW, Image.Resampling.BILINEAR)
    noise = Image.effect_noise(RAW, 12)
    rng = random.Random(1)
    for _ in range(count):
        far, near, grain = (
            ImageChops.offset(band, rng.randrange(RAW[0]), rng.randrange(RAW[1]))
            for band in (light, detail, noise)
        )
        grey = Image.blend(Image.blend(far, near, 0.35), grain, 0.25)
        tinted = Image.merge("RGB", (grey, ImageChops.offset(grey, 9, 5), far))
        out = io.BytesIO()
        tinted.save(out, "JPEG", quality=88)
        yield out.getvalue()
