"""Pages that hold every component, as a person meets them. They are rendered in tests alone."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from foundation.doors import Refused
from foundation.ui import views
from foundation.ui.charts import Bar, Line, bar_chart
from foundation.ui.components import Action, Card, Moment, PageLinks, Progress, Row, Task
from foundation.ui.forms import (
    DateField,
    FormHelper,
    LongTextField,
    PortalForm,
    Submit,
    UploadField,
)

HERE = Path(__file__).parent
MARCH = datetime(2027, 3, 3, 9, 5, tzinfo=UTC)
LIGHTS = ("overdue", "due_soon", "on_track", "paused")
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Zieliński"


class Section(PortalForm):
    """One control of each kind, with hints."""

    looks: ClassVar[dict[str, dict[str, Any]]] = {
        "degree": {"hints": {"ba": "For example BA, BSc or BEng"}},
        "english": {"inline": True},
        "grade": {"width": 10},
        "share": {"width": 3, "suffix": "%"},
    }

    statement = LongTextField(
        label="Personal statement",
        help_text="Tell us why you want to study this programme. Up to 800 words.",
        max_words=800,
    )
    university = forms.CharField(label="University or college")
    password = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    country = forms.ChoiceField(label="Country", choices=[("", "---------"), ("NG", "Nigeria")])
    degree = forms.ChoiceField(
        label="What is your highest qualification?",
        choices=[("ba", "Bachelor’s degree"), ("ma", "Master’s degree")],
        widget=forms.RadioSelect,
    )
    grade = forms.CharField(label="Grade or result", help_text="For example 2:1", required=False)
    share = forms.IntegerField(label="Share of mathematics", required=False)
    awarded = DateField(
        label="When was it awarded?", help_text="For example 14 7 2021", noun="the date of award"
    )
    english = forms.ChoiceField(
        label="Is your transcript in English?",
        choices=[("yes", "Yes"), ("no", "No, I will add a certified translation")],
        widget=forms.RadioSelect,
    )
    contact = forms.MultipleChoiceField(
        label="How may we reach you?",
        choices=[("email", "Email"), ("phone", "Telephone")],
        widget=forms.CheckboxSelectMultiple,
    )
    transcript = UploadField(label="Upload your transcript", help_text="PDF, up to 10 MB")
    honest = forms.BooleanField(label="What I wrote is true")

    def build_buttons(self) -> list[Submit]:
        return [
            Submit("Save and continue"),
            Submit("Save and come back later", name="later", style="secondary"),
        ]


class Filters(PortalForm):
    """The queue's filters."""

    mark_optional = False
    looks: ClassVar[dict[str, dict[str, Any]]] = {"light": {"small": True}}

    q = forms.CharField(label="Name or reference", required=False)
    light = forms.MultipleChoiceField(
        label="Light",
        choices=[(code, code.replace("_", " ").capitalize()) for code in LIGHTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reviewer = forms.ChoiceField(label="Reviewer", choices=[("", "Anyone")], required=False)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_method = "get"
        return helper


def tasks() -> list[tuple[str, list[Task]]]:
    return [
        (
            "Your details",
            [
                Task("Personal details", Progress.DONE, "/1"),
                Task("Qualifications", Progress.PROBLEM, "/2", hint="2 problems to mend"),
                Task("Transcripts and certificates", Progress.STARTED, "/3", hint="1 file"),
                Task("CV", Progress.TODO, "/4"),
            ],
        ),
        (
            "Referees and fee",
            [
                Task("Dr Helen Marsh", Progress.WAITING, "/5", status="Waiting for referee"),
                Task("Check and submit", Progress.LOCKED, hint="When the rest is complete"),
            ],
        ),
    ]


def rows() -> list[Row]:
    return [
        Row("Full name", LONG_NAME, (Action("Change", "/change", "your full name"),)),
        Row("Address", "1 High Street\nLondon", (Action("Change", "/c"), Action("Remove", "/r"))),
        Row("Email", "a.very.long.address.of.somebody@department.university.example.ac.uk"),
        Row("Telephone", ""),
    ]


def queue_rows() -> list[dict[str, Any]]:
    names = ("Jonas Yıldız", LONG_NAME, "Ingrid Solberg", "Liam Byrne")
    needs = (("Awaiting letter", "grey"), ("Ready to review", "blue"), ("In review", "teal"))
    return [
        {
            "name": name,
            "reference": "MLDS-27-7F3K9Q",
            "light": light,
            "need": needs[number % 3][0],
            "colour": needs[number % 3][1],
            "detail": "" if light == "paused" else "15 Nov, 6 days over",
            "reviewer": "Dr J. Harding",
        }
        for number, (name, light) in enumerate(zip(names, LIGHTS, strict=True))
    ]


def chart() -> str:
    looks = ["on_track"] * 6 + ["due_soon"] * 2 + ["overdue"]
    numbers = (6, 7, 22, 12, 10, 11, 7, 10, 2)
    labels = [f"{week}–{week + 1}" for week in range(8)] + ["8+"]
    return bar_chart(
        html_id="age",
        title="Age of complete files",
        description="Files by weeks since they were complete.",
        bars=[
            Bar(label, number, look, look.replace("_", " "), f"?week={week}")
            for week, (label, number, look) in enumerate(zip(labels, numbers, looks, strict=True))
        ],
        lines=[Line(6, "6 weeks"), Line(8, "8 weeks")],
        axis="Weeks since complete",
        label_heading="Weeks",
        value_heading="Files",
    )


class SignedIn(AnonymousUser):
    """Somebody signed in, without a row in the database."""

    is_authenticated = True  # type: ignore[assignment]
    is_staff_member = False

    def get_full_name(self) -> str:
        return "Amara Okafor"


def request(path: str = "/", user: AnonymousUser | None = None) -> HttpRequest:
    asked = RequestFactory().get(path)
    asked.user = user or SignedIn()
    asked._messages = CookieStorage(asked)  # type: ignore[attr-defined]
    get_token(asked)
    return asked


def render(name: str, context: dict[str, Any]) -> str:
    source = (HERE / f"{name}.html").read_text()
    return engines["django"].from_string(source).render(context, request())


def wrong_section() -> Section:
    return Section(
        data={
            "statement": "I have worked as an analyst for six years.",
            "awarded_0": "31",
            "awarded_1": "2",
            "awarded_2": "2019",
        }
    )


@cache
def pages() -> dict[str, str]:
    """Every page of the gallery, by its name."""
    card = Card("Dr Helen Marsh", tuple(rows()), (Action("Remind", "/r"),), "Received", "green")
    overview = {
        "warning": "Submit by 11:59pm on Monday 30 November 2026 (UK time).",
        "groups": tasks(),
        "facts": [Row("Reference", "MLDS-27-7F3K9Q"), Row("Fee", "£80")],
        "moments": [
            Moment(MARCH, "Submitted the application", "you", "At last.\nThank you"),
            Moment(MARCH, "Started the application"),
        ],
    }
    queue = {
        "cards": [
            {"code": code, "label": code, "number": 17, "detail": "6 to 8 weeks"} for code in LIGHTS
        ],
        "chart": chart(),
        "filters": Filters(),
        "heads": ("Applicant", "Programme", "Need", "Letters", "Fee", "Due", "Reviewer"),
        "rows": queue_rows(),
        "links": PageLinks("?before=x", "?after=y"),
    }
    refusal = Refused("moved_on", "Somebody else has just decided this application.")
    return {
        "overview": render("overview", overview),
        "form": render("form", {"form": Section()}),
        "form-errors": render("form", {"form": wrong_section()}),
        "referee": render(
            "referee",
            {"rows": rows(), "card": card, "body": "We have your letter for\nAmara Okafor"},
        ),
        "programme": render("programme", {"terms": [f"Term {n}" for n in range(1, 7)]}),
        "queue": render("queue", queue),
        "file": render("file", {"rows": rows()}),
        "refused": views.refused(
            request(), refusal, back_url="/", template="staff.html"
        ).content.decode(),
        "csrf": views.csrf_failure(request()).content.decode(),
        "500": views.server_error(request()).content.decode(),
        "503": views.unavailable(request()).content.decode(),
        **{name: render_to_string(f"{name}.html", {}, request()) for name in ("400", "403", "404")},
    }
