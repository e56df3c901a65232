"""Reference requests and letters, as querysets. Who may read a letter is the office's question."""

from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from applicants.models import Application, RequirementKind, RequirementState
from foundation.documents.models import DocumentVersion, VersionState
from referees.models import WAITING, Letter, ReferenceRequest, RequestState
from referees.rules import LETTERS_WANTED, MAIL_GAP


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


def letters_without_pdf() -> QuerySet[Letter]:
    """Pasted letters whose PDF is still to be made."""
    return Letter.objects.filter(version=None).order_by("id")
