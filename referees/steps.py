"""Inner work on reference requests and letters: inside a door that holds the application's lock."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applicants.models import (
    Application,
    Holder,
    Nominee,
    Requirement,
    RequirementKind,
    RequirementState,
)
from applicants.nominees import mailbox
from applicants.steps.locks import lock_application
from applicants.steps.requirements import meet_requirement, open_requirement
from foundation.documents.models import DocumentVersion, VersionState
from foundation.doors import Actor, Refused, step
from foundation.history.steps import record
from foundation.notifications.steps import enqueue
from referees import events, messages, queries, rules, signals, workflow
from referees.models import Letter, ReferenceRequest, RequestState, SuppressedAddress


@step
def lock_request(request_id: int) -> ReferenceRequest:
    """The request with its application, both locked in their order and read afresh."""
    application_id = ReferenceRequest.objects.values_list("application_id", flat=True).get(
        pk=request_id
    )
    application = lock_application(application_id)
    request = (
        ReferenceRequest.objects.select_for_update(of=("self",))
        .select_related("nominee", "document")
        .get(pk=request_id)
    )
    request.application = application
    return request


@step
def request_of(nominee: Nominee, application: Application) -> ReferenceRequest:
    """The nominee's request, made when it is first needed, locked."""
    ReferenceRequest.objects.get_or_create(nominee=nominee, defaults={"application": application})
    request = (
        ReferenceRequest.objects.select_for_update(of=("self",))
        .select_related("nominee", "document")
        .get(nominee=nominee)
    )
    request.application = application
    return request


@step
def ask(request: ReferenceRequest, *, actor: Actor, now: datetime, personal_line: str = "") -> None:
    """Ask a referee for a letter: the request is open from now, and the email goes out.

    Raises Refused `address_suppressed`, `too_many_addresses`, `too_many_requests` or
    `request_moved_on`.
    """
    _check_may_ask(request, now)
    request.asked_at = request.last_mail_at = now
    request.reminded_day = request.silence_told_day = 0
    request.decline_reason = request.decline_note = ""
    request.personal_line = personal_line or request.personal_line
    request.save()
    workflow.move(request, "ask", actor=actor, now=now)
    hand_to(Holder.REFEREE, request, actor=actor, now=now)
    enqueue(
        messages.ASK,
        recipient=request.nominee.email,
        context={"request": request.pk},
        dedupe_key=f"{messages.ASK.code}:{request.pk}:{int(now.timestamp())}",
    )


@step
def hand_to(holder: Holder, request: ReferenceRequest, *, actor: Actor, now: datetime) -> None:
    """Say who holds the letter up. One that the office does without stays so."""
    kind = RequirementKind.letter(request.nominee.position)
    waived = Requirement.objects.filter(
        application=request.application, kind=kind, state=RequirementState.WAIVED
    )
    if not waived.exists():
        open_requirement(request.application, kind, held_by=holder, actor=actor, now=now)


def _check_may_ask(request: ReferenceRequest, now: datetime) -> None:
    email = request.nominee.email
    if SuppressedAddress.objects.filter(mailbox=mailbox(email)).exists():
        raise Refused(
            "address_suppressed",
            _("The owner of this address asked us not to write to them. Name another referee."),
        )
    known = ReferenceRequest.objects.filter(
        application=request.application, nominee__email__iexact=email
    ).exclude(state=RequestState.DRAFT)
    if (
        not known.exists()
        and queries.addresses_asked(request.application) >= rules.ADDRESSES_PER_APPLICATION
    ):
        raise Refused(
            "too_many_addresses",
            _("You have asked %(count)s different addresses, which is the most. Write to us.")
            % {"count": rules.ADDRESSES_PER_APPLICATION},
        )
    today = queries.asked_since(request.application.applicant_id, now - timedelta(days=1))
    if today >= rules.REQUESTS_PER_DAY:
        raise Refused(
            "too_many_requests",
            _("You have sent many requests today. Try again tomorrow."),
        )


