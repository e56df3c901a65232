"""Who may do what with an application."""

from collections.abc import Collection

from applicants.models import Application, RequirementKind
from applicants.states import EDITABLE, ApplicationState
from foundation.accounts.models import Person
from foundation.doors import Actor
from programmes.models import Intake
from programmes.roles import Role
from programmes.rules import has_role


def person_behind(actor: Actor) -> Person:
    """The person who acts; only for actors that are people."""
    assert actor.id is not None
    return Person.objects.get(pk=actor.id)


def is_applicant(person: Person, application: Application) -> bool:
    return application.applicant_id == person.pk


def may_start_for(person: Person, intake: Intake, actor: Actor) -> bool:
    """Anybody starts their own application; officers of the programme may start one for somebody."""
    if not actor.is_person:
        return False
    if actor.acting_for is None:
        return actor.id == person.pk
    return actor.acting_for == person.pk != actor.id and has_role(
        person_behind(actor),
        Role.ADMISSIONS_OFFICER,
        Role.HEAD_OF_ADMISSIONS,
        programme=intake.programme,
    )


def acts_as_applicant(actor: Actor, application: Application) -> bool:
    """The applicant, or staff acting for them; whatever the state."""
    return actor.is_person and may_cause({"applicant"}, application, actor)


def works_in_finance_on(application: Application, actor: Actor) -> bool:
    """A finance officer for the programme, who is not its applicant."""
    if not actor.is_person:
        return False
    person = person_behind(actor)
    return works_on(person, application, Role.FINANCE_OFFICER)


def may_replace_referee(application: Application, position: int) -> bool:
    """While a letter is still wanted: in a draft, and afterwards until this letter has come."""
    if application.status in EDITABLE:
        return True
    return application.status is ApplicationState.SUBMITTED and any(
        requirement.is_open and requirement.kind == RequirementKind.letter(position)
        for requirement in application.requirements.all()
    )


def may_replace_file(application: Application) -> bool:
    """A file that turned out unusable can be replaced until the file is complete."""
    return application.status in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def may_cause(by: Collection[str], application: Application, actor: Actor) -> bool:
    """Whether a person is one of those who may cause a transition.

    Staff who act for the applicant count as the applicant, and need a role in the office for it.
    Nobody works as staff on their own application, whatever their roles.
    """
    person = person_behind(actor)
    if actor.acting_for is not None:
        return (
            "applicant" in by
            and actor.acting_for == application.applicant_id
            and works_on(person, application, Role.ADMISSIONS_OFFICER, Role.HEAD_OF_ADMISSIONS)
        )
    if "applicant" in by and is_applicant(person, application):
        return True
    roles = [Role(word) for word in by if word in Role.values]
    return bool(roles) and works_on(person, application, *roles)


def works_on(person: Person, application: Application, *roles: Role) -> bool:
    """Has one of the roles for the application's programme, and is not its applicant."""
    return not is_applicant(person, application) and has_role(
        person, *roles, programme=application.intake.programme
    )
