"""Clause 6.8: files inside the file."""

import hashlib
import re

import pikepdf

from tests.pdfa.reading import File
from tests.pdfa.rules import Said, rule

MIME = re.compile(r"/[-\w+.]+/[-\w+.]+")
RELATIONSHIPS = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}
DATE = re.compile(r"D:\d{14}([+-]\d\d'\d\d'?|Z)")


def specifications(file: File) -> list[tuple[str, pikepdf.Object]]:
    """Return the file specifications that have a file in them."""
    return [(where, one) for where, one in file.dictionaries if "/EF" in one]


def _files(file: File) -> list[tuple[str, pikepdf.Object]]:
    return [(where, stream) for w, one in specifications(file) for where, stream in _held(w, one)]


def _held(where: str, one: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    held = [stream for _, stream in one["/EF"].items() if isinstance(stream, pikepdf.Stream)]
    return [(where, stream) for stream in held]


@rule("6.8")
def files_are_named(file: File) -> Said:
    """F and UF, the same name."""
    for where, one in specifications(file):
        if "/F" not in one or "/UF" not in one:
            yield where, "F or UF is missing"
        elif str(one["/F"]) != str(one["/UF"]):
            yield where, "F and UF are different names"


@rule("6.8")
def files_say_what_they_are_to_the_document(file: File) -> Said:
    """AFRelationship, one of five."""
    for where, one in specifications(file):
        if one.get("/AFRelationship") not in RELATIONSHIPS:
            yield where, f"AFRelationship is {one.get('/AFRelationship')}"


@rule("6.8")
def files_are_associated(file: File) -> Said:
    """Each is named by an AF of the catalogue, a page or another object."""
    named = {
        part.objgen
        for _, one in file.dictionaries
        if isinstance(one.get("/AF"), pikepdf.Array)
        for part in one["/AF"]
    }
    for where, one in specifications(file):
        if one.objgen not in named or not one.is_indirect:
            yield where, "no AF names it"


@rule("6.8")
def files_say_their_type(file: File) -> Said:
    """Subtype is a MIME type."""
    for where, stream in _files(file):
        if not MIME.fullmatch(str(stream.get("/Subtype", ""))):
            yield where, f"the type is {stream.get('/Subtype')}"


@rule("6.8")
def files_say_when_they_were_changed(file: File) -> Said:
    """Params with a ModDate."""
    for where, stream in _files(file):
        said = str(stream.get("/Params", pikepdf.Dictionary()).get("/ModDate", ""))
        if not DATE.fullmatch(said):
            yield where, "no ModDate, or none that can be read"


@rule("6.8")
def files_are_as_they_were_put_in(file: File) -> Said:
    """Size and checksum, where they are stated, are those of the content."""
    for where, stream in _files(file):
        stated, content = stream.get("/Params", pikepdf.Dictionary()), stream.read_bytes()
        if stated.get("/Size", len(content)) != len(content):
            yield where, f"Size is {stated['/Size']}, the file has {len(content)} bytes"
        check = hashlib.md5(content, usedforsecurity=False).digest()
        if bytes(stated.get("/CheckSum", check)) != check:
            yield where, "the checksum is not that of the file"


@rule("6.8")
def files_can_be_found_by_name(file: File) -> Said:
    """What the catalogue associates is in the name tree, sorted, under the same name."""
    tree = file.root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    rows = list(pikepdf.NameTree(tree).items()) if tree is not None else []
    listed = {one.objgen for _, one in rows}
    for one in file.root.get("/AF", []):
        if one.objgen not in listed:
            yield "catalogue", "an associated file is not among the embedded ones"
    names = list(tree.get("/Names", [])[::2]) if tree is not None else []
    if [bytes(name) for name in names] != sorted(bytes(name) for name in names):
        yield "catalogue", "the names of embedded files are not sorted"
