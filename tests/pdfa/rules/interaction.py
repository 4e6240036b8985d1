"""Clause 6.1.12 and 6.3 to 6.5: annotations, forms, signatures, actions."""

import pikepdf
from asn1crypto import cms

from tests.pdfa.reading import File
from tests.pdfa.rules import Said, rule

ANNOTATIONS = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine",
    "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup",
    "/FileAttachment", "/Widget", "/PrinterMark", "/TrapNet", "/Watermark", "/Redact",
}  # fmt: skip
INVISIBLE, HIDDEN, PRINT, NO_VIEW, TOGGLE_NO_VIEW = 1, 2, 4, 32, 256
ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
PERMISSIONS = {"/DocMDP", "/UR3"}


@rule("6.3.1")
def annotations_are_of_kinds_that_last(file: File) -> Said:
    """Those of ISO 32000-1, but neither 3D, Sound, Screen nor Movie."""
    for where, one in file.annotations:
        if one.get("/Subtype") not in ANNOTATIONS:
            yield where, f"an annotation of type {one.get('/Subtype')}"


@rule("6.3.2")
def annotations_are_printed_and_seen(file: File) -> Said:
    """F says that it is printed, and not that it is hidden in any way."""
    for where, one in file.annotations:
        if one.get("/Subtype") == "/Popup":
            continue
        flags = one.get("/F")
        if flags is None:
            yield where, "no F"
        elif not flags & PRINT:
            yield where, "it is not printed"
        elif flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE_NO_VIEW):
            yield where, "it is hidden"


@rule("6.3.3")
def annotations_bring_their_looks(file: File) -> Said:
    """An appearance, unless it is empty, a link or a popup; of it the normal one alone."""
    for where, one in file.annotations:
        looks = one.get("/AP")
        left, low, right, high = (float(edge) for edge in one.get("/Rect", [0, 0, 0, 0]))
        if looks is None:
            empty = left == right and low == high
            if not empty and one.get("/Subtype") not in ("/Popup", "/Link"):
                yield where, "no appearance"
            continue
        button = one.get("/Subtype") == "/Widget" and one.get("/FT") == "/Btn"
        kind = pikepdf.Dictionary if button else pikepdf.Stream
        if set(looks.keys()) != {"/N"} or not isinstance(looks["/N"], kind):
            yield where, "its appearance is not one of the kind N alone"


@rule("6.1.1")
def links_lead_somewhere(file: File) -> Said:
    """A link has a destination on a page of the file, or an action (ISO 32000-1, 12.5.6.5)."""
    pages = {page.obj.objgen for _, page in file.pages}
    for where, one in file.annotations:
        if one.get("/Subtype") != "/Link":
            continue
        target = one.get("/Dest")
        if target is None and "/A" not in one:
            yield where, "a link to nowhere"
        if isinstance(target, pikepdf.Array) and target[0].objgen not in pages:
            yield where, "a link to what is no page"


@rule("6.4.1")
def fields_do_nothing(file: File) -> Said:
    """Neither fields nor widgets have actions; their looks are in the file."""
    form = file.root.get("/AcroForm", pikepdf.Dictionary())
    if form.get("/NeedAppearances", False):
        yield "form", "NeedAppearances is true"
    widgets = [(w, one) for w, one in file.annotations if one.get("/Subtype") == "/Widget"]
    fields = [(where, one) for where, one in file.dictionaries if "/FT" in one]
    for where, one in widgets + fields:
        if "/AA" in one or "/A" in one:
            yield where, "a field has actions"


@rule("6.4.2")
def there_is_no_xfa(file: File) -> Said:
    """No second form in XML, which some programs would show instead."""
    if "/XFA" in file.root.get("/AcroForm", {}):
        yield "form", "XFA"
    if file.root.get("/NeedsRendering", False):
        yield "catalogue", "NeedsRendering"


def signatures(file: File) -> list[tuple[str, pikepdf.Object]]:
    """Return the signatures of the file's fields."""
    return [
        (where, one["/V"])
        for where, one in file.dictionaries
        if one.get("/FT") == "/Sig" and isinstance(one.get("/V"), pikepdf.Dictionary)
    ]


@rule("6.4.3")
def signatures_cover_what_was_there(file: File) -> Said:
    """
    ByteRange is all of the file as it was signed but Contents.

    The last signature's reaches the end of the file; an earlier one's the end of a revision.
    """
    reaches = []
    for where, one in signatures(file):
        numbers = [int(number) for number in one.get("/ByteRange", [])]
        if len(numbers) != 4 or numbers[0] != 0:
            yield where, "ByteRange is not two parts from the first byte on"
            continue
        _, first, second, rest = numbers
        hole = file.content[first:second]
        reaches.append(second + rest)
        if hole[:1] != b"<" or hole[-1:] != b">" or b"<" in hole[1:]:
            yield where, "ByteRange leaves out something else than Contents"
        if not file.content[: second + rest].rstrip(b"\r\n").endswith(b"%%EOF"):
            yield where, "ByteRange does not end where a revision does"
    if reaches and max(reaches) != len(file.content):
        yield "file", "something was added after the last signature"


@rule("6.4.3")
def signatures_bring_their_certificate(file: File) -> Said:
    """A PKCS #7 object in DER: one signer, and certificates; a timestamp's is another kind."""
    for where, one in signatures(file):
        if one.get("/SubFilter") == "/ETSI.RFC3161":
            continue
        try:
            signed = cms.ContentInfo.load(bytes(one.get("/Contents", b"")))["content"]
            signers, certificates = len(signed["signer_infos"]), len(signed["certificates"])
        except (ValueError, TypeError, KeyError):
            yield where, "Contents is no signature in DER"
            continue
        if signers != 1 or not certificates:
            yield where, f"a signature of {signers} signers with {certificates} certificates"


@rule("6.1.12")
def permissions_are_those_of_signatures(file: File) -> Said:
    """DocMDP and UR3 alone; a reference of theirs has no digest of its own."""
    permissions = file.root.get("/Perms", pikepdf.Dictionary())
    for key in permissions.keys() - PERMISSIONS:
        yield "permissions", f"{key} is none"
    if "/DocMDP" not in permissions:
        return
    for reference in permissions["/DocMDP"].get("/Reference", []):
        if {"/DigestLocation", "/DigestMethod", "/DigestValue"} & reference.keys():
            yield "permissions", "a signature's reference has a digest of its own"


@rule("6.5.1")
def actions_are_harmless(file: File) -> Said:
    """Those that lead somewhere; nothing is launched, played, run or hidden."""
    for where, one in file.actions:
        if str(one.get("/S")) not in ACTIONS:
            yield where, f"the action {one.get('/S')}"
        elif one.get("/S") == "/Named" and one.get("/N") not in NAMED:
            yield where, f"the named action {one.get('/N')}"


@rule("6.5.1")
def no_scripts_are_kept(file: File) -> Said:
    """The name dictionary has no JavaScript either."""
    if "/JavaScript" in file.root.get("/Names", {}):
        yield "catalogue", "scripts by name"


@rule("6.5.2")
def nothing_triggers_actions(file: File) -> Said:
    """Neither catalogue nor pages have additional actions."""
    if "/AA" in file.root:
        yield "catalogue", "AA"
    for where, page in file.pages:
        if "/AA" in page.obj:
            yield where, "AA"
