"""Bring the demonstration's files to their stages, each step at its own time in the past."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from admissions import actions, messages, rendering
from admissions.demo.applying import apply, send_letter
from admissions.demo.cast import CANDIDATES, Candidate, Stage
from admissions.models import ConditionKind, Criterion, Outcome, Recommendation
from applicants.models import Application
from foundation.accounts.demo import create_demo_person
from foundation.accounts.models import Person
from foundation.doors import Actor, Refused
from foundation.notifications.actions import cancel_message
from foundation.notifications.models import MessageState, OutgoingMessage
from programmes.demo import PASSWORD
from programmes.models import Intake
from programmes.queries import open_intakes

ACTOR = Actor.timer("load_demo")
COMMENTS = {
    "offer": "A clear record in mathematics, and letters that speak from close knowledge of the work.",
    "reject": "The degree has little of the groundwork that the programme builds on in its first term.",
}


class _Staff:
    """The demonstration's people who act here."""

    def __init__(self) -> None:
        people = {
            person.email.partition("@")[0]: person
            for person in Person.objects.filter(email__endswith="@demo.example")
        }
        self.officer = people["officer"]
        self.readers = (people["reviewer"], people["reviewer2"])
        self.tutor = people["tutor"]
        self.director = people["director"]


def load(now: datetime) -> list[str]:
    """One file for each candidate who has none. On a second start: one query."""
    if not settings.DEMO:
        return []
    here = set(
        Application.objects.filter(
            applicant__email__in=[candidate.email for candidate in CANDIDATES]
        ).values_list("applicant__email", flat=True)
    )
    missing = [candidate for candidate in CANDIDATES if candidate.email not in here]
    if not missing:
        return []
    began = timezone.now()
    intakes = {intake.programme.code: intake for intake in open_intakes(now)}
    staff = _Staff()
    lines = []
    for number, candidate in enumerate(missing):
        intake = intakes.get(candidate.programme) or next(iter(intakes.values()), None)
        if intake is None:
            break
        lines.append(_load_one(candidate, intake, staff, number, now))
    _keep_mails_of_the_past_quiet(began)
    return lines


def _load_one(
    candidate: Candidate, intake: Intake, staff: _Staff, number: int, now: datetime
) -> str:
    with transaction.atomic():
        person = create_demo_person(candidate.email, candidate.name, PASSWORD, False)
    submitted_at = _submitted_at(candidate, intake, now)
    application = apply(candidate, person, intake, at=submitted_at)
    letters = {Stage.NO_LETTER: 0, Stage.ONE_LETTER: 1}.get(candidate.stage, 2)
    complete_at = min(submitted_at + timedelta(days=7), now)
    if letters >= 1:
        send_letter(application, 1, at=min(submitted_at + timedelta(days=3), complete_at))
    if letters == 2:
        send_letter(application, 2, at=complete_at)
        _decide(candidate, application, staff, number, complete_at, now)
    return f"add the file of {candidate.name}"


def _submitted_at(candidate: Candidate, intake: Intake, now: datetime) -> datetime:
    """A week before the file was complete, but never before the intake opened."""
    waited = candidate.days + (7 if candidate.stage >= Stage.COMPLETE else 0)
    wanted = now - timedelta(days=waited, hours=2)
    opened = (intake.opens_at or now) + timedelta(days=6)
    return min(max(wanted, opened), now)


def _decide(
    candidate: Candidate,
    application: Application,
    staff: _Staff,
    number: int,
    complete_at: datetime,
    now: datetime,
) -> None:
    """The office's part. Steps are spread over the time there was, the last an hour ago."""
    steps = iter(_moments(complete_at, now))
    stage = candidate.stage
    if stage < Stage.ASSIGNED:
        return
    reader = staff.readers[number % len(staff.readers)]
    assignment = actions.assign_reviewer(
        application.pk, reader, actor=Actor.person(staff.officer), now=next(steps)
    )
    if stage < Stage.REVIEWED:
        return
    positive = candidate.outcome == "offer"
    actions.submit_review(
        assignment.pk,
        actor=Actor.person(reader),
        scores={
            criterion: (8 if positive else 4) + position % 2
            for position, criterion in enumerate(Criterion)
        },
        comment=COMMENTS[candidate.outcome],
        recommendation=Recommendation.OFFER if positive else Recommendation.REJECT,
        now=next(steps),
    )
    if stage < Stage.PROPOSED:
        return
    decision = actions.propose_decision(
        application.pk,
        actor=Actor.person(staff.tutor),
        outcome=Outcome(candidate.outcome),
        reason="The review and both letters point the same way.",
        conditions=_conditions(candidate, now),
        now=next(steps),
    )
    if stage < Stage.APPROVED:
        return
    director = Actor.person(staff.director)
    actions.approve_decision(decision.pk, actor=director, now=next(steps))
    if stage < Stage.VISIBLE:
        return
    rendering.render_and_keep(decision.pk, actor=ACTOR)
    actions.release_decision(decision.pk, actor=director, now=next(steps))
    actions.make_visible(decision.pk, actor=ACTOR, now=next(steps))
    if stage >= Stage.ACCEPTED:
        applicant = Actor.person(application.applicant)
        actions.accept_offer(application.pk, actor=applicant, now=next(steps))


def _moments(complete_at: datetime, now: datetime) -> list[datetime]:
    length = max(now - timedelta(hours=1) - complete_at, timedelta())
    return [complete_at + length * part / 8 for part in range(1, 9)]


def _conditions(candidate: Candidate, now: datetime) -> list[actions.NewCondition]:
    if not candidate.conditional:
        return []
    return [
        actions.NewCondition(
            ConditionKind.FINAL_TRANSCRIPT,
            "Send us your final transcript with the degree awarded",
            now.date() + timedelta(days=120),
        ),
    ]


def _keep_mails_of_the_past_quiet(began: datetime) -> None:
    """The mails of weeks gone by are cancelled, but for the news of a decision."""
    queued = OutgoingMessage.objects.filter(
        state=MessageState.QUEUED, created_at__gte=began
    ).exclude(kind=messages.DECISION_NEWS.code)
    for pk in list(queued.values_list("pk", flat=True)):
        # A worker that is running already may be faster.
        with suppress(Refused):
            cancel_message(pk, reason="demonstration", actor=ACTOR)
