"""Two people at once: complete once, submit once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from applicants import actions
from applicants.models import Application, RequirementKind, ReviewClock
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from applicants.steps.requirements import meet_requirement
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run these in threads that start together; return what each returned or raised."""
    barrier = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(position: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            results[position] = work()
        except Exception as error:  # noqa: BLE001 (handed to the test)
            results[position] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(position, work)) for position, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_two_letters_in_the_same_instant_complete_once() -> None:
    application = factories.submitted()

    def arrive(kind: RequirementKind) -> bool:
        with transaction.atomic():
            locked = lock_application(application.pk)
            meet_requirement(
                locked,
                kind,
                actor=Actor.timer("test"),
                arrived_at=factories.NOW,
                now=factories.NOW,
            )
        return True

    assert at_once(
        lambda: arrive(RequirementKind.LETTER_1), lambda: arrive(RequirementKind.LETTER_2)
    ) == [True, True]
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_REVIEW
    assert ReviewClock.objects.filter(application=application).count() == 1
    assert OutgoingMessage.objects.filter(kind="application.complete").count() == 1
    events = Event.objects.filter(stream=application.public_id, kind="application.complete")
    assert events.count() == 1


def test_a_double_click_submits_once() -> None:
    application = factories.ready_draft()
    actor = Actor.person(application.applicant)

    def submit() -> object:
        return actions.submit_application(application.pk, actor=actor, now=factories.NOW)

    results = at_once(submit, submit, submit)
    assert sum(isinstance(result, Application) for result in results) == 1
    refusals = [result for result in results if isinstance(result, Refused)]
    assert [refusal.code for refusal in refusals] == ["moved_on", "moved_on"]
    assert OutgoingMessage.objects.filter(kind="application.submitted").count() == 1


def test_starting_twice_starts_once() -> None:
    person = factories.make_person()
    intake = factories.make_intake()

    def start() -> object:
        return actions.start_application(
            person, intake, actor=Actor.person(person), now=factories.NOW
        )

    results = at_once(start, start)
    assert sum(isinstance(result, Application) for result in results) == 1
    (refusal,) = [result for result in results if isinstance(result, Refused)]
    assert refusal.code == "already_started"


def test_submitting_and_withdrawing_at_once_leaves_one_story() -> None:
    application = factories.ready_draft()
    actor = Actor.person(application.applicant)
    results = at_once(
        lambda: actions.submit_application(application.pk, actor=actor, now=factories.NOW),
        lambda: actions.withdraw_application(application.pk, actor=actor, now=factories.NOW),
    )
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    submitted = isinstance(results[0], Application)
    assert (application.submitted_at is not None) == submitted
