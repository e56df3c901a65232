"""The forms of referees, and of applicants about their referees."""

import re
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from applicants.models import NomineeKind
from foundation.documents.purposes import Purpose
from foundation.ui.forms import Field, LongTextField, PortalForm, UploadField
from foundation.ui.words import count_words
from referees.models import DeclineReason

#: A letter has at least so many words, so that an empty paste is noticed, and at most so many.
LEAST_WORDS = 20
MOST_WORDS = 5000


ADDRESS_WRONG = _("Enter an email address like name@example.com")
#: What mail programs make a link of: a scheme, www, an address, a name in one of the common domains.
LINK = re.compile(
    r"https?:|://|\bwww\.|@|\w\.[a-z]{2,}/|"
    r"\w\.(?:com|net|org|info|biz|io|co|xyz|top|online|site|shop|link|click|app|dev|ly|gg|tk|"
    r"uk|eu|ru|cn)\b",
    re.IGNORECASE,
)


def no_links(line: str) -> None:
    """A name or a line goes to a stranger's mailbox: it carries no addresses and no control marks."""
    if LINK.search(line):
        raise ValidationError(_("Write this without web or email addresses"))
    if any(not character.isprintable() for character in line):
        raise ValidationError(_("Write this on one line of plain text"))


class NomineeForm(PortalForm):
    """Who writes the letter."""

    submit_label = _("Save referee")
    looks: ClassVar = {
        "kind": {
            "hints": {
                NomineeKind.ACADEMIC: _("For example a lecturer, tutor or thesis supervisor"),
                NomineeKind.PROFESSIONAL: _("For example a line manager"),
            }
        },
    }

    full_name = forms.CharField(
        label=_("Full name, with title"),
        help_text=_("For example Dr Helen Marsh"),
        max_length=120,
        validators=[no_links],
        error_messages={"required": _("Enter their full name")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("Their work address, if they have one. We ask them there for the letter."),
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
        error_messages={"required": _("Enter their email address"), "invalid": ADDRESS_WRONG},
    )
    kind = forms.ChoiceField(
        label=_("What kind of referee are they?"),
        choices=NomineeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether they are an academic or professional referee")},
    )
    post = forms.CharField(
        label=_("Their post"),
        help_text=_("For example Senior Lecturer"),
        max_length=120,
        error_messages={"required": _("Enter their post")},
    )
    institution = forms.CharField(
        label=_("Where they work"),
        max_length=160,
        error_messages={"required": _("Enter where they work")},
    )
    relationship = forms.CharField(
        label=_("How do they know you?"),
        help_text=_("For example: supervised my dissertation in 2024"),
        max_length=200,
        error_messages={"required": _("Say how they know you")},
    )


class AskForm(PortalForm):
    """A line of the applicant's own in the email to a referee."""

    submit_label = _("Send the email now")
    looks: ClassVar = {"personal_line": {"chars": 300}}

    personal_line = forms.CharField(
        label=_("A line of your own"),
        help_text=_("It stands in the email, below the first sentence. No web addresses."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        required=False,
    )

    def clean_personal_line(self) -> str:
        """One line, whatever was typed: it stands between quotation marks."""
        line = " ".join(self.cleaned_data["personal_line"].split())
        no_links(line)
        return line


class LetterForm(PortalForm):
    """The referee's page: who they are, and the letter as a file or as text."""

    submit_label = _("Continue")

    # Either of the file and the text is needed, so "(optional)" beside both would mislead.
    mark_optional = False

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_links],
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter your name")},
    )
    post = forms.CharField(
        label=_("Your post"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
        error_messages={"required": _("Enter your post")},
    )
    institution = forms.CharField(
        label=_("Where you work"),
        max_length=160,
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": _("Enter where you work")},
    )
    relationship = forms.CharField(
        label=_("How do you know the applicant?"),
        help_text=_("For example: taught them in two courses, 2022 to 2024"),
        max_length=200,
        error_messages={"required": _("Say how you know the applicant")},
    )
    file = UploadField(
        label=_("Upload your letter as a file"),
        help_text=Purpose.LETTER.hint,
        accept=Purpose.LETTER.accept,
        required=False,
    )
    text = LongTextField(
        label=_("Or write or paste it here"),
        help_text=_("Paragraphs are kept. We make a PDF of it."),
        rows=12,
        required=False,
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_file = has_file

    def keep(self, note: str) -> None:
        """Carry an uploaded file's note along with the page that comes back with errors."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["kept"] = note
        self.data = data

    def build_layout(self) -> Layout:
        return Layout(
            HTML('<h2 class="govuk-heading-m">{{ person_heading }}</h2>'),
            *(Field(name) for name in ("name", "post", "institution", "relationship")),
            HTML('<h2 class="govuk-heading-m">{{ letter_heading }}</h2>'),
            HTML('{% include "referees/_kept_file.html" %}'),
            "kept",
            "file",
            "text",
        )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        words = count_words(text)
        if words > MOST_WORDS:
            raise ValidationError(
                _("The letter has %(words)s words. Write at most %(most)s, or upload a PDF")
                % {"words": words, "most": MOST_WORDS}
            )
        if text and words < LEAST_WORDS:
            raise ValidationError(
                _("The letter has only %(words)s words. Write at least %(least)s")
                % {"words": words, "least": LEAST_WORDS}
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("file") and cleaned.get("text"):
            self.add_error(
                "file",
                _(
                    "Send a file or a text, not both. Empty the box below and choose your file again"
                ),
            )
        has_letter = cleaned.get("file") or cleaned.get("text") or self.has_file
        if not has_letter and not self.errors.get("text") and not self.errors.get("file"):
            self.add_error("file", _("Upload your letter, or write it in the box below"))
        return cleaned


class DeclineForm(PortalForm):
    submit_label = _("Tell the applicant that I can’t write it")

    reason = forms.ChoiceField(
        label=_("Why can’t you write it?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why you can’t write it")},
    )
    note = forms.CharField(
        label=_("Who should write it instead?"),
        help_text=_("If you think of somebody, we give the name to the applicant."),
        max_length=300,
        required=False,
        validators=[no_links],
    )


class NewLinkForm(PortalForm):
    submit_label = _("Send me a new link")

    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("The one our email was sent to."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Enter your email address"), "invalid": ADDRESS_WRONG},
    )
