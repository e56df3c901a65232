"""What somebody does with their account, and what others can't do to it."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from foundation.accounts import actions, landing
from foundation.accounts.landing import Landing
from foundation.accounts.models import Person, PersonSession
from foundation.accounts.sessions import STARTED_AT, describe_device
from foundation.accounts.timers import forget_expired_sessions
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from tests.foundation.accounts.conftest import PASSWORD, links_in, sign_in
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


# --- Guessing -------------------------------------------------------------------------------------


def test_guessing_slows_the_guesser_and_not_the_owner(client, person):
    owner = person()
    for _attempt in range(10):
        sign_in(client, owner.email, "a guess at it", REMOTE_ADDR="203.0.113.9")
    page = sign_in(client, owner.email, PASSWORD, REMOTE_ADDR="203.0.113.9")
    assert "Too many attempts from where you are" in page.content.decode()
    answer = sign_in(Client(), owner.email, PASSWORD, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 302


def test_asking_for_resets_in_somebodys_name_keeps_nobody_out(client, person):
    owner = person()
    for attempt in range(7):
        answer = client.post(
            reverse("account_reset_password"),
            {"email": owner.email},
            REMOTE_ADDR=f"203.0.113.{attempt}",
        )
        assert answer["Location"] == reverse("account_reset_password_done")
    assert OutgoingMessage.objects.filter(kind="account.password_reset").count() == 5


def test_too_many_of_one_kind_answer_429_in_our_look(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/h/ip"}
    for _attempt in range(2):
        assert client.post(reverse("account_signup"), {}).status_code == 200
    answer = client.post(reverse("account_signup"), {})
    assert answer.status_code == 429
    assert "govuk-heading-l" in answer.content.decode()


# --- Password and address -------------------------------------------------------------------------


def test_forgotten_password(client, person, delivered):
    owner = person()
    elsewhere = sign_in_as(Client(), owner)
    client.post(reverse("account_reset_password"), {"email": owner.email})
    [link] = links_in(delivered()[0])
    form = client.get(link)["Location"]
    assert "set-password" in form, "the address no longer holds the token"
    assert client.get(form).content.decode().count("Set password") == 1
    answer = client.post(form, {"password1": "another-lantern-pebble"})
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert elsewhere.get(reverse("accounts:account")).status_code == 302
    assert sign_in(Client(), owner.email).status_code == 200
    assert sign_in(Client(), owner.email, "another-lantern-pebble").status_code == 302
    assert [message.subject for message in delivered()] == ["Your password was changed"]
    assert "This link no longer works" in Client().get(link).content.decode()


def test_opening_a_reset_link_signs_nobody_out(client, person, delivered):
    owner, other = person(), person("other@example.org")
    client.post(reverse("account_reset_password"), {"email": owner.email})
    [link] = links_in(delivered()[0])
    sign_in_as(client, other)
    client.get(link, follow=True)
    assert client.session[SESSION_KEY] == str(other.pk)


def test_changing_the_password_ends_other_sessions(client, person, delivered):
    owner = person()
    elsewhere = sign_in_as(Client(), owner)
    sign_in(client, owner.email)
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another-lantern-pebble"},
    )
    assert answer["Location"] == reverse("accounts:account")
    assert client.get(reverse("accounts:account")).status_code == 200
    assert elsewhere.get(reverse("accounts:account")).status_code == 302
    assert PersonSession.objects.filter(person=owner).count() == 1
    assert [message.subject for message in delivered()] == ["Your password was changed"]


def test_changing_the_address(client, person, delivered):
    owner = person()
    sign_in(client, owner.email)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    assert "new@example.org" in client.get(reverse("account_email")).content.decode()
    [message] = delivered()
    assert message.to == ["new@example.org"]
    owner.refresh_from_db()
    assert owner.email == "amara@example.org", (
        "the current address stays until the new is confirmed"
    )
    client.post(links_in(message)[0])
    owner.refresh_from_db()
    assert owner.email == "new@example.org"
    assert [address.email for address in EmailAddress.objects.all()] == ["new@example.org"]
    [told] = delivered()
    assert (told.to, told.subject) == (["amara@example.org"], "Your email address was changed")


def test_changing_the_address_needs_a_recent_proof(client, person, settings):
    owner = person()
    sign_in_as(client, owner, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    form = {"email": "new@example.org", "action_add": "1"}
    answer = client.post(reverse("account_email"), form)
    assert urlsplit(answer["Location"]).path == reverse("account_reauthenticate")
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    client.post(answer["Location"], {"password": PASSWORD})
    assert EmailAddress.objects.filter(email="new@example.org").exists(), "goes on by itself"


def test_giving_up_a_change_of_address(client, person, delivered):
    owner = person()
    sign_in(client, owner.email)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    client.post(reverse("account_email"), {"email": "new@example.org", "action_send": ""})
    [first, _second] = delivered()
    client.post(reverse("account_email"), {"email": "new@example.org", "action_remove": ""})
    assert [address.email for address in EmailAddress.objects.all()] == [owner.email]
    assert not delivered()
    assert "This link no longer works" in client.get(links_in(first)[0]).content.decode()


def test_changing_the_address_with_a_second_factor(client, staff, delivered):
    sign_in_as(client, staff)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    [message] = delivered()
    client.post(links_in(message)[0])
    staff.refresh_from_db()
    assert staff.email == "new@example.org"


def test_the_same_address_is_no_change(client, person):
    owner = person()
    sign_in(client, owner.email)
    page = client.post(reverse("account_email"), {"email": owner.email, "action_add": "1"})
    assert "already the email address of your account" in page.content.decode()


def test_an_address_somebody_else_signed_up_with_is_refused(client, person, delivered):
    owner = person()
    person("squatter@example.org", verified=False)
    sign_in(client, owner.email)
    client.post(reverse("account_email"), {"email": "squatter@example.org", "action_add": "1"})
    [link] = links_in(delivered()[0])
    answer = client.post(link, follow=True)
    assert "belongs to another account" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.email == "amara@example.org"


# --- Sessions -------------------------------------------------------------------------------------


def test_sees_and_ends_own_sessions(client, person):
    owner, other = person(), person("other@example.org")
    sign_in(Client(), owner.email, HTTP_USER_AGENT=FIREFOX)
    sign_in_as(Client(), other)
    sign_in(client, owner.email)
    page = client.get(reverse("accounts:account")).content.decode()
    assert "Firefox on Linux" in page
    assert page.count("(this one)") == 1
    assert client.get(reverse("accounts:end_other_sessions")).status_code == 405
    client.post(reverse("accounts:end_other_sessions"))
    assert PersonSession.objects.filter(person=owner).count() == 1
    assert PersonSession.objects.filter(person=other).count() == 1
    assert client.get(reverse("accounts:account")).status_code == 200
    assert Event.objects.filter(kind="person.sessions_ended", stream=owner.public_id).exists()


def test_session_ends_12_hours_after_signing_in_however_busy(client, person):
    owner = person()
    sign_in(client, owner.email)
    session = client.session
    session[STARTED_AT] = (timezone.now() - timedelta(hours=11, minutes=59)).isoformat()
    session["busy"] = True
    session.save()
    left = PersonSession.objects.get(person=owner).expire_date - timezone.now()
    assert timedelta(0) < left <= timedelta(minutes=1)
    session[STARTED_AT] = (timezone.now() - timedelta(hours=12)).isoformat()
    session.save()
    assert client.get(reverse("accounts:account")).status_code == 302


def test_expired_sessions_are_forgotten(client, person):
    sign_in(client, person().email)
    assert forget_expired_sessions(timezone.now(), False) == []
    later = timezone.now() + timedelta(hours=12)
    assert forget_expired_sessions(later, True) == ["1 expired sessions"]
    assert PersonSession.objects.count() == 1
    forget_expired_sessions(later, False)
    assert not PersonSession.objects.exists()


def test_signing_out_ends_the_session_on_the_server(client, person):
    owner = person()
    sign_in(client, owner.email)
    stolen = client.cookies.output(header="", sep=";")
    assert client.get(reverse("account_logout")).status_code == 200
    assert SESSION_KEY in client.session, "only the button signs out"
    client.post(reverse("account_logout"))
    assert not PersonSession.objects.filter(person=owner).exists()
    answer = Client(headers={"cookie": stolen}).get(reverse("accounts:account"))
    assert answer.status_code == 302


def test_pages_of_somebody_signed_in_are_not_stored(client, person):
    assert "no-store" not in client.get(reverse("accounts:terms")).headers.get("Cache-Control", "")
    sign_in_as(client, person())
    answer = client.get(reverse("accounts:terms"))
    assert answer["Cache-Control"] == "no-store, private"
    assert "Cookie" in answer["Vary"]


def test_two_cookies_and_no_third(client, person, settings):
    sign_in(client, person().email)
    client.get(reverse("account_login"), follow=True)
    client.post(reverse("account_change_password"), {"oldpassword": "x", "password1": "y"})
    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_device_in_words(agent, words):
    assert describe_device(agent) == words


# --- Where one lands ------------------------------------------------------------------------------


def test_landing_is_the_first_that_fits(client, person, monkeypatch):
    monkeypatch.setattr(landing, "_landings", {})
    landing.register(
        Landing("applicants", order=20, url_for=lambda who: "/applications/"),
        Landing(
            "office", order=10, url_for=lambda who: "/office/" if who.is_staff_member else None
        ),
    )
    owner = person()
    assert sign_in(client, owner.email)["Location"] == "/applications/"
    assert landing.landing_for(Person(is_staff_member=True)) == "/office/"
    assert client.get(reverse("accounts:landing"))["Location"] == "/applications/"


# --- Closing --------------------------------------------------------------------------------------


def test_deactivate_ends_everything_at_once(client, person):
    owner, boss = person(), person("boss@example.org", is_staff_member=True)
    sign_in_as(client, owner)
    actions.deactivate(owner, actor=Actor.person(boss), reason="Asked for it")
    assert not PersonSession.objects.filter(person=owner).exists()
    assert client.get(reverse("accounts:account")).status_code == 302
    answer = sign_in(Client(), owner.email)
    assert answer["Location"] == reverse("account_inactive")
    event = Event.objects.get(kind="person.deactivated")
    assert (event.actor_id, event.text.body) == (boss.pk, "Asked for it")
    actions.reactivate(owner, actor=Actor.person(boss))
    assert sign_in(Client(), owner.email).status_code == 302


def test_nobody_closes_or_resets_themselves(person):
    owner = person()
    with pytest.raises(Refused, match="own_account"):
        actions.deactivate(owner, actor=Actor.person(owner))
    with pytest.raises(Refused, match="own_account"):
        actions.reset_second_factor(owner, actor=Actor.person(owner), reason="lost")


# --- No page that isn't ours ----------------------------------------------------------------------

ANONYMOUS = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "accounts:privacy",
    "accounts:terms",
    "accounts:accessibility",
    "accounts:cookies",
    "accounts:referee_notice",
]
SIGNED_IN = [
    "accounts:account",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_activate_totp",
]
STAFF = ["mfa_reauthenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes"]


def looks_ours(answer):
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="govuk-template' in text
    assert len(re.findall(r"<h1", text)) == 1
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=\"", text)
    return True


@pytest.mark.parametrize("name", ANONYMOUS)
def test_pages_for_everybody(client, name):
    assert looks_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_for_whoever_is_signed_in(client, person, name):
    assert client.get(reverse(name)).status_code == 302
    sign_in_as(client, person())
    assert looks_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", STAFF)
def test_pages_about_the_second_factor(client, staff, name):
    sign_in_as(client, staff)
    assert looks_ours(client.get(reverse(name)))


@pytest.mark.parametrize(
    "name",
    ["account_set_password", "account_confirm_login_code", "socialaccount_login", "mfa_trust"],
)
def test_pages_that_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_pages_answer_no_json(client, person):
    answer = client.post(
        reverse("account_login"),
        {"login": person().email, "password": PASSWORD},
        headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"},
    )
    assert answer.status_code == 302
