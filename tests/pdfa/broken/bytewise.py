"""Files whose bytes are broken; parsers forgive most of it."""

import re

from tests.pdfa.broken import bytes_broken


def _replaced(document: bytes, old: bytes, new: bytes) -> bytes:
    """Replace the first; what follows moves, so all offsets are set anew."""
    assert old in document, old
    return retabled(document.replace(old, new, 1))


def retabled(document: bytes) -> bytes:
    """Return a file with the offsets of its one table as they are."""
    head, _, tail = document.rpartition(b"xref\n0 ")
    offsets = {int(found[1]): found.start() for found in OBJECT.finditer(head)}
    count = int(re.match(rb"\d+", tail)[0])  # type: ignore[index]
    rows = [b"0000000000 65535 f \n"]
    rows += [b"%010d 00000 n \n" % offsets.get(number, 0) for number in range(1, count)]
    trailer = tail[tail.index(b"trailer") : tail.rindex(b"startxref")]
    table = b"xref\n0 %d\n" % count + b"".join(rows)
    return head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(head)


OBJECT = re.compile(rb"(?<=[\r\n\t ])(\d+)\s+0\s+obj\b")


@bytes_broken("6.1.2", "begins_with_a_header")
def something_before_the_header(document: bytes) -> bytes:
    return retabled(b"\n" + document)


@bytes_broken("6.1.2", "begins_with_a_header")
def a_header_of_pdf_2(document: bytes) -> bytes:
    return document.replace(b"%PDF-1.7", b"%PDF-2.0", 1)


@bytes_broken("6.1.2", "begins_with_a_header")
def a_header_with_a_blank(document: bytes) -> bytes:
    return _replaced(document, b"%PDF-1.7\n", b"%PDF-1.7 \n")


@bytes_broken("6.1.2", "has_a_binary_comment")
def no_binary_comment(document: bytes) -> bytes:
    return document.replace(b"%\x93\x8c\x8b\x9e", b"%abcd", 1)


@bytes_broken("6.1.3", "ends_with_its_end_marker")
def something_behind_the_end(document: bytes) -> bytes:
    return document + b"\nmore\n"


@bytes_broken("6.1.3", "ends_with_its_end_marker")
def two_line_ends_behind_the_end(document: bytes) -> bytes:
    return document + b"\n"


@bytes_broken("6.1.4", "tables_are_written_by_the_book")
def two_lines_behind_xref(document: bytes) -> bytes:
    return document.replace(b"\nxref\n0 ", b"\nxref\n\n0 ", 1)


@bytes_broken("6.1.4", "tables_are_written_by_the_book")
def two_spaces_in_a_subsection(document: bytes) -> bytes:
    return document.replace(b"\nxref\n0 ", b"\nxref\n0  ", 1)


@bytes_broken("6.1.4", "tables_are_written_by_the_book")
def an_entry_of_nineteen_bytes(document: bytes) -> bytes:
    return document.replace(b" 65535 f\r\n", b" 65535 f\n", 1).replace(
        b" 65535 f \n", b" 65535 f\n"
    )


@bytes_broken("6.1.4", "tables_point_to_objects")
def an_offset_that_is_wrong(document: bytes) -> bytes:
    found = re.search(rb"(\d{10}) 00000 n", document[document.rindex(b"xref\n0 ") :])
    assert found
    return document.replace(found[0], b"%010d 00000 n" % (int(found[1]) + 1), 1)


@bytes_broken("6.1.6", "hexadecimal_strings_are_whole")
def an_odd_number_of_digits(document: bytes) -> bytes:
    return _replaced(document, b"/Title <FEFF", b"/Title <FEFF0")


@bytes_broken("6.1.6", "hexadecimal_strings_are_whole")
def a_letter_that_is_no_digit(document: bytes) -> bytes:
    found = re.search(rb"/ID \[<[0-9A-F]{2}", document)
    assert found
    return document.replace(found[0], found[0][:-2] + b"GG", 1)


