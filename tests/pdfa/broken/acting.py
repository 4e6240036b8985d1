"""Files that do something, hide something, or are signed wrongly."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.pdfa.broken import bytes_broken, changed, objects_broken


def _link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Annots[0]


def _annotation(pdf: pikepdf.Pdf, **entries: Any) -> None:
    rectangle = Array([10, 10, 90, 30])
    one = Dictionary(Type=Name.Annot, Rect=rectangle, F=4)
    for key, value in entries.items():
        one[f"/{key}"] = value
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(one))


def _looks(pdf: pikepdf.Pdf) -> pikepdf.Object:
    box = Array([0, 0, 80, 20])
    return Stream(
        pdf, b"0 0 80 20 re S", Type=Name.XObject, Subtype=Name.Form, BBox=box,
        Resources=Dictionary(),
    )  # fmt: skip


@objects_broken("6.3.1", "annotations_are_of_kinds_that_last")
def a_sound(pdf: pikepdf.Pdf) -> None:
    _annotation(pdf, Subtype=Name.Sound, AP=Dictionary(N=_looks(pdf)))


@objects_broken("6.3.2", "annotations_are_printed_and_seen")
def a_link_without_flags(pdf: pikepdf.Pdf) -> None:
    del _link(pdf)["/F"]


@objects_broken("6.3.2", "annotations_are_printed_and_seen")
def a_link_that_is_not_printed(pdf: pikepdf.Pdf) -> None:
    _link(pdf).F = 0


@objects_broken("6.3.2", "annotations_are_printed_and_seen")
def a_hidden_link(pdf: pikepdf.Pdf) -> None:
    _link(pdf).F = 6


@objects_broken("6.3.3", "annotations_bring_their_looks")
def a_stamp_without_looks(pdf: pikepdf.Pdf) -> None:
    _annotation(pdf, Subtype=Name.Stamp)


@objects_broken("6.3.3", "annotations_bring_their_looks")
def a_stamp_of_two_looks(pdf: pikepdf.Pdf) -> None:
    _annotation(pdf, Subtype=Name.Stamp, AP=Dictionary(N=_looks(pdf), D=_looks(pdf)))


@objects_broken("6.1.1", "links_lead_somewhere")
def a_link_to_nowhere(pdf: pikepdf.Pdf) -> None:
    del _link(pdf)["/Dest"]


@objects_broken("6.1.1", "links_lead_somewhere")
def a_link_to_what_is_no_page(pdf: pikepdf.Pdf) -> None:
    _link(pdf).Dest = Array([pdf.Root.Metadata, Name.Fit])


@objects_broken("6.4.1", "fields_do_nothing")
def a_field_with_actions(pdf: pikepdf.Pdf) -> None:
    _annotation(
        pdf, Subtype=Name.Widget, FT=Name.Tx, T=String("意见"), AP=Dictionary(N=_looks(pdf)),
        A=Dictionary(S=Name.URI, URI=String("https://example.org")),
    )  # fmt: skip
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[-1]]))


@objects_broken("6.4.1", "fields_do_nothing")
def a_form_whose_looks_viewers_make(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), NeedAppearances=True)


@objects_broken("6.4.2", "there_is_no_xfa")
def a_form_in_xml(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=String("<form/>"))


@objects_broken("6.5.1", "actions_are_harmless")
def a_program_that_is_started(pdf: pikepdf.Pdf) -> None:
    del _link(pdf)["/Dest"]
    _link(pdf).A = Dictionary(S=Name.Launch, F=String("calc.exe"))


@objects_broken("6.5.1", "actions_are_harmless")
def a_script_at_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@objects_broken("6.5.1", "actions_are_harmless")
def a_named_action_that_prints(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)


@objects_broken("6.5.1", "actions_are_harmless")
def an_action_behind_another(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(
        S=Name.URI, URI=String("https://example.org"), Next=Array([Dictionary(S=Name.Hide)])
    )


@objects_broken("6.5.1", "no_scripts_are_kept")
def scripts_by_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.JavaScript = Dictionary(Names=Array())


@objects_broken("6.5.2", "nothing_triggers_actions")
def an_action_at_closing(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AA = Dictionary()


@objects_broken("6.5.2", "nothing_triggers_actions")
def an_action_at_turning_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.AA = Dictionary()


@objects_broken("6.1.12", "permissions_are_those_of_signatures")
def a_permission_of_a_new_kind(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Perms = Dictionary(Everything=True)


@objects_broken("6.1.12", "permissions_are_those_of_signatures")
def a_permission_with_a_digest(pdf: pikepdf.Pdf) -> None:
    reference = Dictionary(TransformMethod=Name.DocMDP, DigestMethod=Name.MD5)
    pdf.Root.Perms = Dictionary(DocMDP=Dictionary(Reference=Array([reference])))


def _signed(document: bytes, byte_range: str, signature: bytes = b"0" * 64) -> bytes:
    def sign(pdf: pikepdf.Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("@" * 32),
            ByteRange=Array([0, 1111111111, 1111111112, 1111111113]),
        )  # fmt: skip
        _annotation(
            pdf, Subtype=Name.Widget, FT=Name.Sig, T=String("签章"), V=pdf.make_indirect(value)
        )
        widget = pdf.pages[0].obj.Annots[-1]
        widget.Rect = Array([0, 0, 0, 0])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)

    made = changed(document, sign)
    made = made.replace(b"(" + b"@" * 32 + b")", b"<" + signature + b">")
    return made.replace(b"0 1111111111 1111111112 1111111113", byte_range.encode().ljust(34))


@bytes_broken("6.4.3", "signatures_cover_what_was_there")
def a_signature_of_the_first_bytes(document: bytes) -> bytes:
    return _signed(document, "0 100 200 300")


@bytes_broken("6.4.3", "signatures_bring_their_certificate")
def a_signature_without_a_certificate(document: bytes) -> bytes:
    return _signed(document, "0 100 200 300")
