"""Staff are invited by a one-time link."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts import actions, demo, steps
from foundation.accounts.models import Invitation, Person
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from tests.foundation.accounts.conftest import PASSWORD, code_of, links_in, sign_in
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db

COMMAND = Actor.timer("invite_staff")
NEW = {"password1": PASSWORD}


def invite(**options):
    person, link = actions.invite_person(
        "Morwenna@Example.org", "Morwenna Trevelyan", actor=COMMAND, **options
    )
    return person, urlsplit(link).path


def test_whole_way(client):
    person, link = invite()
    assert person.is_staff_member
    assert not person.has_usable_password()
    page = client.get(link)
    assert "morwenna@example.org" in page.content.decode()
    assert Invitation.objects.get().used_at is None, "opening the link uses nothing up"

    answer = client.post(link, NEW)
    assert urlsplit(answer["Location"]).path == reverse("mfa_activate_totp")
    assert client.session[SESSION_KEY] == str(person.pk)
    assert client.get(answer["Location"]).status_code == 200, "no password is asked again"
    assert sign_in(Client(), person.email).status_code == 302
    assert Event.objects.filter(kind="person.invitation_accepted").count() == 1


def test_only_the_hash_is_kept(client):
    _person, link = invite()
    token = link.strip("/").split("/")[-1]
    invitation = Invitation.objects.get()
    assert token not in invitation.token_hash
    assert invitation.token_hash == steps.hash_token(token)


def test_used_expired_and_wrong_answer_alike(client):
    _person, used = invite()
    client.post(used, NEW)
    _person, expired = invite(now=timezone.now() - timedelta(days=7, seconds=1))
    wrong = used[:-4] + "AAA/"
    texts = []
    for link in (used, expired, wrong):
        for answer in (Client().get(link), Client().post(link, NEW)):
            assert answer.status_code == 410
            texts.append(answer.content.decode())
    assert len(set(texts)) == 1
    assert "This invitation no longer works" in texts[0]


def test_weak_password_keeps_the_link(client):
    _person, link = invite()
    page = client.post(link, {"password1": "short"}).content.decode()
    assert "too short" in page
    assert client.post(link, NEW).status_code == 302


def test_inviting_again_ends_the_older_link(client):
    _person, older = invite()
    _person, newer = invite()
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_the_mail_has_a_link_of_its_own_and_one_use_ends_both(client, delivered):
    _person, printed = invite()
    [message] = delivered()
    assert "Morwenna Trevelyan" in message.body
    [mailed] = links_in(message)
    assert mailed != printed
    client.post(mailed, NEW)
    assert Client().get(printed).status_code == 410


def test_an_applicant_who_is_invited_keeps_the_account_and_is_signed_out(client, person):
    applicant = person("morwenna@example.org", full_name="M. Trevelyan")
    sign_in(client, applicant.email)
    invited, link = invite()
    assert invited == applicant
    assert invited.full_name == "M. Trevelyan", "who has signed in keeps their own name"
    assert client.get(reverse("accounts:account")).status_code == 302
    assert Client().post(link, NEW).status_code == 302


def test_who_squats_on_an_address_gains_nothing(client, person):
    """Somebody signed up with the address before, unconfirmed: their password dies unused."""
    person("morwenna@example.org", full_name="Not Her", verified=False)
    invited, link = invite()
    assert invited.full_name == "Morwenna Trevelyan"
    assert sign_in(client, invited.email)["Location"] == reverse("account_email_verification_sent")
    Client().post(link, {"password1": "another-lantern-pebble"})
    assert sign_in(client, invited.email).status_code == 200
    assert sign_in(client, invited.email, "another-lantern-pebble").status_code == 302


def test_a_second_factor_that_is_set_up_is_asked_for(client, staff):
    invited, link = invite()
    assert invited == staff
    answer = client.post(link, NEW)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    ("email", "name", "code"),
    [
        ("nobody", "A Name", "invalid_address"),
        ("a@example.org", " ", "invalid_name"),
        ("a@example.org", "www.evil.example", "invalid_name"),
    ],
)
def test_mistakes_are_refused(email, name, code):
    with pytest.raises(Refused) as refusal:
        actions.invite_person(email, name, actor=COMMAND)
    assert refusal.value.code == code
    assert not Person.objects.exists()


def test_a_closed_account_is_not_invited(person):
    person("morwenna@example.org", is_active=False)
    with pytest.raises(Refused, match="account_closed"):
        invite()


def test_reset_second_factor(client, staff, person, delivered):
    head = person("head@example.org", is_staff_member=True)
    sign_in_as(client, staff)
    actions.reset_second_factor(staff, actor=Actor.person(head), reason="Seen in person")
    assert not Authenticator.objects.exists()
    assert client.get(reverse("accounts:account")).status_code == 302
    assert [message.subject for message in delivered()] == ["Your authenticator app was removed"]
    with pytest.raises(Refused, match="reason_missing"):
        actions.reset_second_factor(staff, actor=Actor.person(head), reason=" ")


# --- The demonstration ----------------------------------------------------------------------------


def test_demo_people_sign_in_with_the_code_shown(client):
    from django.db import transaction

    with transaction.atomic():
        made = demo.create_demo_person("demo@example.org", "Demo Officer", PASSWORD, True)
        again = demo.create_demo_person("demo@example.org", "Demo Officer", PASSWORD, True)
        demo.create_demo_person("applicant@example.org", "Demo Applicant", PASSWORD, False)
    assert made == again
    codes = demo.current_codes()
    assert codes == {"demo@example.org": code_of(made)}
    sign_in(client, made.email)
    client.post(reverse("mfa_authenticate"), {"code": codes[made.email]})
    assert client.session[SESSION_KEY] == str(made.pk)
    assert sign_in(Client(), "applicant@example.org").status_code == 302


def test_demo_refuses_outside_the_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        demo.current_codes()
