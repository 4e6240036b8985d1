"""Files that say something wrong of themselves: trailer, metadata, catalogue, files inside."""

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Stream, String

from tests.pdfa.broken import bytes_broken, changed, objects_broken


def _metadata(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    said = pdf.Root.Metadata.read_bytes().decode()
    assert old in said, old
    pdf.Root.Metadata.write(said.replace(old, new).encode())


def _rewritten(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.Root.Metadata.write(content)


@bytes_broken("6.1.3", "has_an_identifier")
def no_identifier(document: bytes) -> bytes:
    begin, end = document.rindex(b"/ID ["), document.rindex(b">]") + 2
    return document[:begin] + document[end:]


@bytes_broken("6.1.3", "is_not_encrypted")
def encrypted_with_an_empty_password(document: bytes) -> bytes:
    import io

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=4, aes=True))
    return out.getvalue()


@bytes_broken("6.1.11", "a_linearized_file_was_not_added_to")
def linearized_for_another_length(document: bytes) -> bytes:
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Extra = pdf.make_indirect(Dictionary(Linearized=1, L=17))

    return changed(document, add)


@objects_broken("6.1.2", "the_version_is_the_headers")
def a_version_of_2_in_the_catalogue(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Version = Name("/2.0")


@objects_broken("6.6.2.1", "has_metadata")
def no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


@objects_broken("6.6.2.1", "has_metadata")
def metadata_of_no_type(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata["/Subtype"]


@objects_broken("6.6.2.1", "the_packet_can_be_found")
def a_packet_without_its_trailer(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, '<?xpacket end="r"?>', "")


@objects_broken("6.6.2.1", "the_packet_can_be_found")
def a_packet_with_another_id(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "W5M0MpCehiHzreSzNTczkc9d", "W5M0MpCehiHzreSzNTczkc9e")


@objects_broken("6.6.2.1", "the_packet_names_no_bytes_or_encoding")
def a_packet_that_names_its_encoding(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, 'kc9d"?>', 'kc9d" encoding="UTF-8"?>')


@objects_broken("6.6.2.1", "the_packet_is_well_formed")
def a_packet_that_is_no_xml(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "</rdf:RDF>", "")


@objects_broken("6.6.2.1", "the_packet_is_well_formed")
def a_packet_that_is_not_utf8(pdf: pikepdf.Pdf) -> None:
    _rewritten(pdf, pdf.Root.Metadata.read_bytes().replace("云".encode(), b"\xd4\xc6"))


@objects_broken("6.6.2.3", "properties_are_known_and_of_their_kind")
def a_property_of_no_schema(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "<pdfaid:part>", "<pdf:Secret>1</pdf:Secret><pdfaid:part>")


@objects_broken("6.6.2.3", "properties_are_known_and_of_their_kind")
def a_language_that_is_plain(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "<rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag>", "zh-CN")


@objects_broken("6.6.4", "says_that_it_is_pdfa_3u")
def part_two(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "part>3<", "part>2<")


@objects_broken("6.6.4", "says_that_it_is_pdfa_3u")
def level_b(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "conformance>U<", "conformance>B<")


@objects_broken("6.6.4", "says_that_it_is_pdfa_3u")
def another_prefix(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "pdfaid", "aid")


@objects_broken("6.1.5", "info_says_what_the_metadata_say")
def another_title(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Title = String("另一份文书")


@objects_broken("6.1.5", "info_says_what_the_metadata_say")
def an_author_that_info_lacks(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer.Info["/Author"]


@objects_broken("6.1.5", "info_says_what_the_metadata_say")
def another_producer_in_the_metadata(pdf: pikepdf.Pdf) -> None:
    _metadata(pdf, "<pdf:Producer>inspect", "<pdf:Producer>another")


@objects_broken("6.1.5", "dates_are_the_same_moments")
def another_hour(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.CreationDate = String("D:20260302142000+09'00'")


@objects_broken("6.1.5", "dates_are_the_same_moments")
def a_date_without_an_offset(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.ModDate = String("D:20260302142000''")


@objects_broken("6.1.5", "a_title_is_there")
def an_empty_title(pdf: pikepdf.Pdf) -> None:
    title = "责令限期整改指令书（样张）"
    _metadata(pdf, f"{title}</rdf:li></rdf:Alt></dc:title>", "</rdf:li></rdf:Alt></dc:title>")
    pdf.trailer.Info.Title = String("")


@objects_broken("6.7", "marks_are_what_they_claim")
def marked_without_structure(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = True


@objects_broken("6.7", "the_language_is_one")
def a_language_in_words(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("简体中文")


@objects_broken("6.9", "optional_content_is_named")
def optional_content_without_a_name(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("照片")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(Order=Array([group])))


@objects_broken("6.9", "optional_content_is_listed_and_stays")
def optional_content_that_is_not_listed(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("照片")))
    settings = Dictionary(Name=String("常用"), Order=Array())
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=settings)


@objects_broken("6.10", "there_is_one_presentation")
def alternate_presentations(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.AlternatePresentations = Dictionary(Names=Array())


@objects_broken("6.11", "nothing_is_required")
def requirements(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Requirements = Array([Dictionary(S=Name.EnableJavaScripts)])


@bytes_broken("6.1.1", "the_tree_of_pages_is_one")
def a_wrong_count_of_pages(document: bytes) -> bytes:
    return document.replace(b"0 R] /Count 2 >>", b"0 R] /Count 3 >>", 1)


@bytes_broken("6.1.1", "the_tree_of_pages_is_one")
def a_page_of_another_tree(document: bytes) -> bytes:
    return document.replace(b"/Type /Page /Parent 1 0 R", b"/Type /Page /Parent 2 0 R", 1)


@objects_broken("6.1.1", "the_outline_is_whole")
def a_bookmark_that_leads_to_no_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Dest = Array([pdf.Root.Metadata, Name.Fit])


@objects_broken("6.1.1", "the_outline_is_whole")
def bookmarks_that_are_linked_one_way(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Outlines.Last["/Prev"]


def _specification(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.Root.AF[0]


@objects_broken("6.8", "files_are_named")
def a_file_without_uf(pdf: pikepdf.Pdf) -> None:
    del _specification(pdf)["/UF"]


@objects_broken("6.8", "files_are_named")
def a_file_of_two_names(pdf: pikepdf.Pdf) -> None:
    _specification(pdf).F = String("other.json")


@objects_broken("6.8", "files_say_what_they_are_to_the_document")
def a_file_of_no_relationship(pdf: pikepdf.Pdf) -> None:
    del _specification(pdf)["/AFRelationship"]


@objects_broken("6.8", "files_are_associated")
def a_file_that_no_af_names(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/AF"]


@objects_broken("6.8", "files_say_their_type")
def a_file_without_a_mime_type(pdf: pikepdf.Pdf) -> None:
    _specification(pdf).EF.F.Subtype = Name("/json")


@objects_broken("6.8", "files_say_when_they_were_changed")
def a_file_without_a_date(pdf: pikepdf.Pdf) -> None:
    del _specification(pdf).EF.F.Params["/ModDate"]


@objects_broken("6.8", "files_are_as_they_were_put_in")
def a_file_that_was_changed(pdf: pikepdf.Pdf) -> None:
    _specification(pdf).EF.F.write(b'{"kind":"semple"}')


@objects_broken("6.8", "files_can_be_found_by_name")
def a_file_that_no_name_leads_to(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles = NameTree.new(pdf).obj


@objects_broken("6.1.7.1", "streams_are_in_the_file")
def a_stream_in_another_file(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(Stream(pdf, b"", F=String("other.bin")))


@objects_broken("6.1.13", "pages_have_a_size_that_can_be_shown")
def a_page_of_two_units(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.MediaBox = Array([0, 0, 2, 800])


@objects_broken("6.1.13", "pages_have_a_size_that_can_be_shown")
def a_page_of_six_metres(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.MediaBox = Array([0, 0, 600, 14401])
