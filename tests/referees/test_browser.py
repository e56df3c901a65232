"""The pages of this room in a browser: accessible, within their policy, never wider than the screen."""

import pytest
from django.test import Client
from django.utils import timezone

from foundation.doors import Actor
from referees import actions
from referees.models import DeclineReason
from tests.factories import draft, make_person, ready_draft, submitted
from tests.foundation.ui.conftest import chromium, complaints, show
from tests.foundation.ui.test_browser import REMARKS, overflow, violations
from tests.referees.letters import PERSON, WORDS, inside, link_to, pdf, request_at, send
from tests.sign_in import sign_in_as

__all__ = ["chromium", "complaints", "show"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def referee(application, *posts, page):
    client = inside(request_at(application))
    for address, values in posts:
        answer = client.post(address, values)
        if answer.status_code == 200 and page is None:
            return answer
    return client.get(page)


def applicant(application, page, values=None):
    client = sign_in_as(Client(), application.applicant)
    address = f"/applications/{application.reference}/referees/{page}"
    return client.get(address) if values is None else client.post(address, values)


def declined(application):
    request = request_at(application)
    actions.decline_request(
        request.pk, actor=Actor.referee(request.pk), reason=DeclineReason.NO_TIME
    )
    send(request_at(application, 2), now=timezone.now())
    return applicant(application, "")


TEXT = ("/reference/", {**PERSON, "text": WORDS.replace(". ", ".\n\n")})
PAGES = {
    "link": lambda row: Client().get(link_to(request_at(row))),
    "write": lambda row: referee(row, page="/reference/"),
    "write_errors": lambda row: referee(
        row, ("/reference/", {"name": "", "file": pdf("x" * 90 + ".pdf")}), page=None
    ),
    "check_text": lambda row: referee(row, TEXT, page="/reference/check/"),
    "check_file": lambda row: referee(
        row, ("/reference/", {**PERSON, "file": pdf()}), page="/reference/check/"
    ),
    "sent": lambda row: referee(row, TEXT, ("/reference/check/", {}), page="/reference/sent/"),
    "decline": lambda row: referee(row, ("/reference/decline/", {}), page=None),
    "declined": lambda row: Client().get("/reference/declined/"),
    "closed_session": lambda row: Client().get("/reference/"),
    "closed_link": lambda row: Client().get("/reference/nonsense/"),
    "new_link": lambda row: Client().post("/reference/new-link/", {"email": "marsh@"}),
    "new_link_sent": lambda row: Client().get("/reference/new-link/sent/"),
    "applicant": lambda row: applicant(row, ""),
    "applicant_stuck": declined,
    "applicant_remind": lambda row: applicant(row, "1/remind/"),
    "applicant_replace": lambda row: applicant(row, "1/"),
    "draft_empty": lambda row: applicant(draft(now=timezone.now()), ""),
    "draft_errors": lambda row: applicant(draft(now=timezone.now()), "1/", {"email": "marsh@"}),
    "draft_ready": lambda row: applicant(ready_draft(now=timezone.now()), ""),
    "draft_ask": lambda row: applicant(ready_draft(now=timezone.now()), "1/ask/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(show, complaints, name):
    person = make_person("Amara Okafor-Wolfeschlegelsteinhausenbergerdorff")
    answer = PAGES[name](submitted(applicant=person, now=timezone.now()))
    page = show(answer.text)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) == ""
    assert [said for said in complaints if not any(known in said for known in REMARKS)] == []
