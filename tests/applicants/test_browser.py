"""The applicant's pages in a real browser: accessible, within their policy, never wider than 320 px."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from applicants.models import Application, RequirementKind
from applicants.steps.locks import lock_application
from applicants.steps.requirements import meet_requirement
from foundation.doors import Actor
from tests import factories
from tests.applicants.browsing import draft, ready_draft, signed_in, submitted, url
from tests.foundation.ui.conftest import chromium, complaints, show  # noqa: F401 (fixtures)
from tests.foundation.ui.test_browser import REMARKS, overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

Show = Callable[..., Page]


def complete() -> Application:
    application = submitted()
    now = timezone.now()
    for kind in (RequirementKind.LETTER_1, RequirementKind.LETTER_2):
        with transaction.atomic():
            meet_requirement(
                lock_application(application.pk),
                kind,
                actor=Actor.timer("test"),
                arrived_at=now,
                now=now,
            )
    return application


PAGES: list[tuple[str, Callable[[], Application], bool]] = [
    ("overview", draft, False),
    ("overview", submitted, False),
    ("overview", complete, False),
    ("personal_details", draft, True),
    ("qualifications", ready_draft, False),
    ("add_qualification", draft, True),
    ("english", draft, True),
    ("statement", ready_draft, False),
    ("statement", draft, True),
    ("transcripts", ready_draft, False),
    ("transcripts", draft, True),
    ("cv", ready_draft, False),
    ("check", draft, False),
    ("check", ready_draft, True),
    ("check", submitted, False),
    ("submitted", submitted, False),
    ("withdraw", submitted, False),
]


@pytest.mark.parametrize(("name", "make", "sent_empty"), PAGES)
def test_a_page_has_no_violation_no_complaint_and_fits(
    show: Show,  # noqa: F811
    complaints: list[str],  # noqa: F811
    name: str,
    make: Callable[[], Application],
    sent_empty: bool,
) -> None:
    application = make()
    client = signed_in(application)
    address = url(name, application)
    response = client.post(address) if sent_empty else client.get(address)
    look_at(show(response.content.decode()), complaints)


def test_the_pages_before_an_application(
    show: Show,  # noqa: F811
    complaints: list[str],  # noqa: F811
) -> None:
    application = submitted()
    client = signed_in(application)
    intake = factories.make_intake(now=timezone.now())
    for address in (
        reverse("applicants:mine"),
        reverse("applicants:start", args=[intake.reference]),
    ):
        look_at(show(client.get(address).content.decode()), complaints)


def look_at(page: Page, said: list[str]) -> None:
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert violations(page) == []
    assert overflow(page) == ""
    assert [one for one in said if not any(known in one for known in REMARKS)] == []
