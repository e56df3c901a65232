"""Reference requests and letters, as querysets. Who may read a letter is the office's question."""

from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from applicants.models import Application, Nominee, RequirementKind, RequirementState
from foundation.documents.models import DocumentVersion, VersionState
from foundation.history.models import Event
from referees.models import WAITING, Letter, ReferenceRequest, RequestState
from referees.rules import LETTERS_WANTED, MAIL_GAP, letters_wanted

#: The event of a request being asked, as `referees.workflow` writes it.
ASKED = "reference.ask"


def requests_of(application: Application) -> QuerySet[ReferenceRequest]:
    """The requests to the referees who are named now, in their order."""
    return (
        ReferenceRequest.objects.filter(application=application, nominee__replaced_at=None)
        .select_related("nominee", "document", "application__intake", "application__applicant")
        .order_by("nominee__position")
    )


def letters_for(application: Application) -> QuerySet[ReferenceRequest]:
    """All requests, also to referees who were replaced, with every letter that was sent.

    For those who may read letters. `request.letters.all()` are sendings, oldest first.
    """
    return (
        ReferenceRequest.objects.filter(application=application)
        .filter(Q(nominee__replaced_at=None) | Q(received_at__isnull=False))
        .select_related("nominee")
        .prefetch_related(Prefetch("letters", Letter.objects.select_related("version__document")))
        .order_by("nominee__position", "id")
    )


def readable_letter(request: ReferenceRequest) -> DocumentVersion | None:
    """The newest sent letter that passed its checks."""
    letter = (
        Letter.objects.filter(request=request, version__state=VersionState.CLEAN)
        .select_related("version__document")
        .order_by("-id")
        .first()
    )
    return letter.version if letter else None


def unsent_file(request: ReferenceRequest) -> DocumentVersion | None:
    """The uploaded file that would be sent: not sent yet, and no text has taken its place."""
    newest = request.document.newest if request.document and not request.draft_text else None
    if newest is None or Letter.objects.filter(request=request, version=newest).exists():
        return None
    return newest


def is_letter_needed(application: Application, nominee: Nominee) -> bool:
    """In a draft always; later while the letter is neither here nor done without."""
    return letters_wanted(application) and (
        application.is_draft
        or application.requirements.filter(
            kind=RequirementKind.letter(nominee.position), state=RequirementState.OPEN
        ).exists()
    )


def letters_in(application: Application) -> int:
    """How many of the two letters count: here, or done without."""
    return application.requirements.filter(
        kind__in=[RequirementKind.LETTER_1, RequirementKind.LETTER_2],
        state__in=[RequirementState.MET, RequirementState.WAIVED],
    ).count()


def waiting() -> QuerySet[ReferenceRequest]:
    """Requests whose letter is still wanted and may still come by the link."""
    return ReferenceRequest.objects.filter(
        state__in=WAITING,
        application__state__in=LETTERS_WANTED,
        nominee__replaced_at=None,
    )


def to_remind(now: datetime) -> QuerySet[ReferenceRequest]:
    """Requests that may be due for a reminder: the exact day is looked at under the lock."""
    return waiting().filter(
        Q(last_mail_at=None) | Q(last_mail_at__lte=now - MAIL_GAP),
        asked_at__lte=now - timedelta(days=7),
        reminded_day__lt=28,
    )


def to_tell_silence(now: datetime) -> QuerySet[ReferenceRequest]:
    return waiting().filter(asked_at__lte=now - timedelta(days=9), silence_told_day__lt=16)


def waiting_for_address(email: str) -> QuerySet[ReferenceRequest]:
    """Requests that a new link may be sent for."""
    return waiting().filter(nominee__email__iexact=email.strip())


def addresses_asked(application: Application) -> int:
    """How many different addresses were ever asked for an application."""
    counted = (
        ReferenceRequest.objects.filter(application=application)
        .exclude(state=RequestState.DRAFT)
        .aggregate(addresses=Count("nominee__email", distinct=True))
    )
    return int(counted["addresses"])


def asked_since(applicant_id: int, since: datetime) -> int:
    """How many times a person asked somebody for a letter, the same referee counted each time."""
    streams = Application.objects.filter(applicant_id=applicant_id).values("public_id")
    return Event.objects.filter(stream__in=streams, kind=ASKED, at__gt=since).count()


def letters_without_pdf() -> QuerySet[Letter]:
    """Pasted letters whose PDF is still to be made."""
    return Letter.objects.filter(version=None).order_by("id")
