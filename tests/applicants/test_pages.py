"""The applicant's pages over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from tests import factories

pytestmark = pytest.mark.django_db

PLAIN = (
    "overview",
    "personal_details",
    "qualifications",
    "add_qualification",
    "english",
    "statement",
    "transcripts",
    "cv",
    "check",
    "submitted",
    "withdraw",
)


def signed_in(application: Application) -> Client:
    client = Client()
    client.force_login(application.applicant)
    return client


def url(name: str, application: Application, *args: object) -> str:
    return reverse(f"applicants:{name}", args=[application.reference, *args])


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("make", [factories.draft, factories.ready_draft, factories.submitted])
def test_every_page_answers_its_applicant(name: str, make) -> None:
    application = make(now=timezone.now())
    response = signed_in(application).get(url(name, application), follow=True)
    assert response.status_code == 200
