"""Forms of the office's pages about its people."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Person
from foundation.accounts.rules import check_address_length
from foundation.ui.forms import DateField, PortalForm
from programmes.models import Programme
from programmes.roles import Role
from programmes.rules import grantable_programmes, has_role_everywhere

EVERYWHERE = "all"


class RoleForm(PortalForm):
    """Which role, for what, until when. `giver` sees only the programmes they may grant for."""

    submit_label = _("Give this role")
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role"), "invalid_choice": _("Choose a role")},
    )
    scope = forms.ChoiceField(
        label=_("For which programmes"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for which programmes"),
            "invalid_choice": _("Choose for which programmes"),
        },
    )
    last_day = DateField(
        label=_("Last day"),
        help_text=_("Leave it empty when the role has no end. For example, 30 9 2027."),
        noun=_("the last day"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the history of this person’s roles."),
        max_length=300,
        required=False,
    )
    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "role": {"small": True, "hints": {role.value: role.about for role in Role}},
        "scope": {"small": True},
    }

    def __init__(self, *args: Any, giver: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {programme.slug: programme for programme in grantable_programmes(giver)}
        choices = [(slug, programme.title) for slug, programme in self.programmes.items()]
        if has_role_everywhere(giver, Role.HEAD_OF_ADMISSIONS):
            choices.append((EVERYWHERE, _now("All programmes, also future ones")))
        field: Any = self.fields["scope"]
        field.choices = choices

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("The last day must be today or later"), params={"part": 0})
        return day

    @property
    def chosen_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    @property
    def programme(self) -> Programme | None:
        """The programme chosen; None means all."""
        return self.programmes.get(self.cleaned_data["scope"])

    @property
    def until_at(self) -> datetime | None:
        """The end of the last day, in the institution's time zone."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        zone = timezone.get_default_timezone()
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


class InviteForm(RoleForm):
    """A new member of staff, with a first role."""

    submit_label = _("Send the invitation")
    email = forms.EmailField(
        label=_("Email address"),
        validators=[check_address_length],
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter their email address"),
            "invalid": _("Enter an email address in the right form, such as name@example.com"),
        },
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter their full name")},
    )
    field_order = ("email", "full_name", "role", "scope", "last_day", "reason")


class ReasonForm(PortalForm):
    """Why something is done to somebody's role or account. The button says what."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in this person’s history, which auditors read."),
        max_length=300,
        error_messages={"required": _("Give a reason")},
    )

    def __init__(
        self, *args: Any, submit_label: Any, submit_style: str = "warning", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.submit_label, self.submit_style = submit_label, submit_style


class RecognisedForm(ReasonForm):
    """How somebody was recognised who can't show it by signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = _("How you recognised them")
        field.help_text = _(
            "For example: in person, with their staff card. An email or a call alone is not enough. "
            "Kept in this person’s history, which auditors read."
        )
        field.error_messages["required"] = _("Say how you recognised this person")
