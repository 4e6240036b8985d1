"""The codes that a phone shows are read by a reader that has nothing to do with who drew them."""

import base64
import json
import subprocess
from hashlib import sha256
from pathlib import Path
from random import Random

import zxingcpp
from PIL import Image

from tests.faces.phone_core.both import NODE
from tests.faces.phone_core.protocol.node import SOURCES
from tests.phone_build.tools import needs_modules

SCRIPT = Path(__file__).with_name("codes.mjs")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@needs_modules
def test_another_reader_gets_the_file_out_of_the_codes() -> None:
    content = Random(7).randbytes(3001)
    codes = json.loads(
        subprocess.run(
            [*NODE, SCRIPT, SOURCES],
            input=base64.b64encode(content).decode(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
    )
    read = [_read(code["modules"]) for code in codes]

    assert read == [code["text"] for code in codes]
    assert len(read) == 5
    id = sha256(content).hexdigest()[:16].upper()
    assert [text.split("/")[:4] for text in read] == [
        ["IX1", id, str(number), "5"] for number in range(1, 6)
    ]
    assert b"".join(_from_base45(text.split("/", 4)[4]) for text in read) == content


def _read(modules: list[list[bool]]) -> str:
    shades = bytes(40 if dark else 220 for row in modules for dark in row)
    picture = Image.frombytes("L", (len(modules), len(modules)), shades)
    (found,) = zxingcpp.read_barcodes(
        picture.resize([4 * len(modules)] * 2, Image.Resampling.NEAREST)
    )
    return found.text


def _from_base45(text: str) -> bytes:
    content = b""
    for at in range(0, len(text), 3):
        signs = [ALPHABET.index(sign) for sign in text[at : at + 3]]
        number = sum(sign * 45**place for place, sign in enumerate(signs))
        content += number.to_bytes(len(signs) - 1, "big")
    return content
