"""The outbox for system administrators: what is stuck, one message, and the stop switch."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as banners
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.access import staff_required
from foundation.doors import Actor, Refused
from foundation.notifications import access, actions, kinds, queries
from foundation.notifications.forms import CancelForm, StopForm
from foundation.notifications.models import MessageState, OutgoingMessage, StopSwitch
from foundation.notifications.pages import page
from foundation.ui.components import PageLinks, Row
from foundation.ui.views import refused
from foundation.ui.wording import moment

View = Callable[..., HttpResponseBase]
LAYOUT = "staff.html"
TAG_COLOURS = {
    MessageState.QUEUED: "blue",
    MessageState.SENT: "green",
    MessageState.CANCELLED: "grey",
    MessageState.FAILED: "red",
    MessageState.BOUNCED: "orange",
}


def manager_required(view: View) -> View:
    """For those whom `access.may_manage` names, with their second factor."""

    @staff_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.may_manage(request.user):
            raise PermissionDenied(_("This page is for system administrators."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@manager_required
def message_list(request: HttpRequest) -> HttpResponse:
    state = _state(request.GET.get("state", ""))
    shown = page(
        queries.in_state(state),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    oldest = queries.oldest_due_at(timezone.now())
    context = {
        "state": state,
        "counts": [
            {"state": each, "count": _capped(count), "current": each is state}
            for each, count in queries.counts().items()
        ],
        "rows": [_line(message) for message in shown.messages],
        "links": PageLinks(
            previous_url=_list_url(state, after=shown.newer) if shown.newer else "",
            next_url=_list_url(state, before=shown.older) if shown.older else "",
        ),
        "oldest_due_at": oldest,
        "switch": _switch(),
    }
    return render(request, "notifications/office/list.html", context)


@require_safe
@manager_required
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    found = get_object_or_404(OutgoingMessage, pk=message_id)
    state = MessageState(found.state)
    context = {
        "message": found,
        "name": _name(found.kind),
        "state": state,
        "colour": TAG_COLOURS[state],
        "rows": _facts(found),
        "can_retry": state.can_be_retried and found.purged_at is None,
        "can_cancel": state is MessageState.QUEUED,
    }
    return render(request, "notifications/office/message.html", context)


@require_POST
@manager_required
def retry(request: HttpRequest, message_id: UUID) -> HttpResponse:
    get_object_or_404(OutgoingMessage, pk=message_id)
    back = reverse("notifications:message", args=[message_id])
    try:
        actions.retry_message(message_id, actor=Actor.person(request.user))
    except Refused as refusal:
        return refused(request, refusal, back_url=back, template=LAYOUT)
    banners.success(request, _("The message is queued again and leaves within a minute."))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def cancel(request: HttpRequest, message_id: UUID) -> HttpResponse:
    found = get_object_or_404(OutgoingMessage, pk=message_id)
    back = reverse("notifications:message", args=[message_id])
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.cancel_message(message_id, actor=Actor.person(request.user), reason=reason)
        except Refused as refusal:
            return refused(request, refusal, back_url=back, template=LAYOUT)
        banners.success(request, _("The message is cancelled. It will not be sent."))
        return redirect(back)
    context = {"form": form, "message": found, "name": _name(found.kind)}
    return render(request, "notifications/office/cancel.html", context)


@require_safe
@manager_required
def switch(request: HttpRequest) -> HttpResponse:
    """What the switch is, and what moving it does. The two buttons are `stop` and `start`."""
    return _switch_page(request, StopForm())


@require_POST
@manager_required
def stop(request: HttpRequest) -> HttpResponse:
    form = StopForm(request.POST)
    if not form.is_valid():
        return _switch_page(request, form)
    done = _("Messages are stopped. Only mails about signing in leave.")
    return _move(request, True, done, form.cleaned_data["reason"])


@require_POST
@manager_required
def start(request: HttpRequest) -> HttpResponse:
    done = _("Messages leave again. What was queued goes within minutes.")
    return _move(request, False, done)


def _switch_page(request: HttpRequest, form: StopForm) -> HttpResponse:
    stands = _switch()
    context = {"form": form, "switch": stands, "by": _who(stands)}
    return render(request, "notifications/office/switch.html", context)


def _move(request: HttpRequest, stopped: bool, done: str, reason: str = "") -> HttpResponse:
    try:
        actions.set_stop_switch(stopped=stopped, reason=reason, actor=Actor.person(request.user))
    except Refused as refusal:
        back = reverse("notifications:switch")
        return refused(request, refusal, back_url=back, template=LAYOUT)
    banners.success(request, done)
    return redirect("notifications:messages")


def _state(wanted: str) -> MessageState:
    return MessageState(wanted) if wanted in MessageState.values else MessageState.FAILED


def _list_url(state: MessageState, **key: str) -> str:
    return f"{reverse('notifications:messages')}?{urlencode({'state': state.value, **key})}"


def _capped(count: int) -> str:
    return f"{queries.MOST_COUNTED:,}+" if count > queries.MOST_COUNTED else f"{count:,}"


def _name(code: str) -> str:
    """What a kind is for, in a line; its code when this release knows it no more."""
    try:
        return str(kinds.get(code).description)
    except KeyError:
        return code


def _line(message: OutgoingMessage) -> dict[str, Any]:
    return {"message": message, "name": _name(message.kind), "error": message.error[:200]}


def _switch() -> StopSwitch | None:
    return StopSwitch.objects.filter(pk=StopSwitch.ONLY).first()


def _who(stands: StopSwitch | None) -> str:
    if stands is None or stands.by is None:
        return ""
    person = get_user_model().objects.filter(pk=stands.by).first()
    return str(person or "")


def _facts(message: OutgoingMessage) -> list[Row]:
    rows = [
        Row(_("Kind"), message.kind),
        Row(_("To"), message.recipient),
        Row(_("Queued"), moment(message.created_at)),
        Row(_("Attempts"), str(message.attempts)),
    ]
    if message.state == MessageState.QUEUED:
        rows.append(Row(_("Next attempt"), moment(message.next_attempt_at)))
    if message.sent_at:
        rows.append(Row(_("Sent"), moment(message.sent_at)))
    if message.error:
        rows.append(Row(_("Last error"), message.error))
    return rows
