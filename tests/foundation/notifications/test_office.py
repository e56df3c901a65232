"""The outbox's pages for system administrators."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import Person
from foundation.doors import Actor
from foundation.notifications import access, actions, queries
from foundation.notifications.models import OutgoingMessage
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.note import queue
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = "/office/messages/"


@pytest.fixture
def manager() -> Person:
    return Person.objects.create_user(
        "admin@example.org", full_name="Morwenna Trevelyan", is_staff_member=True
    )


@pytest.fixture
def office(client: Client, manager: Person, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(access, "may_manage", lambda person: person == manager)
    sign_in_as(client, manager)
    return client


def failed(count: int) -> list[OutgoingMessage]:
    messages = [queue(f"a{number:03}@example.org") for number in range(count)]
    start = timezone.now()
    for number, message in enumerate(messages):
        message.state, message.error = "failed", "550 <i>no</i>"
        message.created_at = start + timedelta(seconds=number // 2)
        message.save()
    return messages


def urls(message: OutgoingMessage) -> list[str]:
    named = [
        reverse(f"notifications:{name}", args=[message.pk])
        for name in ("message", "retry", "cancel")
    ]
    return [LIST, *named, f"{LIST}switch/", f"{LIST}switch/stop/", f"{LIST}switch/start/"]


@pytest.mark.parametrize("ask", [Client.get, Client.post])
def test_others_get_in_nowhere(
    client: Client, manager: Person, monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]
) -> None:
    """By default nobody may: a higher room has to say who."""
    message = queue()
    for url in urls(message):
        assert ask(client, url).status_code in (302, 405)
    sign_in_as(client, manager)
    monkeypatch.setattr(access, "may_manage", access.nobody)
    for url in urls(message):
        assert ask(client, url).status_code in (403, 405)
    message.refresh_from_db()
    assert message.state == "queued"
    assert not queries.is_stopped()


def test_the_list_shows_what_is_stuck(office: Client) -> None:
    [message] = failed(1)
    page = office.get(LIST).content.decode()
    assert "Failed: 1" in page
    assert message.recipient in page
    assert "550 &lt;i&gt;no&lt;/i&gt;" in page
    assert (
        "There are no messages in this state"
        in office.get(f"{LIST}?state=bounced").content.decode()
    )


def test_pages_by_key_there_and_back(office: Client) -> None:
    messages = failed(60)
    wanted = [message.recipient for message in sorted(messages, key=_newest, reverse=True)]
    pages, url = [], LIST
    while url:
        response = office.get(url)
        pages.append([row["message"].recipient for row in response.context["rows"]])
        links = response.context["links"]
        url, back = links.next_url, links.previous_url
    assert [len(page) for page in pages] == [25, 25, 10]
    assert list(itertools.chain(*pages)) == wanted
    second = office.get(back)
    assert [row["message"].recipient for row in second.context["rows"]] == pages[1]
    first = office.get(second.context["links"].previous_url)
    assert [row["message"].recipient for row in first.context["rows"]] == pages[0]
    assert first.context["links"].previous_url == ""
    assert office.get(f"{LIST}?before=nonsense").status_code == 200


def _newest(message: OutgoingMessage) -> Any:
    return message.created_at, message.pk


def test_a_list_costs_the_same_for_more_rows(office: Client) -> None:
    failed(1)
    with CaptureQueriesContext(connection) as one:
        office.get(LIST)
    failed(3)
    with CaptureQueriesContext(connection) as four:
        office.get(LIST)
    assert len(one) == len(four)


def test_one_message_and_another_try(office: Client, mail_server: MailServer) -> None:
    message = queue("gone-ada@example.org")
    actions.deliver(message.pk, actor=Actor.timer("test"))
    url = reverse("notifications:message", args=[message.pk])
    page = office.get(url).content.decode()
    assert "No such mailbox" in page
    assert "[link]" in page
    assert "/reference/" not in page
    response = office.post(reverse("notifications:retry", args=[message.pk]), follow=True)
    assert "queued again" in response.content.decode()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


def test_cancelling_asks_first(office: Client) -> None:
    message = queue()
    url = reverse("notifications:cancel", args=[message.pk])
    assert message.recipient in office.get(url).content.decode()
    assert "Say why" in office.post(url, {"reason": " "}).content.decode()
    office.post(url, {"reason": "wrong person"})
    message.refresh_from_db()
    assert message.state == "cancelled"
    again = office.post(url, {"reason": "wrong person"})
    assert again.status_code == 409
    assert "Only a queued message" in again.content.decode()


def test_the_switch(office: Client) -> None:
    url = f"{LIST}switch/"
    assert "Stop all messages" in office.get(url).content.decode()
    assert "Say why" in office.post(f"{url}stop/").content.decode()
    assert not queries.is_stopped()
    office.post(f"{url}stop/", {"reason": "wrong mails"})
    assert queries.is_stopped()
    assert "Messages are stopped: wrong mails" in office.get(LIST).content.decode()
    assert "Stopped by Morwenna Trevelyan" in office.get(url).content.decode()
    assert office.post(f"{url}stop/", {"reason": "me too"}).status_code == 409
    office.post(f"{url}start/")
    assert not queries.is_stopped()


def test_what_is_not_there_is_a_404(office: Client) -> None:
    message = queue()
    gone = urls(message)[1:4]
    message.delete()
    for url in gone:
        ask = office.post if url.endswith("retry/") else office.get
        assert ask(url).status_code == 404
