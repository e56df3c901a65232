"""What staff see of applications, as querysets. Every staff page asks `visible_to` first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from admissions.models import (
    LIVE_ASSIGNMENTS,
    LIVE_DECISIONS,
    Assignment,
    Condition,
    Decision,
    DecisionLetter,
    DecisionState,
    Offer,
    OfferState,
    Review,
)
from admissions.rules import FILE_ROLES, READERS, may_read_letters
from applicants.models import Application, SectionFile
from applicants.queries import snapshots, with_sections
from applicants.rules import works_on
from applicants.states import HOLDS_PLACE, ApplicationState
from foundation.accounts.models import Person
from foundation.documents.models import DocumentVersion
from programmes.models import Intake, Programme
from programmes.queries import people_with
from programmes.roles import Role
from programmes.rules import programmes_of
from referees.models import Letter


def visible_to(person: Person) -> QuerySet[Application]:
    """The submitted files a member of staff reaches: those of the programmes they work for, and
    those they are assigned to read, while they read for that programme. Never their own. Finance and
    system roles reach none.
    """
    assigned = Assignment.objects.filter(
        application=OuterRef("pk"), reviewer=person, state__in=LIVE_ASSIGNMENTS
    )
    programmes = programmes_of(person, *FILE_ROLES).values("pk")
    read = programmes_of(person, *READERS).values("pk")
    return (
        Application.objects.filter(submitted_at__isnull=False)
        .exclude(applicant=person)
        .filter(
            Q(intake__programme__in=programmes) | Q(Exists(assigned), intake__programme__in=read)
        )
        .select_related("intake__programme", "applicant")
    )


def get_file(person: Person, reference: str, *, whole: bool = False) -> Application:
    """One file; `whole` with all that its page shows. Not there and out of reach are the same 404."""
    files = visible_to(person)
    if whole:
        files = with_sections(files).select_related("review_case")
    application = files.filter(reference=reference).first()
    if application is None:
        raise Http404
    return application


def office_programmes(person: Person) -> list[Programme]:
    """The programmes whose queue this person works."""
    return list(programmes_of(person, *FILE_ROLES))


def assignments_of(person: Person) -> QuerySet[Assignment]:
    """What a reviewer has to read and has read, what waits longest first."""
    return (
        Assignment.objects.filter(
            reviewer=person,
            state__in=LIVE_ASSIGNMENTS,
            application__intake__programme__in=programmes_of(person, *READERS).values("pk"),
        )
        .exclude(application__applicant=person)
        .select_related(
            "application__intake__programme",
            "application__applicant",
            "application__review_case",
            "review",
        )
        .defer(*snapshots("application__"))
        .order_by("assigned_at", "id")
    )


def assignments_for(application: Application) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(application=application)
        .select_related("reviewer", "assigned_by", "review")
        .order_by("id")
    )


def reviews_for(application: Application) -> QuerySet[Review]:
    """The reviews of a file with their scores. Who may read which is `rules.may_read_review`."""
    return (
        Review.objects.filter(assignment__application=application)
        .select_related("assignment__reviewer")
        .prefetch_related("scores")
        .order_by("submitted_at", "id")
    )


def submitted_reviews(application: Application) -> QuerySet[Review]:
    return reviews_for(application).filter(submitted_at__isnull=False)


def decisions_for(application: Application) -> QuerySet[Decision]:
    """All decisions of a file, the newest first."""
    return (
        Decision.objects.filter(application=application)
        .select_related("proposer", "approver", "released_by", "letter__document", "offer")
        .prefetch_related("conditions", "letter__document__versions")
        .order_by("-id")
    )


def live_decision(application: Application) -> Decision | None:
    return decisions_for(application).filter(state__in=LIVE_DECISIONS).first()


def has_decision(application: Application) -> bool:
    """A decision is proposed or further on: from then on letters are what they are."""
    ended = (DecisionState.RETURNED, DecisionState.VOID)
    return Decision.objects.filter(application=application).exclude(state__in=ended).exists()


def visible_decision(application: Application, now: datetime) -> Decision | None:
    """The decision that the applicant may see: the newest that has become visible."""
    return (
        decisions_for(application).filter(state=DecisionState.VISIBLE, visible_at__lte=now).first()
    )


def offer_of(application: Application) -> Offer | None:
    """The newest offer, in whatever state it is."""
    return (
        Offer.objects.filter(application=application)
        .select_related("decision")
        .prefetch_related(Prefetch("decision__conditions", Condition.objects.order_by("id")))
        .order_by("-id")
        .first()
    )


def places_held(intake: Intake) -> int:
    """What counts against an intake's offer limit: offers, accepted and confirmed places, and offers
    that are approved and not visible yet. A place deferred away is free.
    """
    held = Application.objects.filter(intake=intake, state__in=HOLDS_PLACE).count()
    coming = Decision.objects.filter(
        application__intake=intake,
        application__state=ApplicationState.DECIDED,
        state=DecisionState.APPROVED,
        outcome="offer",
    ).count()
    return held + coming


def due_for_release(now: datetime) -> QuerySet[Decision]:
    """Released decisions whose undo window has ended, the longest waiting first."""
    return Decision.objects.filter(
        state=DecisionState.APPROVED, released_at__isnull=False, due_at__lte=now
    ).order_by("due_at", "id")


def without_letter() -> QuerySet[Decision]:
    """Approved decisions whose letter is still to be made."""
    return Decision.objects.filter(state=DecisionState.APPROVED, letter=None).order_by("id")


def live_offers() -> QuerySet[Offer]:
    return (
        Offer.objects.filter(state=OfferState.LIVE)
        .select_related("application__applicant")
        .order_by("reply_by_at", "id")
    )


def names(person_ids: Iterable[int]) -> dict[int, str]:
    """The names of people, in one query."""
    return {
        person.pk: person.get_full_name()
        for person in Person.objects.filter(pk__in=set(person_ids))
    }


def people_to_warn(application: Application, now: datetime) -> list[Person]:
    """The officers of a file's programme, except its applicant."""
    people = people_with(Role.ADMISSIONS_OFFICER, programme=application.intake.programme, now=now)
    return [person for person in people if person.pk != application.applicant_id]


def readable_version(
    application: Application, version_id: UUID, person: Person
) -> DocumentVersion | None:
    """A document of this file that the person may read: what the applicant added, a letter of
    reference for those who may read letters, a decision letter for the office. Evidence for a waiver
    is never among them.
    """
    version = (
        DocumentVersion.objects.filter(pk=version_id, document__stream=application.public_id)
        .select_related("document")
        .first()
    )
    if version is None:
        return None
    document = version.document
    if SectionFile.objects.filter(
        application=application, document=document, removed_at=None
    ).exists():
        return version
    if Letter.objects.filter(request__application=application, version=version).exists():
        return version if may_read_letters(person, application) else None
    if DecisionLetter.objects.filter(decision__application=application, document=document).exists():
        in_office = works_on(person, application, *FILE_ROLES)
        return version if in_office else None
    return None
