"""Components, wording and menus, as strings."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.defaults import permission_denied

from foundation.doors import Refused
from foundation.ui import navigation, views, wording
from foundation.ui.charts import Bar, Line, bar_chart
from foundation.ui.components import Action, Card, Moment, PageLinks, Progress, Row, Task
from foundation.ui.context import page
from tests.foundation.ui.gallery.pages import SignedIn, request

pytestmark = pytest.mark.urls("tests.foundation.ui.gallery.urls")

EVIL = "<b>x</b>"


def draw(source: str, **context: Any) -> str:
    return Template("{% load portal %}" + source).render(Context(context)).strip()


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (
            datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC),
            "11:59pm on Monday 30 November 2026 (UK time)",
        ),
        (
            datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC),
            "11:59pm on Wednesday 1 July 2026 (UK time)",
        ),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "9am on Wednesday 1 July 2026 (UK time)"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "midday on Thursday 1 January 2026 (UK time)"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "midnight on Thursday 1 January 2026 (UK time)"),
        (datetime(2026, 1, 1, 0, 5, tzinfo=UTC), "12:05am on Thursday 1 January 2026 (UK time)"),
    ],
)
def test_a_deadline_names_its_day_and_its_zone(at: datetime, sentence: str) -> None:
    assert draw("{{ at|deadline }}", at=at) == sentence


def test_another_zone_is_named_as_people_call_it() -> None:
    with timezone.override("America/New_York"):
        assert wording.deadline(datetime(2026, 1, 1, 17, 30, tzinfo=UTC)) == (
            "12:30pm on Thursday 1 January 2026 (New York time)"
        )


def test_days_are_those_of_the_institution() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert draw("{{ at|day }}", at=late) == "1 July 2026"
    assert draw("{{ at|day }}", at=date(2026, 11, 30)) == "30 November 2026"
    assert draw("{{ at|short_day }}", at=late) == "1 Jul"
    assert draw("{{ at|moment }}", at=late) == "12:30am on 1 July 2026"
    assert draw("{{ at|day }}{{ at|deadline }}{{ at|moment }}", at=None) == ""


def test_dates_without_a_filter_are_british_too() -> None:
    assert date_format(date(2026, 11, 30)) == "30 November 2026"
    assert draw("{{ at }}", at=date(2026, 11, 3)) == "3 November 2026"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("80", "GBP", "£80"),
        ("80.00", "GBP", "£80"),
        ("80.50", "GBP", "£80.50"),
        ("19500", "GBP", "£19,500"),
        ("-80", "GBP", "−£80"),
        ("0.05", "EUR", "€0.05"),
        ("80", "CHF", "80 CHF"),
    ],
)
def test_money_shows_pence_when_there_are_any(amount: str, currency: str, text: str) -> None:
    assert draw("{{ a|money:c }}", a=Decimal(amount), c=currency) == text


# --- Components -----------------------------------------------------------------------------------


def test_a_tag_has_one_of_the_known_colours() -> None:
    assert draw('{% tag "Ready" "green" %}') == (
        '<strong class="govuk-tag govuk-tag--green">Ready</strong>'
    )
    with pytest.raises(ValueError, match="pink"):
        draw('{% tag "Ready" "pink" %}')


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("on_track", "On track"),
        ("due_soon", "Due soon"),
        ("overdue", "Overdue"),
        ("paused", "Paused"),
    ],
)
def test_a_light_is_a_word_an_icon_and_a_colour(code: str, word: str) -> None:
    html = draw("{% light code %}", code=code)
    assert word in html
    assert "<svg" in html
    assert f"app-light--{code}" in html


def test_the_icons_of_the_lights_differ() -> None:
    codes = ("on_track", "due_soon", "overdue", "paused")
    icons = {
        draw("{% light code %}", code=code).split("<svg")[1].split("</svg>")[0] for code in codes
    }
    assert len(icons) == len(codes)


def test_a_task_is_described_by_its_hint_and_status() -> None:
    tasks = [
        Task("CV", Progress.TODO, "/cv", hint="Two pages"),
        Task("Submit", Progress.LOCKED),
        Task("Details", Progress.DONE, "/d"),
        Task("Referee", Progress.WAITING, "/r", status="Waiting for Dr Marsh"),
    ]
    html = draw('{% task_list tasks "mine" %}', tasks=tasks)
    assert 'aria-describedby="mine-1-hint mine-1-status"' in html
    assert '<strong class="govuk-tag govuk-tag--blue">Not started</strong>' in html
    assert "Cannot start yet" in html
    assert html.count("<a ") == 3
    assert "Waiting for Dr Marsh" in html


def test_a_row_keeps_lines_and_says_when_nothing_was_given() -> None:
    rows = [
        Row("Address", "1 High Street\nLondon", (Action("Change", "/c", "your address"),)),
        Row("Telephone", ""),
        Row("Letter", format_html("<em>{}</em>", "x")),
    ]
    html = draw("{% summary_list rows %}", rows=rows)
    assert "1 High Street<br>London" in html
    assert "Not provided" in html
    assert "<em>x</em>" in html
    assert 'Change<span class="govuk-visually-hidden"> your address</span>' in html


def test_components_escape_what_people_typed() -> None:
    parts: dict[str, dict[str, Any]] = {
        "{% tag x %}": {},
        '{% light "overdue" x %}': {},
        "{% warning x %}": {},
        "{% panel x x %}": {},
        '{% notification x "success" %}': {},
        '{% back_link "/" x %}': {},
        "{% summary_list rows %}": {"rows": [Row(EVIL, EVIL, (Action(EVIL, EVIL, EVIL),))]},
        "{% summary_card card %}": {"card": Card(EVIL, (), (Action(EVIL, EVIL),), EVIL)},
        "{% task_list tasks %}": {"tasks": [Task(EVIL, Progress.TODO, EVIL, EVIL, EVIL)]},
        "{% timeline moments %}": {"moments": [Moment(timezone.now(), EVIL, EVIL, EVIL)]},
        "{% pagination links %}": {"links": PageLinks(EVIL, EVIL, EVIL)},
        "{{ chart }}": {
            "chart": bar_chart(
                html_id="c",
                title=EVIL,
                description=EVIL,
                bars=[Bar(EVIL, 1, meaning=EVIL, url=EVIL)],
                lines=[Line(0, EVIL)],
                axis=EVIL,
            )
        },
    }
    for source, context in parts.items():
        html = draw(source, x=EVIL, **context)
        assert "<b>" not in html.replace('<b class="', ""), source
        assert "&lt;b&gt;" in html, source


def test_pages_by_key_have_no_numbers() -> None:
    html = draw("{% pagination links %}", links=PageLinks(next_url="?after=x"))
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
    assert draw("{% pagination links %}", links=PageLinks()) == ""


def test_a_chart_has_a_table_of_the_same_numbers() -> None:
    html = bar_chart(
        html_id="age",
        title="Age",
        description="Files by age",
        bars=[Bar("0", 0, "on_track"), Bar("1", 7, "due_soon", "Due soon", "?week=1")],
        lines=[Line(1, "6 weeks")],
    )
    svg, table = html.split("</svg>")
    assert 'role="img"' in svg
    assert 'aria-labelledby="age-title age-desc"' in svg
    assert 'fill="url(#age-dots)"' in svg
    assert "<a " not in svg
    assert '<a class="govuk-link" href="?week=1">1</a>' in table
    assert ">7</td>" in table
    assert "Due soon" in table


def test_a_chart_without_bars_is_still_a_chart() -> None:
    assert "</svg>" in bar_chart(html_id="c", title="t", description="d", bars=[])


# --- Menus ----------------------------------------------------------------------------------------


def test_the_staff_menu_is_what_rooms_registered(menu: dict[str, navigation.Item]) -> None:
    menu.clear()
    navigation.register(
        navigation.Item("Reports", "admissions:reports", order=50),
        navigation.Item("Queue", "admissions:queue", order=10),
        navigation.Item("Reviews", "admissions:reviews", lambda request: False, order=20),
        navigation.Item("Nowhere", "nowhere:at_all", order=30),
    )
    links = navigation.links_for(RequestFactory().get("/admissions/queue/x/"))
    assert [(link.label, link.is_current) for link in links] == [
        ("Queue", True),
        ("Reports", False),
    ]


def test_the_staff_page_shows_it() -> None:
    navigation.register(navigation.Item(EVIL, "admissions:queue"))
    html = Template('{% extends "staff.html" %}').render(
        Context(_page_context(RequestFactory().get("/admissions/queue/")))
    )
    assert "&lt;b&gt;" in html
    assert 'aria-current="page"' in html


def _page_context(asked: HttpRequest) -> dict[str, Any]:
    asked.user = SignedIn()
    return {"request": asked, "user": asked.user, **page(asked)}


def test_a_referee_sees_no_account_and_no_menu() -> None:
    html = render_to_string("referee.html", {}, request())
    for word in ("Sign", "Account", "<nav", "Amara"):
        assert word not in html


def test_signing_out_is_a_post() -> None:
    html = render_to_string("applicant.html", {}, request())
    form = html.split('action="/sign-out/"')[1].split("</form>")[0]
    assert "csrfmiddlewaretoken" in form
    assert 'href="/sign-out/"' not in html


def test_the_demonstration_says_that_it_is_one(settings: Any) -> None:
    settings.DEMO = True
    assert "Demonstration, not the university’s site" in render_to_string(
        "base.html", {}, request()
    )
    settings.DEMO = False
    html = render_to_string("base.html", {}, request())
    assert "Demonstration" not in html
    assert "mailbox" not in html


def test_the_institution_is_a_setting(settings: Any) -> None:
    settings.INSTITUTION = {**settings.INSTITUTION, "name": "University of <Elsewhere>"}
    html = render_to_string("base.html", {}, request())
    assert html.count("University of &lt;Elsewhere&gt;") == 3


# --- Error pages ----------------------------------------------------------------------------------


def test_a_refusal_is_a_sentence_with_a_way_on() -> None:
    refusal = Refused("moved_on", "Somebody has <b>just</b> decided this application.")
    answer = views.refused(request(), refusal, back_url="/files/x", back_label="Back to the file")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has &lt;b&gt;just&lt;/b&gt; decided" in html
    assert '<a class="govuk-link" href="/files/x">Back to the file</a>' in html


def test_a_refusal_without_an_address_still_leads_somewhere() -> None:
    html = views.refused(request(), Refused("x", "No.")).content.decode()
    assert "Go to your applications" in html


def test_the_page_for_a_crash_needs_neither_database_nor_session() -> None:
    """Plain pytest: the database is shut, so a query would fail this test."""
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Sorry, there is a problem with the service" in answer.content


def test_an_outage_says_when_to_come_again() -> None:
    answer = views.unavailable(RequestFactory().get("/"), "Payments are closed.", retry_after=60)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert b"Payments are closed." in answer.content


def test_a_forbidden_page_gives_the_reason_it_was_given() -> None:
    answer = permission_denied(request(), PermissionDenied("You need the role reviewer."))
    assert answer.status_code == 403
    assert b"You need the role reviewer." in answer.content


def test_a_form_left_open_for_too_long_says_what_to_do() -> None:
    answer = views.csrf_failure(request(), reason="CSRF cookie not set.")
    assert answer.status_code == 403
    assert b"Nothing was changed" in answer.content
    assert b"CSRF" not in answer.content
