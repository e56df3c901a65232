"""The office's pages about somebody's account: a lost phone, a lost laptop, somebody who left."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.accounts.models import Person, PersonSession
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from programmes.models import Programme
from programmes.roles import Role
from tests.programmes.conftest import MakeStaff
from tests.sign_in import sign_in_as

PEOPLE = "/office/people/"
WHY = {"reason": "Seen with the staff card"}
PAGES = ("close", "open", "second-factor", "sessions")


@pytest.fixture
def administrator(make_staff: MakeStaff) -> Person:
    return make_staff("Samir Haddad", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def office(client: Client, administrator: Person) -> Client:
    return sign_in_as(client, administrator)


@pytest.fixture
def rita(make_staff: MakeStaff) -> Person:
    person = make_staff("Rita Skeeter", Role.REVIEWER)
    TOTP.activate(person, generate_totp_secret())
    return person


def page(person: Person, what: str = "") -> str:
    return f"{PEOPLE}{person.public_id}/" + (f"{what}/" if what else "")


def read(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


class TestWhoGetsIn:
    @pytest.mark.parametrize("what", PAGES)
    def test_other_staff_read_who_the_page_is_for(
        self, client: Client, make_staff: MakeStaff, rita: Person, what: str
    ) -> None:
        sign_in_as(client, make_staff("Otto", Role.ADMISSIONS_OFFICER))
        assert client.get(page(rita, what)).status_code == 403
        assert client.post(page(rita, what), WHY).status_code == 403
        rita.refresh_from_db()
        assert rita.is_active
        assert Authenticator.objects.filter(user=rita).exists()

    @pytest.mark.parametrize("what", PAGES)
    def test_nobody_acts_on_themselves(
        self, office: Client, administrator: Person, what: str
    ) -> None:
        TOTP.activate(administrator, generate_totp_secret())
        for response in (
            office.get(page(administrator, what)),
            office.post(page(administrator, what), WHY),
        ):
            assert response.status_code == 403
            assert "Nobody does this to their own account." in read(response)
        assert page(administrator, what) not in read(office.get(page(administrator)))
        assert Authenticator.objects.filter(user=administrator).exists()

    @pytest.mark.parametrize("what", ["open", "second-factor"])
    def test_what_lets_somebody_in_asks_for_a_fresh_code(
        self, client: Client, administrator: Person, rita: Person, what: str
    ) -> None:
        TOTP.activate(administrator, generate_totp_secret())
        sign_in_as(client, administrator, seconds_ago=24 * 3600)
        response = client.get(page(rita, what))
        assert response.status_code == 302
        assert "reauthenticate" in response["Location"]
        assert client.get(page(rita, "close")).status_code == 200

    def test_a_head_closes_and_does_no_more(
        self, client: Client, make_staff: MakeStaff, rita: Person
    ) -> None:
        sign_in_as(client, make_staff("Helen", Role.HEAD_OF_ADMISSIONS))
        shown = read(client.get(page(rita)))
        assert page(rita, "close") in shown
        for what in ("open", "second-factor", "sessions"):
            assert page(rita, what) not in shown
            assert client.post(page(rita, what), WHY).status_code == 403
        assert "The account is closed." in read(client.post(page(rita, "close"), WHY, follow=True))
        rita.refresh_from_db()
        assert not rita.is_active

    def test_a_head_of_one_programme_leaves_the_staff_of_others_alone(
        self,
        client: Client,
        make_staff: MakeStaff,
        mlds: Programme,
        mscai: Programme,
    ) -> None:
        sign_in_as(client, make_staff("Hal", Role.HEAD_OF_ADMISSIONS, programme=mlds))
        own = make_staff("Otto", Role.REVIEWER, programme=mlds)
        others = make_staff("Rita", Role.REVIEWER, programme=mscai)
        both = make_staff("Bea", Role.REVIEWER)
        assert client.get(page(own, "close")).status_code == 200
        for person in (others, both):
            assert page(person, "close") not in read(client.get(page(person)))
            response = client.post(page(person, "close"), WHY)
            assert response.status_code == 403
            assert "Ask a system administrator." in read(response)
            person.refresh_from_db()
            assert person.is_active


class TestLostPhone:
    def test_the_app_is_reset_and_its_owner_is_told(
        self, office: Client, administrator: Person, rita: Person
    ) -> None:
        sign_in_as(Client(), rita)
        asked = read(office.get(page(rita, "second-factor")))
        assert "Reset the authenticator app?" in asked
        assert Authenticator.objects.filter(user=rita).exists()
        done = read(office.post(page(rita, "second-factor"), WHY, follow=True))
        assert "The authenticator app is reset." in done
        assert "Seen with the staff card" in done
        assert not Authenticator.objects.filter(user=rita).exists()
        assert not PersonSession.objects.filter(person=rita).exists()
        told = OutgoingMessage.objects.get(recipient=rita.email)
        assert told.kind == "account.second_factor_removed"
        event = Event.objects.get(kind="person.second_factor_reset")
        assert (event.actor_id, event.stream) == (administrator.pk, rita.public_id)

    def test_without_saying_how_nothing_is_done(self, office: Client, rita: Person) -> None:
        shown = read(office.post(page(rita, "second-factor"), {"reason": "  "}))
        assert "Say how you recognised this person" in shown
        assert "<title>Error:" in shown
        assert Authenticator.objects.filter(user=rita).exists()

    def test_somebody_was_faster(self, office: Client, rita: Person) -> None:
        office.post(page(rita, "second-factor"), WHY)
        again = office.post(page(rita, "second-factor"), WHY)
        assert again.status_code == 409
        assert "has no authenticator app set up" in read(again)
        assert OutgoingMessage.objects.filter(recipient=rita.email).count() == 1
        assert page(rita, "second-factor") not in read(office.get(page(rita)))

    def test_the_only_administrator_is_helped_from_the_server(self, rita: Person) -> None:
        out = StringIO()
        call_command("reset_second_factor", rita.email, "--reason=In person", stdout=out)
        assert "sets up a new authenticator app" in out.getvalue()
        assert not Authenticator.objects.filter(user=rita).exists()
        with pytest.raises(CommandError, match="no authenticator app"):
            call_command("reset_second_factor", rita.email, "--reason=In person")

    def test_an_applicant_is_found_by_the_whole_address_alone(
        self, office: Client, rita: Person
    ) -> None:
        amara = Person.objects.create_user("amara@mail.example", full_name="Amara Okafor")
        TOTP.activate(amara, generate_totp_secret())
        assert "Amara Okafor" not in read(office.get(PEOPLE))
        assert "Amara Okafor" not in read(office.get(PEOPLE, {"q": "amara"}))
        assert page(amara) in read(office.get(PEOPLE, {"q": "Amara@mail.example"}))
        assert "Roles" not in read(office.get(page(amara)))
        office.post(page(amara, "second-factor"), WHY)
        assert not Authenticator.objects.filter(user=amara).exists()
        assert Authenticator.objects.filter(user=rita).exists()

    def test_heads_find_staff_only(self, client: Client, make_staff: MakeStaff) -> None:
        sign_in_as(client, make_staff("Helen", Role.HEAD_OF_ADMISSIONS))
        amara = Person.objects.create_user("amara@mail.example", full_name="Amara Okafor")
        assert "Amara Okafor" not in read(client.get(PEOPLE, {"q": amara.email}))
        assert client.post(page(amara, "close"), WHY).status_code == 404


class TestSessions:
    def test_somebody_is_signed_out_everywhere(self, office: Client, rita: Person) -> None:
        theirs = sign_in_as(Client(), rita)
        assert "In 1 browser" in read(office.get(page(rita)))
        assert "Sign this person out everywhere?" in read(office.get(page(rita, "sessions")))
        assert theirs.get("/office/").status_code == 200
        done = read(office.post(page(rita, "sessions"), WHY, follow=True))
        assert "They are signed out everywhere." in done
        assert "Nowhere" in done
        assert "Seen with the staff card" in done
        assert theirs.get("/office/").status_code == 302
        assert Authenticator.objects.filter(user=rita).exists()

    def test_a_reason_is_needed(self, office: Client, rita: Person) -> None:
        sign_in_as(Client(), rita)
        assert "Give a reason" in read(office.post(page(rita, "sessions"), {"reason": ""}))
        assert PersonSession.objects.filter(person=rita).count() == 1


class TestClosingAndOpening:
    def test_closing_asks_and_ends_everything(self, office: Client, rita: Person) -> None:
        theirs = sign_in_as(Client(), rita)
        assert "Close this account?" in read(office.get(page(rita, "close")))
        assert "Give a reason" in read(office.post(page(rita, "close"), {"reason": ""}))
        assert theirs.get("/office/").status_code == 200
        done = read(office.post(page(rita, "close"), WHY, follow=True))
        assert "The account is closed." in done
        assert page(rita, "open") in done
        assert page(rita, "close") not in done
        assert theirs.get("/office/").status_code == 302
        again = office.post(page(rita, "close"), WHY)
        assert again.status_code == 409
        assert "closed already" in read(again)

    def test_an_account_is_opened_again(self, office: Client, rita: Person) -> None:
        office.post(page(rita, "close"), WHY)
        assert "Open this account again?" in read(office.get(page(rita, "open")))
        assert "Give a reason" in read(office.post(page(rita, "open"), {"reason": ""}))
        done = read(office.post(page(rita, "open"), WHY, follow=True))
        assert "The account is open again." in done
        rita.refresh_from_db()
        assert rita.is_active
        again = office.post(page(rita, "open"), WHY)
        assert again.status_code == 409
        assert "opened already" in read(again)

    def test_a_closed_account_is_offered_no_role(
        self, client: Client, make_staff: MakeStaff, rita: Person
    ) -> None:
        sign_in_as(client, make_staff("Helen", Role.HEAD_OF_ADMISSIONS))
        client.post(page(rita, "close"), WHY)
        assert "Give a role" not in read(client.get(page(rita)))
