"""The demonstration: open intakes with rolling dates, people with roles, loaded again without change."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.models import Person
from programmes import demo
from programmes.models import Intake, IntakeState, RoleGrant
from programmes.queries import open_intakes
from programmes.roles import Role
from programmes.rules import has_role
from tests.programmes.times import at

NOW = at("2027-01-15 12:00")


@pytest.mark.django_db
class TestDemonstration:
    def test_both_programmes_are_open_and_marked(self) -> None:
        demo.load(NOW)
        intakes = list(open_intakes(NOW))
        assert {intake.programme.code for intake in intakes} == {"MLDS", "MSCAI"}
        assert all(intake.is_demonstration for intake in intakes)
        assert {intake.reference for intake in intakes} == {
            "mlds-2027-autumn",
            "mscai-2027-autumn",
        }
        mlds = next(intake for intake in intakes if intake.programme.code == "MLDS")
        assert mlds.opens_at == at("2026-10-16 23:00")
        assert mlds.closes_at == at("2027-03-26 23:59:59")

    def test_loading_again_changes_nothing(self) -> None:
        assert demo.load(NOW)
        before = list(Intake.objects.values()), list(RoleGrant.objects.values())
        assert demo.load(NOW + timedelta(days=20)) == []
        assert (list(Intake.objects.values()), list(RoleGrant.objects.values())) == before

    def test_dates_that_have_passed_are_made_anew(self) -> None:
        demo.load(NOW)
        later = at("2027-03-28 12:00")
        demo.load(later)
        intake = Intake.objects.get(reference="mlds-2027-autumn")
        assert intake.state_at(later) is IntakeState.OPEN
        assert intake.closes_at == at("2027-06-06 22:59:59")

    def test_a_closing_too_near_september_is_for_the_year_after(self) -> None:
        summer = at("2027-07-01 12:00")
        demo.load(summer)
        assert {intake.cycle for intake in open_intakes(summer)} == {2028}

    def test_everybody_on_the_table_has_the_role_that_it_names(self) -> None:
        demo.load(NOW)
        for person in demo.PEOPLE:
            found = Person.objects.get(email=person.email)
            assert found.check_password(demo.PASSWORD)
            assert found.is_staff_member is person.is_staff
            if person.role:
                assert has_role(found, person.role, now=NOW)
        officer = Person.objects.get(email="officer@demo.example")
        codes = officer.role_grants.values_list("programme__code", flat=True)
        assert set(codes) == {"MLDS", "MSCAI"}
        assert len({person.role for person in demo.PEOPLE}) == 10 - 1
        assert Role.HEAD_OF_ADMISSIONS in {person.role for person in demo.PEOPLE}

    def test_the_command_prints_the_table(self) -> None:
        out = StringIO()
        call_command("load_demo", stdout=out)
        assert "officer@demo.example" in out.getvalue()
        assert demo.PASSWORD in out.getvalue()
        assert "Admissions officer" in out.getvalue()


@pytest.mark.django_db
def test_a_second_start_is_quick() -> None:
    demo.load(NOW)
    with CaptureQueriesContext(connection) as queries:
        demo.load(NOW)
    assert len(queries) < 60
