"""From a complete file to a confirmed place, by the actions alone."""

from datetime import date, timedelta

import pytest

from admissions import actions, rendering
from admissions.models import (
    AssignmentState,
    Condition,
    ConditionState,
    Decision,
    DecisionLetter,
    DecisionState,
    Need,
    Offer,
    OfferState,
    Outcome,
    ReviewCase,
)
from applicants.actions import withdraw_application
from applicants.models import ReviewClock
from applicants.states import ApplicationState
from foundation.doors import Actor, Refused
from foundation.history.kinds import Audience
from foundation.history.queries import timeline
from foundation.notifications.models import OutgoingMessage
from tests.admissions.office import (
    COMMENT,
    SCORES,
    TRANSCRIPT,
    Staff,
    assigned,
    by,
    fresh,
    in_review,
    proposed,
    released,
    reviewed,
    visible,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("decisions.make_visible")
LATER = NOW + timedelta(minutes=30)


def need_of(application):
    return ReviewCase.objects.get(application=application).what


def test_an_offer_goes_from_a_complete_file_to_a_confirmed_place(settings):
    settings.UNDO_WINDOW_MINUTES = 10
    staff = Staff.make()
    application = in_review()
    assert application.state == ApplicationState.IN_REVIEW
    assert need_of(application) is Need.ASSIGN

    assignment = assigned(application, staff)
    assert need_of(application) is Need.REVIEW
    actions.save_review(
        assignment.pk, actor=by(staff.reviewer), scores={}, comment="So far", now=NOW
    )
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.READING
    actions.submit_review(
        assignment.pk,
        actor=by(staff.reviewer),
        scores=SCORES,
        comment=COMMENT,
        recommendation="offer",
        now=NOW,
    )
    assert need_of(application) is Need.PROPOSE

    decision = actions.propose_decision(
        application.pk,
        actor=by(staff.tutor),
        outcome=Outcome.OFFER,
        reason="Strong in every part",
        conditions=[TRANSCRIPT],
        now=NOW,
    )
    assert need_of(application) is Need.APPROVE
    actions.approve_decision(decision.pk, actor=by(staff.director), now=NOW)
    assert fresh(application).state == ApplicationState.DECIDED
    assert need_of(application) is Need.RELEASE

    actions.release_decision(decision.pk, actor=by(staff.director), now=NOW)
    assert need_of(application) is Need.RELEASED
    # Neither before its letter is made nor before the undo window ends.
    assert not actions.make_visible(decision.pk, actor=TIMER, now=LATER)
    assert rendering.render_and_keep(decision.pk, actor=TIMER)
    assert not actions.make_visible(decision.pk, actor=TIMER, now=NOW + timedelta(minutes=9))
    letter = DecisionLetter.objects.get(decision=decision)
    assert letter.document.visible_from == actions.NOT_YET

    assert actions.make_visible(decision.pk, actor=TIMER, now=LATER)
    assert not actions.make_visible(decision.pk, actor=TIMER, now=LATER)
    letter.document.refresh_from_db()
    assert letter.document.visible_from == LATER
    assert fresh(application).state == ApplicationState.OFFERED
    assert ReviewClock.objects.get(application=application).stopped_at == LATER
    offer = Offer.objects.get(application=application)
    assert offer.conditional
    assert offer.state == OfferState.LIVE
    # 28 days after 12 January, to the last second of the day in London.
    assert offer.reply_by_at.date() == date(2027, 2, 9)
    assert (offer.reply_by_at.hour, offer.reply_by_at.second) == (23, 59)
    assert need_of(application) is Need.REPLY
    news = OutgoingMessage.objects.get(kind="decision.news")
    assert news.recipient == application.applicant.email

    actions.accept_offer(application.pk, actor=by(application.applicant), now=LATER)
    assert fresh(application).state == ApplicationState.ACCEPTED
    assert need_of(application) is Need.CONDITIONS
    condition = Condition.objects.get(decision=decision)
    actions.settle_condition(condition.pk, ConditionState.MET, actor=by(staff.officer), now=LATER)
    assert fresh(application).state == ApplicationState.ADMITTED
    assert need_of(application) is Need.NONE


def test_an_unconditional_offer_is_confirmed_when_it_is_accepted():
    staff = Staff.make()
    application = in_review()
    visible(application, staff)
    actions.accept_offer(application.pk, actor=by(application.applicant), now=LATER)
    assert fresh(application).state == ApplicationState.ADMITTED
    assert OutgoingMessage.objects.filter(kind="offer.accepted_receipt").count() == 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.WAITLIST, ApplicationState.WAITLISTED),
        (Outcome.REJECT, ApplicationState.REJECTED),
    ],
)
def test_other_outcomes_make_no_offer(outcome, state):
    staff = Staff.make()
    application = in_review()
    visible(application, staff, outcome=outcome)
    assert fresh(application).state == state
    assert not Offer.objects.exists()


