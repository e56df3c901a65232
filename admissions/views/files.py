"""A file, its documents, and who reads it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admissions import actions, presenting, queries, rules
from admissions.forms import AssignForm, RecuseForm
from admissions.models import UNFINISHED_ASSIGNMENTS, Assignment
from admissions.views.common import (
    actor_of,
    cannot,
    file_page,
    file_url,
    person_of,
)
from applicants.models import Application
from foundation import documents
from foundation.doors import Refused
from programmes.queries import people_with


@require_safe
@file_page(whole=True)
def file(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Everything about one application, as far as whoever asks may see it."""
    page = presenting.file_page_of(application, person_of(request), now)
    return render(request, "admissions/file.html", {"page": page})


@require_safe
@file_page()
def document(
    request: HttpRequest, application: Application, now: datetime, version_id: UUID
) -> HttpResponseBase:
    """A file's bytes, and a line in the reading log. What one may not read is a 404."""
    version = queries.readable_version(application, version_id, person_of(request))
    if version is None:
        raise Http404
    try:
        return documents.serve(version, reader=actor_of(request), reason="office")
    except Refused as refusal:
        return cannot(request, refusal, application)


@require_http_methods(["GET", "HEAD", "POST"])
@file_page(*rules.ASSIGNING)
def assign(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Give the file to a reader, or take it from one."""
    readers = people_with(*rules.READERS, programme=application.intake.programme, now=now)
    people = readers.exclude(pk=application.applicant_id)
    form = AssignForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            assignment = actions.assign_reviewer(
                application.pk, form.cleaned_data["reviewer"], actor=actor_of(request)
            )
        except Refused as refusal:
            form.add_error("reviewer", str(refusal.sentence))
        else:
            messages.success(
                request,
                _("Assigned to %(name)s, who gets an email.")
                % {"name": assignment.reviewer.get_full_name()},
            )
            return redirect(file_url(application))
    context = {
        "application": application,
        "form": form,
        "has_people": people.exists(),
        "assignments": [row for row in queries.assignments_for(application) if row.is_live],
        "unfinished": UNFINISHED_ASSIGNMENTS,
        "file_url": file_url(application),
    }
    return render(request, "admissions/assign.html", context)


@require_POST
@file_page(*rules.ASSIGNING)
def release_reviewer(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Take the file from a reader who has not finished."""
    assignment = _assignment_of(application, request.POST.get("assignment", ""))
    try:
        actions.release_reviewer(assignment.pk, actor=actor_of(request))
    except Refused as refusal:
        return cannot(request, refusal, application)
    messages.success(
        request, _("Taken from %(name)s.") % {"name": assignment.reviewer.get_full_name()}
    )
    return redirect("admissions:assign", application.reference)


def _assignment_of(application: Application, number: str) -> Assignment:
    rows = queries.assignments_for(application)
    found = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@file_page(*rules.READERS)
def recuse(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Declare a conflict of interest: the file is taken away at once."""
    assignment = (
        queries.assignments_for(application)
        .filter(reviewer=person_of(request), state__in=UNFINISHED_ASSIGNMENTS)
        .first()
    )
    if assignment is None:
        raise Http404
    form = RecuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recuse(
                assignment.pk, actor=actor_of(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            return cannot(request, refusal, application)
        messages.success(request, _("Thank you. The file is no longer yours to read."))
        return redirect("admissions:my_reviews")
    context = {"application": application, "form": form, "file_url": file_url(application)}
    return render(request, "admissions/recuse.html", context)
