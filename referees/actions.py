"""The verbs around a letter: ask, remind, open, write, send, decline, replace."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Nominee
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from foundation.accounts.models import Person
from foundation.documents import Received
from foundation.documents import steps as document_steps
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.steps import enqueue
from referees import events, messages, queries, rules, steps, workflow
from referees.models import (
    DeclineReason,
    Letter,
    ReferenceRequest,
    RequestState,
    SuppressedAddress,
)

#: A document's kind while it belongs to a reference request.
LETTER = "letter"


@door
def ask_referee(
    nominee_id: int,
    *,
    actor: Actor,
    personal_line: str = "",
    now: datetime | None = None,
) -> ReferenceRequest:
    """The applicant asks a nominee for a letter, from the draft on."""
    now = now or timezone.now()
    nominee = Nominee.objects.get(pk=nominee_id)
    application = lock_application(nominee.application_id)
    _check_is_applicant(application.applicant, actor)
    if nominee.replaced_at is not None or not rules.letters_wanted(application):
        raise Refused("not_asking", _("This referee can’t be asked any more."))
    request = steps.request_of(nominee, application)
    steps.ask(request, actor=actor, now=now, personal_line=personal_line)
    return request


@door
def remind_referee(request_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """The applicant sends a reminder. Raises Refused `too_soon` within 48 hours of the last mail."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    _check_is_applicant(request.application.applicant, actor)
    if not request.status.is_waiting or not rules.letters_wanted(request.application):
        raise Refused("request_moved_on", _("This referee is no longer waited for."))
    if request.last_mail_at is not None and now < request.last_mail_at + rules.MAIL_GAP:
        raise Refused(
            "too_soon",
            _("We wrote to this referee in the last 48 hours. Wait a little longer."),
        )
    _send_reminder(request, actor=actor, now=now, occasion=f"by-hand-{int(now.timestamp())}")


