"""The applicant's pages over HTTP: what they show, keep, refuse, and what they cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants import actions
from applicants.models import Application, FileKind
from applicants.states import ApplicationState
from foundation.doors import Actor
from foundation.history.models import Event
from tests import factories
from tests.applicants.browsing import draft, ready_draft, signed_in, submitted, text_of, url

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
FORMS = ("personal_details", "add_qualification", "english", "statement", "transcripts", "cv")


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("make", [draft, ready_draft, submitted])
def test_every_page_answers_its_applicant(name: str, make: Callable[[], Application]) -> None:
    application = make()
    response = signed_in(application).get(url(name, application), follow=True)
    assert response.status_code == 200


# --- Whose page it is -----------------------------------------------------------------------------


def all_urls(application: Application) -> list[str]:
    qualification = application.qualifications.get().public_id
    document = application.files.earliest("id").document_id
    return [
        *(url(name, application) for name in PLAIN),
        url("english_details", application, "test"),
        url("change_qualification", application, qualification),
        url("remove_qualification", application, qualification),
        url("file", application, document),
        url("remove_file", application, document),
        url("replace_file", application, document),
    ]


def test_somebody_elses_application_is_not_there() -> None:
    application = ready_draft()
    stranger = Client()
    stranger.force_login(factories.make_person())
    staff = Client()
    staff.force_login(factories.make_staff(factories.Role.ADMISSIONS_OFFICER))
    before = Event.objects.count()
    for address in all_urls(application):
        for client in (stranger, staff):
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code in (404, 405), address
        away = Client().get(address)
        assert away.status_code == 302
        assert reverse("account_login") in away["Location"]
    assert Event.objects.count() == before


def test_looking_changes_nothing() -> None:
    application = ready_draft()
    client = signed_in(application)
    before = Event.objects.count(), Application.objects.values().get(pk=application.pk)
    download = url("file", application, application.files.earliest("id").document_id)
    for address in all_urls(application):
        if address != download:
            client.get(address)
        client.head(address)
    after = Event.objects.count(), Application.objects.values().get(pk=application.pk)
    assert before == after


# --- Starting -------------------------------------------------------------------------------------


def start_url() -> tuple[str, Any]:
    intake = factories.make_intake(now=timezone.now())
    return reverse("applicants:start", args=[intake.reference]), intake


def test_a_visitor_reads_what_it_takes_and_is_led_through_signing_in() -> None:
    address, _intake = start_url()
    client = Client()
    page = client.get(address)
    words = text_of(page)
    assert "£80" in words
    assert "UK time" in words
    assert f"{reverse('account_signup')}?next={address}" in page.content.decode()
    away = client.post(address)
    assert away["Location"] == f"{reverse('account_login')}?next={address}"
    assert Application.objects.count() == 0


def test_starting_leads_to_the_overview_also_the_second_time() -> None:
    address, intake = start_url()
    client = Client()
    client.force_login(factories.make_person())
    first = client.post(address)
    application = Application.objects.get(intake=intake)
    assert first["Location"] == url("overview", application)
    for again in (client.get(address), client.post(address)):
        assert again["Location"] == url("overview", application)
    assert Application.objects.count() == 1


def test_a_closed_intake_says_so_and_starts_nothing() -> None:
    address, intake = start_url()
    intake.closed_early_at = timezone.now()
    intake.save()
    client = Client()
    client.force_login(factories.make_person())
    assert "have closed" in text_of(client.get(address))
    refused = client.post(address)
    assert refused.status_code == 409
    assert Application.objects.count() == 0


def test_one_without_applications_is_led_to_the_programmes() -> None:
    client = Client()
    client.force_login(factories.make_person())
    page = client.get(reverse("applicants:mine"))
    assert "You have not started an application" in text_of(page)


# --- The overview ---------------------------------------------------------------------------------


def test_a_draft_says_until_when_and_what_is_missing() -> None:
    application = draft()
    words = text_of(signed_in(application).get(url("overview", application)))
    assert "11:59pm" in words
    assert "UK time" in words
    assert "70 days left" in words
    assert "0 of 8 sections completed" in words
    assert "Cannot start yet" in words
    assert "On track" not in words


def test_a_submitted_one_says_who_has_what() -> None:
    application = submitted()
    words = text_of(signed_in(application).get(url("overview", application)))
    assert "Dr Helen Marsh’s letter" in words
    assert "Waiting for your referee" in words
    assert "Expect an answer" not in words


def test_names_are_shown_and_never_run() -> None:
    name = "Zoë O'Brien-Łukasiewicz <b>"
    person = factories.make_person(name)
    application = draft(applicant=person)
    client = signed_in(application)
    client.post(url("statement", application), {"text": "<script>alert(1)</script>\n\nMore"})
    factories.demo.name_two_referees(application, now=timezone.now())
    for page in ("personal_details", "check", "overview", "statement"):
        html = client.get(url(page, application)).content.decode()
        assert "<b>" not in html
        assert "<script>alert" not in html
    shown = client.get(url("personal_details", application)).content.decode()
    assert "Zoë O&#x27;Brien-Łukasiewicz &lt;b&gt;" in shown


# --- Checking and submitting ----------------------------------------------------------------------


def test_a_draft_that_is_not_ready_says_what_is_missing_with_links() -> None:
    application = draft()
    client = signed_in(application)
    page = client.get(url("check", application))
    assert "Not ready to submit" in text_of(page)
    assert url("statement", application) in page.content.decode()
    forced = client.post(url("check", application), {"declared": "on"})
    assert forced.status_code == 409
    assert "Not ready to submit" in text_of(forced)
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT


def test_submitting_needs_the_declaration_and_shows_who_has_what() -> None:
    application = ready_draft()
    client = signed_in(application)
    without = client.post(url("check", application))
    assert "Tick the declaration" in text_of(without)
    done = client.post(url("check", application), {"declared": "on"}, follow=True)
    words = text_of(done)
    assert "Application submitted" in words
    assert application.reference in words
    assert "Dr Helen Marsh’s letter" in words
    again = client.post(url("check", application), {"declared": "on"})
    assert again.status_code == 409
    assert "can’t be changed any more" in text_of(again)


@pytest.mark.parametrize("name", FORMS)
def test_after_submission_sections_are_read_only(name: str) -> None:
    application = submitted()
    client = signed_in(application)
    assert client.get(url(name, application))["Location"] == url("check", application)
    late = client.post(url(name, application), {"text": "Late"})
    assert late.status_code == 409
    page = client.get(url("check", application))
    assert "What you submitted" in text_of(page)
    assert "Change" not in text_of(page)


def test_a_draft_of_a_closed_intake_says_that_it_is_too_late() -> None:
    application = ready_draft()
    application.intake.closed_early_at = timezone.now() - timedelta(seconds=1)
    application.intake.save()
    client = signed_in(application)
    assert "have closed" in text_of(client.get(url("overview", application)))
    late = client.post(url("check", application), {"declared": "on"})
    assert late.status_code == 409
    assert "have closed" in text_of(late)


def test_withdrawing_asks_first() -> None:
    application = submitted()
    client = signed_in(application)
    assert "You can’t undo this yourself" in text_of(client.get(url("withdraw", application)))
    client.post(url("withdraw", application), {"reason": "I moved."})
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert "You withdrew" in text_of(client.get(url("overview", application)))
    assert client.get(url("withdraw", application)).status_code == 409


# --- What a page costs ----------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def add_rows(application: Application, count: int) -> None:
    """More of everything that a page can list."""
    actor = Actor.person(application.applicant)
    for number in range(count):
        actions.save_qualification(
            application.pk,
            institution=f"University {number}",
            country="GB",
            award="BSc",
            subject="Physics",
            status="expected",
            awarded_on=timezone.localdate(),
            grade_scale="percent",
            grade_pending=True,
            actor=actor,
        )
        for kind in (FileKind.TRANSCRIPT, FileKind.CERTIFICATE):
            actions.add_file(
                application.pk,
                kind=kind,
                received=factories.received_pdf(f"{number}.pdf"),
                actor=actor,
            )


@pytest.mark.parametrize("name", ["overview", "qualifications", "transcripts", "check"])
def test_a_page_costs_the_same_with_more_rows(name: str) -> None:
    application = ready_draft()
    client = signed_in(application)
    one = queries_of(client, url(name, application))
    add_rows(application, 2)
    assert queries_of(client, url(name, application)) == one
    assert one <= 12


@pytest.mark.parametrize("name", ["overview", "check", "submitted"])
def test_a_submitted_ones_pages_cost_little(name: str) -> None:
    application = submitted()
    assert queries_of(signed_in(application), url(name, application)) <= 12


def test_the_list_costs_the_same_with_more_rows(settings: Any) -> None:
    settings.APPLICATIONS_PER_CYCLE = 5
    application = submitted()
    client = signed_in(application)
    one = queries_of(client, reverse("applicants:mine"))
    for _ in range(2):
        submitted(applicant=application.applicant)
    assert queries_of(client, reverse("applicants:mine")) == one
    assert one <= 12
