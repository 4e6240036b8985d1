"""
The contact sheets of docs/documents.md: the first page of every kind's example.

    python -m tests.golden.contact_sheet
"""

from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from pdf_templates.catalogue import MODULES, render
from pdf_templates.examples import example
from pdf_templates.facts import to_json

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
COLUMNS, ROWS = 7, 3
PAGE, MARGIN, CAPTION = (298, 421), 8, 16
GREYS = 16


def page_of(kind: str) -> Image.Image:
    """Return the first page of a kind's example."""
    document = pypdfium2.PdfDocument(render(kind, to_json(example(kind))))
    picture = document[0].render(scale=2 * PAGE[0] / document[0].get_width()).to_pil()
    document.close()
    return picture.convert("L").resize(PAGE, Image.Resampling.LANCZOS)


def sheet(kinds: list[str]) -> Image.Image:
    """Return pages side by side, the kind's name below each."""
    wide, high = PAGE[0] + MARGIN, PAGE[1] + MARGIN + CAPTION
    made = Image.new("L", (COLUMNS * wide + MARGIN, ROWS * high + MARGIN), 208)
    pen, font = ImageDraw.Draw(made), ImageFont.load_default(11)
    for number, kind in enumerate(kinds):
        x = MARGIN + number % COLUMNS * wide
        y = MARGIN + number // COLUMNS * high
        made.paste(page_of(kind), (x, y))
        pen.text((x + 2, y + PAGE[1] + 2), kind, font=font, fill=0)
    return made.quantize(GREYS)


def main() -> None:
    """Write the sheets."""
    kinds, each = list(MODULES), COLUMNS * ROWS
    for start in range(0, len(kinds), each):
        path = FOLDER / f"documents-{start // each + 1}.png"
        sheet(kinds[start : start + each]).save(path, optimize=True)


if __name__ == "__main__":
    main()
