"""The office's people: who holds which role, giving roles and ending them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts.models import Person
from foundation.doors import Actor, Refused
from foundation.history import kinds
from foundation.history.kinds import Audience
from foundation.history.models import Event
from foundation.history.queries import timeline
from foundation.ui.components import Moment, PageLinks
from foundation.ui.views import refused
from programmes import events
from programmes.access import for_roles, role_required
from programmes.actions import end_role, grant_role, invite_staff
from programmes.forms import InviteForm, ReasonForm, RoleForm
from programmes.models import Programme, RoleGrant
from programmes.paging import page_of
from programmes.queries import matching, reachable_people, staff, with_grants
from programmes.roles import Role
from programmes.rules import may_grant
from programmes.views import accounts

LOOKERS = (Role.HEAD_OF_ADMISSIONS, Role.SYSTEM_ADMINISTRATOR)
PAGE_SIZE = 50
HISTORY_LENGTH = 30
#: Which field a refusal belongs to; the others stand above the form.
_FIELDS = {
    "invalid_address": "email",
    "invalid_name": "full_name",
    "has_role": "role",
    "ends_before_it_begins": "last_day",
    "not_head": "scope",
}
is_head = for_roles(Role.HEAD_OF_ADMISSIONS)
is_administrator = for_roles(Role.SYSTEM_ADMINISTRATOR)


@require_safe
@role_required(*LOOKERS)
def people(request: HttpRequest) -> HttpResponse:
    """Staff by name with their roles; `q` narrows by name or address."""
    words = request.GET.get("q", "").strip()[:254]
    now = timezone.now()
    found = matching(_me(request), words, now)
    rows, next_url = page_of(with_grants(found, now), request, size=PAGE_SIZE)
    context = {
        "people": rows,
        "words": words,
        "may_invite": is_head(request),
        "may_find_applicants": is_administrator(request),
        "links": PageLinks(next_url=next_url),
    }
    return render(request, "programmes/people.html", context)


@require_safe
@role_required(*LOOKERS)
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One member of staff: roles, account, and the history of both."""
    now, me = timezone.now(), _me(request)
    found = get_object_or_404(with_grants(reachable_people(me, now), now), public_id=public_id)
    mine = found.pk == me.pk
    how = accounts.facts(found, now=now)
    context = {
        **how,
        "account_links": accounts.offers(me, found, how, now=now),
        "person": found,
        "grants": [(grant, not mine and _may_end(request, grant)) for grant in _grants(found)],
        "may_give": found.is_active and not mine and is_head(request),
        "is_self": mine,
        "history": _history(found),
    }
    return render(request, "programmes/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HEAD_OF_ADMISSIONS)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by email, with a first role."""
    form = InviteForm(request.POST or None, giver=_me(request))
    if form.is_valid():
        try:
            invited, _link = invite_staff(
                form.cleaned_data["email"],
                form.cleaned_data["full_name"],
                form.chosen_role,
                form.programme,
                actor=Actor.person(request.user),
                reason=form.cleaned_data["reason"],
                until_at=form.until_at,
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            sentence = _("An invitation is on its way to %(email)s.") % {"email": invited.email}
            messages.success(request, sentence)
            return redirect("programmes:person", invited.public_id)
    return render(request, "programmes/invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HEAD_OF_ADMISSIONS)
def grant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a member of staff one more role."""
    found = get_object_or_404(staff(), public_id=public_id)
    form = RoleForm(request.POST or None, giver=_me(request))
    if form.is_valid():
        try:
            grant_role(
                found,
                form.chosen_role,
                form.programme,
                actor=Actor.person(request.user),
                reason=form.cleaned_data["reason"],
                until_at=form.until_at,
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The role is given. They have to sign in again."))
            return redirect("programmes:person", found.public_id)
    return render(request, "programmes/grant.html", {"form": form, "person": found})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HEAD_OF_ADMISSIONS)
def end(request: HttpRequest, public_id: UUID, grant_id: UUID) -> HttpResponse:
    """Ask whether a role should end, and end it."""
    grants = RoleGrant.objects.select_related("person", "programme")
    found = get_object_or_404(grants, public_id=grant_id, person__public_id=public_id)
    if not may_grant(_me(request), found.programme, now=timezone.now()):
        raise PermissionDenied(_("Your role doesn’t cover the programmes of this one."))
    form = ReasonForm(request.POST or None, submit_label=_("End this role"))
    if form.is_valid():
        try:
            end_role(found, actor=Actor.person(request.user), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            return refused(
                request,
                refusal,
                back_url=_address(found.person),
                back_label=found.person.get_full_name(),
                template="staff.html",
            )
        messages.success(request, _("The role has ended, and so have their sessions."))
        return redirect("programmes:person", found.person.public_id)
    return render(request, "programmes/end_role.html", {"form": form, "grant": found})


def _me(request: HttpRequest) -> Person:
    """Whoever asks. The page is for staff, so it is a person."""
    me: Any = request.user
    return me


def _address(person: Person) -> str:
    return reverse("programmes:person", args=[person.public_id])


def _grants(person: Person) -> list[RoleGrant]:
    """What `with_grants` loaded."""
    return getattr(person, "live_grants", [])


def _may_end(request: HttpRequest, grant: RoleGrant) -> bool:
    return is_head(request) and may_grant(_me(request), grant.programme, now=timezone.now())


def _show(form: RoleForm, refusal: Refused) -> None:
    """Put a refusal's sentence beside the field that it is about."""
    field = _FIELDS.get(refusal.code)
    form.add_error(field if field in form.fields else None, str(refusal.sentence))


def _history(person: Person) -> list[Moment]:
    """What happened to this person's roles and account, newest first."""
    now = timezone.now()
    found = list(timeline(person.public_id, audience=Audience.AUDIT, now=now)[:HISTORY_LENGTH])
    actors = Person.objects.in_bulk(
        {event.actor_id for event in found if event.actor_kind == "person" and event.actor_id}
    )
    programmes = Programme.objects.in_bulk(
        {event.data["programme"] for event in found if event.data.get("programme")}
    )
    return [
        Moment(
            at=event.at,
            what=_what(event, programmes),
            who=actors[event.actor_id].get_full_name() if event.actor_id in actors else "",
            text=event.text.body if hasattr(event, "text") else "",
        )
        for event in found
    ]


def _what(event: Event, programmes: dict[int, Programme]) -> str:
    sentence = str(kinds.get(event.kind).sentence)
    if event.kind not in (events.ROLE_GRANTED.code, events.ROLE_ENDED.code):
        return sentence
    programme = programmes.get(event.data["programme"])
    return _("%(what)s: %(role)s, %(scope)s") % {
        "what": sentence,
        "role": Role(event.data["role"]).label,
        "scope": programme.title if programme else _("all programmes"),
    }
