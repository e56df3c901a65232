"""Where django-allauth asks how this portal does it.

Its mails leave through the outbox, whose rows hold ids only: the links are made when a message is
rendered. Its private hooks that are overridden here are covered by tests.
"""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.accounts import access, landing, notices, qr, secrets
from foundation.accounts import messages as mail
from foundation.accounts.models import Person

#: Where a sign-up wanted to go: kept in the session until the address is confirmed and they sign in.
NEXT_AFTER_SIGN_UP = "next_after_sign_up"
#: The address just typed, so that the page can name it: a mistake in it is the usual reason for silence.
WRITTEN_TO = "written_to"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and their messages."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email address or the password is not right."),
        "enter_current_password": _("Enter your current password. This one is not right."),
        "incorrect_password": _("This password is not right."),
        "incorrect_code": _("This code is not right, or was used already. Enter the newest one."),
        "too_many_login_attempts": _(
            "Too many attempts from where you are. Wait five minutes, then try again."
        ),
        "duplicate_email": _("This is already the email address of your account."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """There are pages only: a JSON answer would go round what the pages check."""
        return False

    # --- Signing up -----------------------------------------------------------------------------

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: forms.BaseForm,
        commit: bool = True,
    ) -> AbstractBaseUser:
        """A new person, who has accepted the notices that the form showed."""
        person: Any = user
        person.full_name = form.cleaned_data["full_name"]
        person = super().save_user(request, person, form, commit=commit)
        if commit:
            for notice in notices.awaiting_acceptance(person):
                notices.accept_notice(person, notice.code)
        return person

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuses an address with which somebody else has signed up, without confirming it yet."""
        others = Person.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        if others.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
            )
            return False
        return super().confirm_email(request, email_address)

    # --- Signing in -----------------------------------------------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts count for one network address and one account together.

        So whoever guesses somebody's password slows down only themselves.
        """
        login = str(credentials.get("email", "")).lower()
        return f"{ratelimit.get_ip(request)}:{login}"

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Asks first about a notice that changed since this person accepted it."""
        response = super().post_login(request, user, **kwargs)
        person: Any = user
        if notices.awaiting_acceptance(person):
            query = urlencode({"next": response["Location"]})
            return HttpResponseRedirect(f"{reverse('accounts:accept_notices')}?{query}")
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person: Any = request.user
        wanted = request.session.pop(NEXT_AFTER_SIGN_UP, "")
        if wanted and self.is_safe_url(wanted):
            return str(wanted)
        return landing.landing_for(person)

    def is_safe_url(self, url: str) -> bool:
        """Only our own pages: no other host, whatever else the portal may answer to."""
        request = self.request
        return request is not None and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        required = super().is_reauthentication_required(app=app, **kwargs)
        return required and not access.proved_identity_recently(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves who they are with it: a password alone is not enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        strong = [method for method in methods if method["id"] == "mfa_reauthenticate"]
        return strong or methods

    # --- Mail -----------------------------------------------------------------------------------

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        request.session[WRITTEN_TO] = emailconfirmation.email_address.email
        mail.send(
            mail.CONFIRM_EMAIL,
            emailconfirmation.email_address.email,
            address=emailconfirmation.email_address.pk,
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        self.request.session[WRITTEN_TO] = email
        mail.send(mail.ALREADY_REGISTERED, email)

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        mail.send(mail.PASSWORD_RESET, email, person=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What has no method of its own. Raises KeyError for a mail this portal does not know."""
        mail.send(mail.BY_TEMPLATE[template_prefix], email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody that their account changed; `email` is the old address when that did.

        Giving up a change of address that was never confirmed changed nothing.
        """
        if template_prefix == "account/email/email_deleted":
            return
        person: Any = user
        mail.send(mail.BY_TEMPLATE[template_prefix], email or person.email, person=person.pk)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor. Its secrets are encrypted with keys derived from SECRET_KEY."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already. Enter the newest one."),
        "unverified_email": _(
            "Confirm your new email address before you set up an authenticator app."
        ),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text, purpose="second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text, purpose="second-factor")

    def build_totp_svg(self, url: str) -> SafeString:
        return qr.svg(url)
