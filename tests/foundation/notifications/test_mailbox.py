"""The mailbox of the demonstration."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

from foundation.doors import Actor
from foundation.notifications import actions, mailbox
from tests.foundation.notifications.note import queue


@pytest.fixture(autouse=True)
def _mailbox(settings: Any, tmp_path: Path) -> None:
    settings.MAILBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "foundation.notifications.mailbox.MailboxBackend"


def put(subject: str, to: str = "ada@example.org") -> None:
    mail = EmailMultiAlternatives(subject, "words", "portal@example.org", [to])
    get_connection().send_messages([mail])


def test_newest_first_and_by_recipient() -> None:
    put("one")
    put("two", "Ben@example.org")
    assert [mail.subject for mail in mailbox.newest()] == ["two", "one"]
    assert [mail.subject for mail in mailbox.newest(" ben@ ")] == ["two"]


def test_old_mail_is_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        put(str(number))
    assert [mail.subject for mail in mailbox.newest()] == ["4", "3", "2"]


def test_mail_is_nobody_elses_to_read(tmp_path: Path) -> None:
    put("secret")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["", "..", "../etc/passwd", "x", "1" * 20 + "-" + "g" * 32])
def test_a_name_is_a_name(name: str) -> None:
    assert mailbox.find(name) is None


@pytest.mark.django_db
def test_the_pages(client: Client) -> None:
    listed = reverse("notifications:mailbox")
    assert b"There is no mail yet" in client.get(listed).content
    actions.deliver(queue().pk, actor=Actor.timer("test"))
    [mail] = mailbox.newest()
    opened = reverse("notifications:mailbox_mail", args=[mail.name])
    assert opened in client.get(listed).content.decode()
    assert opened not in client.get(listed, {"to": "nobody@"}).content.decode()
    page = client.get(opened).content.decode()
    assert 'href="http://127.0.0.1' in page
    assert "Zoë O&#x27;Brien-Łukasiewicz &lt;b&gt;" in page
    html = client.get(reverse("notifications:mailbox_html", args=[mail.name]))
    assert "display:inline-block" in html.content.decode()
    assert "script-src 'none'" in html["Content-Security-Policy"]
    assert client.get(reverse("notifications:mailbox_mail", args=["gone"])).status_code == 404


@pytest.mark.django_db
def test_only_from_this_machine(client: Client, settings: Any) -> None:
    listed = reverse("notifications:mailbox")
    assert client.get(listed, REMOTE_ADDR="::1").status_code == 200
    assert client.get(listed, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(listed, REMOTE_ADDR="").status_code == 404
    settings.DEMO = False
    assert client.get(listed).status_code == 404


@pytest.mark.django_db
def test_staff_codes_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"officer@example.org": "123456"}
    monkeypatch.setattr(mailbox, "sign_in_codes", lambda: codes)
    assert b"123456" in client.get(reverse("notifications:mailbox")).content
