"""From signing up to signing in, over HTTP and through the real outbox."""

from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from foundation.accounts import notices
from foundation.accounts.landing import landing_for
from foundation.accounts.models import NoticeAcceptance, Person, PersonSession
from foundation.notifications.models import OutgoingMessage
from tests.foundation.accounts.conftest import PASSWORD, links_in, sign_in

FORM = {
    "email": "Amara@Example.org",
    "full_name": "  Amara   Okafor ",
    "password1": PASSWORD,
    "accept_privacy": "on",
}

pytestmark = pytest.mark.django_db


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**FORM, **changes})


def test_whole_way(client, delivered):
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert client.get(answer["Location"]).status_code == 200

    person = Person.objects.get()
    assert (person.email, person.full_name) == ("amara@example.org", "Amara Okafor")
    acceptance = NoticeAcceptance.objects.get(person=person)
    assert (acceptance.notice, acceptance.version) == ("privacy", notices.PRIVACY.version)

    [message] = delivered()
    assert message.to == ["amara@example.org"]
    [link] = links_in(message)
    page = client.get(link)
    assert "amara@example.org" in page.content.decode()
    assert not EmailAddress.objects.get().verified, "opening the link changes nothing"

    client.post(link)
    assert EmailAddress.objects.get().verified
    answer = sign_in(client, "AMARA@example.org")
    assert answer["Location"] == landing_for(person)
    assert client.session[SESSION_KEY] == str(person.pk)


def test_signs_in_only_after_confirming(client, delivered):
    sign_up(client)
    delivered()
    assert sign_in(client, "amara@example.org")["Location"] == reverse(
        "account_email_verification_sent"
    )
    assert SESSION_KEY not in client.session
    [again] = delivered()
    assert "confirm-email" in links_in(again)[0]


def test_goes_on_to_where_it_began(client, delivered):
    wanted = "/apply/mlds-2027-autumn/"
    client.post(f"{reverse('account_signup')}?{urlencode({'next': wanted})}", FORM)
    client.post(links_in(delivered()[0])[0])
    assert sign_in(client, "amara@example.org")["Location"] == wanted


def test_confirming_by_get_or_head_changes_nothing(client, delivered, person):
    sign_up(client)
    [link] = links_in(delivered()[0])
    other = person("other@example.org")
    client.force_login(other)
    client.get(link)
    client.head(link)
    assert client.session[SESSION_KEY] == str(other.pk), "nobody is signed out by a link"
    assert not EmailAddress.objects.get(email="amara@example.org").verified


def test_used_or_cut_link_says_so(client, delivered):
    sign_up(client)
    [link] = links_in(delivered()[0])
    client.post(link)
    for wrong in (link, link[:-5] + "/"):
        assert "This link no longer works" in client.get(wrong).content.decode()
        answer = client.post(wrong, follow=True)
        assert answer.status_code == 200
        assert "This link no longer works" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Enter your email address"),
        ({"email": "amara"}, "Enter an email address in the right form"),
        ({"full_name": " "}, "Enter your full name"),
        ({"full_name": "Win at https://evil.example"}, "without a web address"),
        ({"full_name": "Amara\u202eOkafor"}, "without invisible characters"),
        ({"password1": "short"}, "too short"),
        ({"password1": "password123"}, "too common"),
        ({"password1": "Amara Okafor"}, "too similar"),
        ({"accept_privacy": ""}, "Read the privacy notice and tick the box"),
    ],
)
def test_mistakes_get_a_sentence_and_keep_what_was_entered(client, changes, sentence):
    page = sign_up(client, **changes)
    text = page.content.decode()
    assert page.status_code == 200
    assert sentence in text
    if "email" not in changes:
        assert "Amara@Example.org" in text
    assert not Person.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_name_with_markup_stays_a_name(client, delivered):
    sign_up(client, full_name="Amara <b>Okafor</b>")
    [message] = delivered()
    assert "Dear Amara <b>Okafor</b>" in message.body
    html = message.alternatives[0][0]
    assert "Amara &lt;b&gt;Okafor" in html
    assert "<b>Okafor" not in html
    client.post(links_in(message)[0])
    sign_in(client, "amara@example.org")
    page = client.get(reverse("accounts:account")).content.decode()
    assert "Amara &lt;b&gt;Okafor" in page
    assert "<b>Okafor" not in page


