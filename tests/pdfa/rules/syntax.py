"""Clause 6.1.2 to 6.1.11: how the bytes of the file stand."""

import re

import pikepdf

from tests.pdfa.reading import File
from tests.pdfa.rules import Said, rule
from tests.pdfa.scanning import Indirect, tokens

HEADER = re.compile(rb"%PDF-1\.[0-7](\r\n|\r|\n)")
COMMENT = re.compile(rb"%[\x80-\xff]{4}")
HEX = re.compile(rb"<[0-9A-Fa-f\0\t\n\f\r ]*>")
SPACE = b"\0\t\n\f\r "
FILTERS = {
    "/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode",
    "/JBIG2Decode", "/DCTDecode", "/JPXDecode", "/Crypt",
}  # fmt: skip


@rule("6.1.2")
def begins_with_a_header(file: File) -> Said:
    """%PDF-1.n at the first byte, and behind its line end a comment of four high bytes."""
    header = HEADER.match(file.content)
    if header is None:
        yield "header", "the file does not begin with %PDF-1.0 to %PDF-1.7 and one line end"


@rule("6.1.2")
def has_a_binary_comment(file: File) -> Said:
    """The second line tells programs that the file is not text."""
    lines = re.match(rb"[^\r\n]*(\r\n|\r|\n)", file.content)
    if lines is None or not COMMENT.match(file.content, lines.end()):
        yield "header", "the second line is no comment of four bytes above 127"


@rule("6.1.3")
def has_an_identifier(file: File) -> Said:
    """The trailer's ID: two strings."""
    found = file.pdf.trailer.get("/ID")
    strings = list(found) if isinstance(found, pikepdf.Array) else []
    if len(strings) != 2 or not all(bytes(one) for one in strings):
        yield "trailer", "ID is not an array of two strings"


@rule("6.1.3")
def is_not_encrypted(file: File) -> Said:
    """Not even with an empty password."""
    if file.pdf.is_encrypted or "/Encrypt" in file.pdf.trailer:
        yield "trailer", "the file is encrypted"


@rule("6.1.3")
def ends_with_its_end_marker(file: File) -> Said:
    """Nothing but one line end behind the last %%EOF."""
    last = file.content.rfind(b"%%EOF")
    if last < 0 or file.content[last + 5 :] not in (b"", b"\n", b"\r", b"\r\n"):
        yield "end of file", "there is something behind the last end-of-file marker, or none"


@rule("6.1.4")
def tables_are_written_by_the_book(file: File) -> Said:
    """The keyword, subsections and entries of 20 bytes."""
    yield from (("table", said) for clause, said in file.scan.faults if clause == "6.1.4")


@rule("6.1.4")
def tables_point_to_objects(file: File) -> Said:
    """Each entry in use is the byte at which that object begins."""
    begins = {(one.number, one.at) for one in file.scan.indirect}
    for number, offset, _ in file.scan.offsets:
        if (number, offset) not in begins:
            yield "table", f"object {number} does not begin at byte {offset}"


@rule("6.1.6")
def hexadecimal_strings_are_whole(file: File) -> Said:
    """An even number of digits, and nothing but digits."""
    places = [(where, token) for where, token in file.scan.tokens() if token.kind == "hex"]
    places += [
        (where, token)
        for where, code in contents(file)
        for token in tokens(code)
        if token.kind == "hex"
    ]
    for where, token in places:
        if not HEX.fullmatch(token.said):
            yield where, "a hexadecimal string has other characters than digits"
        elif len(token.said.translate(None, SPACE)) % 2:
            yield where, "a hexadecimal string has an odd number of digits"


def contents(file: File) -> list[tuple[str, bytes]]:
    """Return the operators of all pages and forms as they stand."""
    found = []
    for where, page in file.pages:
        held = page.obj.get("/Contents", [])
        parts = list(held) if isinstance(held, pikepdf.Array) else [held]
        found.append((where, b"\n".join(part.read_bytes() for part in parts)))
    for where, stream in file.streams:
        if stream.get("/Subtype") == "/Form" or "/PatternType" in stream:
            found.append((where, stream.read_bytes()))
    return found


