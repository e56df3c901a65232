"""The office's pages about one person's account: each asks, with a reason, and then acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.access import fresh_second_factor_required, has_second_factor
from foundation.accounts.models import Person, PersonSession
from foundation.doors import Actor, Refused
from foundation.ui.views import refused
from programmes import rules
from programmes.access import role_required
from programmes.actions import accounts
from programmes.forms import ReasonForm, RecognisedForm
from programmes.queries import reachable_people
from programmes.roles import Role

confirmed = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Change:
    """One thing done to an account: `act` does it, `may` says for whom the page is."""

    title: Any
    question: Any
    consequences: tuple[Any, ...]
    button: Any
    done: Any
    act: Callable[..., Any]
    may: Callable[..., bool]
    form: type[ReasonForm] = ReasonForm
    style: str = "warning"


CLOSE = Change(
    title=_("Close the account"),
    question=_("Close this account?"),
    consequences=(
        _("They are signed out everywhere at once and can’t sign in again."),
        _("What they did stays as it is, and so do their roles. We send them no email about it."),
        _("A system administrator can open the account again."),
    ),
    button=_("Close the account"),
    done=_("The account is closed."),
    act=accounts.close_account,
    may=rules.may_close_account,
)
OPEN = Change(
    title=_("Open the account again"),
    question=_("Open this account again?"),
    consequences=(
        _(
            "They can sign in as before, with the password and the authenticator app they had, and "
            "with every role that has not ended."
        ),
        _("We send them no email about it."),
    ),
    button=_("Open the account"),
    done=_("The account is open again."),
    act=accounts.open_account,
    may=rules.may_look_after_account,
    style="primary",
)
RESET = Change(
    title=_("Reset the authenticator app"),
    question=_("Reset the authenticator app?"),
    consequences=(
        _("For somebody who lost their phone and has no recovery code left."),
        _(
            "The app and the recovery codes stop working, and they are signed out everywhere. Their "
            "password stays. Staff set up a new app when they next sign in."
        ),
        _("We tell them by email."),
    ),
    button=_("Reset the app"),
    done=_("The authenticator app is reset. We have told them by email."),
    act=accounts.reset_second_factor,
    may=rules.may_look_after_account,
    form=RecognisedForm,
)
END_SESSIONS = Change(
    title=_("Sign out everywhere"),
    question=_("Sign this person out everywhere?"),
    consequences=(
        _("For somebody who lost a laptop, or left a session open on a computer others use."),
        _("What they have not saved yet is lost. They can sign in again."),
    ),
    button=_("Sign out everywhere"),
    done=_("They are signed out everywhere."),
    act=accounts.end_sessions,
    may=rules.may_look_after_account,
)


@confirmed
@role_required(Role.HEAD_OF_ADMISSIONS, Role.SYSTEM_ADMINISTRATOR)
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask whether an account should be closed, and close it."""
    return _ask(request, public_id, CLOSE)


@confirmed
@role_required(Role.SYSTEM_ADMINISTRATOR)
@fresh_second_factor_required
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask whether a closed account should be opened again, and open it."""
    return _ask(request, public_id, OPEN)


@confirmed
@role_required(Role.SYSTEM_ADMINISTRATOR)
@fresh_second_factor_required
def reset(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask how somebody without their phone was recognised, and take their second factor away."""
    return _ask(request, public_id, RESET)


@confirmed
@role_required(Role.SYSTEM_ADMINISTRATOR)
def end_sessions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask whether somebody should be signed out everywhere, and do so."""
    return _ask(request, public_id, END_SESSIONS)


def _ask(request: HttpRequest, public_id: UUID, change: Change) -> HttpResponse:
    now = timezone.now()
    me: Any = request.user
    person = get_object_or_404(reachable_people(me, now), public_id=public_id)
    if not change.may(me, person, now=now):
        raise PermissionDenied(_why_not(me, person))
    form = change.form(request.POST or None, submit_label=change.button, submit_style=change.style)
    if form.is_valid():
        try:
            change.act(person, actor=Actor.person(me), reason=form.cleaned_data["reason"], now=now)
        except Refused as refusal:
            return refused(
                request,
                refusal,
                back_url=reverse("programmes:person", args=[person.public_id]),
                back_label=person.get_full_name(),
                template="staff.html",
            )
        messages.success(request, change.done)
        return redirect("programmes:person", person.public_id)
    return render(
        request, "programmes/account.html", {"form": form, "person": person, "change": change}
    )


def _why_not(me: Person, person: Person) -> str:
    if me.pk == person.pk:
        return _now("Nobody does this to their own account. Ask a colleague.")
    return _now("Your roles don’t cover this person’s account. Ask a system administrator.")


def facts(person: Person, *, now: datetime) -> dict[str, Any]:
    """How an account stands, for the person's page."""
    return {
        "has_second_factor": has_second_factor(person),
        "open_sessions": PersonSession.objects.filter(person=person, expire_date__gt=now).count(),
    }


def offers(
    me: Person, person: Person, how: dict[str, Any], *, now: datetime
) -> list[tuple[Any, str]]:
    """What this reader may do with the account as it stands (`facts`): labels and addresses."""
    looks_after = rules.may_look_after_account(me, person, now=now)
    closes = person.is_active and rules.may_close_account(me, person, now=now)
    possible = (
        (RESET, "reset_second_factor", looks_after and how["has_second_factor"]),
        (END_SESSIONS, "end_sessions", looks_after and how["open_sessions"]),
        (CLOSE, "close_account", closes),
        (OPEN, "open_account", looks_after and not person.is_active),
    )
    return [
        (change.title, reverse(f"programmes:{name}", args=[person.public_id]))
        for change, name, wanted in possible
        if wanted
    ]