# --- Nobody learns who has an account -------------------------------------------------------------


def test_signing_up_twice_answers_the_same(client, person, delivered):
    known = person()
    fresh = sign_up(client, email="new@example.org")
    client.cookies.clear()
    taken = sign_up(client, email=known.email)
    assert (taken.status_code, taken["Location"]) == (fresh.status_code, fresh["Location"])
    assert Person.objects.filter(email=known.email).count() == 1
    by_recipient = {message.to[0]: message for message in delivered()}
    assert by_recipient[known.email].subject == "You already have an account"
    assert by_recipient["new@example.org"].subject == "Confirm your email address"


def test_signing_up_twice_hashes_as_often(client, person, monkeypatch):
    """The time is in the hash, so both ways must hash once."""
    known = person()
    hashed = []
    original = Person.set_password

    def counted(person, raw):
        hashed.append(1)
        original(person, raw)

    monkeypatch.setattr(Person, "set_password", counted)
    sign_up(client, email="new@example.org")
    fresh = len(hashed)
    client.cookies.clear()
    sign_up(client, email=known.email)
    assert len(hashed) - fresh == fresh == 1


def test_wrong_password_and_unknown_address_answer_the_same(client, person):
    known = person()
    answers = [
        sign_in(client, email, "not the password") for email in (known.email, "no@example.org")
    ]
    texts = [
        answer.content.decode().replace(known.email, "X").replace("no@example.org", "X")
        for answer in answers
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "The email address or the password is not right" in texts[0]
    strip = [
        "\n".join(line for line in text.split("\n") if "csrfmiddlewaretoken" not in line)
        for text in texts
    ]
    assert strip[0] == strip[1]


def test_forgotten_password_answers_the_same(client, person, delivered):
    known = person()
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (known.email, "no@example.org")
    ]
    assert {answer["Location"] for answer in answers} == {reverse("account_reset_password_done")}
    subjects = {message.to[0]: message.subject for message in delivered()}
    assert subjects == {
        known.email: "Set a new password",
        "no@example.org": "There is no account with this address",
    }


# --- A notice that changed ------------------------------------------------------------------------


def test_changed_notice_asks_again(client, person, monkeypatch):
    known = person()
    changed = notices.Notice("privacy", "2030-01-01", "Privacy", "accounts:privacy", True)
    monkeypatch.setitem(notices.NOTICES, "privacy", changed)
    wanted = reverse("accounts:terms")
    answer = client.post(
        f"{reverse('account_login')}?{urlencode({'next': wanted})}",
        {"login": known.email, "password": PASSWORD},
    )
    assert answer["Location"].startswith(reverse("accounts:accept_notices"))
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(answer["Location"])["Location"] == wanted
    assert known.acceptances.filter(version="2030-01-01").exists()
    assert known.acceptances.count() == 2, "the older acceptance stays"


@pytest.mark.parametrize("hostile", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_next_leads_nowhere_else(client, person, hostile):
    known = person()
    answer = client.post(
        f"{reverse('account_login')}?{urlencode({'next': hostile})}",
        {"login": known.email, "password": PASSWORD, "next": hostile},
    )
    assert answer["Location"] == landing_for(known)


def test_session_knows_its_person_and_is_unreadable(client, person):
    known = person()
    sign_in(client, known.email, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    session = PersonSession.objects.get(person=known)
    assert session.device == "Firefox on Windows"
    assert session.started_at is not None
    assert "_auth_user_id" not in session.session_data


# --- Addresses as they are typed ------------------------------------------------------------------


def test_an_address_too_long_for_mail_is_refused_beside_its_field(client):
    domain = ".".join(["y" * 60] * 4)
    answer = sign_up(client, email=f"{'x' * 60}@{domain}.org")
    assert answer.status_code == 200
    assert "at most 254 characters" in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_the_next_page_names_the_address_whoever_has_it(client, person, known):
    if known:
        person()
    page = client.get(sign_up(client)["Location"]).content.decode()
    assert "amara@example.org</strong>" in page
