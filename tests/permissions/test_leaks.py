"""What nobody may learn before its time, or ever: looked for in everything that they can open."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions import actions
from admissions.models import Decision, DecisionLetter, Outcome
from applicants.models import Application
from foundation.documents.models import Document
from foundation.notifications.models import OutgoingMessage
from referees import links
from tests.admissions import office
from tests.factories import (
    make_person,
    submitted,
)
from tests.permissions.looking import NOW, alike, browser, file_urls, own_urls, page_of, status_of
from tests.permissions.world import (
    CONDITION_WORDS,
    PROPOSAL_WORDS,
    request_of,
)

pytestmark = pytest.mark.django_db


# --- A decision before it is visible --------------------------------------------------------------


@pytest.mark.parametrize("stage", ["proposed", "approved", "released"])
def test_nothing_tells_of_a_decision_before_it_is_visible(
    stage: str, intake: Any, staff: office.Staff
) -> None:
    """Two applicants with the same answers: one undecided, the other with an offer on its way."""
    undecided = office.in_review(applicant=make_person("Alex Same"), intake=intake, now=NOW)
    decided = office.in_review(applicant=make_person("Alex Same"), intake=intake, now=NOW)
    office.reviewed(undecided, staff, now=NOW)
    make = getattr(office, stage)
    make(decided, staff, now=NOW, reason=PROPOSAL_WORDS, conditions=[office.TRANSCRIPT])
    waiting, told = browser(undecided.applicant), browser(decided.applicant)
    for one, other in zip(own_urls(undecided), own_urls(decided), strict=True):
        expected = alike(waiting.get(one), undecided)
        assert not expected.differences(alike(told.get(other), decided)), other
        page = page_of(told.get(other))
        for words in (
            PROPOSAL_WORDS,
            CONDITION_WORDS,
            office.COMMENT,
            "onditional",
            "offer letter",
        ):
            assert words not in page, other
        assert waiting.post(one).status_code == told.post(other).status_code, other


def test_the_letter_is_not_there_before_the_decision_is_visible(
    intake: Any, staff: office.Staff
) -> None:
    application = office.in_review(intake=intake, now=NOW)
    decision = office.released(application, staff, now=NOW)
    document = DecisionLetter.objects.get(decision=decision).document
    applicant = browser(application.applicant)
    for url in (
        reverse("admissions:letter", args=[application.reference]),
        reverse("applicants:file", args=[application.reference, document.pk]),
    ):
        found, absent = applicant.get(url), applicant.get("/applications/MLDS-27-ZZZZZZ/")
        assert found.status_code == absent.status_code == 404
        assert not alike(found, application).differences(alike(absent, application))
    assert actions.make_visible(
        decision.pk, actor=office.Actor.timer("test"), now=NOW + timedelta(minutes=11)
    )
    Decision.objects.filter(pk=decision.pk).update(visible_at=NOW - timedelta(minutes=1))
    Document.objects.filter(pk=document.pk).update(visible_from=NOW - timedelta(minutes=1))
    assert status_of(applicant, reverse("admissions:letter", args=[application.reference])) == 200
    assert (
        status_of(applicant, reverse("applicants:file", args=[application.reference, document.pk]))
        == 404
    )


def test_no_message_goes_to_the_applicant_before_the_decision_is_visible(
    intake: Any, staff: office.Staff
) -> None:
    application = office.in_review(intake=intake, now=NOW)
    sent = OutgoingMessage.objects.filter(recipient=application.applicant.email)
    before = set(sent.values_list("kind", flat=True))
    decision = office.released(application, staff, now=NOW)
    assert set(sent.values_list("kind", flat=True)) == before
    actions.make_visible(
        decision.pk, actor=office.Actor.timer("test"), now=NOW + timedelta(minutes=11)
    )
    assert set(sent.values_list("kind", flat=True)) != before


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_visible_decision_keeps_the_panel_s_words(
    outcome: Outcome, intake: Any, staff: office.Staff
) -> None:
    """The reason is for the office, the reviews and letters are for those who judge."""
    application = office.in_review(intake=intake, now=NOW - timedelta(days=1))
    office.visible(
        application, staff, outcome=outcome, now=NOW - timedelta(days=1), reason=PROPOSAL_WORDS
    )
    applicant = browser(application.applicant)
    for url in own_urls(application):
        page = page_of(applicant.get(url))
        for words in (PROPOSAL_WORDS, office.COMMENT, staff.reviewer.full_name, "letter.pdf"):
            assert words not in page, (url, words)


# --- Letters and reviews --------------------------------------------------------------------------


def test_an_applicant_never_reaches_a_letter_or_a_review(intake: Any, staff: office.Staff) -> None:
    application = office.in_review(intake=intake, now=NOW)
    office.reviewed(application, staff, now=NOW)
    applicant = browser(application.applicant)
    letter = request_of(application, 1).document
    assert letter is not None
    url = reverse("applicants:file", args=[application.reference, letter.pk])
    assert status_of(applicant, url) == 404
    version = letter.current
    assert version is not None
    office_url = reverse("admissions:document", args=[application.reference, version.pk])
    assert status_of(applicant, office_url) == 403
    for own_url in own_urls(application):
        page = page_of(applicant.get(own_url))
        for words in (office.COMMENT, staff.reviewer.full_name, "letter.pdf", str(letter.pk)):
            assert words not in page, (own_url, words)


def test_a_file_of_another_application_is_not_there_under_ones_own(
    intake: Any, staff: office.Staff
) -> None:
    mine, other = (office.in_review(intake=intake, now=NOW) for _ in range(2))
    office.assigned(mine, staff, now=NOW)
    theirs = other.files.order_by("id")[0].document
    version = theirs.current
    assert version is not None
    applicant, reviewer = browser(mine.applicant), browser(staff.reviewer)
    assert status_of(applicant, _file_url(mine, theirs.pk)) == 404
    for reference in (mine.reference, other.reference):
        url = reverse("admissions:document", args=[reference, version.pk])
        assert status_of(reviewer, url) == 404


def _file_url(application: Application, document_id: Any) -> str:
    return reverse("applicants:file", args=[application.reference, document_id])


def test_a_referee_sees_one_request_and_nothing_else(intake: Any) -> None:
    one = submitted(applicant=make_person("Ona First"), intake=intake, now=NOW)
    other = submitted(applicant=make_person("Odo Second"), intake=intake, now=NOW)
    office.send_letter(other, 1, now=NOW)
    client = Client()
    client.post(links.mint(request_of(one, 1)).split("/", 3)[-1].join(("/", "")))
    for name in ("write", "check", "draft_file", "sent", "decline"):
        page = page_of(client.get(reverse(f"referees:{name}"), follow=True))
        for words in ("Odo Second", other.reference, "letter.pdf", "Trinity College Dublin"):
            assert words not in page, (name, words)
    for url in (*own_urls(one), *file_urls(one)):
        assert status_of(client, url) in (200, 302)
        assert "Ona First" not in page_of(client.get(url)), url
