"""What referees do, and what mail brings them."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from applicants.demo import sample_pdf
from applicants.models import Application, RequirementKind
from foundation.doors import Actor
from foundation.notifications.actions import sweep
from referees import actions, links
from referees.models import ReferenceRequest
from tests.factories import received_pdf

WORDS = "Amara wrote the best thesis that I have supervised in twenty years of teaching. " * 4
PERSON = {
    "name": "Dr Helen Marsh",
    "post": "Senior Lecturer",
    "institution": "University of Leeds",
    "relationship": "I supervised her thesis",
}


def deliver(now: datetime | None = None) -> list[Any]:
    """Send what is due, and return what was sent."""
    before = len(mail.outbox)
    sweep(now or timezone.now())
    return mail.outbox[before:]


def token_in(message: mail.EmailMessage) -> str:
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}/reference/([\w-]+)/", str(message.body))
    assert found, message.body
    return found.group(1)


def request_at(application: Application, position: int = 1) -> ReferenceRequest:
    return ReferenceRequest.objects.select_related("nominee", "application").get(
        application=application, nominee__position=position, nominee__replaced_at=None
    )


def link_to(request: ReferenceRequest) -> str:
    return links.mint(request).removeprefix(settings.PUBLIC_URL)


def inside(request: ReferenceRequest) -> Client:
    """A browser that pressed the button behind a link."""
    client = Client()
    assert client.post(link_to(request)).status_code == 302
    return client


def pdf(name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, sample_pdf("Letter", [WORDS]), "application/pdf")


def save(request: ReferenceRequest, *, now: datetime, text: str = "", **values) -> None:
    received = None if text else values.pop("received", None) or received_pdf("letter.pdf")
    actor = Actor.referee(request.pk)
    actions.open_request(request.pk, actor=actor, now=now)
    actions.save_draft(request.pk, actor=actor, now=now, received=received, text=text, **PERSON)


def send(request: ReferenceRequest, *, now: datetime, text: str = "", **values):
    """Open, save and send: a file unless there is a text."""
    save(request, now=now, text=text, **values)
    return actions.send_letter(request.pk, actor=Actor.referee(request.pk), now=now)


def requirement(application: Application, position: int = 1):
    return application.requirements.get(kind=RequirementKind.letter(position))


def everything() -> dict[str, str]:
    """A fingerprint of each table, to see that nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*) || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
                f' FROM "{table}" t'
            )
            found[table] = cursor.fetchone()[0]
    return found


def columns_with(text: str) -> list[str]:
    """Every column of the database in which this text stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s)',
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found
