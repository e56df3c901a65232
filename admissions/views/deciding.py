"""Propose, return, approve, release, take back: one page each, the last three with a fresh second factor."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admissions import actions, letters, queries, rules
from admissions.forms import ApproveForm, ConditionForm, ProposeForm, ReasonForm
from admissions.models import Condition, ConditionState, Decision, DecisionState, Outcome
from admissions.views.common import actor_of, cannot, file_page, file_url, person_of
from applicants.fees import queries as fees
from applicants.models import Application
from applicants.rules import works_on
from foundation.accounts.access import fresh_second_factor_required
from foundation.doors import Refused
from programmes.roles import Role

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@file_page(*rules.PROPOSING)
def propose(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Outcome, reason, and for an offer its conditions."""
    if not rules.may_propose(person_of(request), application):
        return _not_here(request, application)
    reviews = list(queries.submitted_reviews(application))
    form = ProposeForm(request.POST or None, asks_why_no_review=not reviews)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_decision(
                application.pk,
                actor=actor_of(request),
                outcome=Outcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
                conditions=form.conditions(),
                note_to_applicant=form.cleaned_data["note_to_applicant"],
                without_review_reason=form.cleaned_data.get("without_review_reason", ""),
            )
        except Refused as refusal:
            if refusal.code != "no_review":
                return cannot(request, refusal, application)
            form.add_error("without_review_reason", str(refusal.sentence))
        else:
            messages.success(request, _("Proposed. A director can approve or return it."))
            return redirect(file_url(application))
    context = {
        "application": application,
        "form": form,
        "reviews": reviews,
        "file_url": file_url(application),
    }
    return render(request, "admissions/propose.html", context)


def _not_here(request: HttpRequest, application: Application) -> HttpResponse:
    refusal = Refused("moved_on", _("This isn’t possible as the file stands now."))
    return cannot(request, refusal, application)


def _live(application: Application, *states: DecisionState) -> Decision | None:
    decision = queries.live_decision(application)
    return decision if decision is not None and decision.state in states else None


def _shown(decision: Decision, posted: str) -> int:
    """The decision that the person saw. Another one has taken its place: somebody was faster."""
    if posted and posted != str(decision.pk):
        raise Refused("moved_on", _("Somebody else was faster. Look at the file again."))
    return decision.pk


