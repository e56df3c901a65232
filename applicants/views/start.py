"""The way in: what it takes to apply, starting, and one's applications."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants import actions, queries
from applicants.models import Application
from applicants.states import OPEN
from applicants.waiting import still_open
from foundation.doors import Actor, Refused
from foundation.ui import views as ui
from programmes.models import DocumentKind, DocumentRequirement, Intake, IntakeState

#: Documents as they stand in a list of what one needs.
DOCUMENT_PHRASES = {
    DocumentKind.PERSONAL_STATEMENT: _("a personal statement of 500 to 1,000 words"),
    DocumentKind.TRANSCRIPT: _("scans of your transcripts"),
    DocumentKind.CERTIFICATE: _("scans of your degree certificates"),
    DocumentKind.CV: _("your CV as a PDF"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, intake_reference: str) -> HttpResponse:
    """What you need, how long it takes, what it costs, what happens. POST starts the application."""
    intake = get_object_or_404(
        Intake.objects.select_related("programme", "requirement_set").filter(
            Q(programme__published=True)
        ),
        reference=intake_reference,
    )
    started = _started(request, intake)
    if started is not None:
        return redirect("applicants:overview", started.reference)
    if request.method == "POST":
        return _start(request, intake)
    now = timezone.now()
    state = intake.state_at(now)
    context = {
        "intake": intake,
        "programme": intake.programme,
        "state": state,
        "is_open": state is IntakeState.OPEN,
        "documents": [
            (DOCUMENT_PHRASES[DocumentKind(document.kind)], document)
            for document in DocumentRequirement.objects.filter(
                requirement_set=intake.requirement_set
            )
        ],
    }
    return render(request, "applicants/start.html", context)


@login_required
def _start(request: HttpRequest, intake: Intake) -> HttpResponse:
    person: Any = request.user
    try:
        application = actions.start_application(person, intake, actor=Actor.person(person))
    except Refused as refusal:
        return ui.refused(request, refusal, template="applicant.html")
    return redirect("applicants:overview", application.reference)


def _started(request: HttpRequest, intake: Intake) -> Application | None:
    person: Any = request.user
    if not person.is_authenticated:
        return None
    return queries.visible_to(person).filter(intake=intake, state__in=OPEN).first()


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """All applications of the person, the newest first."""
    person: Any = request.user
    applications = queries.with_requirements(queries.visible_to(person)).order_by("-id")
    rows = [(application, _waits_for(application)) for application in applications]
    return render(request, "applicants/mine.html", {"rows": rows})


def _waits_for(application: Application) -> list[Any]:
    if application.submitted_at is None or not application.status.is_with_office:
        return []
    return [waiting.what for waiting in still_open(application)]
