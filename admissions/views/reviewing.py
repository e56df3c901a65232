"""Scoring a file: saved as one goes, then submitted."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admissions import actions, presenting, queries, rules
from admissions.forms import ReviewForm
from admissions.models import UNFINISHED_ASSIGNMENTS, Assignment
from admissions.views.common import actor_of, cannot, file_page, file_url, person_of
from applicants.models import Application
from foundation.doors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@file_page(*rules.READERS, whole=True)
def review(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """One's own review of an assigned file."""
    assignment = (
        queries.assignments_for(application)
        .filter(reviewer=person_of(request), state__in=UNFINISHED_ASSIGNMENTS)
        .first()
    )
    if assignment is None:
        raise Http404
    form = ReviewForm(request.POST or None, initial=_saved(assignment))
    if request.method == "POST" and form.is_valid():
        try:
            _keep(form, assignment, request)
        except Refused as refusal:
            return cannot(request, refusal, application)
        if form.is_submitting:
            messages.success(request, _("Thank you: your review is submitted."))
            return redirect(file_url(application))
        messages.success(request, _("Saved. You can go on any time."))
        return redirect("admissions:review", application.reference)
    context = {
        "application": application,
        "form": form,
        "page": presenting.file_page_of(application, person_of(request), now),
        "file_url": file_url(application),
    }
    return render(request, "admissions/review.html", context)


def _saved(assignment: Assignment) -> dict[str, object]:
    saved = getattr(assignment, "review", None)
    if saved is None:
        return {}
    scores = {score.criterion: score.value for score in saved.scores.all()}
    return {**scores, "comment": saved.comment, "recommendation": saved.recommendation}


def _keep(form: ReviewForm, assignment: Assignment, request: HttpRequest) -> None:
    act = actions.submit_review if form.is_submitting else actions.save_review
    act(
        assignment.pk,
        actor=actor_of(request),
        scores=form.scores(),
        comment=form.cleaned_data["comment"],
        recommendation=form.cleaned_data["recommendation"],
    )
