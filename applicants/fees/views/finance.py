"""Finance's pages: waivers to decide, each with its ground and evidence, and nothing academic."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants.fees import actions, queries
from applicants.fees.forms import MoreEvidenceForm, RefusalForm
from applicants.fees.grounds import Ground, RefusalReason
from applicants.models import Waiver, WaiverState
from foundation import documents
from foundation.accounts.signed_in import person_of
from foundation.clock.deadlines import days_left, end_of_day
from foundation.clock.lights import Light
from foundation.doors import Actor, Refused
from foundation.ui.components import PageLinks, Row
from foundation.ui.views import refused
from foundation.ui.wording import day, moment, money
from programmes.access import role_required
from programmes.roles import Role
from programmes.rules import programmes_of

PAGE_SIZE = 25
#: So many days before the promised day, a request is due soon.
SOON_DAYS = 3


def visible_to(request: HttpRequest) -> QuerySet[Waiver]:
    """The waivers of the finance officer's programmes, never their own."""
    programmes = programmes_of(person_of(request), Role.FINANCE_OFFICER)
    return (
        Waiver.objects.filter(application__intake__programme__in=programmes)
        .exclude(application__applicant=person_of(request))
        .select_related("application__applicant", "fee")
    )


def light_of(waiver: Waiver) -> Light:
    """Whether the promised day is kept: due soon from three days before, overdue after it.

    While the applicant is asked for more, nothing is due.
    """
    if waiver.state == WaiverState.MORE_EVIDENCE:
        return Light.PAUSED
    zone = timezone.get_default_timezone()
    left = days_left(timezone.now(), end_of_day(waiver.due_on, zone), zone=zone)
    if left < 0:
        return Light.OVERDUE
    return Light.DUE_SOON if left <= SOON_DAYS else Light.ON_TRACK


@role_required(Role.FINANCE_OFFICER)
@require_safe
def waivers(request: HttpRequest) -> HttpResponse:
    """What is to decide, the longest promised first."""
    waiting = queries.waivers_to_decide().filter(pk__in=visible_to(request).values("pk"))
    after = _key(request.GET.get("after", ""))
    if after is not None:
        waiting = waiting.filter(TupleGreaterThan(("due_on", "pk"), after))
    found = list(waiting[: PAGE_SIZE + 1])
    next_url = f"?after={found[PAGE_SIZE - 1].public_id}" if len(found) > PAGE_SIZE else ""
    context = {
        "rows": [
            (waiver, Ground(waiver.ground).label, light_of(waiver)) for waiver in found[:PAGE_SIZE]
        ],
        "links": PageLinks(
            previous_url=reverse("fees:waivers") if after else "", next_url=next_url
        ),
    }
    return render(request, "fees/waivers.html", context)


def _key(after: str) -> tuple[date, int] | None:
    """Where a page begins: behind this waiver, decided meanwhile or not. Nothing: the first page."""
    try:
        found = Waiver.objects.filter(public_id=UUID(after))
    except ValueError:
        return None
    return found.values_list("due_on", "pk").first()


def _get(request: HttpRequest, public_id: UUID) -> Waiver:
    found = visible_to(request).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@role_required(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def waiver(request: HttpRequest, waiver: UUID) -> HttpResponse:
    """One request with its evidence; ask for more, or refuse with a reason. Granting is a page on."""
    found = _get(request, waiver)
    more = MoreEvidenceForm(request.POST if "more" in request.POST.get("do", "") else None)
    refusal_form = RefusalForm(request.POST if "refuse" in request.POST.get("do", "") else None)
    if request.method == "POST":
        answer = _decide(request, found, more, refusal_form)
        if answer is not None:
            return answer
    return render(request, "fees/decide_waiver.html", _context(found, more, refusal_form))


def _decide(
    request: HttpRequest, found: Waiver, more: MoreEvidenceForm, refusal_form: RefusalForm
) -> HttpResponse | None:
    """Do what the sent form says; None when it has errors and is shown again."""
    actor = Actor.person(person_of(request))
    try:
        if more.is_bound and more.is_valid():
            actions.ask_more_evidence(found.pk, actor=actor, note=more.cleaned_data["note"])
            messages.success(request, _("We have asked the applicant for more."))
        elif refusal_form.is_bound and refusal_form.is_valid():
            actions.refuse_waiver(
                found.pk,
                actor=actor,
                reason=RefusalReason(refusal_form.cleaned_data["reason"]),
                note=refusal_form.cleaned_data["note"],
            )
            messages.success(request, _("The waiver is refused, and the applicant is told."))
        else:
            return None
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("fees:waivers")


def _context(found: Waiver, more: MoreEvidenceForm, refusal_form: RefusalForm) -> dict[str, object]:
    fee = found.fee
    rows = [
        Row(_("Applicant"), found.application.applicant.get_full_name()),
        Row(_("Application"), found.application.reference),
        Row(_("Fee"), money(fee.amount, fee.currency)),
        Row(_("Asked"), moment(found.requested_at)),
        Row(_("Answer promised by"), day(found.due_on)),
        Row(_("Ground"), Ground(found.ground).label),
        Row(_("In their words"), found.explanation),
    ]
    return {
        "waiver": found,
        "rows": rows,
        "ground": Ground(found.ground),
        "files": [row.document for row in found.evidence.prefetch_related("document__versions")],
        "light": light_of(found),
        "undecided": found.state in queries.UNDECIDED_WAIVER,
        "more_form": more,
        "refusal_form": refusal_form,
        "form": more if more.is_bound else refusal_form,
    }


@role_required(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, waiver: UUID) -> HttpResponse:
    """A confirm page, then the grant. Two officers at once: the second reads who was faster."""
    found = _get(request, waiver)
    if request.method == "POST":
        try:
            actions.grant_waiver(found.pk, actor=Actor.person(person_of(request)))
        except Refused as refusal:
            return _refused(request, refusal)
        messages.success(request, _("The waiver is granted, and the applicant is told."))
        return redirect("fees:waivers")
    amount = money(found.fee.amount, found.fee.currency)
    return render(request, "fees/grant_waiver.html", {"waiver": found, "amount": amount})


@role_required(Role.FINANCE_OFFICER)
@require_safe
def evidence(request: HttpRequest, waiver: UUID, document: UUID) -> HttpResponseBase:
    """One document of the evidence, as attachment; the reading is logged."""
    found = _get(request, waiver)
    row = found.evidence.filter(document_id=document).select_related("document").first()
    version = row.document.current if row else None
    if version is None:
        raise Http404
    return documents.serve(
        version, reader=Actor.person(person_of(request)), reason="waiver evidence"
    )


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return refused(
        request,
        refusal,
        back_url=reverse("fees:waivers"),
        back_label=_("Back to the waivers"),
        template="staff.html",
    )
