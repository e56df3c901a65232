"""The applicant's decision, its letter, and the reply to an offer."""

from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from admissions import actions, letters, queries
from admissions.forms import DeclineForm
from admissions.models import SATISFIED, Decision, OfferState, Outcome
from admissions.views.common import View, actor_of, person_of
from applicants.models import Application
from applicants.queries import get_application
from foundation import documents
from foundation.doors import Refused
from foundation.ui.views import refused

LAYOUT = "applicant.html"


def decision_page(view: View) -> View:
    """A page about a visible decision: `view(request, application, decision, now)`.

    Before it is visible the answer is the same 404 as for an address that doesn't exist.
    """

    @login_required
    @wraps(view)
    def found(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        application = get_application(person_of(request), reference)
        decision = queries.visible_decision(application, now)
        if decision is None:
            raise Http404
        return view(request, application, decision, now, *args, **kwargs)

    return found


@require_safe
@decision_page
def decision(
    request: HttpRequest, application: Application, decision: Decision, now: datetime
) -> HttpResponse:
    """What was decided, the letter, the conditions, and until when to reply."""
    offer = getattr(decision, "offer", None)
    conditions = list(decision.conditions.all())
    context = {
        "application": application,
        "decision": decision,
        "letter": letters.context_of(decision),
        "offer": offer,
        "conditions": conditions,
        "open_conditions": [row for row in conditions if row.state not in SATISFIED],
        "may_reply": _may_reply(offer, now),
        "is_offer": decision.outcome == Outcome.OFFER,
    }
    return render(request, "admissions/decision.html", context)


def _may_reply(offer: Any, now: datetime) -> bool:
    return offer is not None and offer.state == OfferState.LIVE and now <= offer.reply_by_at


@require_safe
@decision_page
def letter(
    request: HttpRequest, application: Application, decision: Decision, now: datetime
) -> HttpResponseBase:
    """The decision letter as PDF."""
    kept = getattr(decision, "letter", None)
    if kept is None or kept.document.visible_from > now:
        raise Http404
    version = kept.document.current
    if version is None:
        raise Http404
    return documents.serve(version, reader=actor_of(request), reason="own_decision")


@require_http_methods(["GET", "HEAD", "POST"])
@decision_page
def accept(
    request: HttpRequest, application: Application, decision: Decision, now: datetime
) -> HttpResponse:
    """Confirm, then accept."""
    offer = getattr(decision, "offer", None)
    if request.method == "POST":
        try:
            actions.accept_offer(application.pk, actor=actor_of(request), now=now)
        except Refused as refusal:
            return _cannot(request, refusal, application)
        messages.success(request, _("You accepted the offer. We have sent you a receipt."))
        return redirect("admissions:decision", application.reference)
    if not _may_reply(offer, now):
        return _closed(request, application)
    context = {
        "application": application,
        "offer": offer,
        "conditions": list(decision.conditions.all()),
    }
    return render(request, "admissions/accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@decision_page
def decline(
    request: HttpRequest, application: Application, decision: Decision, now: datetime
) -> HttpResponse:
    """Confirm, with a reason if one likes, then decline."""
    offer = getattr(decision, "offer", None)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline_offer(
                application.pk,
                actor=actor_of(request),
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except Refused as refusal:
            return _cannot(request, refusal, application)
        messages.success(request, _("You declined the offer."))
        return redirect("admissions:decision", application.reference)
    if not _may_reply(offer, now):
        return _closed(request, application)
    context = {"application": application, "offer": offer, "form": form}
    return render(request, "admissions/decline.html", context)


def _closed(request: HttpRequest, application: Application) -> HttpResponse:
    refusal = Refused("moved_on", _("This offer can no longer be answered."))
    return _cannot(request, refusal, application)


def _cannot(request: HttpRequest, refusal: Refused, application: Application) -> HttpResponse:
    return refused(
        request,
        refusal,
        back_url=reverse("admissions:decision", args=[application.reference]),
        back_label=_("Back to the decision"),
        template=LAYOUT,
    )
