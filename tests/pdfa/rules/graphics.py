"""Clause 6.2.5 and 6.2.8 to 6.2.10: states, images, XObjects and transparency."""

import io

import pikepdf
from PIL import Image

from tests.pdfa.reading import File
from tests.pdfa.reading_content import drawn
from tests.pdfa.rules import Said, rule
from tests.pdfa.rules.colour import SHORT, intended

BLEND_MODES = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten",
    "/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue",
    "/Saturation", "/Color", "/Luminosity",
}  # fmt: skip
COMPONENTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4, "/CalGray": 1, "/CalRGB": 3}
DEPTHS = {1, 2, 4, 8, 16}


def states(file: File) -> list[tuple[str, pikepdf.Object]]:
    """Return the extended graphics states of all resources."""
    found = []
    for where, one in file.dictionaries:
        held = one.get("/ExtGState")
        if isinstance(held, pikepdf.Dictionary):
            found += [(where, state) for _, state in held.items()]
    return found


def images(file: File) -> list[tuple[str, pikepdf.Object]]:
    """Return all images."""
    return [(w, stream) for w, stream in file.streams if stream.get("/Subtype") == "/Image"]


@rule("6.2.5")
def states_transfer_nothing(file: File) -> Said:
    """No TR, no TR2 but Default, no HTP; halftones of type 1 or 5 without a name."""
    for where, state in states(file):
        if "/TR" in state or "/HTP" in state:
            yield where, "a graphics state has TR or HTP"
        if state.get("/TR2", "/Default") != "/Default":
            yield where, "a graphics state has a TR2 that is not Default"
        halftone = state.get("/HT")
        if isinstance(halftone, pikepdf.Dictionary | pikepdf.Stream):
            if halftone.get("/HalftoneType") not in (1, 5):
                yield where, f"a halftone of type {halftone.get('/HalftoneType')}"
            if "/HalftoneName" in halftone:
                yield where, "a halftone with a name"


@rule("6.2.8")
def images_have_no_alternates(file: File) -> Said:
    """Neither Alternates nor OPI: what is shown is in the file and is always the same."""
    for where, image in images(file):
        for key in ("/Alternates", "/OPI"):
            if key in image:
                yield where, f"an image has {key}"


@rule("6.2.8")
def images_are_not_interpolated(file: File) -> Said:
    """Interpolate, which each viewer does otherwise, is false; so is I of inline images."""
    for where, image in images(file):
        if image.get("/Interpolate", False):
            yield where, "an image is interpolated"
    for one in drawn(file):
        for inline in one.inline:
            if inline.obj.get("/I", inline.obj.get("/Interpolate", False)):
                yield one.where, "an inline image is interpolated"


@rule("6.2.8")
def images_are_what_they_say(file: File) -> Said:
    """A JPEG's size and components are those of its dictionary (ISO 32000-1, 8.9.5)."""
    for where, image in images(file):
        if image.get("/Filter") != "/DCTDecode":
            continue
        try:
            with Image.open(io.BytesIO(image.read_raw_bytes())) as picture:
                size, bands = picture.size, len(picture.getbands())
        except OSError as error:
            yield where, f"the JPEG cannot be read: {error}"
            continue
        if size != (image.get("/Width"), image.get("/Height")):
            yield where, f"the JPEG is {size[0]} x {size[1]} pixels"
        if bands != _components(image.get("/ColorSpace")):
            yield where, f"the JPEG has {bands} components"
        if image.get("/BitsPerComponent") != 8:
            yield where, "a JPEG has 8 bits a component"


def _components(space: object) -> int | None:
    if isinstance(space, pikepdf.Array) and space[0] == "/ICCBased":
        return int(space[1].get("/N", 0))
    name = str(space[0]) if isinstance(space, pikepdf.Array) else str(space)
    return COMPONENTS.get(SHORT.get(name, name))


@rule("6.2.8")
def images_say_how_deep_they_are(file: File) -> Said:
    """Bits a component: 1, 2, 4, 8 or 16; a mask has 1 and no colour space."""
    for where, image in images(file):
        depth, filters = image.get("/BitsPerComponent"), str(image.get("/Filter", ""))
        mask = image.get("/ImageMask", False)
        if mask and (image.get("/BitsPerComponent", 1) != 1 or "/ColorSpace" in image):
            yield where, "a mask has colours"
        if not mask and "JPX" not in filters:
            if depth not in DEPTHS:
                yield where, f"an image of {depth} bits a component"
            if "/ColorSpace" not in image:
                yield where, "an image without a colour space"


@rule("6.2.8")
def soft_masks_are_grey(file: File) -> Said:
    """A soft mask is an image in DeviceGray without masks of its own (ISO 32000-1, 11.6.5.3)."""
    for where, image in images(file):
        mask = image.get("/SMask")
        if mask is None:
            continue
        if not isinstance(mask, pikepdf.Stream) or mask.get("/ColorSpace") != "/DeviceGray":
            yield where, "the soft mask is no image in DeviceGray"
        elif "/SMask" in mask or "/Mask" in mask:
            yield where, "the soft mask is masked"
        if "/Mask" in image:
            yield where, "an image has two masks"


@rule("6.2.9")
def forms_stand_for_themselves(file: File) -> Said:
    """No OPI, no PostScript, no reference to another file."""
    for where, stream in file.streams:
        if stream.get("/Subtype") == "/PS":
            yield where, "a PostScript XObject"
        if stream.get("/Subtype") != "/Form":
            continue
        if "/PS" in stream or stream.get("/Subtype2") == "/PS":
            yield where, "a form with PostScript"
        for key in ("/OPI", "/Ref"):
            if key in stream:
                yield where, f"a form has {key}"


@rule("6.2.10")
def blend_modes_are_known(file: File) -> Said:
    """Those of ISO 32000-1, Tables 136 and 137."""
    for where, state in states(file):
        mode = state.get("/BM", "/Normal")
        for name in list(mode) if isinstance(mode, pikepdf.Array) else [mode]:
            if str(name) not in BLEND_MODES:
                yield where, f"the blend mode {name}"


@rule("6.2.10")
def transparency_is_blended_in_a_known_space(file: File) -> Said:
    """A transparency group names its space, or the output intent gives it."""
    for where, one in file.dictionaries:
        group = one.get("/Group")
        if not isinstance(group, pikepdf.Dictionary) or group.get("/S") != "/Transparency":
            continue
        if "/CS" not in group and intended(file) is None:
            yield where, "a transparency group without a space to blend in"


@rule("6.2.10")
def opacity_is_a_share(file: File) -> Said:
    """CA and ca are between 0 and 1 (ISO 32000-1, Table 58)."""
    for where, state in states(file):
        for key in ("/CA", "/ca"):
            if not 0 <= float(state.get(key, 1)) <= 1:
                yield where, f"{key[1:]} is {state[key]}"
