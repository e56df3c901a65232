"""Who may do what in the office. Nobody works on their own application, whatever their roles.

Design: applicants see their own pages alone; of staff, roles count for their programmes, and a
reviewer reaches what is assigned to them and nothing else.
"""

from django.utils.translation import gettext_lazy as _

from admissions.models import LIVE_ASSIGNMENTS, Assignment, Review
from applicants.models import Application, Waiver
from applicants.rules import is_applicant, works_on
from applicants.states import ApplicationState
from foundation.accounts.models import Person
from foundation.doors import Actor, Refused
from programmes.roles import Role

#: Reach every file of their programmes.
FILE_ROLES = (
    Role.ADMISSIONS_OFFICER,
    Role.ADMISSIONS_TUTOR,
    Role.PROGRAMME_DIRECTOR,
    Role.HEAD_OF_ADMISSIONS,
    Role.AUDITOR,
)
#: Change something of a file; an auditor only reads.
WORKING_ROLES = tuple(role for role in FILE_ROLES if role is not Role.AUDITOR)
#: Read letters of reference and all reviews.
READING_ROLES = (
    Role.ADMISSIONS_TUTOR,
    Role.PROGRAMME_DIRECTOR,
    Role.HEAD_OF_ADMISSIONS,
    Role.AUDITOR,
)
ASSIGNING = (Role.ADMISSIONS_OFFICER, Role.ADMISSIONS_TUTOR, Role.HEAD_OF_ADMISSIONS)
PROPOSING = (Role.ADMISSIONS_TUTOR, Role.HEAD_OF_ADMISSIONS)
APPROVING = (Role.PROGRAMME_DIRECTOR, Role.HEAD_OF_ADMISSIONS)
RELEASING = (Role.PROGRAMME_DIRECTOR,)
SETTLING = (Role.ADMISSIONS_OFFICER, Role.HEAD_OF_ADMISSIONS)
#: Roles that can be given a file to read and score.
READERS = (Role.REVIEWER, Role.ADMISSIONS_TUTOR)


def person_of(actor: Actor) -> Person:
    """The person who acts. Raises Refused `not_allowed` for a timer or a provider."""
    if not actor.is_person or actor.id is None:
        raise _not_allowed()
    return Person.objects.get(pk=actor.id)


def require(actor: Actor, application: Application, *roles: Role) -> Person:
    """The acting person, who holds one of the roles for this file. Raises Refused `not_allowed`."""
    person = person_of(actor)
    if not works_on(person, application, *roles):
        raise _not_allowed()
    return person


def _not_allowed() -> Refused:
    return Refused("not_allowed", _("You are not allowed to do this."))


def is_assigned(person: Person, application: Application) -> bool:
    return Assignment.objects.filter(
        application=application, reviewer=person, state__in=LIVE_ASSIGNMENTS
    ).exists()


def may_read_letters(person: Person, application: Application) -> bool:
    """Letters are for those who judge: assigned reviewers, tutors, directors, heads, auditors."""
    if is_applicant(person, application):
        return False
    return works_on(person, application, *READING_ROLES) or is_assigned(person, application)


def may_read_review(person: Person, review: Review, application: Application) -> bool:
    """One's own; others' as a reader of all, or once one's own is in (until then one reads blind)."""
    if is_applicant(person, application):
        return False
    assignment = review.assignment
    if assignment.reviewer_id == person.pk:
        return True
    if not review.is_submitted or owes_review(person, application):
        return False
    return works_on(person, application, *READING_ROLES) or is_assigned(person, application)


def owes_review(person: Person, application: Application) -> bool:
    """Has the file to read and has not submitted."""
    return Assignment.objects.filter(
        application=application, reviewer=person, state__in=("assigned", "reading")
    ).exists()


def conflict(candidate: Person, application: Application) -> str:
    """Why this person can't read this file, as a code; empty when they can.

    Whoever decided the applicant's waiver knows about their money, and is not to judge them.
    """
    if is_applicant(candidate, application):
        return "own_application"
    if not works_on(candidate, application, *READERS):
        return "not_a_reviewer"
    if decided_waiver(candidate, application):
        return "decided_waiver"
    return ""


def decided_waiver(person: Person, application: Application) -> bool:
    """Has decided a waiver of the fee that covers this application."""
    return Waiver.objects.filter(
        fee__applicant=application.applicant_id, fee__cycle=application.cycle, decided_by=person
    ).exists()


def may_propose(person: Person, application: Application) -> bool:
    return application.state == ApplicationState.IN_REVIEW and works_on(
        person, application, *PROPOSING
    )
