"""What the office does by time."""

from datetime import timedelta

import pytest

from admissions import actions, timers
from admissions.models import (
    Offer,
)
from applicants.states import ApplicationState
from foundation.doors import Actor
from foundation.notifications.models import OutgoingMessage
from tests.admissions.office import (
    Staff,
    approved,
    by,
    fresh,
    in_review,
    visible,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("decisions.make_visible")
LATER = NOW + timedelta(minutes=30)


def test_offers_are_reminded_of_once_on_each_day():
    staff = Staff.make()
    visible(in_review(), staff)
    offer = Offer.objects.get()
    mails = OutgoingMessage.objects.filter(kind="offer.reminder")
    for days, count in ((8, 0), (7, 1), (5, 1), (1, 2), (0, 2)):
        for _again in range(2):
            timers.remind_of_offers(offer.reply_by_at - timedelta(days=days), False)
        assert mails.count() == count, days
    assert timers.lapse_offers(offer.reply_by_at + timedelta(minutes=6), True)
    assert timers.lapse_offers(offer.reply_by_at + timedelta(minutes=6), False)
    assert timers.lapse_offers(offer.reply_by_at + timedelta(minutes=6), False) == []


def test_timers_make_letters_and_decisions_visible(settings):
    settings.UNDO_WINDOW_MINUTES = 10
    staff = Staff.make()
    application = in_review()
    decision = approved(application, staff)
    actions.release_decision(decision.pk, actor=by(staff.director), now=NOW)
    assert timers.make_decisions_visible(LATER, False) == []
    assert timers.make_letters(LATER, True) == [f"letter of decision {decision.pk}"]
    assert timers.make_letters(LATER, False) == [f"letter of decision {decision.pk}"]
    assert timers.make_letters(LATER, False) == []
    assert timers.make_decisions_visible(NOW, False) == []
    assert timers.make_decisions_visible(LATER, False) == [f"decision {decision.pk} is visible"]
    assert fresh(application).state == ApplicationState.OFFERED
