"""Links: a secret that is kept nowhere, a page that changes nothing, a session for one request."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from applicants.actions import withdraw_application
from applicants.models import Nominee
from foundation.doors import Actor
from referees import actions, rules, workflow
from referees.models import DeclineReason, ReferenceLink, ReferenceRequest, RequestState
from tests.factories import submitted
from tests.referees.letters import (
    PERSON,
    columns_with,
    deliver,
    everything,
    inside,
    link_to,
    request_at,
    send,
    token_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return submitted(now=timezone.now())


def test_a_token_stands_nowhere_but_in_its_mail(application):
    asked = [mail for mail in deliver() if "asks you" in mail.subject]
    tokens = [token_in(mail) for mail in asked]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)
    client = Client()
    page = client.post(f"/reference/{tokens[0]}/", follow=True)
    assert page.request["PATH_INFO"] == "/reference/"
    for token in tokens:
        assert token not in page.text
        assert token not in str(dict(page.headers))
        assert columns_with(token) == []
    assert "referees_referencelink.token_hash" in columns_with(
        ReferenceLink.objects.first().token_hash
    )


def test_looking_at_a_link_changes_no_row_and_using_it_does(application):
    request = request_at(application)
    link = link_to(request)
    addresses = [
        link,
        "/reference/",
        "/reference/check/",
        "/reference/file/",
        "/reference/sent/",
        "/reference/decline/",
        "/reference/declined/",
        "/reference/new-link/",
        "/reference/new-link/sent/",
        "/reference/wrong/",
    ]
    before = everything()
    for _visit in range(2):
        for address in addresses:
            assert Client().get(address).status_code in (200, 403, 404)
            assert Client().head(address).status_code in (200, 403, 404)
    assert everything() == before
    client = inside(request)
    request.refresh_from_db()
    assert request.state == RequestState.OPENED
    # From inside, too: the file alone writes a line, in the reading log.
    client.post("/reference/", {**PERSON, "text": "A word. " * 30})
    before = everything()
    for address in addresses:
        client.get(address)
    assert everything() == before


def test_a_session_ends_after_two_hours(application):
    client = inside(request_at(application))
    assert client.get("/reference/").status_code == 200
    session = client.session
    session["reference_until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    page = client.get("/reference/")
    assert page.status_code == 403
    assert "two hours" in page.text
    assert "/reference/new-link/" in page.text
    until = timezone.now() + rules.SESSION_TIME
    other = inside(request_at(application)).session["reference_until"]
    assert abs(datetime.fromisoformat(other) - until) < timedelta(minutes=1)


def test_one_browser_is_in_one_request_and_no_other(application):
    other = submitted(now=timezone.now())
    client = inside(request_at(application, 1))
    assert application.reference in client.get("/reference/").text
    client.post(link_to(request_at(other, 2)))
    page = client.get("/reference/")
    assert other.reference in page.text
    assert application.reference not in page.text
    client.post("/reference/", {**PERSON, "text": "A word. " * 30})
    client.post("/reference/check/")
    assert request_at(other, 2).state == RequestState.RECEIVED
    assert request_at(application, 1).state == RequestState.OPENED


def test_earlier_links_go_on_and_two_devices_are_fine(application):
    request = request_at(application)
    links = [link_to(request) for _mail in range(3)]
    for link in links:
        assert Client().post(link).status_code == 302


def says(link):
    """The status and the heading, for GET and for POST alike."""
    page = Client().get(link)
    again = Client().post(link)
    assert (page.status_code, page.text) == (again.status_code, again.text)
    assert "ml-online-msc@" in page.text
    return page


def test_a_wrong_or_cut_link_says_what_to_do(application):
    link = link_to(request_at(application))
    for wrong in (link[:-8] + "/", "/reference/nonsense/", link[:-3] + "xx/"):
        page = says(wrong)
        assert page.status_code == 404
        assert "This link does not work" in page.text
        assert "/reference/new-link/" in page.text


def test_a_used_link_leads_to_the_letter_for_a_day_and_then_to_thanks(application):
    request = request_at(application)
    link = link_to(request)
    send(request, now=timezone.now())
    page = Client().get(link)
    assert "you can look at it and replace it" in page.text
    assert Client().post(link).url == "/reference/sent/"  # type: ignore[attr-defined]
    ReferenceRequest.objects.update(received_at=timezone.now() - timedelta(hours=25))
    page = says(link)
    assert page.status_code == 410
    assert "can’t be replaced any more. Thank you." in page.text
    assert "new link" not in page.text


def test_a_link_of_somebody_replaced_says_so(application):
    request = request_at(application)
    link = link_to(request)
    client = inside(request)
    from tests.referees.test_asking import name

    name(application, 1, "new@college.example", now=timezone.now())
    page = says(link)
    assert page.status_code == 410
    assert "named somebody else" in page.text
    # In the middle of writing, too.
    assert "named somebody else" in client.get("/reference/").text
    page = client.post("/reference/", {**PERSON, "text": "A word. " * 30})
    assert page.status_code == 409
    assert "named somebody else" in page.text
    assert Nominee.objects.filter(application=application).count() == 3


def test_a_link_after_a_withdrawal_says_so(application):
    request = request_at(application)
    link = link_to(request)
    client = inside(request)
    withdraw_application(application.pk, actor=Actor.person(application.applicant))
    assert "has withdrawn" in says(link).text
    assert "has withdrawn" in client.get("/reference/").text


def test_a_link_after_declining_says_so(application):
    request = request_at(application)
    link = link_to(request)
    client = inside(request)
    page = client.post(
        "/reference/decline/", {"reason": DeclineReason.NO_TIME, "note": ""}, follow=True
    )
    assert "Thank you for telling us" in page.text
    page = says(link)
    assert "can’t write this letter" in page.text
    assert "Have you changed your mind?" in page.text
    assert client.get("/reference/").status_code == 403


def test_declining_asks_for_a_reason_and_takes_no_advertisement(application):
    client = inside(request_at(application))
    page = client.post("/reference/decline/", {"note": "evil.com"})
    assert "Error:" in page.text
    assert "Say why you can’t write it" in page.text
    assert "Write this without web or email addresses" in page.text
    assert request_at(application).state == RequestState.OPENED


def test_an_expired_link_says_so(application):
    request = request_at(application)
    link = link_to(request)
    late = rules.expires_at(request) + timedelta(minutes=1)
    assert actions.expire_request(request.pk, actor=Actor.timer("test"), now=late)
    assert "The time for this letter has passed" in says(link).text


def test_a_bounced_mail_closes_no_link(application):
    """A forwarded or earlier mail may have come: who has a link can write."""
    from django.db import transaction

    from applicants.steps.locks import lock_application

    request = request_at(application)
    client = inside(request)
    with transaction.atomic():
        lock_application(application.pk)
        request.refresh_from_db()
        workflow.move(request, "bounce", actor=Actor.provider("mail"), now=timezone.now())
    client.post("/reference/", {**PERSON, "text": "A word. " * 30})
    client.post("/reference/check/")
    assert request_at(application).state == RequestState.RECEIVED


def test_a_new_link_says_the_same_to_everybody_and_leaves_once_an_hour(application):
    deliver()
    request = request_at(application)
    known = Client().post("/reference/new-link/", {"email": request.nominee.email}, follow=True)
    unknown = Client().post("/reference/new-link/", {"email": "nobody@else.example"}, follow=True)
    assert known.text == unknown.text
    assert "one an hour" in known.text
    (mail,) = deliver()
    assert mail.to == [request.nominee.email]
    assert Client().post(f"/reference/{token_in(mail)}/").status_code == 302
    Client().post("/reference/new-link/", {"email": request.nominee.email.upper()})
    assert deliver() == []
    now = timezone.now()
    somebody = Actor.provider("referee")
    for minutes, count in ((59, 0), (61, 1), (119, 0), (122, 1)):
        at = now + timedelta(minutes=minutes)
        assert actions.send_new_links(request.nominee.email, actor=somebody, now=at) == count


def test_a_new_link_for_a_mistyped_address_is_an_error_beside_it():
    page = Client().post("/reference/new-link/", {"email": "marsh@"})
    assert "Error:" in page.text
    assert 'value="marsh@"' in page.text
