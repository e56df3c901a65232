"""Reading the applicant's pages in tests: signed in, at today's time."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from tests import factories


def signed_in(application: Application) -> Client:
    client = Client()
    client.force_login(application.applicant)
    return client


def url(name: str, application: Application, *args: object) -> str:
    return reverse(f"applicants:{name}", args=[application.reference, *args])


def text_of(response: Any) -> str:
    """The words of a page, without its markup."""
    html = response.content.decode()
    main = html.split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def draft(**options: Any) -> Application:
    return factories.draft(now=timezone.now(), **options)


def ready_draft(**options: Any) -> Application:
    return factories.ready_draft(now=timezone.now(), **options)


def submitted(**options: Any) -> Application:
    return factories.submitted(now=timezone.now(), **options)
