"""Saving the sections that an applicant types. Saving the same again changes nothing.

Every door raises Refused `moved_on` when the application is no draft any more, and `not_allowed`
for anybody but its applicant or staff who act for them.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import (
    EnglishEvidence,
    PersonalDetails,
    Qualification,
    Statement,
)
from applicants.steps.editing import change_row, note_saved, open_for_editing
from foundation.doors import Actor, Refused, door

#: More than anybody holds; a bound for pages that list them.
MAX_QUALIFICATIONS = 12

__all__ = [
    "remove_qualification",
    "save_english",
    "save_personal_details",
    "save_qualification",
    "save_statement",
]


@door
def save_personal_details(
    application_id: int,
    *,
    legal_name: str,
    date_of_birth: date,
    nationality: str,
    residence: str,
    phone: str,
    preferred_name: str = "",
    actor: Actor,
    now: datetime | None = None,
) -> PersonalDetails:
    """Who the applicant is. Countries are ISO 3166 codes."""
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    details = PersonalDetails.objects.filter(application=application).first() or PersonalDetails(
        application=application
    )
    values = {
        "legal_name": legal_name,
        "preferred_name": preferred_name,
        "date_of_birth": date_of_birth,
        "nationality": nationality,
        "residence": residence,
        "phone": phone,
    }
    if change_row(details, values):
        note_saved(application, "personal_details", actor=actor, now=now, change="saved")
    return details


@door
def save_qualification(
    application_id: int,
    qualification: UUID | None = None,
    *,
    institution: str,
    country: str,
    award: str,
    subject: str,
    status: str,
    awarded_on: date,
    grade_scale: str,
    grade_value: str = "",
    grade_pending: bool = False,
    actor: Actor,
    now: datetime | None = None,
) -> Qualification:
    """Add a qualification, or change the one with this public id.

    The grade is kept as it was given, with its scale; pending when it is still to come. Adding the
    same one twice (a form sent twice) adds it once. Raises Refused `gone` for one that was removed
    meanwhile, `too_many` above MAX_QUALIFICATIONS.
    """
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    values = {
        "institution": institution,
        "country": country,
        "award": award,
        "subject": subject,
        "status": status,
        "awarded_on": awarded_on,
        "grade_scale": grade_scale,
        "grade_value": "" if grade_pending else grade_value,
        "grade_pending": grade_pending,
    }
    held = Qualification.objects.filter(application=application)
    if qualification is not None:
        row = held.filter(public_id=qualification).first()
        if row is None:
            raise Refused("gone", _("This qualification has been removed meanwhile."))
        change = "changed"
    else:
        same = held.filter(**values).first()
        if same is not None:
            return same
        if held.count() >= MAX_QUALIFICATIONS:
            raise Refused(
                "too_many",
                _("You can add %(count)s qualifications. Remove one to add another.")
                % {"count": MAX_QUALIFICATIONS},
            )
        row = Qualification(application=application)
        change = "added"
    if change_row(row, values):
        note_saved(application, "qualifications", actor=actor, now=now, change=change)
    return row


@door
def remove_qualification(
    application_id: int,
    qualification: UUID,
    *,
    actor: Actor,
    now: datetime | None = None,
) -> None:
    """Take a qualification out. Its files stay, for nothing in particular. Removed already: nothing."""
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    row = Qualification.objects.filter(application=application, public_id=qualification).first()
    if row is None:
        return
    row.delete()
    note_saved(application, "qualifications", actor=actor, now=now, change="removed")


@door
def save_english(
    application_id: int,
    *,
    basis: str,
    test: str = "",
    overall: Decimal | None = None,
    taken_on: date | None = None,
    planned_on: date | None = None,
    degree_country: str = "",
    actor: Actor,
    now: datetime | None = None,
) -> EnglishEvidence:
    """How the applicant shows their English. What belongs to another way than `basis` is emptied."""
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    evidence = EnglishEvidence.objects.filter(application=application).first() or EnglishEvidence(
        application=application
    )
    values = {
        "basis": basis,
        "test": test if basis in ("test", "planned") else "",
        "overall": overall if basis == "test" else None,
        "taken_on": taken_on if basis == "test" else None,
        "planned_on": planned_on if basis == "planned" else None,
        "degree_country": degree_country if basis == "degree" else "",
    }
    if change_row(evidence, values):
        note_saved(application, "english", actor=actor, now=now, change="saved")
    return evidence


@door
def save_statement(
    application_id: int, *, text: str, actor: Actor, now: datetime | None = None
) -> Statement:
    """The personal statement, with its paragraphs as they were typed."""
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    statement = Statement.objects.filter(application=application).first() or Statement(
        application=application, saved_at=now
    )
    if change_row(statement, {"text": text.replace("\r\n", "\n").strip()}):
        statement.saved_at = now
        statement.save(update_fields=["saved_at"])
        note_saved(application, "statement", actor=actor, now=now, change="saved")
    return statement
