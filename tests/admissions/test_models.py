"""What the database itself refuses, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from admissions.models import Assignment, Decision, Offer, Review, ReviewScore
from tests.admissions.office import Staff, assigned, in_review, proposed, visible
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def test_the_approver_is_never_the_proposer():
    staff = Staff.make()
    decision = proposed(in_review(), staff)
    for state in ("approved", "proposed"):
        with refuses("decision_approver_is_not_the_proposer"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(
                state=state, approver=decision.proposer, approved_at=NOW
            )


def test_an_approved_decision_has_an_approver():
    decision = proposed(in_review(), Staff.make())
    with refuses("decision_approved_by_a_person"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state="approved", approved_at=NOW)


def test_a_visible_decision_was_released():
    staff = Staff.make()
    decision = proposed(in_review(), staff)
    with refuses("decision_visible_after_release"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            state="visible", approver=staff.director, approved_at=NOW, visible_at=NOW
        )
    with refuses("decision_released_after_approval"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            released_at=NOW, released_by=staff.director, due_at=NOW
        )


def test_one_live_decision_and_one_live_offer():
    staff = Staff.make()
    application = in_review()
    decision = visible(application, staff)
    values = {
        "application": application,
        "outcome": "reject",
        "reason": "x",
        "proposer": staff.tutor,
    }
    Decision.objects.create(**values)
    with refuses("one_live_decision_per_application"), transaction.atomic():
        Decision.objects.create(**values)
    other = Decision.objects.exclude(pk=decision.pk).get()
    with refuses("one_live_offer_per_application"), transaction.atomic():
        Offer.objects.create(
            application=application,
            decision=other,
            conditional=False,
            made_visible_at=NOW,
            reply_by_at=NOW + timedelta(days=28),
        )


def test_scores_and_submitted_reviews():
    staff = Staff.make()
    assignment = assigned(in_review(), staff)
    review = Review.objects.create(assignment=assignment)
    with refuses("score_from_0_to_10"), transaction.atomic():
        ReviewScore.objects.create(review=review, criterion="academic", value=11)
    for comment, recommendation in (("too short", "offer"), ("long enough " * 5, "")):
        with refuses("review_submitted_with_reasons"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(
                comment=comment, recommendation=recommendation, submitted_at=NOW
            )
    Review.objects.filter(pk=review.pk).update(
        comment="line\n" * 10, recommendation="offer", submitted_at=NOW
    )
    with refuses("one_live_assignment_per_reviewer"), transaction.atomic():
        Assignment.objects.create(
            application=assignment.application,
            reviewer=staff.reviewer,
            assigned_by=staff.officer,
        )
