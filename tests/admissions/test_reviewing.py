"""Who may be given a file, reviews, and what a decision waits for."""

from datetime import timedelta
from typing import Any

import pytest

from admissions import actions, rendering
from admissions.models import (
    Need,
    ReviewCase,
)
from applicants.actions import submit_application
from applicants.fees import actions as fees
from applicants.fees.grounds import Ground
from applicants.models import Waiver
from applicants.states import ApplicationState
from foundation.doors import Actor, Refused
from programmes.models import RoleGrant
from programmes.roles import Role
from referees.models import ReferenceRequest
from referees.rules import may_replace
from tests.admissions.office import (
    COMMENT,
    SCORES,
    Staff,
    approved,
    assigned,
    by,
    fresh,
    in_review,
    proposed,
    send_letter,
)
from tests.factories import NOW, make_staff, ready_draft

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("decisions.make_visible")
LATER = NOW + timedelta(minutes=30)


def need_of(application):
    return ReviewCase.objects.get(application=application).what


def test_a_letter_cant_be_replaced_once_a_decision_is_proposed():
    staff = Staff.make()
    application = in_review()
    request = ReferenceRequest.objects.filter(application=application).first()
    assert may_replace(request, NOW)
    decision = proposed(application, staff)
    assert not may_replace(request, NOW)
    actions.return_decision(decision.pk, actor=by(staff.director), reason="Wait", now=NOW)
    assert may_replace(request, NOW)


def test_whoever_decided_the_waiver_is_not_assigned():
    application = in_review()
    staff = Staff.make()
    decider = Waiver.objects.get(fee__applicant=application.applicant).decided_by
    RoleGrant.objects.create(person=decider, role=Role.REVIEWER)
    for person, code in (
        (decider, "conflict"),
        (staff.officer, "not_a_reviewer"),
        (application.applicant, "conflict"),
    ):
        with pytest.raises(Refused) as refused:
            actions.assign_reviewer(application.pk, person, actor=by(staff.officer), now=NOW)
        assert refused.value.code == code


def test_nobody_is_assigned_twice_nor_after_stepping_back():
    staff = Staff.make()
    application = in_review()
    assignment = assigned(application, staff)
    with pytest.raises(Refused) as refused:
        assigned(application, staff)
    assert refused.value.code == "already_assigned"
    actions.recuse(assignment.pk, actor=by(staff.reviewer), reason="My student", now=NOW)
    assert need_of(application) is Need.ASSIGN
    with pytest.raises(Refused) as refused:
        assigned(application, staff)
    assert refused.value.code == "recused"
    with pytest.raises(Refused):
        actions.submit_review(
            assignment.pk,
            actor=by(staff.reviewer),
            scores=SCORES,
            comment=COMMENT,
            recommendation="offer",
            now=NOW,
        )


def test_a_review_is_submitted_once_and_by_its_reviewer():
    staff = Staff.make()
    application = in_review()
    assignment = assigned(application, staff)
    values: dict[str, Any] = {
        "scores": SCORES,
        "comment": COMMENT,
        "recommendation": "offer",
        "now": NOW,
    }
    with pytest.raises(Refused) as refused:
        actions.submit_review(assignment.pk, actor=by(staff.tutor), **values)
    assert refused.value.code == "not_allowed"
    actions.submit_review(assignment.pk, actor=by(staff.reviewer), **values)
    with pytest.raises(Refused) as refused:
        actions.submit_review(assignment.pk, actor=by(staff.reviewer), **values)
    assert refused.value.code == "already_submitted"
    with pytest.raises(Refused):
        actions.recuse(assignment.pk, actor=by(staff.reviewer), reason="Too late", now=NOW)


def test_a_waiver_keeps_the_place_in_the_queue_and_release_waits_for_it():
    staff = Staff.make()
    draft = ready_draft(fee_settled=False)
    applicant = by(draft.applicant)
    waiver = fees.request_waiver(
        draft.pk, actor=applicant, ground=Ground.LOST_WORK, explanation="Since June", now=NOW
    )
    submit_application(draft.pk, actor=applicant, now=NOW)
    for position in (1, 2):
        send_letter(draft, position, now=NOW)
    application = fresh(draft)
    assert application.state == ApplicationState.IN_REVIEW
    assert ReviewCase.objects.get(application=application).fee_in_order
    decision = approved(application, staff)
    with pytest.raises(Refused) as refused:
        actions.release_decision(decision.pk, actor=by(staff.director), now=NOW)
    assert refused.value.code == "fee_not_settled"
    finance = make_staff(Role.FINANCE_OFFICER)
    fees.grant_waiver(waiver.pk, actor=by(finance), now=NOW)
    actions.release_decision(decision.pk, actor=by(staff.director), now=NOW)
    rendering.render_and_keep(decision.pk, actor=TIMER)
    assert actions.make_visible(decision.pk, actor=TIMER, now=LATER)
