"""Staff pages need a second factor in this session; approving needs a fresh one."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.urls import reverse

from foundation.accounts.landing import landing_for
from foundation.accounts.models import PersonSession
from foundation.accounts.secrets import InvalidToken, decrypt, encrypt
from foundation.notifications.models import OutgoingMessage
from tests.foundation.accounts.conftest import (
    PASSWORD,
    code_of,
    links_in,
    sign_in,
    sign_in_with_code,
)
from tests.sign_in import sign_in_as

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.foundation.accounts.urls"),
]
OFFICE = "/test/office/?page=2"
RELEASE = "/test/release/"


def asked_for(answer):
    """Where a guard sent somebody, and where it would lead back to."""
    parts = urlsplit(answer["Location"])
    return parts.path, parse_qs(parts.query)["next"][0]


def secret_on(page: str) -> str:
    """The key as the set-up page shows it, to type into an app."""
    [shown] = re.findall(r'app-code">([A-Z2-7 ]+)<', page)
    return shown.replace(" ", "")


def test_nobody_signed_in(client):
    assert asked_for(client.get(OFFICE)) == (reverse("account_login"), OFFICE)


def test_an_applicant_is_refused_with_a_sentence(client, person):
    sign_in_as(client, person())
    answer = client.get(OFFICE)
    assert answer.status_code == 403
    assert "for members of staff" in answer.content.decode()


def test_staff_without_a_factor_set_one_up_and_go_on(
    client, person, django_capture_on_commit_callbacks
):
    newcomer = person(is_staff_member=True)
    sign_in(client, newcomer.email)
    url, wanted = asked_for(client.get(OFFICE))
    assert (url, wanted) == (reverse("mfa_activate_totp"), OFFICE)

    page = client.get(f"{url}?next={wanted}").content.decode()
    assert "<svg" in page
    assert "data:" not in page
    assert " style=" not in page
    secret = secret_on(page)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{url}?next={wanted}", {"code": code})
    assert urlsplit(answer["Location"]).path == reverse("mfa_view_recovery_codes")
    page = client.get(answer["Location"]).content.decode()
    assert f'href="{wanted}"' in page
    assert client.get(OFFICE).content == b"the office"
    assert OutgoingMessage.objects.filter(kind="account.second_factor_added").exists()


def test_wrong_code_sets_nothing_up(client, person):
    sign_in(client, person(is_staff_member=True).email)
    url = reverse("mfa_activate_totp")
    client.get(url)
    page = client.post(url, {"code": "000000"}).content.decode()
    assert "This code is not right" in page
    assert not Authenticator.objects.exists()


def test_sign_in_with_the_factor(client, staff):
    answer = sign_in_with_code(client, staff)
    assert answer["Location"] == landing_for(staff)
    assert client.get(OFFICE).content == b"the office"


def test_enrolled_is_not_enough(client, staff):
    """A session with a password alone, older than the factor: enrolled elsewhere counts nothing."""
    sign_in_as(client, staff, second_factor=False)
    url, wanted = asked_for(client.get(OFFICE))
    assert (url, wanted) == (reverse("mfa_reauthenticate"), OFFICE)
    answer = client.post(f"{url}?next={wanted}", {"code": code_of(staff)})
    assert answer["Location"] == OFFICE
    assert client.get(OFFICE).content == b"the office"


def test_records_of_somebody_else_count_nothing(client, staff, person):
    """Signing in as another person in the same browser does not inherit the second factor."""
    other = person("other@example.org", is_staff_member=True)
    sign_in_as(client, staff)
    records = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    client.force_login(other)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session.save()
    assert asked_for(client.get(OFFICE))[0] == reverse("mfa_activate_totp")


def test_closed_account_is_out_at_once(client, staff):
    sign_in_as(client, staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    assert asked_for(client.get(OFFICE))[0] == reverse("account_login")


# --- Fresh -----------------------------------------------------------------------------------------


def test_sign_in_with_the_factor_is_fresh(client, staff):
    sign_in_with_code(client, staff)
    assert client.get(RELEASE).content == b"released"


def test_an_older_factor_is_asked_again(client, staff, settings):
    sign_in_as(client, staff, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    assert client.get(OFFICE).content == b"the office"
    url, wanted = asked_for(client.get(RELEASE))
    assert (url, wanted) == (reverse("mfa_reauthenticate"), RELEASE)
    before = client.session.session_key
    client.post(f"{url}?next={wanted}", {"code": code_of(staff)})
    assert client.get(RELEASE).content == b"released"
    assert client.session.session_key != before, "the session's key changes"


def test_a_fresh_password_is_not_a_fresh_factor(client, staff, settings):
    """With an authenticator set up, the password page sends on to the code page."""
    sign_in_as(client, staff, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert urlsplit(answer["Location"]).path == reverse("mfa_reauthenticate")
    assert asked_for(client.get(RELEASE))[0] == reverse("mfa_reauthenticate")


def test_a_post_leads_back_to_the_page_it_came_from(client, staff, settings):
    sign_in_as(client, staff, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    answer = client.post(RELEASE, headers={"referer": "http://testserver/test/office/?a=1"})
    assert asked_for(answer)[1] == "/test/office/?a=1"
    answer = client.post(RELEASE, headers={"referer": "https://evil.example/x"})
    assert asked_for(answer)[1] == reverse("accounts:landing")


def test_a_code_works_once(client, staff):
    code = code_of(staff)
    sign_in(client, staff.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    again = Client()
    sign_in(again, staff.email)
    page = again.post(reverse("mfa_authenticate"), {"code": code}).content.decode()
    assert "was used already" in page
    assert again.get(OFFICE).status_code == 302


def test_recovery_code_works_once(client, staff):
    sign_in_with_code(client, staff)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    [first, *_] = re.findall(r'app-code">(\d+)<', page)
    for expected in (302, 200):
        other = Client()
        sign_in(other, staff.email)
        answer = other.post(reverse("mfa_authenticate"), {"code": first})
        assert answer.status_code == expected


# --- Changing the factor ---------------------------------------------------------------------------


def test_removing_needs_the_factor_and_ends_it_everywhere(client, staff, settings):
    elsewhere = Client()
    sign_in_as(elsewhere, staff)
    sign_in_as(client, staff, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    url = reverse("mfa_deactivate_totp")
    assert urlsplit(client.post(url)["Location"]).path == reverse("mfa_reauthenticate")
    client.post(f"{reverse('mfa_reauthenticate')}?next={url}", {"code": code_of(staff)})
    client.post(url)
    assert not Authenticator.objects.exists()
    assert asked_for(client.get(OFFICE))[0] == reverse("mfa_activate_totp")
    assert asked_for(elsewhere.get(OFFICE))[0] == reverse("account_login")
    assert OutgoingMessage.objects.filter(kind="account.second_factor_removed").exists()


def test_resetting_the_password_leaves_the_factor(client, staff, delivered):
    client.post(reverse("account_reset_password"), {"email": staff.email})
    [message] = delivered()
    [link] = links_in(message)
    client.post(client.get(link)["Location"], {"password1": "another-lantern-pebble"})
    answer = sign_in(client, staff.email, "another-lantern-pebble")
    assert answer["Location"] == reverse("mfa_authenticate")


def test_secrets_are_encrypted_in_the_database(client, person):
    newcomer = person(is_staff_member=True)
    sign_in(client, newcomer.email)
    url = reverse("mfa_activate_totp")
    page = client.get(url).content.decode()
    secret = secret_on(page)
    assert PersonSession.objects.filter(session_data__contains=secret).count() == 0
    client.post(url, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT session_data FROM accounts_personsession")
        stored += [row[0] for row in cursor.fetchall()]
    assert len(stored) == 3, "the app's key, the recovery codes' seed and the session"
    assert not any(secret in text for text in stored)


def test_a_key_for_one_purpose_opens_no_other(settings):
    hidden = encrypt("secret", purpose="second-factor")
    assert decrypt(hidden, purpose="second-factor") == "secret"
    with pytest.raises(InvalidToken):
        decrypt(hidden, purpose="session")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, since the old one leaked, of more than fifty characters"
    assert decrypt(hidden, purpose="second-factor") == "secret"


def test_without_recovery_codes_the_account_leads_to_making_them(client, staff):
    sign_in_as(client, staff)
    page = client.get(reverse("accounts:account")).content.decode()
    assert reverse("mfa_generate_recovery_codes") in page
    assert f'href="{reverse("mfa_view_recovery_codes")}"' not in page
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("accounts:account")).content.decode()
    assert f'href="{reverse("mfa_view_recovery_codes")}"' in page
