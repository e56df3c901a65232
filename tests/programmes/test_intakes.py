"""An intake's state follows from its dates and marks, to the second, in Python and in SQL alike."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from programmes.models import Intake, IntakeState, Programme, RequirementSet
from programmes.queries import ended_intakes, open_intakes
from tests.programmes.times import at

OPENS, CLOSES = at("2027-01-10 09:00:00"), at("2027-03-31 22:59:59")


@pytest.fixture
def intake(db: None) -> Intake:
    programme = Programme.objects.create(
        slug="trial", code="TRIAL", title="Trial", award="MSc", published=True
    )
    requirements = RequirementSet.objects.create(programme=programme, label="2027")
    return Intake.objects.create(
        programme=programme,
        requirement_set=requirements,
        reference="trial-2027-autumn",
        cycle=2027,
        label="Autumn 2027",
        entry_text="September 2027",
        opens_at=OPENS,
        closes_at=CLOSES,
        fee_amount=Decimal(80),
    )


@pytest.mark.parametrize(
    ("marks", "now", "state"),
    [
        ({}, at("2027-01-10 08:59:59"), IntakeState.PLANNED),
        ({}, OPENS, IntakeState.OPEN),
        ({}, CLOSES, IntakeState.OPEN),
        ({}, at("2027-03-31 22:59:59.999999"), IntakeState.OPEN),
        ({}, at("2027-03-31 23:00:00"), IntakeState.CLOSED),
        ({"opens_at": None}, at("2027-02-01 00:00"), IntakeState.PLANNED),
        ({"opens_at": None}, at("2027-04-01 00:00"), IntakeState.CLOSED),
        ({"closes_at": None}, at("2029-01-01 00:00"), IntakeState.OPEN),
        ({"full_at": at("2027-02-01 12:00")}, at("2027-02-01 11:59:59"), IntakeState.OPEN),
        ({"full_at": at("2027-02-01 12:00")}, at("2027-02-01 12:00"), IntakeState.FULL),
        ({"full_at": at("2027-02-01 12:00")}, at("2027-04-01 12:00"), IntakeState.CLOSED),
        ({"closed_early_at": at("2027-02-01 12:00")}, at("2027-02-01 11:59:59"), IntakeState.OPEN),
        ({"closed_early_at": at("2027-02-01 12:00")}, at("2027-02-01 12:00"), IntakeState.CLOSED),
        ({"is_historic": True}, at("2027-02-01 12:00"), IntakeState.CLOSED),
    ],
)
def test_state_at_a_moment(
    intake: Intake, marks: dict[str, Any], now: datetime, state: IntakeState
) -> None:
    Intake.objects.filter(pk=intake.pk).update(**marks)
    intake.refresh_from_db()
    assert intake.state_at(now) is state
    assert open_intakes(now).contains(intake) is (state is IntakeState.OPEN)
    assert ended_intakes(now).contains(intake) is (state is IntakeState.CLOSED)


def test_an_unpublished_programme_has_no_open_intake(intake: Intake) -> None:
    assert open_intakes(OPENS).exists()
    Programme.objects.update(published=False)
    assert not open_intakes(OPENS).exists()


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"closes_at": OPENS}, "programmes_intake_closes_after_opening"),
        ({"fee_amount": Decimal("-0.01")}, "programmes_intake_fee_not_negative"),
        ({"fee_currency": "pounds"[:3]}, "programmes_intake_currency"),
        ({"target_weeks": 9}, "programmes_intake_review_weeks"),
        ({"target_weeks": 0}, "programmes_intake_review_weeks"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    intake: Intake, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(**wrong)
