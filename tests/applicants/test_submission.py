"""Starting, submitting, withdrawing: what is refused, what counts, what is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from django.db import transaction

from applicants import actions, messages, timers
from applicants.models import Application, Qualification, RequirementKind, RequirementState
from applicants.sections import Problem
from applicants.states import ApplicationState
from applicants.told import rules_of
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications import rendering
from foundation.notifications.kinds import MessageKind
from foundation.notifications.models import OutgoingMessage
from programmes.models import DocumentRequirement
from programmes.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def actor_of(application: Application) -> Actor:
    return Actor.person(application.applicant)


def submit(application: Application, now: datetime = factories.NOW) -> None:
    actions.submit_application(application.pk, actor=actor_of(application), now=now)


def closes_at_of(application: Application) -> datetime:
    closes_at = application.intake.closes_at
    assert closes_at is not None
    return closes_at


def refusal_of(action: Callable[..., object], *args: Any, **kwargs: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        action(*args, **kwargs)
    return refusal.value


# --- Starting -------------------------------------------------------------------------------------


def test_one_application_for_an_intake() -> None:
    application = factories.draft()
    person = application.applicant
    refusal = refusal_of(
        actions.start_application,
        person,
        application.intake,
        actor=Actor.person(person),
        now=factories.NOW,
    )
    assert refusal.code == "already_started"


def test_as_many_choices_as_the_institution_says(settings: Any) -> None:
    settings.APPLICATIONS_PER_CYCLE = 2
    person = factories.make_person()
    ranks = [factories.draft(applicant=person).choice_rank for _ in range(2)]
    assert ranks == [1, 2]
    assert refusal_of(factories.draft, applicant=person).code == "too_many_choices"


@pytest.mark.parametrize("delta", [timedelta(days=-31), timedelta(weeks=11)])
def test_only_an_open_intake_can_be_applied_for(delta: timedelta) -> None:
    intake = factories.make_intake()
    person = factories.make_person()
    refusal = refusal_of(
        actions.start_application,
        person,
        intake,
        actor=Actor.person(person),
        now=factories.NOW + delta,
    )
    assert refusal.code == "intake_not_open"


def test_nobody_starts_for_somebody_else() -> None:
    person, stranger = factories.make_person(), factories.make_person()
    intake = factories.make_intake()
    refusal = refusal_of(
        actions.start_application,
        person,
        intake,
        actor=Actor.person(stranger),
        now=factories.NOW,
    )
    assert refusal.code == "not_allowed"


# --- Submitting -----------------------------------------------------------------------------------


def test_what_is_missing_is_said_at_once_and_nothing_changes() -> None:
    application = factories.draft()
    before = Event.objects.count()
    refusal = refusal_of(submit, application)
    assert refusal.code == "not_ready"
    assert len({problem.code for problem in cast("list[Problem]", refusal.facts["problems"])}) == 8
    application.refresh_from_db()
    assert application.submitted_at is None
    assert application.told_at_submission is None
    assert Event.objects.count() == before


def test_the_last_second_counts() -> None:
    application = factories.ready_draft()
    closes_at = closes_at_of(application)
    late = refusal_of(submit, application, closes_at + SECOND)
    assert late.code == "intake_closed"
    submit(application, closes_at + SECOND - timedelta(microseconds=1))
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_a_submission_in_time_counts_although_a_timer_was_faster() -> None:
    application = factories.ready_draft()
    closes_at = closes_at_of(application)
    timers.expire_drafts(closes_at + SECOND, False)
    application.refresh_from_db()
    assert application.state == ApplicationState.EXPIRED
    submit(application, closes_at)
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_a_full_intake_says_that_it_is_full() -> None:
    application = factories.ready_draft()
    application.intake.full_at = factories.NOW
    application.intake.save()
    assert refusal_of(submit, application).code == "intake_full"


def test_submitting_twice_is_refused_kindly() -> None:
    application = factories.submitted()
    assert refusal_of(submit, application).code == "moved_on"
    assert OutgoingMessage.objects.filter(kind="application.submitted").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda pk, actor: actions.save_statement(pk, text="Late", actor=actor),
        lambda pk, actor: actions.save_english(
            pk, basis="degree", degree_country="GB", actor=actor
        ),
        lambda pk, actor: actions.add_file(
            pk,
            kind=factories.FileKind.CV,
            received=factories.received_pdf(),
            actor=actor,
        ),
        lambda pk, actor: actions.remove_qualification(
            pk, Qualification.objects.get(application_id=pk).public_id, actor=actor
        ),
    ],
)
def test_nothing_changes_after_submission(change: Callable[..., object]) -> None:
    application = factories.submitted()
    assert refusal_of(change, application.pk, actor_of(application)).code == "moved_on"


def test_what_was_told_stays_when_the_catalogue_changes() -> None:
    application = factories.submitted()
    told = application.told_at_submission
    assert told == application.told_at_start
    intake = application.intake
    intake.fee_amount += 20
    intake.limit_weeks = 12
    intake.save()
    DocumentRequirement.objects.all().delete()
    intake.programme.title = "Something else"
    intake.programme.save()
    application.refresh_from_db()
    assert application.told_at_start["fee"]["amount"] == "80.00"
    assert application.told_at_submission == told
    assert set(rules_of(application).documents) == {
        "personal_statement",
        "transcript",
        "certificate",
        "cv",
    }


# --- Withdrawing ----------------------------------------------------------------------------------


def test_withdrawing_keeps_the_reason_and_can_be_done_once() -> None:
    application = factories.submitted()
    actions.withdraw_application(
        application.pk, actor=actor_of(application), reason="I moved.", now=factories.NOW
    )
    event = Event.objects.get(stream=application.public_id, kind="application.withdraw")
    assert event.text.body == "I moved."
    again = refusal_of(actions.withdraw_application, application.pk, actor=actor_of(application))
    assert again.code == "moved_on"
    assert OutgoingMessage.objects.filter(kind="application.withdrawn").count() == 1


# --- Acting for an applicant ----------------------------------------------------------------------


def test_staff_act_for_an_applicant_who_is_told() -> None:
    application = factories.draft()
    officer = factories.make_staff(Role.ADMISSIONS_OFFICER)
    actor = Actor.person(officer, acting_for=application.applicant, reason="Asked by telephone.")
    actions.save_statement(application.pk, text="Dictated", actor=actor, now=factories.NOW)
    message = OutgoingMessage.objects.get(kind=messages.ACTED_FOR.code)
    assert message.recipient == application.applicant.email
    words = rendering.render(messages.ACTED_FOR, messages.ACTED_FOR.build(message, factories.NOW))
    assert "Asked by telephone." in words.body


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FINANCE_OFFICER, None])
def test_who_may_not_act_for_an_applicant(role: Role | None) -> None:
    application = factories.draft()
    somebody = factories.make_staff(*([role] if role else []))
    for actor in (
        Actor.person(somebody, acting_for=application.applicant, reason="I want to."),
        Actor.person(somebody),
    ):
        refusal = refusal_of(actions.save_statement, application.pk, text="Hm", actor=actor)
        assert refusal.code == "not_allowed"


# --- Saving the same again ------------------------------------------------------------------------


def test_saving_the_same_again_changes_nothing() -> None:
    application = factories.draft()
    factories.fill(application)
    before = (
        Event.objects.filter(stream=application.public_id).count(),
        application.qualifications.count(),
    )
    actor = actor_of(application)
    text = application.statement.text
    actions.save_statement(application.pk, text=text, actor=actor)
    held = application.qualifications.get()
    actions.save_qualification(
        application.pk,
        institution=held.institution,
        country="IE",
        award=held.award,
        subject=held.subject,
        status=held.status,
        awarded_on=held.awarded_on,
        grade_scale=held.grade_scale,
        grade_value=held.grade_value,
        actor=actor,
    )
    after = (
        Event.objects.filter(stream=application.public_id).count(),
        application.qualifications.count(),
    )
    assert before == after


def test_the_same_file_twice_is_one_file_and_a_cv_has_versions() -> None:
    application = factories.draft()
    actor = actor_of(application)
    kind = factories.FileKind.TRANSCRIPT
    content = factories.demo.sample_pdf("Transcript", ["A"])
    for _ in range(2):
        actions.add_file(
            application.pk,
            kind=kind,
            received=factories.received_pdf("t.pdf", content),
            actor=actor,
        )
    assert application.files.filter(kind=kind).count() == 1
    for name in ("one.pdf", "two.pdf"):
        actions.add_file(
            application.pk,
            kind=factories.FileKind.CV,
            received=factories.received_pdf(name),
            actor=actor,
        )
    cv = application.files.get(kind=factories.FileKind.CV)
    newest = cv.document.newest
    assert newest is not None
    assert newest.original_name == "two.pdf"
    assert cv.document.versions.count() == 2
    actions.remove_file(application.pk, cv.document_id, actor=actor)
    actions.remove_file(application.pk, cv.document_id, actor=actor)
    cv.refresh_from_db()
    assert cv.removed_at is not None


# --- Timers ---------------------------------------------------------------------------------------


def test_drafts_end_with_their_intake_and_are_told_once() -> None:
    application = factories.draft()
    other = factories.submitted(intake=application.intake)
    closes_at = closes_at_of(application)
    assert timers.expire_drafts(closes_at, False) == []
    after = closes_at + SECOND
    assert timers.expire_drafts(after, True) == [f"expire {application.reference}"]
    assert timers.expire_drafts(after, False) == [f"expire {application.reference}"]
    assert timers.expire_drafts(after, False) == []
    other.refresh_from_db()
    assert other.state == ApplicationState.SUBMITTED
    assert OutgoingMessage.objects.filter(kind="application.expired").count() == 1


def test_drafts_are_reminded_of_twice() -> None:
    application = factories.draft()
    factories.submitted(intake=application.intake)
    closes_at = closes_at_of(application)
    assert timers.draft_reminders(closes_at - timedelta(days=15), False) == []
    for days in (14, 13, 4, 3, 2):
        timers.draft_reminders(closes_at - timedelta(days=days), False)
    keys = OutgoingMessage.objects.filter(kind="application.draft_reminder").values_list(
        "dedupe_key", flat=True
    )
    assert sorted(keys) == sorted(
        f"application.draft_reminder:{application.public_id}:{days}" for days in (14, 3)
    )


def test_who_just_started_is_not_reminded() -> None:
    intake = factories.make_intake()
    assert intake.closes_at is not None
    now = intake.closes_at - timedelta(days=10)
    factories.draft(intake=intake, now=now)
    assert timers.draft_reminders(now + timedelta(hours=1), False) == []


@pytest.mark.parametrize("kind", messages.ALL, ids=lambda kind: kind.code)
def test_mails_are_made_from_real_applications(kind: MessageKind) -> None:
    application = factories.submitted()
    event = Event.objects.filter(stream=application.public_id).earliest("id")
    message = OutgoingMessage(
        kind=kind.code, context={"application": application.pk, "event": event.pk}
    )
    for context in (kind.build(message, factories.NOW), kind.sample()):
        words = rendering.render(kind, context)
        assert "None" not in words.body
        assert "{" not in words.body
        assert "https://" in words.text or "http://" in words.text
    assert (
        application.reference
        in rendering.render(kind, kind.build(message, factories.NOW)).subject
        + rendering.render(kind, kind.build(message, factories.NOW)).body
    )


def test_a_mail_that_no_longer_holds_is_not_wanted() -> None:
    application = factories.submitted()
    message = OutgoingMessage.objects.get(kind="application.submitted")
    assert messages.SUBMITTED.still_wanted(message, factories.NOW)
    actions.withdraw_application(application.pk, actor=actor_of(application))
    assert not messages.SUBMITTED.still_wanted(message, factories.NOW)


def test_requirements_from_the_start() -> None:
    application = factories.draft()
    states = dict(application.requirements.values_list("kind", "state"))
    assert states == {
        kind.value: RequirementState.OPEN
        for kind in (
            RequirementKind.OWN_PART,
            RequirementKind.FEE,
            RequirementKind.LETTER_1,
            RequirementKind.LETTER_2,
        )
    }


def test_a_step_needs_a_door() -> None:
    from applicants.steps.locks import lock_application

    application = factories.draft()
    with transaction.atomic():
        assert lock_application(application.pk) == application