@step
def add_letter(
    request: ReferenceRequest, file: DocumentVersion | None, *, actor: Actor, now: datetime
) -> Letter:
    """Take the uploaded file, or else what the referee has written, as their letter."""
    text = "" if file else request.draft_text
    letter = Letter.objects.create(request=request, text=text, version=file, sent_at=now)
    request.draft_text = ""
    request.save(update_fields=["draft_text"])
    if file is None:
        # Not a partial: where a robust callback fails, Django asks it for its name.
        transaction.on_commit(lambda: _nudge(letter.pk), robust=True)
    if request.state == RequestState.RECEIVED:
        record(
            events.LETTER_REPLACED,
            stream=request.application.public_id,
            actor=actor,
            at=now,
            data={"position": request.nominee.position},
        )
    else:
        request.received_at = now
        request.save(update_fields=["received_at"])
        workflow.move(request, "receive", actor=actor, now=now)
    look_at_letter(letter, request, actor=actor, now=now)
    return letter


@step
def look_at_letter(
    letter: Letter, request: ReferenceRequest, *, actor: Actor, now: datetime
) -> None:
    """Meet the requirement by a readable letter; until then it is ours to check, not theirs to send.

    A letter that did not pass reopens the requirement only when no other of theirs did.
    """
    application = request.application
    kind = RequirementKind.letter(request.nominee.position)
    state = letter.version.state if letter.version else VersionState.QUARANTINED
    if state == VersionState.CLEAN:
        record(
            events.LETTER_READABLE,
            stream=application.public_id,
            actor=actor,
            at=now,
            data={"position": request.nominee.position},
        )
        meet_requirement(application, kind, actor=actor, arrived_at=letter.sent_at, now=now)
    elif state == VersionState.QUARANTINED:
        if queries.readable_letter(request) is None:
            hand_to(Holder.OFFICE, request, actor=actor, now=now)
    else:
        _refuse_letter(request, actor=actor, now=now)
    signals.letter_changed.send(
        ReferenceRequest, application=application, request=request, actor=actor, now=now
    )


def _refuse_letter(request: ReferenceRequest, *, actor: Actor, now: datetime) -> None:
    """The file was infected or unreadable. Without a readable one before it, the referee is told.

    A newer letter of theirs that is still being checked is waited for first.
    """
    record(
        events.LETTER_REFUSED,
        stream=request.application.public_id,
        actor=actor,
        at=now,
        data={"position": request.nominee.position},
    )
    newest = request.letters.order_by("-id").first()
    is_waited_for = newest is not None and (
        newest.version is None or newest.version.is_being_checked
    )
    if queries.readable_letter(request) is not None or is_waited_for:
        return
    request.received_at = None
    request.last_mail_at = now
    request.save(update_fields=["received_at", "last_mail_at"])
    workflow.move(request, "ask_again", actor=actor, now=now)
    hand_to(Holder.REFEREE, request, actor=actor, now=now)
    enqueue(
        messages.LETTER_UNUSABLE,
        recipient=request.nominee.email,
        context={"request": request.pk},
        dedupe_key=f"{messages.LETTER_UNUSABLE.code}:{request.pk}:{int(now.timestamp())}",
    )


def _nudge(letter_id: int) -> None:
    """Ask the documents lane for the PDF now. If the broker is away, the timer does it in a minute."""
    from referees.tasks import make_letter_pdf

    make_letter_pdf.apply_async(args=[letter_id], queue="documents", retry=False)


@step
def tell_not_needed(request: ReferenceRequest, *, now: datetime) -> None:
    """Tell a referee who was asked and has not written yet, so that they don't write for nothing."""
    enqueue(
        messages.NOT_NEEDED,
        recipient=request.nominee.email,
        context={"request": request.pk},
        dedupe_key=f"{messages.NOT_NEEDED.code}:{request.pk}:{int(now.timestamp())}",
    )


@step
def tell_applicant(request: ReferenceRequest, kind: messages.MessageKind, *, occasion: str) -> None:
    """Tell the applicant something about a referee, once for each `occasion`."""
    enqueue(
        kind,
        recipient=request.application.applicant.email,
        context={"request": request.pk},
        dedupe_key=f"{kind.code}:{request.pk}:{occasion}",
    )