def test_nobody_approves_their_own_proposal():
    staff = Staff.make()
    application = in_review()
    reviewed(application, staff)
    decision = actions.propose_decision(
        application.pk,
        actor=by(staff.head),
        outcome=Outcome.OFFER,
        reason="As head",
        now=NOW,
    )
    with pytest.raises(Refused) as refused:
        actions.approve_decision(decision.pk, actor=by(staff.head), now=NOW)
    assert refused.value.code == "own_proposal"
    with pytest.raises(Refused) as refused:
        actions.approve_decision(decision.pk, actor=by(staff.tutor), now=NOW)
    assert refused.value.code == "not_allowed"
    assert fresh(application).state == ApplicationState.IN_REVIEW


def test_a_returned_proposal_is_followed_by_a_new_one():
    staff = Staff.make()
    application = in_review()
    decision = proposed(application, staff)
    actions.return_decision(
        decision.pk, actor=by(staff.director), reason="Add the transcript", now=NOW
    )
    assert need_of(application) is Need.PROPOSE
    with pytest.raises(Refused) as refused:
        actions.approve_decision(decision.pk, actor=by(staff.director), now=NOW)
    assert refused.value.code == "moved_on"
    again = actions.propose_decision(
        application.pk,
        actor=by(staff.tutor),
        outcome=Outcome.OFFER,
        reason="Again",
        conditions=[TRANSCRIPT],
        now=NOW,
    )
    actions.approve_decision(again.pk, actor=by(staff.director), now=NOW)
    assert fresh(application).state == ApplicationState.DECIDED


def test_a_decision_needs_a_review_unless_a_head_says_why():
    staff = Staff.make()
    application = in_review()
    for person, why in ((staff.tutor, "In a hurry"), (staff.head, "")):
        with pytest.raises(Refused) as refused:
            actions.propose_decision(
                application.pk,
                actor=by(person),
                outcome=Outcome.REJECT,
                reason="No degree",
                without_review_reason=why,
                now=NOW,
            )
        assert refused.value.code == "no_review"
    actions.propose_decision(
        application.pk,
        actor=by(staff.head),
        outcome=Outcome.REJECT,
        reason="No degree",
        without_review_reason="There is nothing to read",
        now=NOW,
    )


def test_a_decision_is_taken_back_within_the_undo_window_and_never_after(settings):
    settings.UNDO_WINDOW_MINUTES = 10
    staff = Staff.make()
    application = in_review()
    decision = released(application, staff)
    actions.take_back_decision(
        decision.pk,
        actor=by(staff.director),
        reason="Wrong intake",
        now=NOW + timedelta(minutes=5),
    )
    assert fresh(application).state == ApplicationState.IN_REVIEW
    assert not actions.make_visible(decision.pk, actor=TIMER, now=LATER)
    assert not OutgoingMessage.objects.filter(kind="decision.news").exists()

    other = in_review()
    seen = visible(other, Staff.make())
    with pytest.raises(Refused) as refused:
        actions.take_back_decision(seen.pk, actor=by(staff.director), reason="Too late", now=LATER)
    assert refused.value.code == "moved_on"