@rule("6.1.7.1")
def streams_are_as_long_as_they_say(file: File) -> Said:
    """Length counts the bytes between the line ends behind `stream` and before `endstream`."""
    for one in file.scan.indirect:
        if one.length is None:
            continue
        raw = file.content[one.data : one.data + one.length]
        start = 2 if raw.startswith(b"\r\n") else 1
        kept = raw[start:]
        stated = _length(file, one)
        endings = {len(kept) - len(end) for end in (b"\r\n", b"\n", b"\r") if kept.endswith(end)}
        if stated not in endings | {len(kept)}:
            yield f"{one.number} 0 obj", f"Length is {stated}, but there are {len(kept)} bytes"


def _length(file: File, one: Indirect) -> int | None:
    words = [token.said for token in one.tokens]
    if b"/Length" not in words:
        return None
    at = words.index(b"/Length")
    if words[at + 3 : at + 4] == [b"R"]:
        return int(file.pdf.get_object(int(words[at + 1]), int(words[at + 2])))
    return int(words[at + 1]) if words[at + 1].isdigit() else None


@rule("6.1.7.1")
def stream_keywords_stand_on_their_lines(file: File) -> Said:
    """A line end of the right kind behind `stream`, any before `endstream`."""
    for one in file.scan.indirect:
        if one.length is None:
            continue
        where = f"{one.number} 0 obj"
        if not file.content.startswith((b"\r\n", b"\n"), one.data):
            yield where, "`stream` is not followed by a line feed"
        if one.length < 2 or file.content[one.data + one.length - 1] not in b"\r\n":
            yield where, "`endstream` does not follow a line end"


@rule("6.1.7.1")
def streams_are_in_the_file(file: File) -> Said:
    """No stream's data are in a file of their own."""
    for where, stream in file.streams:
        for key in ("/F", "/FFilter", "/FDecodeParms"):
            if key in stream:
                yield where, f"the stream is outside the file: {key}"


@rule("6.1.7.2")
def filters_are_known_and_free(file: File) -> Said:
    """Those of ISO 32000-1, Table 6, but LZW; Crypt only where it does nothing."""
    for where, stream in file.streams:
        for name, parameters in _filters(stream):
            if name not in FILTERS:
                yield where, f"the filter {name} must not be used"
            if name == "/Crypt" and parameters.get("/Name") != "/Identity":
                yield where, "a Crypt filter that is not Identity"


def _filters(stream: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    names = _list(stream.get("/Filter"))
    parameters = _list(stream.get("/DecodeParms"))
    parameters += [pikepdf.Dictionary()] * (len(names) - len(parameters))
    return [
        (str(name), one if isinstance(one, pikepdf.Dictionary) else pikepdf.Dictionary())
        for name, one in zip(names, parameters, strict=False)
    ]


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


@rule("6.1.9")
def objects_stand_on_their_lines(file: File) -> Said:
    """Single spaces in `1 0 obj`; line ends before and behind it and `endobj`."""
    for one in file.scan.indirect:
        where = f"{one.number} 0 obj"
        if any(len(space) != 1 for space in one.spaces):
            yield where, "number, generation and `obj` are more than a space apart"
        begin = file.content.index(b"obj", one.at) + 3
        edges = (
            file.content[one.at - 1 : one.at],
            file.content[begin : begin + 1],
            file.content[one.end - 7 : one.end - 6],
            file.content[one.end : one.end + 1],
        )
        if not all(edge in (b"\r", b"\n") for edge in edges):
            yield where, "`obj` and `endobj` do not stand on lines of their own"


@rule("6.1.9")
def every_byte_belongs_to_something(file: File) -> Said:
    """Between objects, tables and trailers is nothing but white space and comments."""
    yield from (("file", said) for clause, said in file.scan.faults if clause == "6.1.9")


@rule("6.1.1")
def every_reference_leads_somewhere(file: File) -> Said:
    """ISO 32000-1 lets a reference to nothing be null; a file that is kept should have none."""
    known = {one.number for one in file.scan.indirect}
    compressed = any(stream.get("/Type") == "/ObjStm" for _, stream in file.streams)
    for one in () if compressed else file.scan.indirect:
        words = [token.said for token in one.tokens]
        for at in range(2, len(words)):
            if words[at] == b"R" and words[at - 2].isdigit() and int(words[at - 2]) not in known:
                yield (
                    f"{one.number} 0 obj",
                    f"it points to {int(words[at - 2])} 0 obj, which is none",
                )


@rule("6.1.11")
def a_linearized_file_was_not_added_to(file: File) -> Said:
    """Its first dictionary says how long it was: where that is wrong, programs must not use it."""
    for where, one in file.dictionaries:
        if "/Linearized" in one and one.get("/L") != len(file.content):
            yield where, "the file was linearized at another length than it has"
