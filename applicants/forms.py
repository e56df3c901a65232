"""What an applicant is asked, a form per page."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from applicants.grades import clean_grade
from applicants.models import (
    EnglishBasis,
    EnglishTest,
    GradeScale,
    QualificationStatus,
)
from applicants.own_sections import STATEMENT_WORDS_LIMIT
from foundation.accounts.rules import tidy_name
from foundation.ui.forms import (
    DateField,
    LongTextField,
    PortalForm,
)

Looks = Mapping[str, Mapping[str, Any]]

SAVE = _("Save and continue")


def country_choices() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *_countries(get_language())]


@cache
def _countries(language: str | None) -> list[tuple[str, str]]:
    """Sorting 250 names once for each language, not several times for each page."""
    return [(country.code, str(country.name)) for country in countries]


class CountryChoiceField(forms.ChoiceField):
    """A country of ISO 3166, by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=country_choices, **options)


class NameField(forms.CharField):
    """A person's name as they write it, without links and invisible characters."""

    def clean(self, value: Any) -> Any:
        return tidy_name(super().clean(value))


class PersonalDetailsForm(PortalForm):
    submit_label = SAVE
    looks: ClassVar[Looks] = {
        "date_of_birth": {},
        "phone": {"width": 20},
        "preferred_name": {"width": "two-thirds"},
    }

    legal_name = NameField(
        label=_("Full legal name"),
        help_text=_("As it is written in your passport or identity card"),
        max_length=160,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter your full legal name")},
    )
    preferred_name = NameField(
        label=_("Name we should use"),
        help_text=_("If it differs from your legal name"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "nickname", "spellcheck": "false"}),
    )
    date_of_birth = DateField(
        label=_("Date of birth"),
        help_text=_("For example, 31 3 1998"),
        noun=_("your date of birth"),
        past=True,
        autocomplete="bday",
    )
    nationality = CountryChoiceField(
        label=_("Nationality"),
        help_text=_("If you have several, the one of the passport you would study with"),
        error_messages={"required": _("Choose your nationality")},
    )
    residence = CountryChoiceField(
        label=_("Country where you live"),
        widget=forms.Select({"autocomplete": "country"}),
        error_messages={"required": _("Choose the country where you live")},
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        help_text=_("With the country code, like +44 20 7946 0018"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        validators=[
            RegexValidator(
                r"^\+?[0-9][0-9 ().-]{5,18}$",
                _("Enter a telephone number, like +44 20 7946 0018"),
            )
        ],
        error_messages={"required": _("Enter a telephone number")},
    )


class QualificationForm(PortalForm):
    submit_label = SAVE
    looks: ClassVar[Looks] = {
        "award": {"width": 10},
        "status": {"inline": True},
        "grade_value": {"width": 10},
    }

    institution = forms.CharField(
        label=_("University or college"),
        max_length=160,
        error_messages={"required": _("Enter the name of your university or college")},
    )
    country = CountryChoiceField(
        label=_("Country"),
        error_messages={"required": _("Choose the country you studied in")},
    )
    award = forms.CharField(
        label=_("Qualification"),
        help_text=_("For example BSc, BEng, Licence or Diplom"),
        max_length=80,
        error_messages={"required": _("Enter the qualification, such as BSc")},
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=120,
        error_messages={"required": _("Enter the subject")},
    )
    status = forms.ChoiceField(
        label=_("Has it been awarded?"),
        choices=[
            (QualificationStatus.AWARDED, _("Yes")),
            (QualificationStatus.EXPECTED, _("Not yet")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it has been awarded")},
    )
    awarded_on = DateField(
        label=_("When was it, or will it be, awarded?"),
        help_text=_(
            "For example, 14 7 2021. If you don’t know the day, give the last of the month"
        ),
        noun=_("the date of the award"),
    )
    grade_scale = forms.ChoiceField(
        label=_("On which scale is it graded?"),
        choices=[("", _("Choose a scale")), *GradeScale.choices],
        error_messages={"required": _("Choose the scale it is graded on")},
    )
    grade_value = forms.CharField(
        label=_("Overall grade"),
        help_text=_("As your university wrote it, like 2:1, 3.7 or 68"),
        max_length=20,
        required=False,
    )
    grade_pending = forms.BooleanField(label=_("I don’t know my grade yet"), required=False)
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._check_date(given)
        self._check_grade(given)
        return given

    def _check_date(self, given: dict[str, Any]) -> None:
        status, awarded_on = given.get("status"), given.get("awarded_on")
        if not status or awarded_on is None:
            return
        today = timezone.localdate()
        if status == QualificationStatus.AWARDED and awarded_on > today:
            self.add_error(
                "awarded_on",
                _("This date is still to come. Give the date it was awarded, or choose “Not yet”"),
            )
        elif status == QualificationStatus.EXPECTED and awarded_on < today:
            self.add_error(
                "awarded_on",
                _("This date is past. Give the date you expect, or choose that it was awarded"),
            )

    def _check_grade(self, given: dict[str, Any]) -> None:
        typed, scale = given.get("grade_value", ""), given.get("grade_scale")
        if given.get("grade_pending"):
            if given.get("status") == QualificationStatus.AWARDED:
                self.add_error("grade_value", _("It has been awarded, so enter the grade you got"))
            return
        if not typed:
            if "grade_value" not in self.errors:
                self.add_error(
                    "grade_value",
                    _("Enter your grade, or tick that you don’t know it yet"),
                )
            return
        if scale:
            try:
                given["grade_value"] = clean_grade(GradeScale(scale), typed)
            except ValidationError as error:
                self.add_error("grade_value", error)


class EnglishBasisForm(PortalForm):
    submit_label = _("Continue")
    looks: ClassVar[Looks] = {
        "basis": {
            "hide_label": True,
            "hints": {
                EnglishBasis.TEST: _("You have your result"),
                EnglishBasis.DEGREE: _("A whole degree, taught and assessed in English"),
                EnglishBasis.PLANNED: _("You can submit your application before"),
            },
        }
    }

    basis = forms.ChoiceField(
        label=_("How do you show your English?"),
        choices=EnglishBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you show your English")},
    )


#: The lowest and highest overall score of a test, and the steps it goes in.
SCORES = {
    EnglishTest.IELTS: (Decimal(0), Decimal(9), Decimal("0.5")),
    EnglishTest.TOEFL: (Decimal(0), Decimal(120), Decimal("0.5")),
    EnglishTest.PTE: (Decimal(10), Decimal(90), Decimal(1)),
    EnglishTest.CAMBRIDGE: (Decimal(80), Decimal(230), Decimal(1)),
}


class EnglishTestForm(PortalForm):
    submit_label = SAVE
    looks: ClassVar[Looks] = {"overall": {"width": 4}}

    test = forms.ChoiceField(
        label=_("Which test did you take?"),
        choices=EnglishTest.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the test you took")},
    )
    overall = forms.DecimalField(
        label=_("Overall score"),
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages={
            "required": _("Enter your overall score"),
            "invalid": _("Enter your overall score as a number, like 7.5"),
        },
    )
    taken_on = DateField(
        label=_("When did you take it?"),
        help_text=_("For example, 14 7 2026"),
        noun=_("the date of your test"),
        past=True,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        test, overall = given.get("test"), given.get("overall")
        if test and overall is not None:
            lowest, highest, steps = SCORES[EnglishTest(test)]
            if not lowest <= overall <= highest or overall % steps:
                self.add_error(
                    "overall",
                    ValidationError(
                        _("An overall score of %(test)s is between %(lowest)s and %(highest)s"),
                        params={
                            "test": EnglishTest(test).label,
                            "lowest": lowest,
                            "highest": highest,
                        },
                    ),
                )
        return given


class EnglishDegreeForm(PortalForm):
    submit_label = SAVE

    degree_country = CountryChoiceField(
        label=_("In which country was the degree?"),
        help_text=_("The degree itself belongs to your qualifications"),
        error_messages={"required": _("Choose the country of the degree")},
    )


class EnglishPlannedForm(PortalForm):
    submit_label = SAVE

    test = forms.ChoiceField(
        label=_("Which test will you take?"),
        choices=EnglishTest.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the test you will take")},
    )
    planned_on = DateField(
        label=_("When will you take it?"),
        help_text=_("For example, 14 7 2027. If you have no date yet, your best guess"),
        noun=_("the date of your test"),
    )

    def clean_planned_on(self) -> Any:
        planned_on = self.cleaned_data["planned_on"]
        if planned_on < timezone.localdate():
            raise ValidationError(_("The date of your test must be in the future"))
        return planned_on


class StatementForm(PortalForm):
    submit_label = SAVE

    text = LongTextField(
        label=_("Your statement"),
        max_words=STATEMENT_WORDS_LIMIT,
        noun=_("Your personal statement"),
        rows=20,
        error_messages={"required": _("Write your personal statement")},
    )


class DeclarationForm(PortalForm):
    submit_label = _("Submit application")

    declared = forms.BooleanField(
        label=_(
            "What I have written is true and complete, and it is my own work. I have read how my"
            " data are used."
        ),
        error_messages={"required": _("Tick the declaration to submit")},
    )


class WithdrawForm(PortalForm):
    submit_label = _("Withdraw application")
    submit_style = "warning"

    reason = LongTextField(
        label=_("Why are you withdrawing?"),
        help_text=_("It helps us to do better. Nobody’s decision depends on it"),
        required=False,
        max_length=2000,
        rows=4,
    )
