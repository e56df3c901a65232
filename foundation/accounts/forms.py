"""Forms for signing up and in. django-allauth's own checks stay; words and layout are the portal's.

A new password is asked once: it can be shown and pasted. No field has a placeholder for a label.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from crispy_forms.layout import HTML
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.accounts import rules
from foundation.accounts.models import Person
from foundation.ui.forms import Field, Layout, PortalForm, Submit

Words = Mapping[str, Any]

PASSWORD_HINT = _(
    "At least 10 characters. Three words that don’t belong together are easy to remember."
)
#: A code is good for three periods of 30 seconds, so that is how long a used one is remembered.
USED_CODE_SECONDS = 90


class AccountForm(PortalForm):
    """Takes django-allauth's fields as they are and gives them the portal's words."""

    labels: ClassVar[Words] = {}
    hints: ClassVar[Words] = {}
    required_sentences: ClassVar[Words] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name in self.required_sentences:
                field.error_messages["required"] = self.required_sentences[name]
            if isinstance(field, forms.EmailField):
                field.widget.attrs["spellcheck"] = "false"
                field.error_messages["invalid"] = _(
                    "Enter an email address in the right form, such as name@example.com"
                )
                field.validators.append(rules.check_address_length)


class SignupForm(AccountForm, account_forms.SignupForm):
    """Email, full name, password, privacy notice."""

    submit_label = _("Create account")
    full_name = forms.CharField(
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    accept_privacy = forms.BooleanField()

    field_order = ("email", "full_name", "password1", "accept_privacy")
    labels: ClassVar[Words] = {
        "email": _("Email address"),
        "full_name": _("Full name"),
        "password1": _("Create a password"),
        "accept_privacy": _("I have read the privacy notice"),
    }
    hints: ClassVar[Words] = {
        "email": _("We send a link to this address, and later the news about your application."),
        "full_name": _("As it stands in your passport."),
        "password1": PASSWORD_HINT,
    }
    required_sentences: ClassVar[Words] = {
        "email": _("Enter your email address"),
        "full_name": _("Enter your full name"),
        "password1": _("Create a password"),
        "accept_privacy": _("Read the privacy notice and tick the box"),
    }

    def build_layout(self) -> Layout:
        *asked, box = (Field(name) for name in self.fields)
        return Layout(*asked, HTML('{% include "account/read_notices.html" %}'), box)

    def clean_full_name(self) -> str:
        return rules.tidy_name(self.cleaned_data["full_name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, name = cleaned.get("password1"), cleaned.get("full_name")
        if password and name and "password1" not in self.errors:
            person = Person(email=cleaned.get("email", ""), full_name=name)
            try:
                account_forms.get_adapter().clean_password(password, user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: Any) -> Any:
        """An address that has an account takes as long as one that has none: both hash once."""
        if self.account_already_exists:
            Person().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class LoginForm(AccountForm, account_forms.LoginForm):
    submit_label = _("Sign in")
    labels: ClassVar[Words] = {"login": _("Email address"), "password": _("Password")}
    required_sentences: ClassVar[Words] = {
        "login": _("Enter your email address"),
        "password": _("Enter your password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(AccountForm, account_forms.ResetPasswordForm):
    submit_label = _("Send the link")
    labels: ClassVar[Words] = {"email": _("Email address")}
    required_sentences: ClassVar[Words] = {"email": _("Enter the email address you signed up with")}


class ResetPasswordKeyForm(AccountForm, account_forms.ResetPasswordKeyForm):
    submit_label = _("Set password")
    labels: ClassVar[Words] = {"password1": _("New password")}
    hints: ClassVar[Words] = {"password1": PASSWORD_HINT}
    required_sentences: ClassVar[Words] = {"password1": _("Enter a new password")}


class ChangePasswordForm(AccountForm, account_forms.ChangePasswordForm):
    submit_label = _("Change password")
    labels: ClassVar[Words] = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
    }
    hints: ClassVar[Words] = {"password1": PASSWORD_HINT}
    required_sentences: ClassVar[Words] = {
        "oldpassword": _("Enter your current password"),
        "password1": _("Enter a new password"),
    }


class ChangeEmailForm(AccountForm, account_forms.AddEmailForm):
    submit_label = _("Send the link")
    labels: ClassVar[Words] = {"email": _("New email address")}
    hints: ClassVar[Words] = {
        "email": _("We send a link to it. Until you confirm it, the current address stays.")
    }
    required_sentences: ClassVar[Words] = {"email": _("Enter the new email address")}

    def clean_email(self) -> str:
        """django-allauth refuses this to whoever has a second factor; here that is asked for first.

        An address of somebody else is not refused here, which would tell who has an account: its
        owner gets the mail, and the link changes nothing (`AccountAdapter.confirm_email`).
        """
        email = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise account_forms.get_adapter().validation_error("duplicate_email")
        return email

    def build_buttons(self) -> list[Submit]:
        """django-allauth's page has several forms and tells them apart by their buttons."""
        return [Submit(self.submit_label, name="action_add")]


class ReauthenticateForm(AccountForm, account_forms.ReauthenticateForm):
    submit_label = _("Continue")
    labels: ClassVar[Words] = {"password": _("Password")}
    required_sentences: ClassVar[Words] = {"password": _("Enter your password")}


class InvitationForm(AccountForm):
    """The first password of a member of staff. `person` is whom the link invites."""

    submit_label = _("Set password and continue")
    password1 = account_forms.SetPasswordField()
    labels: ClassVar[Words] = {"password1": _("Create a password")}
    hints: ClassVar[Words] = {"password1": PASSWORD_HINT}
    required_sentences: ClassVar[Words] = {"password1": _("Create a password")}

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password: Any = self.fields["password1"]
        password.user = person


# --- The second factor --------------------------------------------------------------------------


class CodeForm(AccountForm):
    """A code from an authenticator app, once; or a recovery code."""

    labels: ClassVar[Words] = {"code": _("Code")}
    hints: ClassVar[Words] = {
        "code": _("The 6 digits in your authenticator app, or a recovery code.")
    }
    required_sentences: ClassVar[Words] = {"code": _("Enter the code from your authenticator app")}
    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {"code": {"width": 10}}
    user: Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(
            {
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        )

    def clean_code(self) -> str:
        """A code that was used is refused for as long as it could still be right.

        django-allauth remembers it for one period only, but accepts the neighbouring ones.
        """
        used = f"accounts:used-code:{self.user.pk}:{normalize_user_code(self.cleaned_data['code'])}"
        if cache.get(used):
            raise mfa_forms.get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        cache.set(used, True, timeout=USED_CODE_SECONDS)
        return code


class AuthenticateForm(CodeForm, mfa_forms.AuthenticateForm):
    """At sign-in."""

    submit_label = _("Sign in")


class ReauthenticateByCodeForm(CodeForm, mfa_forms.ReauthenticateForm):
    """Before something that matters."""

    submit_label = _("Continue")


class ActivateForm(AccountForm, totp_forms.ActivateTOTPForm):
    """Shows that the app has the key: only then is the second factor set up."""

    submit_label = _("Set up")
    labels: ClassVar[Words] = {"code": _("Code from the app")}
    hints: ClassVar[Words] = {"code": _("6 digits, new every 30 seconds.")}
    required_sentences: ClassVar[Words] = {"code": _("Enter the code that the app shows")}
    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {"code": {"width": 10}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
