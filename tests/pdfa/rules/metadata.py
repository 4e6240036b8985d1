"""Clause 6.6 and 6.1.5: what the file says of itself."""

import re
from collections.abc import Callable
from datetime import datetime

import pikepdf
from lxml import etree

from tests.pdfa.reading import File
from tests.pdfa.rules import Said, rule

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
PDF = "http://ns.adobe.com/pdf/1.3/"
XMP = "http://ns.adobe.com/xap/1.0/"
PDFAID = "http://www.aiim.org/pdfa/ns/id/"
XML = "http://www.w3.org/XML/1998/namespace"
HEADER = re.compile(
    rb"^<\?xpacket begin=(['\"])(\xef\xbb\xbf)?\1 id=(['\"])W5M0MpCehiHzreSzNTczkc9d\3"
)
TRAILER = re.compile(rb"<\?xpacket end=(['\"])[rw]\1\?>\s*$")
KINDS = {
    f"{{{DC}}}title": "Alt", f"{{{DC}}}creator": "Seq", f"{{{DC}}}description": "Alt",
    f"{{{DC}}}language": "Bag", f"{{{DC}}}subject": "Bag", f"{{{DC}}}date": "Seq",
    f"{{{DC}}}format": "", f"{{{DC}}}rights": "Alt", f"{{{DC}}}publisher": "Bag",
    f"{{{DC}}}identifier": "", f"{{{DC}}}type": "Bag",
    f"{{{PDF}}}Producer": "", f"{{{PDF}}}Keywords": "", f"{{{PDF}}}PDFVersion": "",
    f"{{{PDF}}}Trapped": "",
    f"{{{XMP}}}CreatorTool": "", f"{{{XMP}}}CreateDate": "", f"{{{XMP}}}ModifyDate": "",
    f"{{{XMP}}}MetadataDate": "",
    f"{{{PDFAID}}}part": "", f"{{{PDFAID}}}conformance": "",
}  # fmt: skip
"""The properties that documents may have, and how each is written: a container, or plain."""
INFO_DATE = re.compile(r"D:(\d{14})(?:([+-])(\d\d)'(\d\d)'?|Z(?:00'00'?)?)$")


def packet(file: File) -> bytes | None:
    """Return the metadata as they stand, or None where there are none."""
    stream = file.root.get("/Metadata")
    return stream.read_bytes() if isinstance(stream, pikepdf.Stream) else None


def properties(file: File) -> dict[str, etree._Element] | None:
    """Return the properties by their full names, or None where there is no packet to read."""
    content = packet(file)
    if content is None:
        return None
    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return None
    return {
        part.tag: part
        for described in tree.iter(f"{{{RDF}}}Description")
        for part in described
        if isinstance(part.tag, str)
    }


@rule("6.6.2.1")
def has_metadata(file: File) -> Said:
    """A stream of Type Metadata and Subtype XML in the catalogue."""
    stream = file.root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        yield "catalogue", "no Metadata"
    elif stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
        yield "metadata", "the stream is not of Type Metadata and Subtype XML"


@rule("6.6.2.1")
def the_packet_can_be_found(file: File) -> Said:
    """It is not compressed, so that programs that know no PDF find it; with header and trailer."""
    content = packet(file)
    if content is None:
        return
    if "/Filter" in file.root.Metadata:
        yield "metadata", "the stream is compressed"
    if not HEADER.match(content) or not TRAILER.search(content):
        yield "metadata", "the packet has not its header and trailer"


@rule("6.6.2.1")
def the_packet_names_no_bytes_or_encoding(file: File) -> Said:
    """Both attributes are deprecated in XMP and forbidden here."""
    header = (packet(file) or b"").split(b"?>")[0]
    for name in (b"bytes=", b"encoding="):
        if name in header:
            yield "metadata", f"the packet's header has {name.decode()}"


@rule("6.6.2.1")
def the_packet_is_well_formed(file: File) -> Said:
    """XML in UTF-8 with RDF in it."""
    content = packet(file)
    if content is None:
        return
    try:
        content.decode("utf-8")
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        yield "metadata", f"the packet cannot be read: {error}"
        return
    if tree.find(f".//{{{RDF}}}Description") is None:
        yield "metadata", "the packet describes nothing"


