"""What an applicant was told doesn't change when the catalogue does."""

import json
from decimal import Decimal

from django.utils import timezone

from programmes.facts import VERSION, snapshot
from programmes.models import Intake, Programme, Term
from programmes.queries import open_intakes


def test_it_holds_what_binds(mlds: Programme) -> None:
    told = snapshot(open_intakes(timezone.now()).get(programme=mlds))
    assert told["version"] == VERSION
    assert told["fee"] == {
        "amount": "80.00",
        "currency": "GBP",
        "refundable": False,
        "waivable": True,
    }
    assert told["review"] == {"target_weeks": 6, "limit_weeks": 8, "starts": "when_complete"}
    assert told["programme"]["ects"] == "90.0"
    assert [term["ects"] for term in told["programme"]["terms"]] == [
        "12.5",
        "12.5",
        "15.0",
        "15.0",
        "15.0",
        "20.0",
    ]
    assert told["requirements"]["minimum_class"] == "2:1"
    assert told["requirements"]["referees"] == {"count": 2, "academic_at_least": 1}
    assert told["requirements"]["documents"][2]["only_when_awarded"] is True
    assert told["programme"]["advice"][0]["if"].startswith("you are planning a PhD")
    assert told["defaults"] == []


def test_what_is_not_stated_is_null_and_defaults_are_named(mscai: Programme) -> None:
    told = snapshot(open_intakes(timezone.now()).get(programme=mscai))
    assert told["programme"]["ects"] is None
    assert told["requirements"]["minimum_class"] is None
    assert told["defaults"] == ["documents", "english", "fee", "referees", "review"]
    assert told["programme"]["inferred"] == ["delivery", "pace", "years"]


def test_it_is_plain_json_that_no_later_change_reaches(mlds: Programme) -> None:
    intake = open_intakes(timezone.now()).get(programme=mlds)
    kept = json.dumps(snapshot(intake), sort_keys=True)
    Intake.objects.filter(pk=intake.pk).update(fee_amount=Decimal(120), limit_weeks=12)
    Programme.objects.filter(pk=mlds.pk).update(title="Another title")
    Term.objects.filter(programme=mlds, year=1, number=1).update(ects=30)
    intake = Intake.objects.get(pk=intake.pk)
    now = snapshot(intake)
    assert json.loads(kept)["fee"]["amount"] == "80.00"
    assert json.loads(kept)["programme"]["title"] == "MSc Machine Learning and Data Science"
    assert now["fee"]["amount"] == "120.00"
    assert json.dumps(now, sort_keys=True) != kept
