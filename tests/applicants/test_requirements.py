"""Complete means: no requirement is open. Then the clock runs, by the rule of the intake."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import transaction

from applicants import actions, queries, timers, waiting
from applicants.models import (
    Application,
    FileKind,
    Holder,
    PauseReason,
    Requirement,
    RequirementKind,
    ReviewClock,
    SectionFile,
)
from applicants.promise import promise_to
from applicants.sections import Problem
from applicants.states import ApplicationState
from applicants.steps import clock
from applicants.steps.locks import lock_application
from applicants.steps.requirements import meet_requirement, open_requirement, waive_requirement
from foundation.documents import actions as document_actions
from foundation.documents.models import VersionState
from foundation.doors import Actor, Refused
from foundation.notifications.models import OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db

OFFICE = Actor.timer("test")
LETTERS = (RequirementKind.LETTER_1, RequirementKind.LETTER_2)


def meet(
    application: Application,
    kind: RequirementKind,
    at: datetime,
    *,
    now: datetime | None = None,
) -> None:
    with transaction.atomic():
        locked = lock_application(application.pk)
        meet_requirement(locked, kind, actor=OFFICE, arrived_at=at, now=now or at)


def again(application: Application) -> Application:
    return queries.with_sections(Application.objects.filter(pk=application.pk)).get()


def complete(application: Application, at: datetime = factories.NOW) -> Application:
    for kind in LETTERS:
        meet(application, kind, at)
    return again(application)


def test_it_waits_for_its_two_letters_by_name() -> None:
    application = again(factories.submitted())
    assert [(str(one.what), one.holder) for one in waiting.still_open(application)] == [
        ("Dr Helen Marsh’s letter", Holder.REFEREE),
        ("James Otieno’s letter", Holder.REFEREE),
    ]
    assert promise_to(application, factories.NOW) is None


def test_the_last_letter_completes_it() -> None:
    application = factories.submitted()
    meet(application, RequirementKind.LETTER_2, factories.NOW)
    assert again(application).state == ApplicationState.SUBMITTED
    at = datetime(2027, 3, 3, 15, 0, tzinfo=UTC)
    meet(application, RequirementKind.LETTER_1, at)
    application = again(application)
    assert application.state == ApplicationState.IN_REVIEW
    promise = promise_to(application, at)
    assert promise is not None
    assert promise.completed_at == at
    assert promise.target_at == datetime(2027, 4, 14, 22, 59, 59, tzinfo=UTC)
    assert promise.limit_at == datetime(2027, 4, 28, 22, 59, 59, tzinfo=UTC)
    assert OutgoingMessage.objects.filter(kind="application.complete").count() == 1


def test_a_draft_is_never_complete() -> None:
    application = factories.ready_draft()
    for kind in LETTERS:
        meet(application, kind, factories.NOW)
    assert again(application).state == ApplicationState.DRAFT


def test_any_requirement_may_be_the_last() -> None:
    application = factories.submitted()
    with transaction.atomic():
        open_requirement(
            lock_application(application.pk),
            RequirementKind.OWN_PART,
            held_by=Holder.APPLICANT,
            actor=OFFICE,
            now=factories.NOW,
        )
    assert complete(application).state == ApplicationState.SUBMITTED
    meet(application, RequirementKind.OWN_PART, factories.NOW)
    assert again(application).state == ApplicationState.IN_REVIEW


def test_our_own_checks_cost_the_applicant_no_time() -> None:
    application = factories.submitted()
    with transaction.atomic():
        locked = lock_application(application.pk)
        open_requirement(
            locked,
            RequirementKind.FILE_CLEAN,
            held_by=Holder.OFFICE,
            actor=OFFICE,
            now=factories.NOW,
        )
    arrived = factories.NOW + timedelta(days=2)
    application = complete(application, arrived)
    assert application.state == ApplicationState.SUBMITTED
    checked_at = arrived + timedelta(days=5)
    meet(application, RequirementKind.FILE_CLEAN, factories.NOW, now=checked_at)
    assert again(application).review_clock.completed_at == arrived


def test_meeting_twice_is_meeting_once() -> None:
    application = factories.submitted()
    meet(application, RequirementKind.LETTER_1, factories.NOW)
    meet(application, RequirementKind.LETTER_1, factories.NOW + timedelta(days=1))
    requirement = Requirement.objects.get(application=application, kind=RequirementKind.LETTER_1)
    assert requirement.arrived_at == factories.NOW


def test_a_waived_letter_completes_too() -> None:
    application = factories.submitted()
    meet(application, RequirementKind.LETTER_1, factories.NOW)
    with transaction.atomic():
        waive_requirement(
            lock_application(application.pk),
            RequirementKind.LETTER_2,
            actor=OFFICE,
            now=factories.NOW,
            reason="The referee died.",
        )
    assert again(application).state == ApplicationState.IN_REVIEW


def test_a_paused_clock_has_no_date_and_moves_by_its_pauses() -> None:
    application = complete(factories.submitted())
    before = application.review_clock
    start = factories.NOW + timedelta(days=1)
    with transaction.atomic():
        locked = lock_application(application.pk)
        clock.pause(locked, PauseReason.FEE_ON_HOLD, actor=OFFICE, now=start)
        clock.pause(
            locked,
            PauseReason.INFORMATION_REQUESTED,
            actor=OFFICE,
            now=start + timedelta(days=1),
        )
    promise = promise_to(again(application), start + timedelta(days=2))
    assert promise is not None
    assert promise.is_paused
    assert promise.limit_at is None
    assert len(promise.paused_because) == 2
    with transaction.atomic():
        locked = lock_application(application.pk)
        clock.resume(locked, PauseReason.FEE_ON_HOLD, actor=OFFICE, now=start + timedelta(days=3))
    assert again(application).review_clock.paused_at is not None
    with transaction.atomic():
        locked = lock_application(application.pk)
        clock.resume(
            locked,
            PauseReason.INFORMATION_REQUESTED,
            actor=OFFICE,
            now=start + timedelta(days=10),
        )
    after = again(application).review_clock
    assert after.paused_at is None
    assert after.target_at - before.target_at == timedelta(days=10)
    assert after.limit_at - before.limit_at == timedelta(days=10)


def test_we_say_honestly_that_we_are_late() -> None:
    application = complete(factories.submitted())
    limit = application.review_clock.limit_at
    on_time = promise_to(application, limit)
    late = promise_to(application, limit + timedelta(seconds=1))
    assert on_time is not None
    assert late is not None
    assert not on_time.is_overdue
    assert late.is_overdue


def test_it_says_which_files_are_being_read() -> None:
    programme = factories.make_programme()
    intake = factories.make_intake(programme)
    complete(factories.submitted(intake=intake), factories.NOW)
    mine = complete(factories.submitted(intake=intake), factories.NOW + timedelta(days=9))
    promise = promise_to(mine, factories.NOW + timedelta(days=10))
    assert promise is not None
    assert promise.reading_up_to == factories.NOW


# --- The safety of files --------------------------------------------------------------------------


@pytest.fixture
def scanning(settings: Any) -> None:
    settings.CLAMD_SOCKET = "tcp://127.0.0.1:1"


def settle(file: SectionFile, state: VersionState) -> None:
    newest = file.document.newest
    assert newest is not None
    document_actions.record_verdict(newest.pk, state, actor=OFFICE)


def test_files_in_quarantine_are_ours_to_check(scanning: None) -> None:
    application = complete(factories.submitted())
    assert application.state == ApplicationState.SUBMITTED
    (open_one,) = waiting.still_open(application)
    assert open_one.kind is RequirementKind.FILE_CLEAN
    assert open_one.holder is Holder.OFFICE
    files = list(SectionFile.objects.filter(application=application))
    for file in files[:-1]:
        settle(file, VersionState.CLEAN)
    assert again(application).state == ApplicationState.SUBMITTED
    settle(files[-1], VersionState.CLEAN)
    assert again(application).state == ApplicationState.IN_REVIEW


def test_an_infected_file_is_the_applicants_to_replace(scanning: None, settings: Any) -> None:
    application = complete(factories.submitted())
    cv = SectionFile.objects.get(application=application, kind=FileKind.CV)
    for file in SectionFile.objects.filter(application=application):
        settle(file, VersionState.INFECTED if file == cv else VersionState.CLEAN)
    application = again(application)
    (open_one,) = waiting.still_open(application)
    assert open_one.holder is Holder.APPLICANT
    assert "cv.pdf" in str(open_one.explanation)
    assert open_one.url
    assert OutgoingMessage.objects.filter(kind="application.file_unusable").count() == 1

    settings.CLAMD_SOCKET = "off"
    actor = Actor.person(application.applicant)
    transcript = SectionFile.objects.get(application=application, kind=FileKind.TRANSCRIPT)
    with pytest.raises(Refused) as refusal:
        actions.replace_file(
            application.pk,
            transcript.document_id,
            received=factories.received_pdf(),
            actor=actor,
        )
    assert refusal.value.code == "file_is_fine"
    actions.replace_file(
        application.pk, cv.document_id, received=factories.received_pdf("cv2.pdf"), actor=actor
    )
    assert again(application).state == ApplicationState.IN_REVIEW


def test_a_draft_with_an_infected_file_says_so(scanning: None) -> None:
    application = factories.ready_draft()
    for file in SectionFile.objects.filter(application=application, kind=FileKind.CV):
        settle(file, VersionState.INFECTED)
    with pytest.raises(Refused) as refusal:
        actions.submit_application(
            application.pk, actor=Actor.person(application.applicant), now=factories.NOW
        )
    problems = cast("list[Problem]", refusal.value.facts["problems"])
    assert [problem.code for problem in problems] == ["file_unusable"]


# --- Two choices ----------------------------------------------------------------------------------


def test_the_second_choice_waits_for_its_turn() -> None:
    person = factories.make_person()
    first = factories.submitted(applicant=person)
    second = factories.submitted(applicant=person)
    complete(second)
    assert (first.choice_rank, second.choice_rank) == (1, 2)
    second = again(second)
    assert second.state == ApplicationState.SUBMITTED
    (turn,) = waiting.still_open(second)
    assert turn.kind is RequirementKind.TURN
    assert timers.give_turns(factories.NOW, False) == []
    actions.withdraw_application(first.pk, actor=Actor.person(person), now=factories.NOW)
    later = factories.NOW + timedelta(days=3)
    assert timers.give_turns(later, False) == [f"give {second.reference} its turn"]
    assert timers.give_turns(later, False) == []
    assert again(second).state == ApplicationState.IN_REVIEW


# --- Drift ----------------------------------------------------------------------------------------


def test_drift_is_reported() -> None:
    application = factories.submitted()
    read = complete(factories.submitted())
    assert timers.detect_clock_drift(factories.NOW, False) == []
    Requirement.objects.filter(application=application).update(state="met", closed_at=factories.NOW)
    ReviewClock.objects.filter(application=read).update(stopped_at=factories.NOW)
    assert len(timers.detect_clock_drift(factories.NOW, False)) == 2
