"""Decision letters: a closed list of placeholders, filled once, escaped; a PDF with its facts."""

import io

import pikepdf
import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from admissions import letters, rendering
from admissions.models import Outcome
from foundation.accounts.models import Person
from tests.admissions.office import TRANSCRIPT, Staff, in_review, proposed

FACTS = dict.fromkeys(letters.PLACEHOLDERS, "x")


@pytest.mark.parametrize(
    "paragraph",
    [
        "{nobody}",
        "{name.__class__}",
        "{name!r}",
        "{",
        "}",
        "{}",
        "{{name}}",
        "{name",
        "%(name)s {0}",
    ],
)
def test_anything_but_a_known_placeholder_is_refused(paragraph):
    with pytest.raises(letters.UnknownPlaceholder):
        letters.fill(paragraph, FACTS)


@given(st.text())
def test_what_is_filled_in_is_never_read_again(name):
    assert letters.fill("Dear {name},", {**FACTS, "name": name}) == f"Dear {name},"


def test_every_paragraph_of_ours_can_be_filled():
    texts = [text for paragraphs in letters.PARAGRAPHS.values() for text in paragraphs]
    for text in (*texts, letters.HOW_TO_REPLY, letters.SIGNATURE):
        assert "{" not in letters.fill(text, FACTS)


@pytest.mark.django_db
def test_a_letter_says_its_facts_and_escapes_them():
    staff = Staff.make()
    application = in_review()
    Person.objects.filter(pk=application.applicant_id).update(full_name="Ada")
    details = application.personal_details
    details.legal_name = "Ada <b>{reference}</b> & Co"
    details.save(update_fields=["legal_name"])
    decision = proposed(
        application, staff, conditions=[TRANSCRIPT], note_to_applicant="One.\n\n{name} <i>two</i>"
    )
    context = letters.context_of(decision)
    html = render_to_string(rendering.TEMPLATE, {**context, "institution": {}, "language": "en"})
    assert "Dear Ada &lt;b&gt;{reference}&lt;/b&gt; &amp; Co," in html
    assert "{name} &lt;i&gt;two&lt;/i&gt;" in html
    assert "Send us your final transcript (by 31 August 2027)" in html
    assert application.intake.programme.title in html


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_pdf_is_tagged_and_the_same_each_time(outcome):
    decision = proposed(in_review(), Staff.make(), outcome=outcome)
    content = rendering.letter_pdf(decision)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-gb"
        assert decision.application.intake.programme.title in str(pdf.docinfo["/Title"])
        assert len(pdf.pages) == 1
