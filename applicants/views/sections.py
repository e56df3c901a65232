"""The pages of the sections that an applicant types."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import actions, forms, own_sections, sections
from applicants.models import Application, EnglishBasis, Qualification
from applicants.told import rules_of
from applicants.views.access import own_draft, refused
from foundation.doors import Actor, Refused
from foundation.ui.components import Action, Card, Row
from foundation.ui.forms import PortalForm
from programmes.models import DocumentKind

form_page = require_http_methods(["GET", "HEAD", "POST"])


def answer_page(
    request: HttpRequest,
    application: Application,
    form: PortalForm,
    *,
    section: str,
    save: Callable[[dict[str, Any]], Any],
    template: str = "applicants/section.html",
    next_url: str = "",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, save it and go on to the task list.

    What was typed is shown again with every error. A refusal that is about the answers stands at
    the top of the form, one about the application's state gets a page of its own.
    """
    overview = reverse("applicants:overview", args=[application.reference])
    if form.is_bound and form.is_valid():
        try:
            save(form.cleaned_data)
        except Refused as refusal:
            if refusal.code in ("moved_on", "not_allowed", "gone"):
                return refused(request, application, refusal)
            form.add_error(None, refusal.sentence)
        else:
            return redirect(next_url or overview)
    page = {
        "application": application,
        "section": sections.get(section),
        "form": form,
        "back_url": context.pop("back_url", overview),
        **context,
    }
    return render(request, template, page)


@form_page
@own_draft
def personal_details(request: HttpRequest, application: Application) -> HttpResponse:
    details = getattr(application, "personal_details", None)
    initial = {"legal_name": application.applicant.full_name}
    if details is not None:
        initial = {name: getattr(details, name) for name in forms.PersonalDetailsForm.base_fields}
    form = forms.PersonalDetailsForm(request.POST or None, initial=initial)
    return answer_page(
        request,
        application,
        form,
        section="personal_details",
        save=lambda given: actions.save_personal_details(
            application.pk, actor=Actor.person(request.user), **given
        ),
    )


@form_page
@own_draft
def statement(request: HttpRequest, application: Application) -> HttpResponse:
    written = getattr(application, "statement", None)
    form = forms.StatementForm(
        request.POST or None, initial={"text": written.text if written else ""}
    )
    rule = rules_of(application).document(DocumentKind.PERSONAL_STATEMENT)
    return answer_page(
        request,
        application,
        form,
        section="statement",
        template="applicants/statement.html",
        guide=rule.guide if rule else "",
        at_least=own_sections.STATEMENT_WORDS_AT_LEAST,
        limit=own_sections.STATEMENT_WORDS_LIMIT,
        save=lambda given: actions.save_statement(
            application.pk, actor=Actor.person(request.user), **given
        ),
    )


# --- Qualifications -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD"])
@own_draft
def qualifications(request: HttpRequest, application: Application) -> HttpResponse:
    """All qualifications, each with its card, and the way to add another."""
    held = list(application.qualifications.all())
    context = {
        "application": application,
        "section": sections.get("qualifications"),
        "cards": [_card(application, qualification) for qualification in held],
        "back_url": reverse("applicants:overview", args=[application.reference]),
        "rules": rules_of(application),
        "may_add": len(held) < actions.MAX_QUALIFICATIONS,
    }
    return render(request, "applicants/qualifications.html", context)


def _card(application: Application, qualification: Qualification) -> Card:
    args = [application.reference, qualification.public_id]
    return Card(
        title=own_sections.qualification_title(qualification),
        rows=tuple(
            Row(question, answer)
            for question, answer in own_sections.qualification_rows(qualification)
        ),
        actions=(
            Action(_("Change"), reverse("applicants:change_qualification", args=args)),
            Action(_("Remove"), reverse("applicants:remove_qualification", args=args)),
        ),
        tag="" if own_sections.is_awarded(qualification) else _("Not awarded yet"),
    )


@form_page
@own_draft
def qualification(
    request: HttpRequest, application: Application, public_id: UUID | None = None
) -> HttpResponse:
    """Add a qualification, or change one."""
    held = _qualification(application, public_id) if public_id else None
    fields = forms.QualificationForm.base_fields
    initial = {name: getattr(held, name) for name in fields} if held else {}
    form = forms.QualificationForm(request.POST or None, initial=initial)
    back = reverse("applicants:qualifications", args=[application.reference])
    return answer_page(
        request,
        application,
        form,
        section="qualifications",
        title=_("Change a qualification") if held else _("Add a qualification"),
        back_url=back,
        next_url=back,
        save=lambda given: actions.save_qualification(
            application.pk, public_id, actor=Actor.person(request.user), **given
        ),
    )


@form_page
@own_draft
def remove_qualification(
    request: HttpRequest, application: Application, public_id: UUID
) -> HttpResponse:
    """Ask whether to remove a qualification; POST removes it. Removed already: on we go."""
    back = reverse("applicants:qualifications", args=[application.reference])
    if request.method == "POST":
        try:
            actions.remove_qualification(
                application.pk, public_id, actor=Actor.person(request.user)
            )
        except Refused as refusal:
            return refused(request, application, refusal)
        return redirect(back)
    held = _qualification(application, public_id)
    context = {
        "application": application,
        "back_url": back,
        "question": _("Remove this qualification?"),
        "name": own_sections.qualification_title(held),
        "button": _("Remove qualification"),
    }
    return render(request, "applicants/confirm_removal.html", context)


def _qualification(application: Application, public_id: UUID) -> Qualification:
    for held in application.qualifications.all():
        if held.public_id == public_id:
            return held
    raise Http404


# --- English --------------------------------------------------------------------------------------

ENGLISH_FORMS: dict[EnglishBasis, type[PortalForm]] = {
    EnglishBasis.TEST: forms.EnglishTestForm,
    EnglishBasis.DEGREE: forms.EnglishDegreeForm,
    EnglishBasis.PLANNED: forms.EnglishPlannedForm,
}


@form_page
@own_draft
def english(request: HttpRequest, application: Application) -> HttpResponse:
    """How the applicant shows their English; the next page asks for the details and saves both."""
    evidence = getattr(application, "english", None)
    form = forms.EnglishBasisForm(
        request.POST or None, initial={"basis": evidence.basis if evidence else ""}
    )
    if form.is_bound and form.is_valid():
        return redirect(
            "applicants:english_details",
            application.reference,
            form.cleaned_data["basis"],
        )
    return answer_page(
        request,
        application,
        form,
        section="english",
        template="applicants/english.html",
        rules=rules_of(application),
        save=lambda given: None,
    )


@form_page
@own_draft
def english_details(request: HttpRequest, application: Application, basis: str) -> HttpResponse:
    """What belongs to the way the applicant chose."""
    if basis not in EnglishBasis.values:
        raise Http404
    chosen = EnglishBasis(basis)
    form_class = ENGLISH_FORMS[chosen]
    evidence = getattr(application, "english", None)
    initial = {}
    if evidence is not None and evidence.basis == chosen:
        initial = {name: getattr(evidence, name) for name in form_class.base_fields}
    return answer_page(
        request,
        application,
        form_class(request.POST or None, initial=initial),
        section="english",
        title=chosen.label,
        back_url=reverse("applicants:english", args=[application.reference]),
        save=lambda given: actions.save_english(
            application.pk, basis=chosen, actor=Actor.person(request.user), **given
        ),
    )
