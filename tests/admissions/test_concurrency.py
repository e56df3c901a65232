"""Two at once: one wins, the other reads that it has moved on. With real transactions in threads."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from admissions import actions
from admissions.models import Decision, DecisionState, Offer, Outcome
from applicants.states import ApplicationState
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from programmes.roles import Role
from tests.admissions.office import (
    Staff,
    approved,
    by,
    fresh,
    in_review,
    proposed,
    released,
    reviewed,
    visible,
)
from tests.factories import NOW, make_intake, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=30)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run them in threads that start together: "done" or the refusal's code of each."""
    barrier = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
            outcomes[number] = "done"
        except Refused as refusal:
            outcomes[number] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_directors_approve_at_once():
    staff = Staff.make()
    second = make_staff(Role.PROGRAMME_DIRECTOR)
    application = in_review()
    decision = proposed(application, staff)
    outcomes = at_once(
        *(
            lambda person=person: actions.approve_decision(decision.pk, actor=by(person), now=NOW)
            for person in (staff.director, second)
        )
    )
    assert outcomes == ["done", "moved_on"]
    assert Event.objects.filter(kind="application.approve").count() == 1


def test_one_approves_while_another_returns():
    staff = Staff.make()
    application = in_review()
    decision = proposed(application, staff)
    outcomes = at_once(
        lambda: actions.approve_decision(decision.pk, actor=by(staff.director), now=NOW),
        lambda: actions.return_decision(
            decision.pk, actor=by(staff.head), reason="Not yet", now=NOW
        ),
    )
    assert outcomes == ["done", "moved_on"]
    decision.refresh_from_db()
    state = fresh(application).state
    assert (decision.state, state) in {
        (DecisionState.APPROVED, ApplicationState.DECIDED),
        (DecisionState.RETURNED, ApplicationState.IN_REVIEW),
    }


def test_a_decision_is_released_twice_at_once():
    staff = Staff.make()
    application = in_review()
    decision = approved(application, staff)
    release = lambda: actions.release_decision(decision.pk, actor=by(staff.director), now=NOW)  # noqa: E731
    assert at_once(release, release) == ["done", "moved_on"]
    assert Event.objects.filter(kind="decision.released").count() == 1


def test_a_decision_becomes_visible_once():
    staff = Staff.make()
    decision = released(in_review(), staff)
    timer = Actor.timer("decisions.make_visible")
    seen = []

    def show() -> None:
        seen.append(actions.make_visible(decision.pk, actor=timer, now=LATER))

    assert at_once(show, show, show) == ["done"] * 3
    assert sorted(seen) == [False, False, True]
    assert Offer.objects.count() == 1
    assert OutgoingMessage.objects.filter(kind="decision.news").count() == 1


def test_taken_back_while_it_becomes_visible():
    staff = Staff.make()
    application = in_review()
    decision = released(application, staff)
    timer = Actor.timer("decisions.make_visible")
    at_once(
        lambda: actions.make_visible(decision.pk, actor=timer, now=LATER),
        lambda: actions.take_back_decision(
            decision.pk, actor=by(staff.director), reason="Wait", now=LATER
        ),
    )
    decision.refresh_from_db()
    offered = fresh(application).state == ApplicationState.OFFERED
    assert offered == (decision.state == DecisionState.VISIBLE)
    assert OutgoingMessage.objects.filter(kind="decision.news").exists() == offered


def test_accepted_and_declined_at_once():
    staff = Staff.make()
    application = in_review()
    visible(application, staff)
    applicant = by(application.applicant)
    outcomes = at_once(
        lambda: actions.accept_offer(application.pk, actor=applicant, now=LATER),
        lambda: actions.decline_offer(application.pk, actor=applicant, now=LATER),
    )
    assert outcomes == ["done", "moved_on"]
    offer = Offer.objects.get()
    state = fresh(application).state
    assert (offer.state, state) in {
        ("accepted", ApplicationState.ADMITTED),
        ("declined", ApplicationState.DECLINED),
    }


def test_the_last_place_is_offered_once():
    staff = Staff.make()
    intake = make_intake(offer_limit=2)
    visible(in_review(intake=intake), staff)
    decisions = []
    for _number in range(2):
        others = Staff.make()
        decisions.append(proposed(in_review(intake=intake), others))
    outcomes = at_once(
        *(
            lambda decision=decision: actions.approve_decision(
                decision.pk, actor=by(staff.director), now=NOW
            )
            for decision in decisions
        )
    )
    assert outcomes == ["done", "offer_limit"]
    refused = Decision.objects.get(state=DecisionState.PROPOSED)
    with pytest.raises(Refused):
        actions.approve_decision(refused.pk, actor=by(staff.head), now=NOW)
    actions.approve_decision(
        refused.pk, actor=by(staff.head), overrule_reason="Two declined last week", now=NOW
    )
    assert Event.objects.filter(kind="decision.limit_overruled").count() == 1


def test_two_proposals_at_once():
    staff = Staff.make()
    application = in_review()
    reviewed(application, staff)
    propose = lambda person: actions.propose_decision(  # noqa: E731
        application.pk, actor=by(person), outcome=Outcome.REJECT, reason="No", now=NOW
    )
    assert at_once(lambda: propose(staff.tutor), lambda: propose(staff.head)) == [
        "already_proposed",
        "done",
    ]
