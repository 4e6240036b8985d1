"""What programs of others say of our files: PDFBox preflight of their twins, qpdf of themselves."""

from datetime import UTC, datetime
from pathlib import Path

from inspect_server.gateways.pdf_signing.said import Said
from pdf_templates.catalogue import TEMPLATES
from pdf_templates.file.conformance import PDFA_1B, PDFA_3U
from tests.pdfa.broken import MUTATIONS, acting, bytewise, describing, lettering, painting
from tests.pdfa.outside_tools import preflight, qpdf_says
from tests.pdfa.sound import examples, small
from tests.signers import certified

BROKEN = (acting, bytewise, describing, lettering, painting)
"""Where mutations are; to import them notes them."""
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REJECTED = {
    "no_binary_comment", "something_behind_the_end", "two_lines_behind_xref",
    "an_offset_that_is_wrong", "an_odd_number_of_digits", "a_length_that_is_too_small",
    "no_line_end_before_endstream", "no_line_end_before_endobj", "no_identifier",
    "encrypted_with_an_empty_password", "no_metadata", "a_packet_that_is_no_xml",
    "a_property_of_no_schema", "another_title", "another_hour", "bookmarks_that_are_linked_one_way",
    "no_output_intent", "a_profile_without_its_signature", "n_of_one_component",
    "a_colour_of_four_inks", "an_operator_that_is_none", "states_29_deep", "a_transfer_function",
    "an_interpolated_image", "a_soft_mask_in_colour", "a_stream_in_lzw",
    "a_font_that_is_not_embedded", "a_program_that_cannot_be_read", "no_map_to_glyphs",
    "a_code_beyond_the_last_glyph", "a_width_that_is_too_large", "a_glyph_that_is_notdef",
    "a_link_that_is_not_printed", "a_script_at_opening", "a_program_that_is_started",
}  # fmt: skip
"""Mutations that preflight must see, too, so that we know that it looks."""


def test_preflight_finds_nothing_wrong_in_the_twins_of_all_documents(tmp_path: Path) -> None:
    twins = {f"{place}.pdf": one.twin(PDFA_1B) for place, one in enumerate(examples())}
    receipts = {
        f"receipt{place}.pdf": one.twin(PDFA_1B, receipt=True)
        for place, one in enumerate(examples())
        if TEMPLATES[one.kind].receipt
    }

    found = preflight({"small.pdf": small(PDFA_1B), **twins, **receipts}, tmp_path)

    assert {name: errors for name, errors in found.items() if errors} == {}


def test_preflight_rejects_broken_twins(tmp_path: Path) -> None:
    sound = small(PDFA_1B)
    broken = {f"{m.name}.pdf": m.apply(sound) for m in MUTATIONS if m.name in REJECTED}
    unlisted = small(PDFA_3U)

    found = preflight({"pdfa3.pdf": unlisted, **broken}, tmp_path)

    assert len(broken) == len(REJECTED)
    assert [name for name, errors in found.items() if not errors] == []
    assert any("CIDSet" in error for error in found["pdfa3.pdf"])


def test_qpdf_has_no_warning_about_any_document(tmp_path: Path) -> None:
    documents = {one.name: one.document("样张") for one in examples()}
    first = next(iter(documents.values()))
    documents["signed"] = certified(NOW).signer().sign(first, Said(NOW, "制作执法文书", "云湾区"))
    documents["small"] = small()

    assert {n: said for n, one in documents.items() if (said := qpdf_says(one, tmp_path))} == {}


def test_qpdf_warns_of_a_broken_file(tmp_path: Path) -> None:
    wrong = next(one for one in MUTATIONS if one.name == "an_offset_that_is_wrong")

    assert qpdf_says(wrong.apply(small()), tmp_path)
