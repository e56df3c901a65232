"""Pages of the account. django-allauth's views, changed where this portal is stricter, and our own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import signup as signup_flow
from allauth.account.internal.flows.login import (
    perform_password_login,
    record_authentication,
)
from allauth.account.models import EmailAddress, Login
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts import access, actions, landing, notices
from foundation.accounts import messages as mail
from foundation.accounts.adapter import NEXT_AFTER_SIGN_UP, WRITTEN_TO
from foundation.accounts.forms import InvitationForm
from foundation.accounts.models import PersonSession
from foundation.doors import Actor, Refused

View = Callable[..., HttpResponseBase]


def in_one_transaction(view: View) -> View:
    """A POST of django-allauth's pages changes all or nothing, its mail in the outbox included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            return response

    return wrapped


def safe_next(request: HttpRequest) -> str:
    """Where the page was asked to go on to, if that is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and get_adapter().is_safe_url(wanted) else ""


# --- Signing up, confirming, a forgotten password -----------------------------------------------


class SignUpView(account_views.SignupView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Two sign-ups with one address in the same instant: the second is told as any other."""
        if wanted := safe_next(self.request):
            self.request.session[NEXT_AFTER_SIGN_UP] = wanted
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            return signup_flow.prevent_enumeration(self.request, email=form.cleaned_data["email"])


class EmailVerificationSentView(account_views.EmailVerificationSentView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the address as it was typed, which tells nobody whether it has an account."""
        written_to = self.request.session.get(WRITTEN_TO, "")
        return {**super().get_context_data(**kwargs), "written_to": written_to}


class ConfirmEmailView(account_views.ConfirmEmailView):
    def logout_other_user(self, confirmation: Any) -> None:
        """Only the button changes anything: mail scanners open links too."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)

    def get_redirect_url(self) -> str:
        return reverse(
            "accounts:account" if self.request.user.is_authenticated else "account_login"
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        key = account_views.get_emailconfirmation_model().from_key(self.kwargs["key"])
        if key is None:
            return redirect("account_confirm_email", key=self.kwargs["key"])
        return super().post(*args, **kwargs)


@method_decorator(rate_limit(action="reset_password_page"), name="dispatch")
class PasswordResetView(account_views.PasswordResetView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Too many mails for one address: no more are sent, and the page says the same.

        The earlier links still work, so nobody can keep an owner out by asking in their name.
        """
        allowed = ratelimit.consume(
            self.request, action="reset_password_mail", key=form.cleaned_data["email"]
        )
        if allowed:
            with transaction.atomic():
                self._send(form)
        return redirect("account_reset_password_done")

    def _send(self, form: Any) -> None:
        """One row for the outbox, with an account or without: neither takes longer."""
        email = form.cleaned_data["email"]
        if form.users:
            mail.send(mail.PASSWORD_RESET, email, person=form.users[0].pk)
        else:
            mail.send(mail.UNKNOWN_ACCOUNT, email)


class PasswordResetFromKeyView(account_views.PasswordResetFromKeyView):
    def logout(self) -> None:
        """Opening a link signs nobody out; setting the password does."""
        if self.request.method == "POST":
            super().logout()


# --- The second factor --------------------------------------------------------------------------


class ActivateTOTPView(totp_views.ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret_groups"] = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Setting up proved possession of the app, so this session has its second factor."""
        response = super().form_valid(form)
        authenticator = Authenticator.objects.get(
            user_id=self.request.user.pk, type=Authenticator.Type.TOTP
        )
        record_authentication(
            self.request, form.user, "mfa", id=authenticator.pk, type=authenticator.type
        )
        return response

    def get_success_url(self) -> str:
        if not self.did_generate_recovery_codes:
            return safe_next(self.request) or reverse("accounts:account")
        url = reverse("mfa_view_recovery_codes")
        wanted = safe_next(self.request)
        return f"{url}?{urlencode({'next': wanted})}" if wanted else url


class ViewRecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": safe_next(self.request)}


# --- Our own ------------------------------------------------------------------------------------


@login_required
@require_safe
def land(request: HttpRequest) -> HttpResponse:
    """Where one goes after signing in, if nowhere else was asked for."""
    person: Any = request.user
    return redirect(landing.landing_for(person))


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What can be changed about one's account, and where one is signed in."""
    person: Any = request.user
    pending = EmailAddress.objects.filter(user=person, verified=False).first()
    context = {
        "pending_address": pending.email if pending else "",
        "has_second_factor": access.has_second_factor(person),
        "has_recovery_codes": Authenticator.objects.filter(
            user=person, type=Authenticator.Type.RECOVERY_CODES
        ).exists(),
        "sessions": PersonSession.objects.filter(
            person=person, expire_date__gt=timezone.now()
        ).order_by("-started_at"),
        "this_session": request.session.session_key,
    }
    return render(request, "account/account.html", context)


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    ended = actions.end_other_sessions(
        person, keep=request.session.session_key, actor=Actor.person(person)
    )
    said = _("You are signed out everywhere else.") if ended else _("There was no other session.")
    messages.success(request, said)
    return redirect("accounts:account")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_notices(request: HttpRequest) -> HttpResponse:
    """Asked at sign-in, when a notice has changed since this person accepted it."""
    person: Any = request.user
    awaiting = notices.awaiting_acceptance(person)
    if request.method == "POST":
        actions.accept_notices(
            person, [notice.code for notice in awaiting], actor=Actor.person(person)
        )
    if request.method == "POST" or not awaiting:
        return redirect(safe_next(request) or landing.landing_for(person))
    return render(
        request,
        "account/accept_notices.html",
        {"notices": awaiting, "next": safe_next(request)},
    )


@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="reset_password_from_key")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A member of staff sets the first password. Opening the link uses nothing up; the button does."""
    invited = actions.open_invitation(token, now=timezone.now())
    if invited is None:
        return render(request, "account/invitation_invalid.html", status=410)
    person = invited.person
    form = InvitationForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password1"]
        try:
            person = actions.accept_invitation(token, password, actor=Actor.person(person))
        except Refused as refusal:
            form.add_error("password1", refusal.sentence)
        else:
            return _sign_in_to_set_up(request, person)
    return render(request, "account/invitation.html", {"form": form, "person": person})


def _sign_in_to_set_up(request: HttpRequest, person: Any) -> HttpResponse:
    """Straight on to the second factor; with one set up already, that is asked for first."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    set_up = reverse("mfa_activate_totp")
    url = f"{set_up}?{urlencode({'next': reverse('accounts:landing')})}"
    if access.has_second_factor(person):
        url = reverse("accounts:landing")
    return perform_password_login(
        request,
        {"email": person.email},
        Login(user=person, email=person.email, redirect_url=url),
    )


def notice_page(code: str) -> Callable[[HttpRequest], HttpResponse]:
    """The public page of one legal notice."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        notice = notices.NOTICES[code]
        context = {
            "notice": notice,
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
        }
        return render(request, f"account/notices/{code}.html", context)

    return page
