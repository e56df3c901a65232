"""The applicant's pages about their referees: name, ask, remind, replace."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applicants import nominees, rules
from applicants.actions import name_referee
from applicants.models import Application, Nominee
from applicants.names import name_of
from applicants.views.access import own_application
from foundation.accounts.signed_in import person_of
from foundation.doors import Actor, Refused
from foundation.ui.components import Action, Card, Row
from foundation.ui.views import refused
from foundation.ui.wording import day, deadline, moment
from referees import actions
from referees import rules as letter_rules
from referees.forms import AskForm, NomineeForm
from referees.models import STUCK, ReferenceRequest, RequestState
from referees.queries import is_letter_needed, requests_of

POSITIONS = (1, 2)
#: Which field a refusal of `name_referee` stands beside.
FIELD_OF = {
    "referee_own_address": "email",
    "referee_same_address": "email",
    "too_many_addresses": "email",
}


@require_safe
@own_application
def section(request: HttpRequest, application: Application) -> HttpResponse:
    """Both referees, where each letter is, and what one can do about it."""
    by_nominee = {row.nominee_id: row for row in requests_of(application)}
    cards = [
        _card(application, position, nominees.at(application, position), by_nominee)
        for position in POSITIONS
    ]
    context = {
        "application": application,
        "cards": cards,
        "problems": nominees.problems(application),
    }
    return render(request, "referees/section.html", context)


def _card(
    application: Application,
    position: int,
    nominee: Nominee | None,
    by_nominee: dict[int, ReferenceRequest],
) -> Card:
    title = _("First referee") if position == 1 else _("Second referee")
    may_change = rules.may_replace_referee(application, position)
    name_url = reverse("referees:nominee", args=[application.reference, position])
    if nominee is None:
        add = (Action(_("Name this referee"), name_url),) if may_change else ()
        return Card(title=title, actions=add, tag=_("Not named yet"), tag_colour="blue")
    request = by_nominee.get(nominee.pk)
    state = request.status if request else RequestState.DRAFT
    rows = [
        Row(_("Email"), nominee.email),
        Row(_("Post"), f"{nominee.post}, {nominee.institution}"),
        Row(_("Kind"), nominee.get_kind_display()),
        Row(_("How they know you"), nominee.relationship),
    ]
    return Card(
        title=f"{title}: {nominee.full_name}",
        rows=(*rows, *_history(request)),
        actions=_links(application, nominee, state, may_change),
        tag=state.label,
        tag_colour=state.colour,
    )


def _history(request: ReferenceRequest | None) -> list[Row]:
    """What happened to the request, and what happens next by itself."""
    if request is None or request.asked_at is None:
        return []
    rows = [Row(_("Asked"), day(request.asked_at))]
    if request.received_at:
        return [*rows, Row(_("Letter received"), moment(request.received_at))]
    if request.status in _WHAT_NOW:
        return [*rows, Row(_("What you can do"), _WHAT_NOW[request.status])]
    if request.opened_at:
        rows.append(Row(_("Opened the link"), day(request.opened_at)))
    next_at = letter_rules.next_reminder_at(request)
    if next_at and letter_rules.letters_wanted(request.application):
        rows.append(Row(_("Next reminder, by itself"), day(next_at)))
    until = letter_rules.expires_at(request)
    if until and request.status.is_waiting:
        rows.append(Row(_("We take the letter until"), deadline(until)))
    return rows


_WHAT_NOW = {
    RequestState.DECLINED: gettext_lazy("Name somebody else. We ask them at once."),
    RequestState.BOUNCED: gettext_lazy(
        "Our email was sent back. Look for a slip in the address and correct it, or name somebody"
        " else."
    ),
    RequestState.EXPIRED: gettext_lazy("Ask once more, or name somebody else."),
}


def _links(
    application: Application,
    nominee: Nominee,
    state: RequestState,
    may_change: bool,
) -> tuple[Action, ...]:
    arguments = [application.reference, nominee.position]
    links = []
    name = nominee.full_name
    if is_letter_needed(application, nominee):
        if _may_ask(state):
            label = _("Ask now") if state == RequestState.DRAFT else _("Ask again")
            links.append(Action(label, reverse("referees:ask", args=arguments), name))
        elif state.is_waiting:
            links.append(Action(_("Remind"), reverse("referees:remind", args=arguments), name))
    if may_change and state != RequestState.RECEIVED:
        label = _("Change") if state == RequestState.DRAFT else _("Change or replace")
        links.append(Action(label, reverse("referees:nominee", args=arguments), name))
    return tuple(links)


def _may_ask(state: RequestState) -> bool:
    return state == RequestState.DRAFT or state in STUCK


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def nominee(request: HttpRequest, application: Application, position: int) -> HttpResponse:
    """Name a referee, correct what was said of them, or put somebody else in their place."""
    if position not in POSITIONS:
        raise Http404
    present = nominees.at(application, position)
    fields = ("full_name", "email", "kind", "post", "institution", "relationship")
    initial = {field: getattr(present, field) for field in fields} if present else {}
    form = NomineeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            named = name_referee(
                application.pk,
                position,
                actor=Actor.person(person_of(request)),
                **{field: form.cleaned_data[field] for field in fields},
            )
        except Refused as refusal:
            if refusal.code not in FIELD_OF:
                return _refused(request, refusal, application)
            form.add_error(FIELD_OF[refusal.code], refusal.sentence)
        else:
            return _go_on(request, application, named, is_new=named != present)
    context = {
        "application": application,
        "form": form,
        "present": present,
        "position": position,
        "may_change": rules.may_replace_referee(application, position),
    }
    return render(request, "referees/nominee.html", context)


def _go_on(
    request: HttpRequest, application: Application, named: Nominee, *, is_new: bool
) -> HttpResponse:
    """After submission a new referee is asked at once: there is nothing else to wait for."""
    if is_new and not application.is_draft:
        try:
            actions.ask_referee(named.pk, actor=Actor.person(person_of(request)))
        except Refused as refusal:
            return _refused(request, refusal, application)
        messages.success(
            request,
            _("We have asked %(name)s for a letter.") % {"name": named.full_name},
        )
    return redirect("referees:section", application.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def ask(request: HttpRequest, application: Application, position: int) -> HttpResponse:
    """Ask now, with a preview of the email and a line of one's own."""
    present = nominees.at(application, position)
    if present is None:
        raise Http404
    asked = requests_of(application).filter(nominee=present).first()
    if request.method != "POST" and asked is not None and not _may_ask(asked.status):
        return redirect("referees:section", application.reference)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_referee(
                present.pk,
                actor=Actor.person(person_of(request)),
                personal_line=form.cleaned_data["personal_line"],
            )
        except Refused as refusal:
            return _refused(request, refusal, application)
        messages.success(
            request,
            _("We have asked %(name)s for a letter.") % {"name": present.full_name},
        )
        return redirect("referees:section", application.reference)
    context = {
        "application": application,
        "applicant": name_of(application),
        "nominee": present,
        "form": form,
    }
    return render(request, "referees/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def remind(request: HttpRequest, application: Application, position: int) -> HttpResponse:
    """Send a reminder by hand; the page says when the next one goes out by itself."""
    present = nominees.at(application, position)
    waiting = requests_of(application).filter(nominee=present).first() if present else None
    if present is None or waiting is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.remind_referee(waiting.pk, actor=Actor.person(person_of(request)))
        except Refused as refusal:
            return _refused(request, refusal, application)
        messages.success(request, _("We have reminded %(name)s.") % {"name": present.full_name})
        return redirect("referees:section", application.reference)
    if not waiting.status.is_waiting:
        return redirect("referees:section", application.reference)
    from_at = letter_rules.next_mail_at(waiting)
    context = {
        "application": application,
        "nominee": present,
        "next_at": letter_rules.next_reminder_at(waiting),
        "too_soon_until": from_at if from_at and timezone.now() < from_at else None,
        "last_at": waiting.last_mail_at,
    }
    return render(request, "referees/remind.html", context)


def _refused(request: HttpRequest, refusal: Refused, application: Application) -> HttpResponse:
    return refused(
        request,
        refusal,
        back_url=reverse("referees:section", args=[application.reference]),
        back_label=_("Back to your referees"),
        template="applicant.html",
    )