@require_http_methods(METHODS)
@fresh_second_factor_required
@file_page(*rules.APPROVING)
def approve(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """The decision with its letter as it will be sent, to approve."""
    decision = _live(application, DecisionState.PROPOSED)
    if decision is None:
        return _not_here(request, application)
    person = person_of(request)
    limit = application.intake.offer_limit
    held = queries.places_held(application.intake)
    at_limit = decision.outcome == Outcome.OFFER and limit is not None and held >= limit
    is_head = works_on(person, application, Role.HEAD_OF_ADMISSIONS)
    form = ApproveForm(request.POST or None, at_limit=at_limit and is_head)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve_decision(
                _shown(decision, request.POST.get("decision", "")),
                actor=actor_of(request),
                overrule_reason=form.cleaned_data.get("overrule_reason", ""),
            )
        except Refused as refusal:
            return cannot(request, refusal, application)
        messages.success(
            request, _("Approved. The letter is being made; the decision can be released.")
        )
        return redirect(file_url(application))
    context = {
        "application": application,
        "decision": decision,
        "letter": letters.context_of(decision),
        "form": form,
        "is_own": decision.proposer_id == person.pk,
        "at_limit": at_limit,
        "limit": limit,
        "held": held,
        "file_url": file_url(application),
    }
    return render(request, "admissions/approve.html", context)


@require_http_methods(METHODS)
@file_page(*rules.APPROVING)
def return_decision(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Send a proposal back with a reason."""
    return _with_reason(
        request,
        application,
        decision=_live(application, DecisionState.PROPOSED),
        act=actions.return_decision,
        heading=_("Return the proposal"),
        button=_("Return the proposal"),
        done=_("Returned. The tutor can propose again."),
    )


@require_http_methods(METHODS)
@file_page(*rules.APPROVING)
def take_back(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Take an approved decision back while the applicant can't see it."""
    return _with_reason(
        request,
        application,
        decision=_live(application, DecisionState.APPROVED),
        act=actions.take_back_decision,
        heading=_("Take the decision back"),
        button=_("Take the decision back"),
        done=_("Taken back. The applicant has seen nothing of it."),
    )


def _with_reason(
    request: HttpRequest,
    application: Application,
    *,
    decision: Decision | None,
    act: Callable[..., Decision],
    heading: str,
    button: str,
    done: str,
) -> HttpResponse:
    if decision is None:
        return _not_here(request, application)
    form = ReasonForm(request.POST or None, submit_label=button)
    if request.method == "POST" and form.is_valid():
        try:
            act(
                _shown(decision, request.POST.get("decision", "")),
                actor=actor_of(request),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            return cannot(request, refusal, application)
        messages.success(request, done)
        return redirect(file_url(application))
    context = {
        "application": application,
        "decision": decision,
        "form": form,
        "heading": heading,
        "file_url": file_url(application),
    }
    return render(request, "admissions/reason.html", context)


@require_http_methods(METHODS)
@fresh_second_factor_required
@file_page(*rules.RELEASING)
def release(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """The last look before a decision goes to its applicant."""
    decision = _live(application, DecisionState.APPROVED)
    if decision is None or decision.is_released:
        return _not_here(request, application)
    if request.method == "POST":
        try:
            actions.release_decision(
                _shown(decision, request.POST.get("decision", "")), actor=actor_of(request)
            )
        except Refused as refusal:
            return cannot(request, refusal, application)
        messages.success(request, _released_words())
        return redirect(file_url(application))
    context = {
        "application": application,
        "decision": decision,
        "letter": letters.context_of(decision),
        "is_settled": fees.is_settled(fees.fee_of(application)),
        "minutes": settings.UNDO_WINDOW_MINUTES,
        "file_url": file_url(application),
    }
    return render(request, "admissions/release.html", context)


def _released_words() -> str:
    minutes = settings.UNDO_WINDOW_MINUTES
    if not minutes:
        return _("Released. The applicant can see the decision in a moment.")
    return _("Released. It can be taken back for %(minutes)s minutes, then it is visible.") % {
        "minutes": minutes
    }


@require_http_methods(METHODS)
@file_page(*rules.SETTLING)
def conditions(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """The conditions of an offer, each to be met, waived or not met."""
    offer = queries.offer_of(application)
    if offer is None:
        raise Http404
    rows = list(offer.decision.conditions.all())
    chosen = _condition_of(rows, request.POST.get("condition", ""))
    if request.method == "POST" and chosen is None:
        raise Http404
    form = ConditionForm(
        request.POST if chosen else None, prefix=f"c{chosen.pk}" if chosen else None
    )
    if chosen is not None and form.is_valid():
        try:
            actions.settle_condition(
                chosen.pk,
                ConditionState(form.cleaned_data["state"]),
                actor=actor_of(request),
                note=form.cleaned_data["note"],
            )
        except Refused as refusal:
            if refusal.code != "reason_missing":
                return cannot(request, refusal, application)
            form.add_error("note", str(refusal.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("admissions:conditions", application.reference)
    context = {
        "application": application,
        "offer": offer,
        "rows": [
            (row, form if row == chosen else ConditionForm(prefix=f"c{row.pk}")) for row in rows
        ],
        "failed": form if chosen else None,
        "file_url": file_url(application),
    }
    return render(request, "admissions/conditions.html", context)


def _condition_of(rows: list[Condition], number: str) -> Condition | None:
    return next((row for row in rows if str(row.pk) == number), None)
