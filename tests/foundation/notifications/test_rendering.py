"""One template, two forms, and nothing that a name can do to them."""

from dataclasses import replace
from typing import Any

import pytest

from foundation.notifications import rendering
from foundation.notifications.kinds import Paragraphs
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.posting import compose
from tests.foundation.notifications.note import NOTE

OWN = "https://apply.example.ac.uk"


@pytest.fixture(autouse=True)
def _public_url(settings: Any) -> None:
    settings.PUBLIC_URL = OWN


def render(**context: Any) -> rendering.Rendered:
    return rendering.render(NOTE, {"name": "Ada", "link": f"{OWN}/a/", "number": 1, **context})


def test_a_line_with_only_an_address_becomes_a_button() -> None:
    rendered = render()
    assert f"\n{OWN}/a/\n" in rendered.body
    assert rendered.html.count(f'<a href="{OWN}/a/"') == 2  # the button, and one in a sentence
    assert "display:inline-block" in rendered.html
    assert rendered.html.count("<li ") == 2


def test_both_forms_name_the_institution(settings: Any) -> None:
    rendered = render()
    for form in (rendered.text, rendered.html):
        assert settings.INSTITUTION["name"] in form
        assert settings.INSTITUTION["contact_email"] in form
    assert settings.INSTITUTION["name"] not in rendered.body


@pytest.mark.parametrize(
    "name", ["Zoë O'Brien-Łukasiewicz <b>", '"><script>alert(1)</script>', "{{ link }}", "a & b"]
)
def test_a_name_stays_a_name(name: str) -> None:
    rendered = render(name=name)
    assert f"Dear {name}," in rendered.text
    assert rendered.subject == f"A note for {name}"
    assert "<b>" not in rendered.html
    assert "<script" not in rendered.html


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_name_cannot_add_a_header_or_a_line(ends: str) -> None:
    rendered = render(name=f"Ada{ends}Bcc: all@example.org{ends}{ends}{OWN}/evil/")
    assert rendered.subject == f"A note for Ada Bcc: all@example.org {OWN}/evil/"
    mail = compose(OutgoingMessage(kind="x", recipient="a@example.org"), rendered).message()
    assert mail["Bcc"] is None
    assert f"\n{OWN}/evil/" not in rendered.text


def test_a_name_cannot_turn_the_direction_of_the_text() -> None:
    assert "\u202e" not in render(name="Ada\u202egro.elpmaxe").text


def test_nobody_elses_address_becomes_a_link() -> None:
    rendered = render(
        name="https://evil.example/", link="https://apply.example.ac.uk.evil.example/"
    )
    assert "<a href" not in rendered.html.replace('<a href="mailto:', "")


def test_paragraphs_keep_their_lines_and_are_escaped() -> None:
    rendered = render(name=Paragraphs("one\r\ntwo <i>\x00"))
    assert "Dear one\ntwo <i>" in rendered.text
    assert "Dear one<br>two &lt;i&gt;" in rendered.html


@pytest.mark.parametrize("value", [object(), 1.5, {"deep": [object()]}])
def test_a_context_takes_plain_values_only(value: object) -> None:
    with pytest.raises(rendering.CannotRender, match="plain values only"):
        render(name=value)


def test_a_template_begins_with_its_subject() -> None:
    with pytest.raises(rendering.CannotRender, match="first line"):
        rendering.render(replace(NOTE, template="notifications/footer.txt"), {})


def test_the_copy_has_no_link() -> None:
    assert rendering.without_links(f"a {OWN}/x?y=1#z, b") == "a [link] b"