def test_a_withdrawal_voids_the_decision_and_takes_the_file_from_its_readers():
    staff = Staff.make()
    application = in_review()
    decision = released(application, staff)
    withdraw_application(application.pk, actor=by(application.applicant), now=NOW)
    decision.refresh_from_db()
    assert decision.state == DecisionState.VOID
    assert not actions.make_visible(decision.pk, actor=TIMER, now=LATER)
    assert fresh(application).state == ApplicationState.WITHDRAWN
    assert need_of(application) is Need.NONE


def test_an_offer_can_be_answered_to_its_last_second_and_lapses_after():
    staff = Staff.make()
    application = in_review()
    visible(application, staff)
    offer = Offer.objects.get()
    end = offer.reply_by_at
    assert not actions.lapse_offer(offer.pk, actor=TIMER, now=end)
    with pytest.raises(Refused) as refused:
        actions.accept_offer(
            application.pk, actor=by(application.applicant), now=end + timedelta(seconds=1)
        )
    assert refused.value.code == "reply_too_late"
    actions.accept_offer(application.pk, actor=by(application.applicant), now=end)
    assert not actions.lapse_offer(offer.pk, actor=TIMER, now=end + timedelta(days=1))

    silent = in_review()
    visible(silent, Staff.make())
    other = Offer.objects.get(application=silent)
    assert actions.lapse_offer(other.pk, actor=TIMER, now=other.reply_by_at + timedelta(minutes=6))
    assert fresh(silent).state == ApplicationState.LAPSED
    other.refresh_from_db()
    assert other.state == OfferState.LAPSED


def test_only_the_applicant_answers():
    staff = Staff.make()
    application = in_review()
    visible(application, staff)
    for person in (staff.officer, staff.director, in_review().applicant):
        with pytest.raises(Refused) as refused:
            actions.accept_offer(application.pk, actor=by(person), now=LATER)
        assert refused.value.code == "not_allowed"


def test_a_condition_that_is_not_met_ends_nothing_by_itself():
    staff = Staff.make()
    application = in_review()
    decision = visible(application, staff, conditions=[TRANSCRIPT])
    actions.accept_offer(application.pk, actor=by(application.applicant), now=LATER)
    condition = decision.conditions.get()
    with pytest.raises(Refused) as refused:
        actions.settle_condition(
            condition.pk, ConditionState.WAIVED, actor=by(staff.officer), now=LATER
        )
    assert refused.value.code == "reason_missing"
    actions.settle_condition(
        condition.pk,
        ConditionState.NOT_MET,
        actor=by(staff.officer),
        note="The degree was not awarded",
        now=LATER,
    )
    assert fresh(application).state == ApplicationState.ACCEPTED
    actions.settle_condition(
        condition.pk,
        ConditionState.WAIVED,
        actor=by(staff.officer),
        note="The board did without it",
        now=LATER,
    )
    assert fresh(application).state == ApplicationState.ADMITTED


def test_the_applicants_timeline_shows_nothing_before_the_decision_is_visible():
    staff = Staff.make()
    application = in_review()
    before = set(
        timeline(application.public_id, audience=Audience.APPLICANT, now=NOW).values_list(
            "pk", flat=True
        )
    )
    released(application, staff, reason="SECRET")
    after = set(
        timeline(application.public_id, audience=Audience.APPLICANT, now=LATER).values_list(
            "pk", flat=True
        )
    )
    assert after == before


def test_no_row_of_a_decision_is_left_open_when_a_step_fails():
    staff = Staff.make()
    application = in_review()
    with pytest.raises(Refused):
        actions.propose_decision(
            application.pk,
            actor=by(staff.officer),
            outcome=Outcome.OFFER,
            reason="Not mine to propose",
            now=NOW,
        )
    assert not Decision.objects.exists()
