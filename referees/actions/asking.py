"""Asking for a letter and following it up: by the applicant, by time, by the referee's own wish."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import rules as application_rules
from applicants.models import Application, Holder, Nominee
from applicants.steps.locks import lock_application
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications.steps import enqueue
from foundation.ui.wording import moment
from referees import events, messages, queries, rules, steps, workflow
from referees.models import ReferenceRequest


@door
def ask_referee(
    nominee_id: int,
    *,
    actor: Actor,
    personal_line: str = "",
    now: datetime | None = None,
) -> ReferenceRequest:
    """The applicant asks a nominee for a letter, from the draft on.

    Raises Refused `not_asking` when no letter is needed from them, and what `steps.ask` raises.
    """
    now = now or timezone.now()
    found = Nominee.objects.values_list("application_id", flat=True).get(pk=nominee_id)
    application = lock_application(found)
    nominee = Nominee.objects.get(pk=nominee_id)
    _check_is_applicant(application, actor)
    if nominee.replaced_at is not None or not queries.is_letter_needed(application, nominee):
        raise Refused("not_asking", _("No letter is needed from this referee."))
    request = steps.request_of(nominee, application)
    steps.ask(request, actor=actor, now=now, personal_line=personal_line)
    return request


@door
def remind_referee(request_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """The applicant sends a reminder. Raises Refused `too_soon` within 48 hours of the last mail."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    _check_is_applicant(request.application, actor)
    if not request.status.is_waiting or not rules.letters_wanted(request.application):
        raise Refused("request_moved_on", _("This referee is no longer waited for."))
    from_at = rules.next_mail_at(request)
    if from_at is not None and now < from_at:
        raise Refused(
            "too_soon",
            _("We wrote to this referee in the last 48 hours. You can remind them from %(from)s.")
            % {"from": moment(from_at)},
        )
    _send_reminder(request, actor=actor, now=now, occasion=f"by-hand-{int(now.timestamp())}")


@door
def remind_when_due(request_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """The automatic reminder of days 7, 14, 21 and 28: the latest that is due, once. True when sent."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    if not request.status.is_waiting or not rules.letters_wanted(request.application):
        return False
    from_at = rules.next_mail_at(request)
    if request.asked_at is None or (from_at is not None and now < from_at):
        return False
    day = rules.due_day(request.asked_at, rules.REMINDER_DAYS, after=request.reminded_day, now=now)
    if day is None:
        return False
    request.reminded_day = day
    request.save(update_fields=["reminded_day"])
    _send_reminder(
        request, actor=actor, now=now, occasion=f"{int(request.asked_at.timestamp())}-day-{day}"
    )
    return True


def _send_reminder(
    request: ReferenceRequest, *, actor: Actor, now: datetime, occasion: str
) -> None:
    request.last_mail_at = now
    request.save(update_fields=["last_mail_at"])
    record(
        events.REMINDED,
        stream=request.application.public_id,
        actor=actor,
        at=now,
        data={"position": request.nominee.position, "nominee": request.nominee_id},
    )
    enqueue(
        messages.REMINDER,
        recipient=request.nominee.email,
        context={"request": request.pk},
        dedupe_key=f"{messages.REMINDER.code}:{request.pk}:{occasion}",
    )


@door
def tell_silence_when_due(request_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """Tell the applicant on days 9 and 16 that a referee is silent: the latest that is due, once."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    if not request.status.is_waiting or request.asked_at is None:
        return False
    if not rules.letters_wanted(request.application):
        return False
    day = rules.due_day(
        request.asked_at, rules.SILENCE_DAYS, after=request.silence_told_day, now=now
    )
    if day is None:
        return False
    request.silence_told_day = day
    request.save(update_fields=["silence_told_day"])
    kind = messages.SILENT if day == rules.SILENCE_DAYS[0] else messages.STILL_SILENT
    steps.tell_applicant(request, kind, occasion=str(int(request.asked_at.timestamp())))
    return True


@door
def send_new_links(email: str, *, actor: Actor, now: datetime | None = None) -> int:
    """Send a link for every letter that is waited for from an address, at most one an hour for each.

    Returns how many were sent, which the page must not tell.
    """
    now = now or timezone.now()
    sent = 0
    waiting = queries.waiting_for_address(email).order_by("application_id", "pk")
    for request_id in waiting.values_list("pk", flat=True):
        request = steps.lock_request(request_id)
        last = request.new_link_at
        if last is not None and now < last + rules.NEW_LINK_GAP:
            continue
        request.new_link_at = request.last_mail_at = now
        request.save(update_fields=["new_link_at", "last_mail_at"])
        record(
            events.NEW_LINK_SENT,
            stream=request.application.public_id,
            actor=actor,
            at=now,
            data={"position": request.nominee.position},
        )
        enqueue(
            messages.NEW_LINK,
            recipient=request.nominee.email,
            context={"request": request.pk},
            dedupe_key=f"{messages.NEW_LINK.code}:{request.pk}:{int(now.timestamp())}",
        )
        sent += 1
    return sent


@door
def expire_request(request_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """End a request whose time is over. False when it isn't, or a letter came meanwhile."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    ends = rules.expires_at(request)
    if not request.status.is_waiting or ends is None or now <= ends:
        return False
    workflow.move(request, "expire", actor=actor, now=now)
    steps.hand_to(Holder.APPLICANT, request, actor=actor, now=now)
    steps.tell_applicant(request, messages.EXPIRED, occasion=f"{ends:%Y%m%d}")
    return True


def _check_is_applicant(application: Application, actor: Actor) -> None:
    if not application_rules.acts_as_applicant(actor, application):
        raise Refused("not_allowed", _("You are not allowed to do this."))