@bytes_broken("6.1.7.1", "streams_are_as_long_as_they_say")
def a_length_that_is_too_small(document: bytes) -> bytes:
    found = re.search(rb"/Length (\d+) >>\nstream", document)
    assert found
    return _replaced(document, found[0], b"/Length %d >>\nstream" % (int(found[1]) - 2))


@bytes_broken("6.1.7.1", "streams_are_as_long_as_they_say")
def a_length_that_is_too_large(document: bytes) -> bytes:
    found = re.search(rb"/Length (\d+) >>\nstream", document)
    assert found
    return _replaced(document, found[0], b"/Length %d >>\nstream" % (int(found[1]) + 4))


@bytes_broken("6.1.7.1", "stream_keywords_stand_on_their_lines")
def no_line_end_before_endstream(document: bytes) -> bytes:
    return _replaced(document, b"?>\nendstream", b"?>endstream")


@bytes_broken("6.1.7.1", "stream_keywords_stand_on_their_lines")
def a_carriage_return_alone_behind_stream(document: bytes) -> bytes:
    return document.replace(b">>\nstream\n<?xpacket", b">>\nstream\r<?xpacket", 1)


@bytes_broken("6.1.7.2", "filters_are_known_and_free")
def a_stream_that_is_encrypted(document: bytes) -> bytes:
    crypt = b"/Filter /Crypt /DecodeParms << /Name /StdCF >>"
    return _replaced(document, b"/Type /Metadata", crypt + b" /Type /Metadata")


@bytes_broken("6.1.9", "objects_stand_on_their_lines")
def two_spaces_before_obj(document: bytes) -> bytes:
    return _replaced(document, b"\n3 0 obj", b"\n3 0  obj")


@bytes_broken("6.1.9", "objects_stand_on_their_lines")
def no_line_end_before_endobj(document: bytes) -> bytes:
    return _replaced(document, b">>\nendobj", b">> endobj")


@bytes_broken("6.1.9", "objects_stand_on_their_lines")
def no_line_end_behind_obj(document: bytes) -> bytes:
    return _replaced(document, b"3 0 obj\n", b"3 0 obj ")


@bytes_broken("6.1.9", "every_byte_belongs_to_something")
def words_between_objects(document: bytes) -> bytes:
    return _replaced(document, b"endobj\n3 0 obj", b"endobj\nwords\n3 0 obj")


@bytes_broken("6.1.13", "numbers_are_in_range")
def an_integer_beyond_32_bits(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /XHeight 2147483648")


@bytes_broken("6.1.13", "numbers_are_in_range")
def a_real_too_close_to_zero(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /XHeight 0." + b"0" * 40 + b"1")


@bytes_broken("6.1.13", "strings_are_not_too_long")
def a_string_of_32768_bytes(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /Note (" + b"x" * 32768 + b")")


@bytes_broken("6.1.13", "strings_are_not_too_long")
def a_hexadecimal_string_of_32768_bytes(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /Note <" + b"00" * 32768 + b">")


@bytes_broken("6.1.13", "names_are_not_too_long")
def a_name_of_128_bytes(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /" + b"x" * 128 + b" 1")


@bytes_broken("6.1.8", "names_are_utf8")
def a_name_that_is_not_utf8(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /Style /#E4#BA")


@bytes_broken("6.1.13", "objects_can_be_counted")
def an_object_beyond_the_last(document: bytes) -> bytes:
    return _replaced(document, b"\nxref\n0 ", b"\n8388608 0 obj\nnull\nendobj\nxref\n0 ")


@bytes_broken("6.1.1", "every_reference_leads_somewhere")
def a_reference_to_nothing(document: bytes) -> bytes:
    return _replaced(document, b"/StemV 80", b"/StemV 80 /CIDSet 900 0 R")


@bytes_broken("6.1.1", "opening")
def the_second_half_only(document: bytes) -> bytes:
    return document[-20:]