@rule("6.6.2.3")
def properties_are_known_and_of_their_kind(file: File) -> Said:
    """Only those of predefined schemas, each as its schema says it is written."""
    for name, element in (properties(file) or {}).items():
        if name not in KINDS:
            yield "metadata", f"{name} is in no schema that is defined"
            continue
        inner = [etree.QName(part).localname for part in element]
        if inner != ([KINDS[name]] if KINDS[name] else []):
            yield "metadata", f"{name} is not written as its schema says"


@rule("6.6.4")
def says_that_it_is_pdfa_3u(file: File) -> Said:
    """The part and the level, in the namespace and with the prefix of the standard."""
    known = properties(file)
    for name, wanted in (("part", "3"), ("conformance", "U")):
        element = (known or {}).get(f"{{{PDFAID}}}{name}")
        if element is None or element.text != wanted:
            yield "metadata", f"pdfaid:{name} is not {wanted}"
        elif element.prefix != "pdfaid":
            yield "metadata", f"the prefix of {name} is {element.prefix}"


def _plain(element: etree._Element) -> str:
    return element.text or ""


def _only(element: etree._Element) -> str:
    rows = [row.text or "" for row in element.iter(f"{{{RDF}}}li")]
    return rows[0] if len(rows) == 1 else ""


def _default(element: etree._Element) -> str:
    rows = element.iter(f"{{{RDF}}}li")
    return next((r.text or "" for r in rows if r.get(f"{{{XML}}}lang") == "x-default"), "")


SAME: dict[str, tuple[str, Callable[[etree._Element], str]]] = {
    "/Title": (f"{{{DC}}}title", _default),
    "/Author": (f"{{{DC}}}creator", _only),
    "/Subject": (f"{{{DC}}}description", _default),
    "/Keywords": (f"{{{PDF}}}Keywords", _plain),
    "/Creator": (f"{{{XMP}}}CreatorTool", _plain),
    "/Producer": (f"{{{PDF}}}Producer", _plain),
}
DATES = {"/CreationDate": f"{{{XMP}}}CreateDate", "/ModDate": f"{{{XMP}}}ModifyDate"}


@rule("6.1.5")
def info_says_what_the_metadata_say(file: File) -> Said:
    """Title, author, subject, creator and producer are the same text in both."""
    info, known = file.pdf.trailer.get("/Info", pikepdf.Dictionary()), properties(file)
    for key, (name, text) in SAME.items():
        element = (known or {}).get(name)
        stated = str(info[key]) if key in info else None
        if known is not None and stated != (None if element is None else text(element)):
            yield "Info", f"{key[1:]} is not what the metadata say"


@rule("6.1.5")
def dates_are_the_same_moments(file: File) -> Said:
    """Both dates of Info can be read, say their offset, and are those of the metadata."""
    info, known = file.pdf.trailer.get("/Info", pikepdf.Dictionary()), properties(file)
    for key, name in DATES.items():
        stated = _info_date(str(info.get(key, "")))
        element = (known or {}).get(name)
        if stated is None:
            yield "Info", f"{key[1:]} is no date with an offset"
        elif element is not None and stated != _moment(element.text or ""):
            yield "Info", f"{key[1:]} is not the moment of the metadata"
        elif known is not None and element is None:
            yield "metadata", f"{etree.QName(name).localname} is not there"


def _info_date(said: str) -> datetime | None:
    found = INFO_DATE.match(said)
    if found is None:
        return None
    offset = f"{found[2]}{found[3]}{found[4]}" if found[2] else "+0000"
    try:
        return datetime.strptime(found[1] + offset, "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


def _moment(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


@rule("6.1.5")
def a_title_is_there(file: File) -> Said:
    """An archive lists files by their titles."""
    title = (properties(file) or {}).get(f"{{{DC}}}title")
    if packet(file) is not None and (title is None or not _default(title).strip()):
        yield "metadata", "the file has no title"
