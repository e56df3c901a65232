"""PDFs that we make: tagged, with our fonts, and nothing fetched."""

import io
import socket
from datetime import date

import pikepdf
import pypdfium2
import pytest

from foundation.documents import pdf

FACTS = {
    "title": "Reference for Zoë O’Brien-Łukasiewicz",
    "reference": "MLDS-27-7F3K9Q",
    "dated": date(2027, 3, 3),
    "facts": [("Referee", "Dr Żaneta Marsh"), ("Programme", "Machine Learning")],
    "text": "First <b>paragraph</b>\nwith two lines.\n\nSecond {{ paragraph }}.",
}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def rendered():
    return pdf.render_pdf("pdf/text.html", FACTS)


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def test_it_is_tagged_and_says_its_language_and_title(rendered):
    with pikepdf.open(io.BytesIO(rendered)) as made:
        assert made.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in made.Root
        assert str(made.Root.Lang) == "en-gb"
        assert made.docinfo["/Title"] == FACTS["title"]
        assert made.Root.ViewerPreferences.DisplayDocTitle
        with made.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        tags = {str(found.S) for found in made.objects if _is_tag(found)}
    assert {"/H1", "/P"} <= tags


def _is_tag(found):
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/StructElem"


def test_only_our_own_fonts_are_in_it_and_all_are_embedded(rendered):
    with pikepdf.open(io.BytesIO(rendered)) as made:
        fonts = [
            found
            for found in made.objects
            if isinstance(found, pikepdf.Dictionary) and "/FontName" in found
        ]
        assert fonts
        for font in fonts:
            assert "Source-Sans-3" in str(font.FontName)
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys())


def test_letters_of_both_font_files_come_out_right(rendered):
    text = text_of(rendered)
    assert "Zoë O’Brien-Łukasiewicz" in text
    assert "Żaneta" in text


def test_what_people_typed_stays_text(rendered):
    text = text_of(rendered)
    assert "First <b>paragraph</b> with two lines." in text
    assert "Second {{ paragraph }}." in text


def test_it_names_the_institution_of_the_settings(settings):
    settings.INSTITUTION = {
        **settings.INSTITUTION,
        "name": "Northmoor",
        "address": "Hill Road 1",
    }
    text = text_of(pdf.render_pdf("pdf/text.html", FACTS))
    assert "Northmoor, Hill Road 1" in text
    assert "Imperial" not in text
    assert "Application MLDS-27-7F3K9Q" in text
    assert "3 March 2027" in text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/logo.png",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://example.org/a.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "static:../config/settings.py",
        "static:ui/../../config/settings.py",
        "static:ui/app.js",
        "static:ui/fonts/missing.woff2",
        "static:/etc/passwd.png",
    ],
)
def test_nothing_but_bundled_files_is_read(url, tmp_path, settings):
    (tmp_path / "hostile.html").write_text(
        '{% extends "pdf/base.html" %}{% block content %}<img src="{{ url }}" alt="">{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    with pytest.raises(pdf.NotBundled):
        pdf.render_pdf("hostile.html", {"title": "Title", "url": url})


def test_a_title_is_needed():
    with pytest.raises(ValueError, match="title"):
        pdf.render_pdf("pdf/text.html", {"title": " "})


def test_a_missing_pango_is_said_with_what_to_do(monkeypatch):
    assert pdf.pango_problem() == ""
    monkeypatch.setattr(pdf, "_LIBRARIES", ("a-library-that-is-not-there",))
    assert "apt install libpango" in pdf.pango_problem()
    from foundation.documents.checks import pango_is_there

    assert [message.id for message in pango_is_there()] == ["documents.W001"]
