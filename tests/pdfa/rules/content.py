"""Clause 6.2.2 and its neighbours: the operators of pages and forms."""

from tests.pdfa.reading import File
from tests.pdfa.reading_content import drawn
from tests.pdfa.rules import Said, rule

DEEPEST = 28
INLINE_FILTERS = {
    "/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode",
    "/DCTDecode",
}  # fmt: skip
INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}


@rule("6.2.2")
def operators_are_known(file: File) -> Said:
    """Not even between BX and EX is another operator than ISO 32000-1 has."""
    for one in drawn(file):
        for name in sorted(one.unknown):
            yield one.where, f"the operator {name} is not known"


@rule("6.2.2")
def resources_are_its_own(file: File) -> Said:
    """What a page or form uses is in its own Resources, not in those of a parent."""
    for one in drawn(file):
        for said in sorted(one.lacking):
            yield one.where, f"its own resources have no {said}"


@rule("6.2.2")
def text_and_marks_begin_and_end(file: File) -> Said:
    """Text objects and marked content are closed; text is shown in text objects alone."""
    for one in drawn(file):
        for said in sorted(one.blocks):
            yield one.where, said


@rule("6.1.13")
def states_are_not_kept_too_deep(file: File) -> Said:
    """At most 28 q, one in another."""
    for one in drawn(file):
        if one.deepest > DEEPEST:
            yield one.where, f"{one.deepest} states are kept, one in another"


@rule("6.2.2")
def states_are_restored(file: File) -> Said:
    """Each q has its Q (ISO 32000-1, 8.4.2)."""
    for one in drawn(file):
        if one.unbalanced:
            yield one.where, f"{one.unbalanced} q or Q stand alone"


@rule("6.1.10")
def inline_images_are_free(file: File) -> Said:
    """Filters as elsewhere, and no Crypt."""
    for one in drawn(file):
        for image in one.inline:
            for name in image.filters:
                if name not in INLINE_FILTERS:
                    yield one.where, f"an inline image is filtered by {name}"


@rule("6.2.6")
def rendering_intents_are_known(file: File) -> Said:
    """The four of ISO 32000-1, Table 70, by operator, state or image."""
    for one in drawn(file):
        for name in sorted(one.intents - INTENTS):
            yield one.where, f"the rendering intent {name}"
    for where, thing in file.dictionaries:
        keys = {"/Intent": thing.get("/Subtype") == "/Image", "/RI": "/Type" in thing}
        for key, meant in keys.items():
            if meant and key in thing and str(thing[key]) not in INTENTS:
                yield where, f"the rendering intent {thing[key]}"
