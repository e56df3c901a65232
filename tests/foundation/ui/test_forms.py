"""The crispy pack: each control with its label, hint, error and description, and all of it escaped."""

import re
from datetime import date
from typing import Any, ClassVar

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict

from foundation.ui.forms import (
    DateField,
    Field,
    Layout,
    LongTextField,
    PortalForm,
    Submit,
    UploadField,
)
from foundation.ui.summary import problems_of
from foundation.ui.words import MaxWordsValidator, count_words

pytestmark = pytest.mark.urls("tests.foundation.ui.gallery.urls")

CHOICES = [("ba", "Bachelor’s degree"), ("ma", "Master’s degree")]


class Everything(PortalForm):
    """One control of each kind."""

    submit_label = "Save and continue"
    looks: ClassVar[dict[str, dict[str, Any]]] = {
        "degree": {"hints": {"ba": "For example BA"}},
        "grade": {"width": 10, "suffix": "%"},
    }

    name = forms.CharField(label="Full name", help_text="As in your passport")
    nickname = forms.CharField(label="What we call you", required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    statement = LongTextField(label="Statement", max_words=5, noun="Your statement")
    degree = forms.ChoiceField(label="Degree", choices=CHOICES, widget=forms.RadioSelect)
    contact = forms.MultipleChoiceField(
        label="Contact", choices=[("e", "Email")], widget=forms.CheckboxSelectMultiple
    )
    country = forms.ChoiceField(label="Country", choices=[("", "---------"), ("FR", "France")])
    grade = forms.DecimalField(label="Grade")
    awarded = DateField(label="When?", noun="the date it was awarded", help_text="Like 14 7 2021")
    transcript = UploadField(label="Transcript", help_text="PDF")
    agreed = forms.BooleanField(label="I agree")


def html_of(form: forms.BaseForm) -> str:
    return render_crispy_form(form)


def group_of(html: str, name: str) -> str:
    """The part of the page that belongs to one field."""
    return html.split(f'id="div_id_{name}"')[1].split('id="div_id_', maxsplit=1)[0]


def test_each_control_has_a_label_that_is_tied_to_it() -> None:
    html = html_of(Everything())
    for name in ("name", "secret", "statement", "country", "grade", "transcript", "agreed"):
        group = group_of(html, name)
        assert f'for="id_{name}"' in group
        assert f'id="id_{name}"' in group
    for name in ("degree", "contact", "awarded"):
        group = group_of(html, name)
        assert "<fieldset" in group
        assert "<legend" in group
        assert f'for="id_{name}_0"' in group
        assert f'id="id_{name}_0"' in group


@pytest.mark.parametrize(
    ("name", "css_class"),
    [
        ("name", "govuk-input"),
        ("secret", "govuk-input"),
        ("statement", "govuk-textarea"),
        ("country", "govuk-select"),
        ("transcript", "govuk-file-upload"),
        ("agreed", "govuk-checkboxes__input"),
        ("degree", "govuk-radios__input"),
        ("contact", "govuk-checkboxes__input"),
        ("awarded", "govuk-date-input__input"),
    ],
)
def test_each_control_has_the_class_of_its_kind(name: str, css_class: str) -> None:
    assert css_class in group_of(html_of(Everything()), name)


def test_hint_and_error_are_what_a_screen_reader_is_sent_to() -> None:
    html = html_of(Everything(data={}))
    name = group_of(html, "name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert 'id="id_name_helptext"' in name
    assert 'id="id_name_error"' in name
    assert "govuk-input--error" in name
    awarded = group_of(html, "awarded")
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_awarded_helptext' in awarded
    assert awarded.count('aria-describedby="') == 1


def test_every_id_that_describes_something_is_on_the_page() -> None:
    for form in (Everything(), Everything(data={})):
        html = html_of(form)
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        for described_by in re.findall(r'aria-describedby="([^"]+)"', html):
            assert set(described_by.split()) <= set(ids)


def test_the_browser_is_not_asked_to_check() -> None:
    html = html_of(Everything())
    assert re.search(r"<form[^>]* novalidate", html)
    assert not re.search(r"<(input|select|textarea)[^>]* required", html)
    assert 'enctype="multipart/form-data"' in html


def test_a_form_that_is_not_ours_is_not_checked_by_the_browser_either() -> None:
    class Plain(forms.Form):
        email = forms.EmailField()

    html = html_of(Plain())
    assert re.search(r"<form[^>]* novalidate", html)
    assert " required" not in html


def test_what_may_be_left_out_says_so() -> None:
    html = html_of(Everything())
    assert "What we call you (optional)" in html
    assert html.count("(optional)") == 1


def test_a_select_says_what_to_do_and_radios_have_no_choice_of_dashes() -> None:
    class Form(PortalForm):
        country = forms.ChoiceField(choices=[("", "---------"), ("FR", "France")])
        degree = forms.ChoiceField(choices=[("", "---------"), *CHOICES], widget=forms.RadioSelect)

    html = html_of(Form())
    assert "Choose one" in group_of(html, "country")
    assert "---------" not in html
    assert 'id="id_degree_0"' in html
    assert 'value="ba"' in html


def test_a_missing_answer_gets_a_sentence_instead_of_this_field_is_required() -> None:
    form = Everything(data={})
    sentences = [problem.sentence for problem in problems_of([form])]
    assert sentences == [
        "Fill this in: Full name",
        "Fill this in: Password",
        "Fill this in: Statement",
        "Choose an answer: Degree",
        "Choose an answer: Contact",
        "Choose an answer: Country",
        "Fill this in: Grade",
        "Enter the date it was awarded",
        "Choose a file",
        "Tick the box to go on",
    ]


def test_the_summary_links_each_error_to_a_control_that_is_there() -> None:
    form = Everything(data={})
    html = html_of(form)
    targets = [problem.target for problem in problems_of([form])]
    assert "id_degree_0" in targets
    assert "id_awarded_0" in targets
    assert "id_transcript" in targets
    for target in targets:
        assert f'id="{target}"' in html


def test_the_summary_shows_what_is_wrong_with_the_whole_form() -> None:
    class Form(PortalForm):
        name = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("Both referees have <one> address")

    template = Template("{% load portal %}{% error_summary form %}")
    html = template.render(Context({"form": Form(data={"name": "x"})}))
    assert "Both referees have &lt;one&gt; address" in html
    assert template.render(Context({"form": Form()})).strip() == ""


def test_markup_in_labels_hints_choices_values_and_errors_is_escaped() -> None:
    evil = "<b>x</b>"

    class Evil(PortalForm):
        submit_label = evil
        looks: ClassVar[dict[str, dict[str, Any]]] = {
            "radio": {"hints": {evil: evil}},
            "text": {"prefix": evil, "suffix": evil},
        }
        text = forms.CharField(label=evil, help_text=evil)
        radio = forms.ChoiceField(label=evil, choices=[(evil, evil)], widget=forms.RadioSelect)
        tick = forms.BooleanField(label=evil, help_text=evil)
        day = DateField(label=evil, help_text=evil, noun=evil)
        choice = forms.ChoiceField(label=evil, choices=[(evil, evil)])

        def clean_text(self) -> str:
            raise forms.ValidationError(evil)

    data = {"text": evil, "radio": evil, "day_0": evil, "day_1": "2", "day_2": "2019"}
    form = Evil(data=data)
    html = html_of(form)
    summary = Template("{% load portal %}{% error_summary form %}").render(Context({"form": form}))
    for page in (html, summary):
        assert "<b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page


# --- Dates ----------------------------------------------------------------------------------------


class Awarded(PortalForm):
    awarded = DateField(
        noun="the date it was awarded",
        past=True,
        earliest=date(1950, 1, 1),
        autocomplete="bday",
    )


def awarded(day: str, month: str, year: str) -> Awarded:
    return Awarded(data={"awarded_0": day, "awarded_1": month, "awarded_2": year})


@pytest.mark.parametrize(
    "typed",
    [("14", "7", "2021"), ("14", "07", "2021"), (" 14", "July ", "2021"), ("14", "jul", "2021")],
)
def test_a_date_is_read(typed: tuple[str, str, str]) -> None:
    form = awarded(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["awarded"] == date(2021, 7, 14)


@pytest.mark.parametrize(
    ("typed", "sentence", "box"),
    [
        (("", "", ""), "Enter the date it was awarded", 0),
        (("14", "", "2021"), "The date it was awarded must include a month", 1),
        (("14", "", ""), "The date it was awarded must include a month and year", 1),
        (("31", "2", "2019"), "The date it was awarded must be a real date, like 14 7 2021", 0),
        (("3", "13", "2019"), "The date it was awarded must be a real date, like 14 7 2021", 1),
        (("x", "2", "2019"), "The date it was awarded must be a real date, like 14 7 2021", 0),
        (("1_0", "2", "2019"), "The date it was awarded must be a real date, like 14 7 2021", 0),
        (("3", "Fun", "2019"), "The date it was awarded must be a real date, like 14 7 2021", 1),
        (("3", "2", "21"), "The date it was awarded must have a year of 4 numbers, like 2021", 2),
        (
            ("3", "2", "99999"),
            "The date it was awarded must have a year of 4 numbers, like 2021",
            2,
        ),
        (("3", "2", "2999"), "The date it was awarded must be in the past", 0),
        (("3", "2", "1899"), "The date it was awarded must be 1 January 1950 or later", 0),
    ],
)
def test_a_wrong_date_gets_a_sentence_and_stays_as_typed(
    typed: tuple[str, str, str], sentence: str, box: int
) -> None:
    form = awarded(*typed)
    (problem,) = problems_of([form])
    assert problem.sentence == sentence
    assert problem.target == f"id_awarded_{box}"
    html = html_of(form)
    for number, text in enumerate(typed):
        if text:
            assert re.search(rf'name="awarded_{number}"[^>]* value="{text}"', html)


def test_a_date_comes_back_in_its_boxes() -> None:
    html = html_of(Awarded(initial={"awarded": date(2021, 7, 14)}))
    assert [re.search(rf'name="awarded_{n}" value="(\d+)"', html)[1] for n in range(3)] == [
        "14",
        "7",
        "2021",
    ]
    assert 'autocomplete="bday-year"' in html


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("   \n ", 0),
        ("one", 1),
        ("one  two\nthree\tfour", 4),
        ("It’s well-known — e.g. 3,5 %", 6),
        ("non\u00a0breaking", 2),
        ("私は学生です", 1),
    ],
)
def test_words_are_runs_of_anything_but_space(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_text_over_its_limit_is_told_by_how_much() -> None:
    class Form(PortalForm):
        text = LongTextField(max_words=3, noun="Your statement")

    assert Form(data={"text": "one two three"}).is_valid()
    form = Form(data={"text": "one two three four five"})
    assert form.errors["text"] == ["Your statement must be 3 words or fewer. Take out 2 words."]
    assert "one two three four five" in html_of(form)


def test_the_counter_takes_its_limit_from_the_validator() -> None:
    group = group_of(html_of(Everything()), "statement")
    assert 'data-maxwords="5"' in group
    assert "govuk-js-character-count" in group
    assert 'aria-describedby="id_statement-info"' in group
    assert "You can enter up to 5 words" in group
    assert MaxWordsValidator(5) == MaxWordsValidator(5)


def test_a_line_break_is_one_character() -> None:
    class Form(PortalForm):
        text = LongTextField(max_length=3)

    form = Form(data={"text": "a\r\nb"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "a\nb"


# --- Files, buttons, sets -------------------------------------------------------------------------


def test_an_empty_file_gets_a_sentence() -> None:
    class Form(PortalForm):
        file = UploadField(label="CV")

    files = MultiValueDict({"file": [SimpleUploadedFile("cv.pdf", b"")]})
    assert Form(data={}, files=files).errors["file"] == ["The file is empty. Choose another one"]
    assert 'accept=".pdf,.jpg,.jpeg,.png"' in html_of(Form())


def test_a_form_may_have_two_buttons() -> None:
    class Form(PortalForm):
        name = forms.CharField()

        def build_buttons(self) -> list[Submit]:
            return [Submit("Save"), Submit("Later", name="later", style="secondary")]

    html = html_of(Form())
    assert re.search(r'<button type="submit" class="govuk-button" [^>]*>Save</button>', html)
    assert re.search(
        r'<button type="submit" name="later" value="1" class="govuk-button govuk-button--secondary"',
        html,
    )


def test_a_form_may_group_its_fields() -> None:
    class Form(PortalForm):
        name = forms.CharField()

        def build_layout(self) -> Layout:
            return Layout(Field("name", heading=True, size="l", width=20))

    html = html_of(Form())
    assert '<h1 class="govuk-label-wrapper">' in html
    assert "govuk-label--l" in html
    assert "govuk-input--width-20" in html


def test_a_set_of_forms_is_numbered_and_its_errors_are_in_the_summary() -> None:
    class Form(PortalForm):
        name = forms.CharField(label="Name")

    form_set = forms.formset_factory(Form, extra=2)
    html = html_of(form_set())  # type: ignore[arg-type]
    assert "Item 2" in html
    assert 'name="form-TOTAL_FORMS"' in html
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-name": ""}
    (problem,) = problems_of([form_set(data=data)])
    assert problem.target == "id_form-0-name"


def test_the_title_of_a_wrong_form_begins_with_error() -> None:
    template = Template("{% load portal %}{% if form|has_errors %}Error: {% endif %}")
    assert template.render(Context({"form": Everything(data={})})) == "Error: "
    assert template.render(Context({"form": Everything()})) == ""
    assert template.render(Context({})) == ""
