"""Clause 6.2.3 and 6.2.4: what a colour means."""

from collections.abc import Iterator

import pikepdf

from tests.pdfa import icc
from tests.pdfa.reading import File
from tests.pdfa.reading_content import drawn
from tests.pdfa.rules import Said, rule

PDFA = "/GTS_PDFA1"
DEVICE = {"/DeviceGray": b"GRAY", "/DeviceRGB": b"RGB ", "/DeviceCMYK": b"CMYK"}
SHORT = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}
DEFAULTS = {
    "/DeviceGray": "/DefaultGray",
    "/DeviceRGB": "/DefaultRGB",
    "/DeviceCMYK": "/DefaultCMYK",
}
INTENDED = (b"mntr", b"prtr")
MOST_COLOURANTS = 32


def intents(file: File) -> list[pikepdf.Object]:
    """Return the output intents of the catalogue."""
    found = file.root.get("/OutputIntents", [])
    return [one for one in found if isinstance(one, pikepdf.Dictionary)]


def intended(file: File) -> bytes | None:
    """Return the colour space of the PDF/A output intent, or None where it has none."""
    for one in intents(file):
        stream = one.get("/DestOutputProfile")
        if one.get("/S") == PDFA and isinstance(stream, pikepdf.Stream):
            return stream.read_bytes()[16:20]
    return None


@rule("6.2.3")
def has_one_output_intent(file: File) -> Said:
    """One of PDF/A, which says by an identifier what it is."""
    own = [one for one in intents(file) if one.get("/S") == PDFA]
    if len(own) != 1:
        yield "catalogue", f"{len(own)} output intents of PDF/A"
    for one in own:
        if not str(one.get("/OutputConditionIdentifier", "")):
            yield "output intent", "no OutputConditionIdentifier"
        if "/DestOutputProfile" not in one:
            yield "output intent", "no DestOutputProfile"


@rule("6.2.3")
def output_profiles_are_one_object(file: File) -> Said:
    """Several intents share one stream."""
    streams = [one.DestOutputProfile for one in intents(file) if "/DestOutputProfile" in one]
    if len({stream.objgen for stream in streams}) > 1:
        yield "catalogue", "output intents with profiles of their own"
    if any("/DestOutputProfileRef" in one for one in intents(file)):
        yield "output intent", "it points to a profile outside the file"


@rule("6.2.3")
def the_output_profile_is_valid(file: File) -> Said:
    """A profile of a display or printer, with as many components as its stream says."""
    for one in intents(file):
        stream = one.get("/DestOutputProfile")
        if isinstance(stream, pikepdf.Stream):
            for said in _profile_faults(stream, INTENDED):
                yield "output profile", said


@rule("6.2.4.2")
def icc_colours_are_valid(file: File) -> Said:
    """Each ICCBased space has a profile of the right number of components."""
    for where, stream in _icc_streams(file):
        for said in _profile_faults(stream, tuple(icc.CLASSES)):
            yield where, said


def _icc_streams(file: File) -> Iterator[tuple[str, pikepdf.Object]]:
    for where, space in spaces(file):
        if isinstance(space, pikepdf.Array) and space[0] == "/ICCBased":
            yield where, space[1]


def _profile_faults(stream: pikepdf.Object, classes: tuple[bytes, ...]) -> Iterator[str]:
    try:
        profile = icc.read(stream.read_bytes())
    except ValueError as error:
        yield f"the profile cannot be used: {error}"
        return
    for said in icc.faults(profile):
        yield f"of the profile: {said}"
    if profile.kind not in classes:
        yield f"the profile's class is {profile.kind!r}"
    if stream.get("/N") != profile.components:
        yield f"N is {stream.get('/N')}, but the profile has {profile.components} components"


def spaces(file: File) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yield the colour spaces that objects name: of images, groups, shadings and resources."""
    for where, one in file.dictionaries:
        for key in ("/ColorSpace", "/CS"):
            held = one.get(key)
            values = (
                [v for _, v in held.items()] if isinstance(held, pikepdf.Dictionary) else [held]
            )
            for value in values:
                yield from _with_bases(where, value)


def _with_bases(where: str, space: object) -> Iterator[tuple[str, pikepdf.Object]]:
    if isinstance(space, pikepdf.Name | pikepdf.Array):
        yield where, space
    if isinstance(space, pikepdf.Array) and len(space) > 1:
        base = {"/Indexed": 1, "/I": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}
        at = base.get(str(space[0]))
        if at is not None:
            yield from _with_bases(where, space[at])


@rule("6.2.4.3")
def device_colours_have_an_intent(file: File) -> Said:
    """Colours of a device mean something only where the intent or a default says what."""
    meant = intended(file)
    used = [(where, str(space), None) for where, space in spaces(file)]
    for one in drawn(file):
        used += [(one.where, name, one.resources) for name in one.device_colours]
    for where, name, resources in dict.fromkeys(
        (w, SHORT.get(n, n), _default(r, SHORT.get(n, n))) for w, n, r in used
    ):
        wanted = DEVICE.get(name)
        if wanted is None or resources:
            continue
        fits = meant is not None if wanted == b"GRAY" else meant == wanted
        if not fits:
            yield where, f"{name[1:]} is used, and no output intent says what it means"


def _default(resources: pikepdf.Object | None, name: str) -> bool:
    known = resources.get("/ColorSpace", pikepdf.Dictionary()) if resources is not None else {}
    return DEFAULTS.get(name, "") in known


@rule("6.2.4.4")
def colourants_are_described(file: File) -> Said:
    """DeviceN names its colourants, at most 32, and describes each spot colour."""
    for where, space in spaces(file):
        if not (isinstance(space, pikepdf.Array) and space[0] == "/DeviceN"):
            continue
        names = [str(name) for name in space[1]]
        described = space[4].get("/Colorants", {}) if len(space) > 4 else {}
        process = {"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"}
        if len(names) > MOST_COLOURANTS:
            yield where, f"{len(names)} colourants"
        for name in names:
            if name not in process and name not in described:
                yield where, f"the colourant {name} is not described"
