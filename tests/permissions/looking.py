"""Looking at all that somebody can open, and comparing it with what somebody else gets."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import actions as applicant_actions
from applicants.models import Application
from tests.admissions import office
from tests.sign_in import sign_in_as

NOW = timezone.now().replace(second=0, microsecond=0)
#: Pages of one's own application that take nothing but its reference.
OWN_PAGES = (
    "applicants:overview",
    "applicants:personal_details",
    "applicants:qualifications",
    "applicants:add_qualification",
    "applicants:english",
    "applicants:statement",
    "applicants:transcripts",
    "applicants:cv",
    "applicants:check",
    "applicants:submitted",
    "applicants:withdraw",
    "fees:fee",
    "fees:returned",
    "fees:waiver",
    "fees:evidence",
    "fees:withdraw_waiver",
    "referees:section",
    "admissions:decision",
    "admissions:letter",
    "admissions:accept",
    "admissions:decline",
)
FILE_PAGES = (
    "admissions:file",
    "admissions:assign",
    "admissions:recuse",
    "admissions:review",
    "admissions:propose",
    "admissions:approve",
    "admissions:return",
    "admissions:release",
    "admissions:take_back",
    "admissions:conditions",
)


def browser(person: Any) -> Client:
    return sign_in_as(Client(), person)


def own_urls(application: Application) -> Iterator[str]:
    for name in OWN_PAGES:
        yield reverse(name, args=[application.reference])
    for name in ("nominee", "ask", "remind"):
        for position in (1, 2):
            yield reverse(f"referees:{name}", args=[application.reference, position])
    yield reverse("applicants:mine")
    yield reverse("accounts:account")
    yield reverse("applicants:start", args=[application.intake.reference])


def file_urls(application: Application) -> Iterator[str]:
    for name in FILE_PAGES:
        yield reverse(name, args=[application.reference])


def page_of(response: Any) -> str:
    if response.streaming:
        b"".join(response.streaming_content)
        return "a file"
    return response.content.decode()


def status_of(client: Client, url: str) -> int:
    response: Any = client.get(url)
    page_of(response)
    return response.status_code


@dataclass(frozen=True)
class Alike:
    """What two answers have to have in common."""

    status: int
    headers: dict[str, str]
    lines: list[str]

    def differences(self, other: "Alike") -> list[str]:
        found = [
            line
            for line in difflib.unified_diff(self.lines, other.lines, lineterm="", n=0)
            if not line.startswith(("---", "+++", "@@"))
        ]
        if (self.status, self.headers) != (other.status, other.headers):
            found.append(f"{self.status} {self.headers} and {other.status} {other.headers}")
        return found


def alike(response: Any, application: Application) -> Alike:
    """An answer without what tells any two applications apart: reference, ids, moments, addresses."""
    page = page_of(response).replace(application.reference, "REFERENCE")
    page = page.replace(application.applicant.email, "ADDRESS")
    for pattern, word in (
        (r'name="csrfmiddlewaretoken" value="[^"]*"', "TOKEN"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
        (r"\b[\w.]+@\w+\.example", "ADDRESS"),
        (r"\d+\s(?:bytes|KB)", "SIZE"),
        (r"\b(?:person|referee)\d+\b", "SOMEBODY"),
        (r'\bid_c?\d+\b|\bvalue="\d+"', "NUMBER"),
        (r"\d{1,2}[:.]\d{2}\s?(?:am|pm)?", "TIME"),
        (r"T\d\d:\d\d:\d\d[^\"<]*", "TIME"),
    ):
        page = re.sub(pattern, word, page)
    headers = {
        name: value.replace(application.reference, "REFERENCE")
        for name, value in response.headers.items()
        if name not in ("Content-Length", "Date")
    }
    return Alike(response.status_code, headers, page.splitlines())


def complete(application: Application) -> None:
    """Submit it, and have both letters come in."""
    applicant_actions.submit_application(
        application.pk, actor=office.by(application.applicant), now=NOW
    )
    for position in (1, 2):
        office.send_letter(application, position, now=NOW)
