"""Files at every stage, made by the portal's own actions.

staff = Staff.make(intake.programme)
application = in_review()
decision = approved(application, staff)
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from admissions import actions, rendering
from admissions.models import (
    Assignment,
    ConditionKind,
    Criterion,
    Decision,
    Outcome,
    Recommendation,
    Review,
)
from applicants.models import Application
from foundation.accounts.models import Person
from foundation.doors import Actor
from programmes.models import Intake, Programme
from programmes.roles import Role
from referees import actions as referee_actions
from referees.models import ReferenceRequest
from tests.factories import NOW, make_staff, received_pdf, submitted

COMMENT = "A strong record in mathematics, and letters that say so from close knowledge."
SCORES = dict.fromkeys(Criterion, 8)
TRANSCRIPT = actions.NewCondition(
    ConditionKind.FINAL_TRANSCRIPT, "Send us your final transcript", date(2027, 8, 31)
)


@dataclass(frozen=True)
class Staff:
    officer: Person
    reviewer: Person
    tutor: Person
    director: Person
    head: Person

    @classmethod
    def make(cls, programme: Programme | None = None) -> "Staff":
        """One person for each role, for a programme or for all."""
        return cls(
            officer=make_staff(
                Role.ADMISSIONS_OFFICER, full_name="Olive Barker", programme=programme
            ),
            reviewer=make_staff(Role.REVIEWER, full_name="Ravi Menon", programme=programme),
            tutor=make_staff(
                Role.ADMISSIONS_TUTOR, full_name="Tomasz Zieliński", programme=programme
            ),
            director=make_staff(
                Role.PROGRAMME_DIRECTOR, full_name="Dina Okafor", programme=programme
            ),
            head=make_staff(
                Role.HEAD_OF_ADMISSIONS, full_name="Helen Adeyemi", programme=programme
            ),
        )


def by(person: Person) -> Actor:
    return Actor.person(person)


def fresh(application: Application) -> Application:
    return Application.objects.select_related("intake__programme", "applicant").get(
        pk=application.pk
    )


def send_letter(application: Application, position: int, *, now: datetime) -> None:
    """A referee opens their link, uploads a letter and sends it."""
    request = ReferenceRequest.objects.get(
        application=application, nominee__position=position, nominee__replaced_at=None
    )
    actor = Actor.referee(request.pk)
    referee_actions.open_request(request.pk, actor=actor, now=now)
    referee_actions.save_draft(
        request.pk,
        name=request.nominee.full_name,
        post=request.nominee.post,
        institution=request.nominee.institution,
        relationship=request.nominee.relationship,
        received=received_pdf("letter.pdf"),
        actor=actor,
        now=now,
    )
    referee_actions.send_letter(request.pk, actor=actor, now=now)


def in_review(
    *,
    applicant: Person | None = None,
    intake: Intake | None = None,
    now: datetime | None = None,
) -> Application:
    """Submitted, both letters in, the fee in order: complete, and the clock runs."""
    now = now or NOW
    application = submitted(applicant=applicant, intake=intake, now=now)
    send_letter(application, 1, now=now)
    send_letter(application, 2, now=now)
    return fresh(application)


def assigned(application: Application, staff: Staff, *, now: datetime | None = None) -> Assignment:
    return actions.assign_reviewer(
        application.pk, staff.reviewer, actor=by(staff.officer), now=now or NOW
    )


def reviewed(application: Application, staff: Staff, *, now: datetime | None = None) -> Review:
    assignment = assigned(application, staff, now=now)
    return actions.submit_review(
        assignment.pk,
        actor=by(staff.reviewer),
        scores=SCORES,
        comment=COMMENT,
        recommendation=Recommendation.OFFER,
        now=now or NOW,
    )


def proposed(
    application: Application,
    staff: Staff,
    *,
    outcome: Outcome = Outcome.OFFER,
    now: datetime | None = None,
    **values: Any,
) -> Decision:
    reviewed(application, staff, now=now)
    return actions.propose_decision(
        application.pk,
        actor=by(staff.tutor),
        outcome=outcome,
        reason=values.pop("reason", "The review is clear"),
        now=now or NOW,
        **values,
    )


def approved(
    application: Application, staff: Staff, *, now: datetime | None = None, **values: Any
) -> Decision:
    decision = proposed(application, staff, now=now, **values)
    return actions.approve_decision(decision.pk, actor=by(staff.director), now=now or NOW)


def released(
    application: Application, staff: Staff, *, now: datetime | None = None, **values: Any
) -> Decision:
    """Released, its letter made, the undo window just begun."""
    decision = approved(application, staff, now=now, **values)
    rendering.render_and_keep(decision.pk, actor=Actor.timer("decisions.letters"))
    return actions.release_decision(decision.pk, actor=by(staff.director), now=now or NOW)


def visible(
    application: Application, staff: Staff, *, now: datetime | None = None, **values: Any
) -> Decision:
    """Visible to the applicant."""
    now = now or NOW
    decision = released(application, staff, now=now, **values)
    assert actions.make_visible(
        decision.pk, actor=Actor.timer("decisions.make_visible"), now=now + timedelta(minutes=30)
    )
    return Decision.objects.get(pk=decision.pk)
