"""The office's pages about its people, and the commands that do the same from the server."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.models import Invitation, Person
from foundation.notifications.models import OutgoingMessage
from programmes.models import Programme
from programmes.roles import Role
from programmes.rules import has_role, has_role_everywhere
from tests.programmes.conftest import MakeStaff
from tests.sign_in import sign_in_as

PEOPLE = "/office/people/"


@pytest.fixture
def head(make_staff: MakeStaff) -> Person:
    return make_staff("Helen Adeyemi", Role.HEAD_OF_ADMISSIONS)


@pytest.fixture
def office(client: Client, head: Person) -> Client:
    return sign_in_as(client, head)


def address(person: Person) -> str:
    return f"{PEOPLE}{person.public_id}/"


class TestWhoGetsIn:
    def test_a_second_factor_is_needed(self, client: Client, head: Person) -> None:
        sign_in_as(client, head, second_factor=False)
        for url in ("/office/", PEOPLE):
            response = client.get(url)
            assert response.status_code == 302
            assert "/office/" not in response["Location"].split("?")[0]

    def test_who_is_not_signed_in_is_led_to_sign_in(self, client: Client, db: None) -> None:
        response = client.get(PEOPLE)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))

    @pytest.mark.parametrize(
        "role",
        [role for role in Role if role not in (Role.HEAD_OF_ADMISSIONS, Role.SYSTEM_ADMINISTRATOR)],
    )
    def test_other_roles_read_who_the_page_is_for(
        self, client: Client, make_staff: MakeStaff, role: Role
    ) -> None:
        sign_in_as(client, make_staff("Rita", role))
        response = client.get(PEOPLE)
        assert response.status_code == 403
        assert "Head of admissions" in response.content.decode()

    def test_a_system_administrator_looks_and_does_not_touch(
        self, client: Client, make_staff: MakeStaff
    ) -> None:
        person = make_staff("Rita", Role.REVIEWER)
        sign_in_as(client, make_staff("Samir", Role.SYSTEM_ADMINISTRATOR))
        assert client.get(PEOPLE).status_code == 200
        page = client.get(address(person)).content.decode()
        assert "Give a role" not in page
        assert "/end/" not in page
        assert client.get(f"{PEOPLE}invite/").status_code == 403
        assert client.post(f"{address(person)}roles/").status_code == 403

    def test_an_applicant_is_turned_away(self, client: Client, db: None) -> None:
        sign_in_as(client, Person.objects.create_user("a@b.example", full_name="A"))
        assert client.get("/office/").status_code == 403


class TestOffice:
    def test_staff_see_what_they_may_open(
        self, client: Client, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        sign_in_as(client, make_staff("Rita", Role.REVIEWER, programme=mlds))
        page = client.get("/office/").content.decode()
        assert "Reviewer, MSc Machine Learning and Data Science" in page
        assert PEOPLE not in page

    def test_the_head_is_led_to_people(self, office: Client) -> None:
        assert f'href="{PEOPLE}"' in office.get("/office/").content.decode()

    def test_without_a_role_there_is_a_sentence(
        self, client: Client, make_staff: MakeStaff
    ) -> None:
        sign_in_as(client, make_staff("Rita"))
        assert "You have no role at the moment" in client.get("/office/").content.decode()

    def test_staff_land_here_after_signing_in(self, office: Client) -> None:
        assert office.get(reverse("accounts:landing"))["Location"] == "/office/"


class TestList:
    def test_it_finds_by_name_and_address(self, office: Client, make_staff: MakeStaff) -> None:
        make_staff("Rita Skeeter", Role.REVIEWER)
        make_staff("Otto Hahn")
        page = office.get(PEOPLE, {"q": "rita"}).content.decode()
        assert "Rita Skeeter" in page
        assert "Reviewer, all programmes" in page
        assert "Otto Hahn" not in page
        assert "otto.hahn@staff" in office.get(PEOPLE, {"q": "hahn@st"}).content.decode()
        assert "Nobody of the staff matches" in office.get(PEOPLE, {"q": "zzz"}).content.decode()

    def test_it_costs_the_same_for_one_and_for_three(
        self, office: Client, make_staff: MakeStaff
    ) -> None:
        counts = []
        for names in ((), ("Otto", "Rita")):
            for name in names:
                make_staff(name, Role.REVIEWER, Role.AUDITOR)
            with CaptureQueriesContext(connection) as queries:
                office.get(PEOPLE)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_pages_follow_each_other(
        self, office: Client, make_staff: MakeStaff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programmes.views.people.PAGE_SIZE", 2)
        for name in ("Ada", "Bea", "Cem", "Dan"):
            make_staff(name)
        seen: list[str] = []
        url = PEOPLE
        while url:
            response = office.get(url)
            seen += [person.full_name for person in response.context["people"]]
            url = response.context["links"].next_url
        assert seen == ["Ada", "Bea", "Cem", "Dan", "Helen Adeyemi"]
        assert office.get(PEOPLE, {"after": "nonsense"}).status_code == 200


class TestInviting:
    def test_an_invitation_leaves_and_the_role_is_there(
        self, office: Client, head: Person, mlds: Programme
    ) -> None:
        response = office.post(
            f"{PEOPLE}invite/",
            {
                "email": "New.Reviewer@uni.example",
                "full_name": "Nina Neu",
                "role": "reviewer",
                "scope": mlds.slug,
                "last_day_0": "",
                "last_day_1": "",
                "last_day_2": "",
                "reason": "Joins the team",
            },
            follow=True,
        )
        person = Person.objects.get(email="new.reviewer@uni.example")
        assert response.redirect_chain == [(address(person), 302)]
        assert "An invitation is on its way to new.reviewer@uni.example." in (
            response.content.decode()
        )
        assert has_role(person, Role.REVIEWER, programme=mlds)
        assert person.role_grants.get().granted_by == head
        assert OutgoingMessage.objects.filter(recipient=person.email).count() == 1

    def test_what_is_wrong_stands_beside_its_field_and_nothing_is_done(
        self, office: Client, mlds: Programme
    ) -> None:
        before = Person.objects.count()
        page = office.post(
            f"{PEOPLE}invite/",
            {
                "email": "not an address",
                "full_name": "Nina Neu",
                "role": "emperor",
                "scope": "",
                "last_day_0": "31",
                "last_day_1": "2",
                "last_day_2": "2030",
            },
        ).content.decode()
        assert "Enter an email address in the right form" in page
        assert "The last day must be a real date" in page
        assert "Choose for which programmes" in page
        assert "Choose a role" in page
        assert 'value="not an address"' in page
        assert Person.objects.count() == before
        assert not Invitation.objects.exists()

    def test_a_head_of_one_programme_is_offered_that_one(
        self, client: Client, make_staff: MakeStaff, mlds: Programme, mscai: Programme
    ) -> None:
        sign_in_as(client, make_staff("Hal", Role.HEAD_OF_ADMISSIONS, programme=mlds))
        page = client.get(f"{PEOPLE}invite/").content.decode()
        assert mlds.title in page
        assert mscai.title not in page
        assert "All programmes" not in page


class TestGivingAndEnding:
    def test_a_role_is_given_and_listed(
        self, office: Client, make_staff: MakeStaff, mscai: Programme
    ) -> None:
        person = make_staff("Rita")
        form = {"role": "admissions_tutor", "scope": "all", "last_day_0": "30"}
        form |= {"last_day_1": "September", "last_day_2": "2099", "reason": "Cover"}
        page = office.post(f"{address(person)}roles/", form, follow=True).content.decode()
        assert "The role is given." in page
        assert "midnight on 1 October 2099" in page
        assert "Cover" in page
        assert has_role_everywhere(person, Role.ADMISSIONS_TUTOR)

    def test_a_role_they_have_is_refused_beside_the_field(
        self, office: Client, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        person = make_staff("Rita", Role.REVIEWER, programme=mlds)
        form = {"role": "reviewer", "scope": mlds.slug}
        page = office.post(f"{address(person)}roles/", form).content.decode()
        assert "This person has that role already." in page
        assert person.role_grants.count() == 1

    def test_ending_asks_first_and_needs_a_reason(
        self, office: Client, make_staff: MakeStaff
    ) -> None:
        person = make_staff("Rita", Role.REVIEWER)
        url = f"{address(person)}roles/{person.role_grants.get().public_id}/end/"
        assert "End this role?" in office.get(url).content.decode()
        assert "Give a reason" in office.post(url, {"reason": " "}).content.decode()
        assert has_role(person, Role.REVIEWER)
        assert (
            "The role has ended"
            in office.post(url, {"reason": "Left"}, follow=True).content.decode()
        )
        assert not has_role(person, Role.REVIEWER)
        again = office.post(url, {"reason": "Left"})
        assert again.status_code == 409
        assert "This role has ended already." in again.content.decode()

    def test_nobody_changes_their_own_roles(self, office: Client, head: Person) -> None:
        page = office.get(address(head)).content.decode()
        assert "Nobody changes their own roles" in page
        assert "/end/" not in page
        form = {"role": "auditor", "scope": "all"}
        refused = office.post(f"{address(head)}roles/", form).content.decode()
        assert "Nobody changes their own roles" in refused
        assert not has_role(head, Role.AUDITOR)

    def test_a_grant_of_somebody_else_is_not_found_here(
        self, office: Client, make_staff: MakeStaff
    ) -> None:
        rita, otto = make_staff("Rita", Role.REVIEWER), make_staff("Otto", Role.REVIEWER)
        grant = otto.role_grants.get().public_id
        assert office.post(f"{address(rita)}roles/{grant}/end/").status_code == 404
        applicant = Person.objects.create_user("a@b.example", full_name="A")
        assert office.get(address(applicant)).status_code == 404
        assert has_role(otto, Role.REVIEWER)


@pytest.mark.django_db
class TestCommands:
    def run(self, *args: str) -> str:
        out = StringIO()
        call_command(*args, stdout=out)
        return out.getvalue()

    def test_the_first_administrator_gets_a_one_time_link(self) -> None:
        said = self.run(
            "invite_staff", "first@uni.example", "--name=First", "--role=head_of_admissions"
        )
        person = Person.objects.get(email="first@uni.example")
        assert has_role_everywhere(person, Role.HEAD_OF_ADMISSIONS)
        assert "http" in said
        assert Invitation.objects.filter(person=person, used_at=None).count() == 1
        assert not OutgoingMessage.objects.exists()

    def test_roles_are_given_and_ended_from_the_server(
        self, make_staff: MakeStaff, mlds: Programme
    ) -> None:
        person = make_staff("Rita")
        self.run("grant_role", person.email, "reviewer", "--programme=mlds")
        assert has_role(person, Role.REVIEWER, programme=mlds)
        self.run("end_role", person.email, "reviewer", "--programme=MLDS", "--reason=Left")
        assert not has_role(person, Role.REVIEWER)
        with pytest.raises(CommandError, match="is not Reviewer for MLDS"):
            self.run("end_role", person.email, "reviewer", "--programme=MLDS")

    def test_what_is_not_there_is_said(self, make_staff: MakeStaff) -> None:
        with pytest.raises(CommandError, match="Nobody has the address"):
            self.run("grant_role", "nobody@uni.example", "auditor")
        with pytest.raises(CommandError, match="There is no programme PHYS"):
            self.run("grant_role", make_staff("Rita").email, "auditor", "--programme=PHYS")
