"""What this room does when a lower one tells it something. Steps, in the sender's transaction."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, Holder, Nominee
from applicants.steps.locks import lock_application
from foundation.documents.models import DocumentVersion
from foundation.doors import Actor, Refused
from foundation.notifications.models import OutgoingMessage
from referees import messages, steps, workflow
from referees.models import WAITING, Letter, ReferenceRequest, RequestState

#: The transitions of an application after which no letter is needed.
ENDINGS = ("withdraw", "expire", "close_incomplete")
#: Mails that bring a referee their link: without them they can't write.
WITH_LINK = tuple(
    kind.code
    for kind in (messages.ASK, messages.REMINDER, messages.NEW_LINK, messages.LETTER_UNUSABLE)
)


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
    was_waiting = request.status.is_waiting
    if request.state != RequestState.CANCELLED:
        workflow.move(request, "cancel", actor=actor, now=now)
    if was_waiting:
        steps.tell_not_needed(request, now=now)


def tell_on_end(
    sender: Any, *, application: Application, transition: str, now: datetime, **kwargs: Any
) -> None:
    """The application ended. Its requests stay as they are, because it may be opened again: while it
    is closed their links lead to a kind page, and nobody is reminded."""
    if transition not in ENDINGS:
        return
    asked = ReferenceRequest.objects.filter(
        application=application, state__in=WAITING, nominee__replaced_at=None
    )
    for request in asked.select_related("nominee"):
        steps.tell_not_needed(request, now=now)


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
    if message.kind not in WITH_LINK:
        return
    request = steps.lock_request(int(message.context["request"]))
    if not request.status.is_waiting:
        return
    actor = Actor.provider("mail")
    workflow.move(request, "bounce", actor=actor, now=now)
    steps.hand_to(Holder.APPLICANT, request, actor=actor, now=now)
    steps.tell_applicant(request, messages.BOUNCED, occasion=str(message.pk))
