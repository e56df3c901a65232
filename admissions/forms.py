"""What the office and the applicant fill in."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions.actions import NewCondition
from admissions.models import (
    COMMENT_AT_LEAST,
    HIGHEST_SCORE,
    ConditionKind,
    ConditionState,
    Criterion,
    Need,
    Outcome,
    Recommendation,
)
from admissions.queue import LIGHTS, NOBODY, Filter
from foundation.accounts.models import Person
from foundation.clock.lights import Light
from foundation.ui.forms import DateField, Field, Layout, PortalForm, Submit
from programmes.models import Programme

#: Conditions that can be proposed at once.
MOST_CONDITIONS = 4


def long_text(label: Any, *, help_text: Any = "", rows: int = 4, required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=5000,
        widget=forms.Textarea({"rows": rows}),
    )


class FilterForm(PortalForm):
    """The queue's filters, all in the address. A value that means nothing is left out."""

    mark_optional = False
    submit_label = ""

    q = forms.CharField(label=_("Name, email or reference"), required=False)
    need = forms.ChoiceField(label=_("What needs doing"), required=False)
    light = forms.ChoiceField(label=_("Review date"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)

    def __init__(
        self,
        *args: Any,
        programmes: list[Programme],
        reviewers: list[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "need": [("", _("Anything"))]
            + [(need.slug, need.label) for need in Need if need is not Need.NONE],
            "light": [("", _("Any"))] + [(light.value, light.label) for light in LIGHTS],
            "programme": [("", _("Any"))]
            + [(programme.slug, programme.title) for programme in programmes],
            "reviewer": [("", _("Anyone")), ("me", _("Me")), (NOBODY, _("Nobody yet"))]
            + [(str(person.public_id), person.get_full_name()) for person in reviewers],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options

    def wanted(self) -> Filter:
        """What was asked for, without what can't be understood."""
        self.is_valid()
        found = self.cleaned_data
        need = next((need for need in Need if need.slug == found.get("need")), None)
        light = found.get("light")
        return Filter(
            search=found.get("q", "").strip(),
            need=need,
            light=Light(light) if light else None,
            programme=found.get("programme", ""),
            reviewer=found.get("reviewer", ""),
        )


class AssignForm(PortalForm):
    submit_label = _("Assign")
    looks: ClassVar = {"reviewer": {"width": 20}}

    reviewer = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Who should read it"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
        field.to_field_name = "public_id"


class RecuseForm(PortalForm):
    submit_label = _("Step back from this file")
    submit_style = "warning"

    reason = long_text(
        _("Why do you step back?"),
        help_text=_("For example: I supervised the applicant. The office reads this."),
    )


class ReviewForm(PortalForm):
    """The rubric. Everything may be missing while one saves; to submit, nothing."""

    mark_optional = False
    comment = long_text(
        _("Comment"),
        help_text=_("What the scores rest on, in at least 30 characters."),
        rows=8,
        required=False,
    )
    recommendation = forms.ChoiceField(
        label=_("What do you recommend?"),
        choices=Recommendation.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[criterion.value] = forms.IntegerField(
                label=criterion.label,
                help_text=criterion.guidance,
                required=False,
                validators=[MinValueValidator(0), MaxValueValidator(HIGHEST_SCORE)],
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={
                    "invalid": _("A score is a whole number from 0 to 10"),
                    "min_value": _("A score is a whole number from 0 to 10"),
                    "max_value": _("A score is a whole number from 0 to 10"),
                },
            )
        self.order_fields([*(criterion.value for criterion in Criterion)])

    @property
    def is_submitting(self) -> bool:
        return "submit" in self.data

    def build_layout(self) -> Layout:
        scores = [Field(criterion.value, width=2, suffix=_("out of 10")) for criterion in Criterion]
        return Layout(*scores, Field("comment"), Field("recommendation", small=True))

    def build_buttons(self) -> list[Submit]:
        return [
            Submit(_("Submit the review"), name="submit"),
            Submit(_("Save and come back"), name="save", style="secondary"),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.is_submitting:
            return found
        for criterion in Criterion:
            if found.get(criterion.value) is None and criterion.value not in self.errors:
                self.add_error(criterion.value, _("Give this a score from 0 to 10"))
        if len(found.get("comment", "").strip()) < COMMENT_AT_LEAST:
            self.add_error("comment", _("Write at least 30 characters"))
        if not found.get("recommendation"):
            self.add_error("recommendation", _("Choose what you recommend"))
        return found

    def scores(self) -> dict[Criterion, int]:
        return {
            criterion: self.cleaned_data[criterion.value]
            for criterion in Criterion
            if self.cleaned_data.get(criterion.value) is not None
        }


class ProposeForm(PortalForm):
    """A decision: outcome, reason, and for an offer its conditions."""

    mark_optional = False
    submit_label = _("Propose this decision")
    outcome = forms.ChoiceField(
        label=_("What do you propose?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = long_text(
        _("Why?"), help_text=_("For whoever approves it. The applicant never sees this.")
    )
    note_to_applicant = long_text(
        _("A paragraph for the letter (optional)"),
        help_text=_("The applicant reads this in the decision letter."),
        required=False,
    )
    without_review_reason = long_text(
        _("Why is there no review?"),
        help_text=_("No review has been submitted. A head of admissions may go on without one."),
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, asks_why_no_review: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why_no_review:
            del self.fields["without_review_reason"]
        tomorrow = timezone.localdate() + timedelta(days=1)
        for number in range(1, MOST_CONDITIONS + 1):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Condition %(number)s: kind") % {"number": number},
                choices=[("", _("No condition")), *ConditionKind.choices],
                required=False,
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Condition %(number)s: what the applicant must do") % {"number": number},
                max_length=300,
                required=False,
            )
            self.fields[f"due_{number}"] = DateField(
                label=_("Condition %(number)s: by when, if there is a date") % {"number": number},
                noun=_("The date of condition %(number)s") % {"number": number},
                earliest=tomorrow,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for number in range(1, MOST_CONDITIONS + 1):
            kind, text = found.get(f"kind_{number}"), found.get(f"text_{number}", "").strip()
            if kind and not text:
                self.add_error(f"text_{number}", _("Say what the applicant must do"))
            if (text or found.get(f"due_{number}")) and not kind:
                self.add_error(f"kind_{number}", _("Choose the kind of this condition"))
        if self.conditions() and found.get("outcome") not in ("", None, Outcome.OFFER.value):
            self.add_error("outcome", _("Only an offer can have conditions"))
        return found

    def conditions(self) -> list[NewCondition]:
        found = self.cleaned_data
        return [
            NewCondition(
                ConditionKind(found[f"kind_{number}"]),
                found[f"text_{number}"],
                found.get(f"due_{number}"),
            )
            for number in range(1, MOST_CONDITIONS + 1)
            if found.get(f"kind_{number}") and found.get(f"text_{number}", "").strip()
        ]

    @property
    def condition_rows(self) -> list[tuple[int, Any, Any, Any]]:
        return [
            (n, self[f"kind_{n}"], self[f"text_{n}"], self[f"due_{n}"])
            for n in range(1, MOST_CONDITIONS + 1)
        ]


class ReasonForm(PortalForm):
    """A reason, for returning or taking back."""

    submit_style = "warning"
    reason = long_text(_("Why?"))

    def __init__(self, *args: Any, submit_label: Any, **kwargs: Any) -> None:
        self.submit_label = submit_label
        super().__init__(*args, **kwargs)


class ApproveForm(PortalForm):
    submit_label = _("Approve this decision")
    overrule_reason = long_text(
        _("Why go above the limit of offers?"),
        help_text=_("The intake’s limit is reached. A head of admissions may go above it."),
        required=False,
    )

    def __init__(self, *args: Any, at_limit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_limit:
            del self.fields["overrule_reason"]


class ConditionForm(PortalForm):
    """One condition's outcome."""

    submit_label = _("Save")
    state = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[
            (state.value, state.label)
            for state in (ConditionState.MET, ConditionState.WAIVED, ConditionState.NOT_MET)
        ],
        widget=forms.RadioSelect,
    )
    note = long_text(
        _("Note"),
        help_text=_("Needed to waive it, or when it is not met. The applicant can read it."),
        required=False,
        rows=2,
    )


class DeclineForm(PortalForm):
    submit_label = _("Decline the offer")
    submit_style = "warning"
    reason = long_text(
        _("Why do you decline?"),
        help_text=_("It helps us to do better. You need not answer."),
        required=False,
        rows=3,
    )