@door
def remind_when_due(request_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """The automatic reminder of days 7, 14, 21 and 28: the latest that is due, once. True when sent."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    if not request.status.is_waiting or not rules.letters_wanted(request.application):
        return False
    if request.asked_at is None or (
        request.last_mail_at is not None and now < request.last_mail_at + rules.MAIL_GAP
    ):
        return False
    day = rules.due_day(request.asked_at, rules.REMINDER_DAYS, after=request.reminded_day, now=now)
    if day is None:
        return False
    request.reminded_day = day
    request.save(update_fields=["reminded_day"])
    _send_reminder(request, actor=actor, now=now, occasion=f"{request.asked_at:%Y%m%d}-day-{day}")
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
        data={"position": request.nominee.position},
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
    day = rules.due_day(
        request.asked_at, rules.SILENCE_DAYS, after=request.silence_told_day, now=now
    )
    if day is None:
        return False
    request.silence_told_day = day
    request.save(update_fields=["silence_told_day"])
    kind = messages.SILENT if day == rules.SILENCE_DAYS[0] else messages.STILL_SILENT
    steps.tell_applicant(request, kind, occasion=f"{request.asked_at:%Y%m%d}")
    return True


@door
def open_request(request_id: int, *, actor: Actor, now: datetime | None = None) -> ReferenceRequest:
    """The referee pressed the button behind a link. Opening twice, or on two devices, is fine.

    Raises Refused with the state's own code when there is nothing to write any more.
    """
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    check_can_be_opened(request)
    if request.state in (RequestState.ASKED, RequestState.BOUNCED):
        request.opened_at = now
        request.save(update_fields=["opened_at"])
        workflow.move(request, "open", actor=actor, now=now)
    return request


def check_can_be_opened(request: ReferenceRequest) -> None:
    """Raises Refused `request_<why>` when a link leads to nothing that can be written."""
    if request.application.state == ApplicationState.WITHDRAWN:
        raise Refused("request_withdrawn", _("The applicant has withdrawn. No letter is needed."))
    if request.state in (
        RequestState.CANCELLED,
        RequestState.EXPIRED,
        RequestState.DECLINED,
    ):
        raise Refused(f"request_{request.state}", _REASONS[request.status])
    if request.state != RequestState.RECEIVED and not rules.letters_wanted(request.application):
        raise Refused("request_settled", _("This application no longer needs a letter."))


_REASONS = {
    RequestState.CANCELLED: _("The applicant has named somebody else. No letter is needed."),
    RequestState.EXPIRED: _("The time for this letter has passed."),
    RequestState.DECLINED: _("You told us that you can’t write this letter."),
}


@door
def save_draft(
    request_id: int,
    *,
    actor: Actor,
    name: str,
    post: str,
    institution: str,
    relationship: str,
    text: str = "",
    received: Received | None = None,
    now: datetime | None = None,
) -> ReferenceRequest:
    """Keep what the referee has so far. An uploaded file takes the place of typed text."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    _check_may_write(request, now)
    request.referee_name = name
    request.referee_post = post
    request.referee_institution = institution
    request.relationship = relationship
    request.draft_text = "" if received else text
    if received:
        version = document_steps.attach(
            received,
            stream=request.application.public_id,
            kind=LETTER,
            actor=actor,
            document=request.document,
        )
        request.document = version.document
    request.save()
    return request


@door
def send_letter(request_id: int, *, actor: Actor, now: datetime | None = None) -> Letter:
    """Send what was saved. The receipt goes to the referee; the applicant hears that it arrived.

    Raises Refused `nothing_to_send`, `request_moved_on` or `replacing_ended`.
    """
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    _check_may_write(request, now)
    newest = request.document.newest if request.document else None
    already = Letter.objects.filter(request=request, version=newest).exists() if newest else False
    if not request.draft_text and (newest is None or already):
        raise Refused("nothing_to_send", _("Upload a letter or write one first."))
    first = request.state != RequestState.RECEIVED
    letter = steps.add_letter(request, actor=actor, now=now)
    request.draft_text = ""
    request.save(update_fields=["draft_text"])
    enqueue(
        messages.RECEIPT,
        recipient=request.nominee.email,
        context={"request": request.pk, "letter": letter.pk},
        dedupe_key=f"{messages.RECEIPT.code}:{letter.pk}",
    )
    if first:
        steps.tell_applicant(request, messages.ARRIVED, occasion=str(letter.pk))
    return letter


@door
def keep_letter_pdf(letter_id: int, pdf_bytes: bytes, *, actor: Actor) -> None:
    """Store the PDF that the worker made of a pasted letter. Made already: nothing happens."""
    now = timezone.now()
    request = steps.lock_request(Letter.objects.get(pk=letter_id).request_id)
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    if letter.version_id is not None:
        return
    version = document_steps.keep_generated(
        pdf_bytes,
        stream=request.application.public_id,
        kind=LETTER,
        title=str(_("Letter of reference")),
        actor=actor,
        document=request.document,
    )
    letter.version = version
    letter.save(update_fields=["version"])
    if request.document_id is None:
        request.document = version.document
        request.save(update_fields=["document"])
    steps.look_at_letter(letter, request, actor=actor, now=now)


@door
def decline_request(
    request_id: int,
    *,
    actor: Actor,
    reason: DeclineReason,
    note: str = "",
    now: datetime | None = None,
) -> None:
    """The referee can't write. "I don't know this person" also stops further mail to the address."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    request.decline_reason = reason
    request.decline_note = note
    request.save(update_fields=["decline_reason", "decline_note"])
    if reason == DeclineReason.DONT_KNOW_PERSON:
        SuppressedAddress.objects.get_or_create(
            email=request.nominee.email.lower(), defaults={"suppressed_at": now}
        )
    workflow.move(request, "decline", actor=actor, now=now, data={"reason": reason.value})
    steps.tell_applicant(request, messages.DECLINED, occasion=f"{now:%Y%m%d%H%M%S}")


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
        key = f"{messages.NEW_LINK.code}:{request.pk}:{now:%Y%m%d%H}"
        if OutgoingMessage.objects.filter(dedupe_key=key).exists():
            continue
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
            dedupe_key=key,
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
    return True


def _check_is_applicant(applicant: Person, actor: Actor) -> None:
    if applicant.pk not in (actor.id, actor.acting_for):
        raise Refused("not_allowed", _("You are not allowed to do this."))


def _check_may_write(request: ReferenceRequest, now: datetime) -> None:
    """A first letter while one is waited for; a newer one while replacing is possible."""
    if request.state == RequestState.RECEIVED:
        if not rules.may_replace(request, now):
            raise Refused(
                "replacing_ended",
                _("The time to replace this letter is over. Thank you."),
            )
        return
    check_can_be_opened(request)
