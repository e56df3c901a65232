"""What a referee does behind their link: open, write, send, replace, decline."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Holder
from applicants.nominees import mailbox
from foundation.documents import Received
from foundation.documents import steps as document_steps
from foundation.doors import Actor, Refused, door
from foundation.notifications.steps import enqueue
from referees import messages, queries, rules, steps, workflow
from referees.models import (
    BEFORE_LETTER,
    DeclineReason,
    Letter,
    ReferenceRequest,
    RequestState,
    SuppressedAddress,
)

#: A document's kind while it belongs to a reference request.
LETTER = "letter"


@door
def open_request(request_id: int, *, actor: Actor, now: datetime | None = None) -> ReferenceRequest:
    """The referee pressed the button behind a link. Opening twice, or on two devices, is fine.

    Raises Refused as `rules.check_open` when there is nothing to write any more.
    """
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    rules.check_open(request, now)
    if request.state in (RequestState.ASKED, RequestState.BOUNCED):
        request.opened_at = now
        request.save(update_fields=["opened_at"])
        workflow.move(request, "open", actor=actor, now=now)
        steps.hand_to(Holder.REFEREE, request, actor=actor, now=now)
    return request


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
    """Keep what the referee has so far. What came last is what will be sent: the text or the file."""
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    rules.check_open(request, now)
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

    Raises Refused `nothing_to_send`, `file_unusable`, or as `rules.check_open`.
    """
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    rules.check_open(request, now)
    file = queries.unsent_file(request)
    if file is None and not request.draft_text:
        raise Refused("nothing_to_send", _("Upload a letter or write one first."))
    if file is not None and not (file.is_clean or file.is_being_checked):
        raise Refused(
            "file_unusable",
            _("Your file did not pass our safety check. Upload another one, or write the letter."),
        )
    first = request.state != RequestState.RECEIVED
    letter = steps.add_letter(request, file, actor=actor, now=now)
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
def keep_letter_pdf(
    letter_id: int, pdf_bytes: bytes, *, actor: Actor, now: datetime | None = None
) -> None:
    """Store the PDF that the worker made of a pasted letter. Made already: nothing happens."""
    now = now or timezone.now()
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
    """The referee can't write. "I don't know this person" also stops further mail to the address.

    Raises Refused `request_moved_on` after a letter was sent.
    """
    now = now or timezone.now()
    request = steps.lock_request(request_id)
    if request.status in BEFORE_LETTER:
        rules.check_open(request, now)
    request.decline_reason = reason
    request.decline_note = note
    request.save(update_fields=["decline_reason", "decline_note"])
    if reason == DeclineReason.DONT_KNOW_PERSON:
        SuppressedAddress.objects.get_or_create(
            mailbox=mailbox(request.nominee.email), defaults={"suppressed_at": now}
        )
    workflow.move(request, "decline", actor=actor, now=now, data={"reason": reason.value})
    steps.hand_to(Holder.APPLICANT, request, actor=actor, now=now)
    steps.tell_applicant(request, messages.DECLINED, occasion=str(int(now.timestamp())))
