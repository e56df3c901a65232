"""The applicant's pages about the fee: pay, come back, ask for a waiver."""

import time
from collections.abc import Callable
from functools import wraps
from typing import cast

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import queries
from applicants.fees import actions, providers
from applicants.fees.forms import EvidenceForm, WaiverForm
from applicants.fees.grounds import Ground
from applicants.fees.queries import UNDECIDED_WAIVER, standing_for
from applicants.models import Application, Payment, PaymentState, Waiver, WaiverState
from applicants.states import OPEN
from foundation import documents
from foundation.accounts.signed_in import person_of
from foundation.documents import Purpose, Unacceptable
from foundation.doors import Actor, Refused
from foundation.ui.views import refused

#: The provider's webhook mostly comes before the browser; the page waits a moment for the worker.
WAIT_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.1


def may_lead_to_provider(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page whose form ends at the provider: browsers hold the redirect, too, to `form-action`."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        provider = providers.current()
        if provider is None:
            return view(request, *args, **kwargs)
        allowed = csp_update({"form-action": [provider.origin]})(view)
        return cast("HttpResponse", allowed(request, *args, **kwargs))

    return page


def _latest_waiver(application: Application) -> Waiver | None:
    return (
        Waiver.objects.filter(
            fee__applicant_id=application.applicant_id, fee__cycle=application.cycle
        )
        .prefetch_related("evidence__document__versions")
        .order_by("-id")
        .first()
    )


@login_required
@require_safe
@may_lead_to_provider
def fee(request: HttpRequest, reference: str) -> HttpResponse:
    """How the fee stands, and the two ways to settle it."""
    application = queries.get_application(person_of(request), reference)
    standing = standing_for(application)
    waiver = _latest_waiver(application)
    grace_until = standing.fee.grace_until
    context = {
        "application": application,
        "fee": standing.fee,
        "standing": standing,
        "waiver": waiver,
        "waiver_is_undecided": waiver is not None and waiver.state in UNDECIDED_WAIVER,
        "in_grace": not standing.is_settled
        and grace_until is not None
        and timezone.now() <= grace_until,
        "may_pay": providers.current() is not None,
        "is_open": application.status in OPEN,
    }
    return render(request, "fees/fee.html", context)


@login_required
@require_POST
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Start or go on with a payment, and go to the provider's page."""
    application = queries.get_application(person_of(request), reference)
    try:
        url = actions.start_payment(application.pk, actor=Actor.person(person_of(request)))
    except Refused as refusal:
        return _refused(request, refusal, application)
    return HttpResponseRedirect(url)


@login_required
@require_POST
def give_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the payment that is under way, to begin anew or to ask for a waiver."""
    application = queries.get_application(person_of(request), reference)
    try:
        outcome = actions.give_up_payment(application.pk, actor=Actor.person(person_of(request)))
    except Refused as refusal:
        return _refused(request, refusal, application)
    if outcome == PaymentState.PAID:
        return redirect("fees:returned", reference)
    messages.success(request, _("You have given up your payment. Nothing was charged."))
    return redirect("fees:fee", reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the provider. The page believes nobody's word but the provider's; POST asks it."""
    application = queries.get_application(person_of(request), reference)
    payment = (
        Payment.objects.filter(
            fee__applicant_id=application.applicant_id, fee__cycle=application.cycle
        )
        .order_by("-id")
        .first()
    )
    if payment is None or payment.state == PaymentState.CREATED:
        return redirect("fees:fee", reference)
    if request.method == "POST":
        actions.check_payment(payment, actor=Actor.provider(payment.provider))
        return redirect("fees:returned", reference)
    payment = _wait_for(payment)
    context = {"application": application, "payment": payment, "state": payment.state}
    return render(request, "fees/returned.html", context)


def _wait_for(payment: Payment) -> Payment:
    until = time.monotonic() + WAIT_SECONDS
    while payment.state == PaymentState.PENDING and time.monotonic() < until:
        time.sleep(LOOK_EVERY_SECONDS)
        payment.refresh_from_db()
    return payment


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def waiver(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a waiver: a ground and a few lines. The evidence comes on the next page, or later."""
    application = queries.get_application(person_of(request), reference)
    asked, standing = _latest_waiver(application), standing_for(application)
    is_answered = asked is not None and asked.state == WaiverState.REFUSED
    if request.method != "POST" and (
        standing.is_settled or standing.has_undecided_waiver or is_answered
    ):
        return redirect("fees:fee", reference)
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_waiver(
                application.pk,
                actor=Actor.person(person_of(request)),
                ground=Ground(form.cleaned_data["ground"]),
                explanation=form.cleaned_data["explanation"],
            )
        except Refused as refusal:
            return _refused(request, refusal, application)
        return redirect("fees:evidence", reference)
    return render(request, "fees/waiver.html", {"application": application, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Add documents to a waiver, one at a time; each is kept at once."""
    application = queries.get_application(person_of(request), reference)
    asked = _latest_waiver(application)
    if asked is None or asked.state not in UNDECIDED_WAIVER:
        return redirect("fees:fee", reference)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*given)
    if request.method == "POST" and form.is_valid():
        try:
            received = documents.receive(form.cleaned_data["file"], purpose=Purpose.WAIVER_EVIDENCE)
            actions.add_waiver_evidence(asked.pk, received, actor=Actor.person(person_of(request)))
        except Unacceptable as refusal:
            form.add_error("file", refusal.sentence)
        except Refused as refusal:
            return _refused(request, refusal, application)
        else:
            messages.success(request, _("We have your document."))
            return redirect("fees:evidence", reference)
    context = {
        "application": application,
        "form": form,
        "waiver": asked,
        "ground": Ground(asked.ground),
        "files": [row.document for row in asked.evidence.all()],
    }
    return render(request, "fees/evidence.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the request back, to pay instead."""
    application = queries.get_application(person_of(request), reference)
    asked = _latest_waiver(application)
    if asked is None or asked.state not in UNDECIDED_WAIVER:
        return redirect("fees:fee", reference)
    if request.method == "POST":
        try:
            actions.withdraw_waiver(asked.pk, actor=Actor.person(person_of(request)))
        except Refused as refusal:
            return _refused(request, refusal, application)
        messages.success(request, _("You have taken back your request for a waiver."))
        return redirect("fees:fee", reference)
    return render(request, "fees/withdraw_waiver.html", {"application": application})


def _refused(request: HttpRequest, refusal: Refused, application: Application) -> HttpResponse:
    return refused(
        request,
        refusal,
        back_url=reverse("fees:fee", args=[application.reference]),
        back_label=_("Back to the fee"),
        template="applicant.html",
    )
