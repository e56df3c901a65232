"""What this room does when a lower one tells it something. Steps, in the sender's transaction."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, Nominee
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from foundation.documents.models import DocumentVersion
from foundation.doors import Actor, Refused
from foundation.notifications.models import OutgoingMessage
from referees import messages, steps, workflow
from referees.models import Letter, ReferenceRequest, RequestState


def ask_on_submission(
    sender: Any, *, application: Application, actor: Actor, now: datetime, **kwargs: Any
) -> None:
    """Ask each referee who was not asked from the draft. One who can't be asked must not stop it."""
    for nominee in Nominee.objects.filter(application=application, replaced_at=None):
        request = steps.request_of(nominee, application)
        if request.state != RequestState.DRAFT:
            continue
        try:
            steps.ask(request, actor=actor, now=now)
        except Refused:
            # The overview shows the referee as not asked, with what to do.
            continue


def cancel_on_replacement(
    sender: Any, *, nominee: Nominee, actor: Actor, now: datetime, **kwargs: Any
) -> None:
    """The applicant named somebody else. The old link leads to a kind page from now on."""
    application = lock_application(nominee.application_id)
    request = steps.request_of(nominee, application)
    if request.state == RequestState.RECEIVED:
        raise Refused("letter_is_in", _("This referee’s letter is here already."))
    if request.state != RequestState.CANCELLED:
        workflow.move(request, "cancel", actor=actor, now=now)


def cancel_on_end(
    sender: Any,
    *,
    application: Application,
    actor: Actor,
    now: datetime,
    **kwargs: Any,
) -> None:
    """A draft that expired, or a file that was closed, needs no letter any more."""
    if application.status not in (
        ApplicationState.EXPIRED,
        ApplicationState.INCOMPLETE,
    ):
        return
    for pk in ReferenceRequest.objects.filter(application=application).values_list("pk", flat=True):
        request = steps.lock_request(pk)
        if request.status.is_waiting:
            workflow.move(request, "cancel", actor=actor, now=now)


def look_at_checked_letter(sender: Any, *, version: DocumentVersion, **kwargs: Any) -> None:
    """A letter's file was scanned: meet the requirement, or ask for another."""
    letter = Letter.objects.filter(version=version).first()
    if letter is None:
        return
    request = steps.lock_request(letter.request_id)
    letter.version = version
    steps.look_at_letter(letter, request, actor=Actor.provider("scanner"), now=timezone.now())


def bounce(sender: Any, *, message: OutgoingMessage, now: datetime, **kwargs: Any) -> None:
    """A mail to a referee was refused by their server: tell the applicant at once."""
    if message.kind not in (
        messages.ASK.code,
        messages.REMINDER.code,
        messages.NEW_LINK.code,
    ):
        return
    request = steps.lock_request(int(message.context["request"]))
    if not request.status.is_waiting:
        return
    workflow.move(request, "bounce", actor=Actor.provider("mail"), now=now)
    steps.tell_applicant(request, messages.BOUNCED, occasion=str(message.pk))
