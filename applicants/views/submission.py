"""Checking the answers, submitting, what happens then, and withdrawing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants import actions, own_sections, queries, sections
from applicants.forms import DeclarationForm, WithdrawForm
from applicants.models import Application, FileKind, SectionFile
from applicants.sections import Problem, Section
from applicants.states import OPEN, ApplicationState
from applicants.steps.editing import moved_on
from applicants.steps.files import is_being_checked, is_unusable
from applicants.views.access import own_application, refused
from applicants.waiting import still_open
from foundation.doors import Actor, Refused
from foundation.ui.components import Action, Card, Row

form_page = require_http_methods(["GET", "HEAD", "POST"])

#: A timer may have ended the draft between the click and this moment.
MAY_SUBMIT = (ApplicationState.DRAFT, ApplicationState.EXPIRED)
FILES_OF_SECTION = {
    "transcripts": (FileKind.TRANSCRIPT, FileKind.CERTIFICATE),
    "cv": (FileKind.CV,),
}


@form_page
@own_application
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """Every answer with its "Change" link, and the button. Afterwards: what was submitted."""
    if request.method == "POST":
        return _submit(request, application)
    return _check_page(request, application, DeclarationForm())


def _submit(request: HttpRequest, application: Application) -> HttpResponse:
    now = timezone.now()  # when the request came: that counts, however long it waits for a lock
    if application.status not in MAY_SUBMIT:
        return refused(request, application, moved_on(application))
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _check_page(request, application, form)
    try:
        actions.submit_application(application.pk, actor=Actor.person(request.user), now=now)
    except Refused as refusal:
        if refusal.code == "not_ready":
            # As it stands now: somebody else's window may have changed it.
            person: Any = request.user
            application = queries.get_with_sections(person, application.reference)
            return _check_page(request, application, form, status=409)
        return refused(request, application, refusal)
    return redirect("applicants:submitted", application.reference)


def _check_page(
    request: HttpRequest,
    application: Application,
    form: DeclarationForm,
    *,
    status: int = 200,
) -> HttpResponse:
    found = sections.problems(application) if application.is_draft else []
    context = {
        "application": application,
        "form": form,
        "cards": [_card(application, section) for section in sections.all_sections()],
        "missing": _with_links(application, [one for one in found if one.hard]),
        "advice": _with_links(application, [one for one in found if not one.hard]),
        "is_closed": not application.intake.is_open_at(timezone.now()),
        "back_url": reverse("applicants:overview", args=[application.reference]),
    }
    return render(request, "applicants/check.html", context, status=status)


def _card(application: Application, section: Section) -> Card:
    change = (Action(_("Change"), section.url(application)),) if application.is_draft else ()
    kinds = FILES_OF_SECTION.get(section.code, ())
    rows = [
        _file_row(application, file) for file in own_sections.files_of(application, *kinds)
    ] or [Row(question, answer) for question, answer in section.answers(application)]
    return Card(title=section.title, rows=tuple(rows or [Row(section.title)]), actions=change)


def _file_row(application: Application, file: SectionFile) -> Row:
    """A file as a link to it, with its pages and size, and what is wrong with it."""
    question = file.get_kind_display()
    name, facts = own_sections.file_name(file), own_sections.file_facts(file)
    if is_unusable(file):
        return Row(question, f"{name}\n{facts}\n{_('This file can’t be used.')}")
    if is_being_checked(file):
        return Row(question, f"{name}\n{facts}\n{_('It is being checked.')}")
    url = reverse("applicants:file", args=[application.reference, file.document_id])
    link = format_html(
        '<a class="govuk-link" href="{}">{}</a> <span class="app-sub">{}</span>', url, name, facts
    )
    return Row(question, link)


def _with_links(application: Application, found: list[Problem]) -> list[tuple[Problem, str]]:
    return [(problem, sections.get(problem.section).url(application)) for problem in found]


@require_safe
@own_application
def submitted(request: HttpRequest, application: Application) -> HttpResponse:
    """What happens now, and who holds what. Before submission and after the answer: the overview."""
    if application.submitted_at is None or not application.status.is_with_office:
        return redirect("applicants:overview", application.reference)
    context = {
        "application": application,
        "intake": application.intake,
        "programme": application.intake.programme,
        "waiting": still_open(application)
        if application.status is ApplicationState.SUBMITTED
        else [],
        "is_complete": application.status is not ApplicationState.SUBMITTED,
    }
    return render(request, "applicants/submitted.html", context)


@form_page
@own_application
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask whether to withdraw; POST does it."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    overview = reverse("applicants:overview", args=[application.reference])
    if application.status not in OPEN:
        return refused(request, application, moved_on(application))
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw_application(
                application.pk,
                actor=Actor.person(request.user),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            return refused(request, application, refusal)
        return redirect(overview)
    context = {"application": application, "form": form, "back_url": overview}
    return render(request, "applicants/withdraw.html", context)
