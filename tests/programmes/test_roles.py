"""Who holds which role, when and for what; who may give one, and what giving and ending do."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.accounts.models import Person, PersonSession
from foundation.doors import Actor, Refused
from foundation.history.kinds import Audience
from foundation.history.models import Event
from foundation.history.queries import timeline
from foundation.notifications import access as notifications_access
from programmes.actions import end_role, grant_role, invite_staff
from programmes.models import Programme, RoleGrant
from programmes.queries import people_with, visible_to
from programmes.roles import Role
from programmes.rules import (
    has_role,
    has_role_everywhere,
    may_grant,
    programmes_of,
    roles_of,
)
from tests.programmes.conftest import MakeStaff
from tests.programmes.times import at

NOW = at("2027-01-15 12:00")
LATER = NOW + timedelta(days=1)
COMMAND = Actor.timer("test")


def give(person: Person, role: Role, programme: Programme | None = None) -> RoleGrant:
    return grant_role(person, role, programme, actor=COMMAND, now=NOW)


def open_session(person: Person, key: str) -> None:
    PersonSession.objects.create(session_key=key, session_data="", expire_date=LATER, person=person)


class TestScope:
    def test_a_role_for_one_programme_is_none_for_another(
        self, make_staff: MakeStaff, mlds: Programme, mscai: Programme
    ) -> None:
        person = make_staff("Rita", Role.REVIEWER, programme=mlds)
        assert has_role(person, Role.REVIEWER)
        assert has_role(person, Role.REVIEWER, programme=mlds)
        assert not has_role(person, Role.REVIEWER, programme=mscai)
        assert not has_role(person, Role.ADMISSIONS_TUTOR, programme=mlds)
        assert list(programmes_of(person, Role.REVIEWER)) == [mlds]
        assert roles_of(person, programme=mscai) == frozenset()
        assert roles_of(person) == {Role.REVIEWER}
        assert not has_role_everywhere(person, Role.REVIEWER)

    def test_a_role_for_all_holds_for_each_also_a_new_one(
        self, make_staff: MakeStaff, mlds: Programme, mscai: Programme
    ) -> None:
        person = make_staff("Rita", Role.AUDITOR)
        new = Programme.objects.create(slug="new", code="NEW", title="New", award="MSc")
        assert set(programmes_of(person, Role.AUDITOR)) == {mlds, mscai, new}
        assert has_role(person, Role.AUDITOR, programme=new)
        assert has_role_everywhere(person, Role.AUDITOR)
        assert list(people_with(Role.AUDITOR, programme=new, now=timezone.now())) == [
            Person.objects.get(email="auditor@demo.example"),
            person,
        ]

    def test_an_editor_sees_their_unpublished_programme(
        self, make_staff: MakeStaff, mlds: Programme, mscai: Programme
    ) -> None:
        Programme.objects.update(published=False)
        editor = make_staff("Edith", Role.CATALOGUE_EDITOR, programme=mlds)
        assert list(visible_to(editor)) == [mlds]
        assert list(visible_to(make_staff("Rita", Role.REVIEWER))) == []
        assert list(visible_to(AnonymousUser())) == []


class TestTime:
    def test_a_role_holds_from_its_start_until_just_before_its_end(
        self, make_staff: MakeStaff
    ) -> None:
        person = make_staff("Rita")
        RoleGrant.objects.create(person=person, role=Role.REVIEWER, from_at=NOW, until_at=LATER)
        just = timedelta(microseconds=1)
        assert not has_role(person, Role.REVIEWER, now=NOW - just)
        assert has_role(person, Role.REVIEWER, now=NOW)
        assert has_role(person, Role.REVIEWER, now=LATER - just)
        assert not has_role(person, Role.REVIEWER, now=LATER)

    @pytest.mark.parametrize("mark", ["is_active", "is_staff_member"])
    def test_who_is_no_active_member_of_staff_holds_none(
        self, make_staff: MakeStaff, mark: str
    ) -> None:
        person = make_staff("Rita", Role.AUDITOR)
        Person.objects.filter(pk=person.pk).update(**{mark: False})
        assert not has_role(person, Role.AUDITOR)
        assert not has_role(AnonymousUser(), Role.AUDITOR)


class TestGranting:
    def test_a_head_gives_a_role_and_sessions_end(
        self, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS)
        person, other = make_staff("Rita"), make_staff("Otto")
        open_session(person, "theirs")
        open_session(other, "another's")
        grant = grant_role(
            person, Role.REVIEWER, mlds, actor=Actor.person(head), reason="New reviewer"
        )
        assert grant.granted_by == head
        assert has_role(person, Role.REVIEWER, programme=mlds)
        assert list(PersonSession.objects.values_list("session_key", flat=True)) == ["another's"]
        event = Event.objects.get(stream=person.public_id, kind="role.granted")
        assert event.data == {"grant": grant.pk, "role": "reviewer", "programme": mlds.pk}
        assert event.text.body == "New reviewer"

    def test_only_audit_reads_of_roles(self, make_staff: MakeStaff, mlds: Programme) -> None:
        person = make_staff("Rita", Role.REVIEWER)
        now = timezone.now()
        assert timeline(person.public_id, audience=Audience.AUDIT, now=now).exists()
        for audience in set(Audience) - {Audience.AUDIT}:
            assert not timeline(person.public_id, audience=audience, now=now).exists()

    def test_nobody_grants_to_themselves(self, make_staff: MakeStaff, mlds: Programme) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS)
        with pytest.raises(Refused) as refusal:
            grant_role(head, Role.PROGRAMME_DIRECTOR, mlds, actor=Actor.person(head))
        assert refusal.value.code == "own_role"
        with pytest.raises(Refused) as refusal:
            invite_staff(head.email, "Helen", Role.AUDITOR, None, actor=Actor.person(head))
        assert refusal.value.code == "own_role"
        assert roles_of(head) == {Role.HEAD_OF_ADMISSIONS}

    def test_nor_does_the_database_let_them(self, make_staff: MakeStaff) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS)
        with pytest.raises(IntegrityError, match="never_to_oneself"), transaction.atomic():
            RoleGrant.objects.create(person=head, role=Role.AUDITOR, granted_by=head)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD_OF_ADMISSIONS])
    def test_no_other_role_gives_roles(
        self, make_staff: MakeStaff, mlds: Programme, role: Role
    ) -> None:
        giver, person = make_staff("Gina", role), make_staff("Rita")
        with pytest.raises(Refused) as refusal:
            grant_role(person, Role.REVIEWER, mlds, actor=Actor.person(giver))
        assert refusal.value.code == "not_head"
        assert not person.role_grants.exists()

    def test_a_head_of_one_programme_gives_for_that_one_alone(
        self, make_staff: MakeStaff, mlds: Programme, mscai: Programme
    ) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS, programme=mlds)
        person = make_staff("Rita")
        actor = Actor.person(head)
        grant_role(person, Role.REVIEWER, mlds, actor=actor)
        for programme in (mscai, None):
            with pytest.raises(Refused) as refusal:
                grant_role(person, Role.REVIEWER, programme, actor=actor)
            assert refusal.value.code == "not_head"
        assert may_grant(head, mlds, now=timezone.now())
        assert not may_grant(head, None, now=timezone.now())

    def test_who_is_not_staff_or_has_the_role_is_refused(
        self, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        applicant = Person.objects.get(email="applicant@demo.example")
        with pytest.raises(Refused) as refusal:
            give(applicant, Role.REVIEWER)
        assert refusal.value.code == "not_staff"
        person = make_staff("Rita", Role.REVIEWER, programme=mlds)
        with pytest.raises(Refused) as refusal:
            grant_role(person, Role.REVIEWER, mlds, actor=COMMAND)
        assert refusal.value.code == "has_role"

    def test_an_end_in_the_past_is_refused(self, make_staff: MakeStaff) -> None:
        with pytest.raises(Refused) as refusal:
            grant_role(make_staff("Rita"), Role.AUDITOR, None, actor=COMMAND, until_at=NOW, now=NOW)
        assert refusal.value.code == "ends_before_it_begins"

    def test_referees_and_providers_give_nothing(self, make_staff: MakeStaff) -> None:
        person = make_staff("Rita")
        for actor in (Actor.referee(1), Actor.provider("sandbox")):
            with pytest.raises(Refused):
                grant_role(person, Role.AUDITOR, None, actor=actor)


class TestEnding:
    def test_a_role_ends_at_once_and_so_do_the_sessions(
        self, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS)
        person = make_staff("Rita", Role.REVIEWER, programme=mlds)
        open_session(person, "theirs")
        grant = person.role_grants.get()
        end_role(grant, actor=Actor.person(head), reason="Left")
        assert not has_role(person, Role.REVIEWER)
        assert not PersonSession.objects.exists()
        event = Event.objects.get(stream=person.public_id, kind="role.ended")
        assert (event.actor_id, event.text.body) == (head.pk, "Left")

    def test_somebody_else_was_faster(self, make_staff: MakeStaff) -> None:
        grant = make_staff("Rita", Role.AUDITOR).role_grants.get()
        end_role(grant, actor=COMMAND)
        with pytest.raises(Refused) as refusal:
            end_role(grant, actor=COMMAND)
        assert refusal.value.code == "role_ended"
        assert Event.objects.filter(kind="role.ended").count() == 1

    def test_a_role_can_be_given_again(self, make_staff: MakeStaff) -> None:
        person = make_staff("Rita", Role.AUDITOR)
        end_role(person.role_grants.get(), actor=COMMAND)
        grant_role(person, Role.AUDITOR, None, actor=COMMAND)
        assert has_role(person, Role.AUDITOR)
        assert person.role_grants.count() == 2

    def test_a_head_does_not_end_their_own(self, make_staff: MakeStaff) -> None:
        head = make_staff("Helen", Role.HEAD_OF_ADMISSIONS)
        with pytest.raises(Refused) as refusal:
            end_role(head.role_grants.get(), actor=Actor.person(head))
        assert refusal.value.code == "own_role"


def test_a_system_administrator_looks_after_the_outbox(make_staff: MakeStaff) -> None:
    assert notifications_access.may_manage(make_staff("Samir", Role.SYSTEM_ADMINISTRATOR))
    assert not notifications_access.may_manage(make_staff("Helen", Role.HEAD_OF_ADMISSIONS))
    assert not notifications_access.may_manage(AnonymousUser())
