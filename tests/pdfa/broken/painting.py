"""Files that draw what does not last: colours, images, states, operators."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pdf_templates.file import srgb
from tests.pdfa.broken import bytes_broken, changed, objects_broken


def _drawn_too(pdf: pikepdf.Pdf, operators: bytes) -> None:
    pdf.pages[0].contents_add(Stream(pdf, operators), prepend=False)


def _resources(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources


def _state(pdf: pikepdf.Pdf, **entries: Any) -> None:
    _resources(pdf).ExtGState = Dictionary(G1=Dictionary(Type=Name.ExtGState, **entries))
    _drawn_too(pdf, b"/G1 gs")


def _image(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return _resources(pdf).XObject.I1


def _form(pdf: pikepdf.Pdf, content: bytes = b"0 0 1 1 re f", **entries: Any) -> None:
    box = Array([0, 0, 1, 1])
    _resources(pdf).XObject.X1 = Stream(
        pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=box, **entries
    )
    _drawn_too(pdf, b"/X1 Do")


def _profile(pdf: pikepdf.Pdf, at: int, new: bytes) -> None:
    content = srgb.profile()
    stream = pdf.Root.OutputIntents[0].DestOutputProfile
    stream.write(content[:at] + new + content[at + len(new) :])


@objects_broken("6.2.3", "has_one_output_intent")
def no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


@objects_broken("6.2.3", "has_one_output_intent")
def an_intent_of_no_condition(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents[0]["/OutputConditionIdentifier"]


@objects_broken("6.2.3", "output_profiles_are_one_object")
def two_output_profiles(pdf: pikepdf.Pdf) -> None:
    other = pdf.make_indirect(Stream(pdf, srgb.profile(), N=3))
    pdf.Root.OutputIntents.append(
        Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, DestOutputProfile=other)
    )


@objects_broken("6.2.3", "the_output_profile_is_valid")
def a_profile_without_its_signature(pdf: pikepdf.Pdf) -> None:
    _profile(pdf, 36, b"xxxx")


@objects_broken("6.2.3", "the_output_profile_is_valid")
def a_profile_of_an_input_device(pdf: pikepdf.Pdf) -> None:
    _profile(pdf, 12, b"scnr")


@objects_broken("6.2.3", "the_output_profile_is_valid")
def a_profile_of_another_length(pdf: pikepdf.Pdf) -> None:
    _profile(pdf, 0, b"\0\0\0\x80")


@objects_broken("6.2.3", "the_output_profile_is_valid")
def a_profile_without_a_curve(pdf: pikepdf.Pdf) -> None:
    _profile(pdf, srgb.profile().index(b"rTRC"), b"xTRC")


@objects_broken("6.2.3", "the_output_profile_is_valid")
def n_of_one_component(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.N = 1


@objects_broken("6.2.4.2", "icc_colours_are_valid")
def an_icc_space_of_no_profile(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_indirect(Stream(pdf, b"no profile", N=3))
    _resources(pdf).ColorSpace = Dictionary(C1=Array([Name.ICCBased, stream]))


@objects_broken("6.2.4.3", "device_colours_have_an_intent")
def a_colour_of_four_inks(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"0 0 0 1 k 0 0 9 9 re f")


@objects_broken("6.2.4.3", "device_colours_have_an_intent")
def an_image_of_four_inks(pdf: pikepdf.Pdf) -> None:
    _resources(pdf).XObject.X1 = Stream(
        pdf, b"\0\0\0\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        BitsPerComponent=8, ColorSpace=Name.DeviceCMYK,
    )  # fmt: skip


@objects_broken("6.2.4.4", "colourants_are_described")
def a_colourant_that_nobody_describes(pdf: pikepdf.Pdf) -> None:
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0]), C1=Array([1]))
    space = Array([Name.DeviceN, Array([Name("/Gold")]), Name.DeviceGray, tint])
    _resources(pdf).ColorSpace = Dictionary(C1=space)


@objects_broken("6.2.2", "operators_are_known")
def an_operator_that_is_none(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"BX 1 shimmer EX")


@objects_broken("6.2.2", "resources_are_its_own")
def resources_of_the_tree(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Resources = _resources(pdf)
    del pdf.pages[0].obj["/Resources"]


@objects_broken("6.2.2", "resources_are_its_own")
def a_font_that_is_not_there(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"BT /F99 9 Tf ET")


@objects_broken("6.2.2", "text_and_marks_begin_and_end")
def marked_content_that_does_not_end(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"/Span BMC")


@objects_broken("6.2.2", "text_and_marks_begin_and_end")
def text_in_text(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"BT BT ET ET")


@objects_broken("6.1.13", "states_are_not_kept_too_deep")
def states_29_deep(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"q " * 29 + b"Q " * 29)


@objects_broken("6.2.2", "states_are_restored")
def a_state_that_is_not_restored(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"q")


@objects_broken("6.1.10", "inline_images_are_free")
def an_inline_image_in_lzw(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"q BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID abc EI Q")


@objects_broken("6.2.6", "rendering_intents_are_known")
def a_rendering_intent_by_operator(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"/Vivid ri")


@objects_broken("6.2.6", "rendering_intents_are_known")
def a_rendering_intent_of_an_image(pdf: pikepdf.Pdf) -> None:
    _image(pdf).Intent = Name.Vivid


@objects_broken("6.2.5", "states_transfer_nothing")
def a_transfer_function(pdf: pikepdf.Pdf) -> None:
    _state(pdf, TR=Name.Identity)


@objects_broken("6.2.5", "states_transfer_nothing")
def a_second_transfer_function(pdf: pikepdf.Pdf) -> None:
    _state(pdf, TR2=Name.Identity)


@objects_broken("6.2.5", "states_transfer_nothing")
def a_halftone_phase(pdf: pikepdf.Pdf) -> None:
    _state(pdf, HTP=Array([0, 0]))


@objects_broken("6.2.5", "states_transfer_nothing")
def a_halftone_of_type_six(pdf: pikepdf.Pdf) -> None:
    _state(pdf, HT=Dictionary(HalftoneType=6))


@objects_broken("6.2.8", "images_have_no_alternates")
def an_alternate_image(pdf: pikepdf.Pdf) -> None:
    _image(pdf).Alternates = Array()


@objects_broken("6.2.8", "images_have_no_alternates")
def an_image_by_opi(pdf: pikepdf.Pdf) -> None:
    _image(pdf).OPI = Dictionary()


@objects_broken("6.2.8", "images_are_not_interpolated")
def an_interpolated_image(pdf: pikepdf.Pdf) -> None:
    _image(pdf).Interpolate = True


@objects_broken("6.2.8", "images_are_not_interpolated")
def an_interpolated_inline_image(pdf: pikepdf.Pdf) -> None:
    _drawn_too(pdf, b"q BI /W 1 /H 1 /BPC 8 /CS /G /I true ID a EI Q")


@objects_broken("6.2.8", "images_are_what_they_say")
def a_jpeg_of_another_size(pdf: pikepdf.Pdf) -> None:
    _image(pdf).Width = 47


@objects_broken("6.2.8", "images_are_what_they_say")
def a_jpeg_of_other_components(pdf: pikepdf.Pdf) -> None:
    _image(pdf).ColorSpace = Name.DeviceGray


@objects_broken("6.2.8", "images_are_what_they_say")
def a_jpeg_that_is_cut_off(pdf: pikepdf.Pdf) -> None:
    _image(pdf).write(_image(pdf).read_raw_bytes()[:20], filter=Name.DCTDecode)


@objects_broken("6.2.8", "images_say_how_deep_they_are")
def an_image_of_three_bits(pdf: pikepdf.Pdf) -> None:
    _resources(pdf).XObject.X1 = Stream(
        pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        BitsPerComponent=3, ColorSpace=Name.DeviceGray,
    )  # fmt: skip


@objects_broken("6.2.8", "soft_masks_are_grey")
def a_soft_mask_in_colour(pdf: pikepdf.Pdf) -> None:
    _image(pdf).SMask = Stream(
        pdf, b"\0\0\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        BitsPerComponent=8, ColorSpace=Name.DeviceRGB,
    )  # fmt: skip


@objects_broken("6.2.9", "forms_stand_for_themselves")
def a_postscript_xobject(pdf: pikepdf.Pdf) -> None:
    _resources(pdf).XObject.X1 = Stream(pdf, b"showpage", Type=Name.XObject, Subtype=Name.PS)


@objects_broken("6.2.9", "forms_stand_for_themselves")
def a_form_with_postscript(pdf: pikepdf.Pdf) -> None:
    _form(pdf, Subtype2=Name.PS, Resources=Dictionary())


@objects_broken("6.2.9", "forms_stand_for_themselves")
def a_form_of_another_file(pdf: pikepdf.Pdf) -> None:
    _form(pdf, Ref=Dictionary(F=String("other.pdf"), Page=0), Resources=Dictionary())


@objects_broken("6.2.2", "resources_are_its_own")
def a_form_with_the_fonts_of_its_page(pdf: pikepdf.Pdf) -> None:
    _form(pdf, b"BT /F1 9 Tf <0001> Tj ET")


@objects_broken("6.2.10", "blend_modes_are_known")
def a_blend_mode_that_is_none(pdf: pikepdf.Pdf) -> None:
    _state(pdf, BM=Name.Shimmer)


@objects_broken("6.2.10", "opacity_is_a_share")
def more_than_opaque(pdf: pikepdf.Pdf) -> None:
    _state(pdf, ca=2)


@bytes_broken("6.2.10", "transparency_is_blended_in_a_known_space")
def transparency_in_no_space(document: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency)
        del pdf.Root["/OutputIntents"]

    return changed(document, change)


@objects_broken("6.1.7.2", "filters_are_known_and_free")
def a_stream_in_lzw(pdf: pikepdf.Pdf) -> None:
    stream = Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
    stream.Filter = Name.LZWDecode
    pdf.Root.Extra = pdf.make_indirect(stream)
