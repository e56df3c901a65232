"""The public pages: what they say, what they leave out, and what they cost."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import Person
from foundation.ui.wording import deadline
from programmes.models import Intake, Programme, RequirementSet
from tests.programmes.conftest import MakeStaff

HOME = "/"


def text_of(client: Client, url: str) -> str:
    """What a page says, without markup."""
    response = client.get(url)
    assert response.status_code == 200
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


@pytest.mark.django_db
def test_without_programmes_the_list_says_so(client: Client) -> None:
    assert "No programme is published at the moment" in text_of(client, HOME)


def test_the_list_names_the_programmes_and_whether_they_are_open(
    client: Client, mlds: Programme
) -> None:
    said = text_of(client, HOME)
    intake = Intake.objects.get(programme=mlds, is_demonstration=True)
    assert intake.closes_at is not None
    assert "MSc Machine Learning and Data Science" in said
    assert "Online, part-time" in said
    assert "90 ECTS (180 UK credits)" in said
    assert "On campus, full-time" in said
    assert f"Apply by {deadline(intake.closes_at)}." in said
    assert "Demonstration dates" in said
    assert reverse("home") == reverse("programmes:list") == HOME


def test_the_page_of_mlds(client: Client, mlds: Programme) -> None:
    said = text_of(client, mlds.get_absolute_url())
    for fact in (
        "2 years, 6 terms",
        "90 ECTS (180 UK credits)",
        "21 hours a week on average",
        "Taught with Coursera",
        "12 modules.",
        "Year 1, term 1 12.5 ECTS",
        "Year 2, term 3 20 ECTS",
        "Ethics in Data Science and Artificial Intelligence (part 3)",
        "upper second class honours (2:1)",
        "Statistics, Mathematics, Engineering or Physics.",
        "Computer Science and Economics are also named",
        "IELTS 7.0 overall",
        "2 referees write a letter for you. At least 1 is academic",
        "It costs £80 to apply. The fee is not paid back.",
        "Any applicant can ask, Home or Overseas.",
        "6 to 8 weeks after the day on which everything has arrived, not after the day on which",
        "If you are planning a PhD, or a job that needs more than 90 ECTS",
        "UK time",
    ):
        assert fact in said
    assert "Institution’s default" not in said
    assert "weeks x" not in said


def test_the_picture_of_the_terms_has_its_numbers_and_a_table(
    client: Client, mlds: Programme
) -> None:
    page = client.get(mlds.get_absolute_url()).content.decode()
    picture = page[page.index('<svg class="app-chart"') :]
    picture = picture[: picture.index("</svg>")]
    assert re.findall(r'app-chart__number" x="[\d.]+" y="[\d.]+">([\d.]+)<', picture) == [
        "12.5",
        "12.5",
        "15",
        "15",
        "15",
        "20",
    ]
    assert "12.5, 12.5, 15, 15, 15, 20, together 90." in picture
    assert "style=" not in picture
    assert "<caption" in page


def test_the_page_of_msc_ai_is_on_campus_with_defaults_marked(
    client: Client, mscai: Programme
) -> None:
    said = text_of(client, mscai.get_absolute_url())
    assert "On campus, full-time" in said
    assert "Online" not in said.replace("Apply for an online", "")
    assert "this is what its page lets us conclude" in said
    assert "ECTS" not in said
    assert "The class of degree is not stated. A person decides." in said
    assert said.count("Institution’s default") == 6
    assert "5 you choose: at least 4 selective, and at most 1 optional" in said
    assert "These are not the modules’ names." in said
    assert "It may close earlier, when enough offers have been made." in said
    assert "October 2024: Applications closed at 11:59pm on Wednesday 31 July 2024" in said


def test_a_closed_or_planned_programme_has_its_page_without_a_button(
    client: Client, mlds: Programme
) -> None:
    now = timezone.now()
    demonstration = Intake.objects.filter(programme=mlds, is_demonstration=True)
    demonstration.update(opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=30))
    page = client.get(mlds.get_absolute_url()).content.decode()
    assert "Not open yet" in page
    assert "Applications open at" in page
    assert "govuk-button--start" not in page
    demonstration.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=3))
    said = text_of(client, mlds.get_absolute_url())
    assert "no intake is open or planned" in said


def test_titles_and_descriptions(client: Client, mlds: Programme) -> None:
    page = client.get(mlds.get_absolute_url()).content.decode()
    assert "<title>MSc Machine Learning and Data Science – " in page
    assert '<meta name="description" content="Study the mathematics and statistics' in page
    assert '<link rel="canonical" href="http' in page
    assert '<meta name="description"' in client.get(HOME).content.decode()


def test_what_is_not_there_or_not_published_is_404(
    client: Client, mlds: Programme, make_staff: MakeStaff
) -> None:
    Programme.objects.filter(pk=mlds.pk).update(published=False)
    assert client.get("/programmes/nothing/").status_code == 404
    assert client.get(mlds.get_absolute_url()).status_code == 404
    assert mlds.title not in client.get(HOME).content.decode()
    applicant = Person.objects.get(email="applicant@demo.example")
    client.force_login(applicant)
    assert client.get(mlds.get_absolute_url()).status_code == 404


def test_reading_is_all_one_can_do(client: Client, mlds: Programme) -> None:
    assert client.post(HOME).status_code == 405
    assert client.post(mlds.get_absolute_url()).status_code == 405


def add_programme(code: str) -> None:
    programme = Programme.objects.create(
        slug=code.lower(), code=code, title=f"MSc {code}", award="MSc", published=True
    )
    requirements = RequirementSet.objects.create(programme=programme, label="2027")
    Intake.objects.create(
        programme=programme,
        requirement_set=requirements,
        reference=f"{code.lower()}-2027-autumn",
        cycle=2027,
        label="Autumn 2027",
        entry_text="September 2027",
        fee_amount=Decimal(80),
    )


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_programme_and_for_three(client: Client) -> None:
    counts = []
    for codes in (["ONE"], ["TWO", "THREE"]):
        for code in codes:
            add_programme(code)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME).status_code == 200
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.django_db
def test_a_programme_without_anything_stated_still_has_a_page(client: Client) -> None:
    Programme.objects.create(slug="bare", code="BARE", title="Bare", award="MSc", published=True)
    said = text_of(client, "/programmes/bare/")
    assert "no intake is open or planned" in said
    assert "None" not in said
