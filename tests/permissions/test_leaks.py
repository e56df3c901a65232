"""What nobody may learn before its time, or ever: looked for in everything that they can open."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admissions import actions, queries, rules
from admissions.models import Decision, DecisionLetter, Outcome
from applicants import actions as applicant_actions
from applicants.fees import actions as fee_actions
from applicants.models import Application
from foundation.documents.models import Document
from foundation.doors import Refused
from foundation.notifications.models import OutgoingMessage
from programmes.models import RoleGrant
from programmes.roles import Role
from referees import links
from tests.admissions import office
from tests.factories import (
    make_intake,
    make_person,
    make_programme,
    make_staff,
    ready_draft,
    submitted,
)
from tests.permissions.world import (
    CONDITION_WORDS,
    PROPOSAL_WORDS,
    WAIVER_WORDS,
    ask_for_waiver,
    pay,
    request_of,
)
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def intake() -> Any:
    return make_intake(now=NOW)


@pytest.fixture
def staff(intake: Any) -> office.Staff:
    return office.Staff.make(intake.programme)


@pytest.fixture(autouse=True)
def _undo_window(settings: Any) -> None:
    settings.UNDO_WINDOW_MINUTES = 10


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


# --- The fee --------------------------------------------------------------------------------------


def test_nobody_but_finance_can_tell_a_payment_from_a_waiver(intake: Any) -> None:
    """Every page of the office about a file that paid and about one that was waived, for every role."""
    paid, waived = (
        ready_draft(applicant=make_person("Alex Same"), intake=intake, now=NOW, fee_settled=False)
        for _ in range(2)
    )
    pay(paid, now=NOW)
    waiver, _evidence = ask_for_waiver(waived, now=NOW)
    finance = make_staff(Role.FINANCE_OFFICER)
    fee_actions.grant_waiver(waiver.pk, actor=office.by(finance), now=NOW)
    for application in (paid, waived):
        _complete(application)
    staff = office.Staff.make(intake.programme)
    for application in (paid, waived):
        office.assigned(application, staff, now=NOW)
    for person in (*vars(staff).values(), make_staff(Role.AUDITOR), make_staff(*FILELESS)):
        client = browser(person)
        for one, other in zip(file_urls(paid), file_urls(waived), strict=True):
            answers = [
                alike(client.get(url), application)
                for url, application in ((one, paid), (other, waived))
            ]
            assert not answers[0].differences(answers[1]), (person, one)
            for words in ("waive", "Waive", "payslip", WAIVER_WORDS):
                assert words not in "".join(answers[1].lines).replace("be waived", ""), (
                    person,
                    one,
                    words,
                )
        queue = page_of(client.get(reverse("admissions:queue")))
        assert "waive" not in queue
        rows = re.findall(r"<tr.*?</tr>", queue, re.DOTALL)
        assert len({re.sub(r"\s|[\w-]*-27-\w{6}", "", row) for row in rows if "-27-" in row}) <= 1


#: Roles that see no file.
FILELESS = tuple(
    role for role in Role if role not in (*rules.FILE_ROLES, Role.REVIEWER, Role.FINANCE_OFFICER)
)


def _complete(application: Application) -> None:
    applicant_actions.submit_application(
        application.pk, actor=office.by(application.applicant), now=NOW
    )
    for position in (1, 2):
        office.send_letter(application, position, now=NOW)


def test_the_evidence_of_a_waiver_is_finance_s_alone(intake: Any) -> None:
    application = ready_draft(intake=intake, now=NOW, fee_settled=False)
    waiver, evidence = ask_for_waiver(application, now=NOW)
    _complete(application)
    version = evidence.document.current
    office_url = reverse("admissions:document", args=[application.reference, version.pk])
    finance_url = reverse("fees:waiver_evidence", args=[waiver.public_id, evidence.document_id])
    everybody_else = make_staff(*(role for role in Role if role is not Role.FINANCE_OFFICER))
    assert status_of(browser(everybody_else), office_url) == 404
    assert status_of(browser(everybody_else), finance_url) == 403
    assert status_of(browser(make_staff(*Role)), office_url) == 404
    assert status_of(browser(make_staff(Role.FINANCE_OFFICER)), finance_url) == 200


def test_a_finance_officer_sees_nothing_academic(intake: Any) -> None:
    application = ready_draft(intake=intake, now=NOW, fee_settled=False)
    waiver, _evidence = ask_for_waiver(application, now=NOW)
    finance = browser(make_staff(Role.FINANCE_OFFICER))
    transcript = application.files.order_by("id")[0].document
    for url in (
        reverse("fees:waivers"),
        reverse("fees:decide_waiver", args=[waiver.public_id]),
        reverse("fees:grant_waiver", args=[waiver.public_id]),
        reverse("office"),
    ):
        page = page_of(finance.get(url))
        for words in (
            "Trinity College Dublin",
            "transcript.pdf",
            application.nominees.all()[0].full_name,
            reverse("admissions:queue"),
            "/office/files/",
        ):
            assert words not in page, (url, words)
    assert (
        status_of(finance, reverse("fees:waiver_evidence", args=[waiver.public_id, transcript.pk]))
        == 404
    )
    for url in file_urls(application):
        assert status_of(finance, url) in (302, 403), url


def test_whoever_decided_the_waiver_is_not_assigned(intake: Any) -> None:
    application = ready_draft(intake=intake, now=NOW, fee_settled=False)
    waiver, _evidence = ask_for_waiver(application, now=NOW)
    both = make_staff(Role.FINANCE_OFFICER, Role.REVIEWER, full_name="Bo Bothwell")
    fee_actions.grant_waiver(waiver.pk, actor=office.by(both), now=NOW)
    _complete(application)
    officer = make_staff(Role.ADMISSIONS_OFFICER)
    with pytest.raises(Refused) as refusal:
        actions.assign_reviewer(application.pk, both, actor=office.by(officer))
    # The officer is not told that there was a waiver.
    assert "waive" not in str(refusal.value.sentence).lower()
    answer = browser(officer).post(
        reverse("admissions:assign", args=[application.reference]),
        {"reviewer": str(both.public_id)},
    )
    assert answer.status_code == 200
    assert "waive" not in page_of(answer).lower()
    assert status_of(browser(both), reverse("admissions:file", args=[application.reference])) == 404


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


# --- Access that ends -----------------------------------------------------------------------------


def test_who_declares_a_conflict_loses_the_file_at_once(intake: Any, staff: office.Staff) -> None:
    application = office.in_review(intake=intake, now=NOW)
    assignment = office.assigned(application, staff, now=NOW)
    reviewer = browser(staff.reviewer)
    urls = _reading_urls(application)
    assert {status_of(reviewer, url) for url in urls} == {200}
    actions.recuse(assignment.pk, actor=office.by(staff.reviewer), reason="A former student")
    assert {status_of(reviewer, url) for url in urls} == {404}
    listed = page_of(reviewer.get(reverse("admissions:my_reviews")))
    assert application.reference not in listed


def test_who_reads_no_longer_for_the_programme_loses_the_file(
    intake: Any, staff: office.Staff
) -> None:
    """The role has ended here; another one elsewhere does not keep the door open."""
    application = office.in_review(intake=intake, now=NOW)
    office.assigned(application, staff, now=NOW)
    RoleGrant.objects.filter(person=staff.reviewer).update(until_at=NOW - timedelta(minutes=1))
    RoleGrant.objects.create(
        person=staff.reviewer,
        role=Role.REVIEWER,
        programme=make_programme(),
        from_at=NOW - timedelta(days=1),
    )
    reviewer = browser(staff.reviewer)
    assert {status_of(reviewer, url) for url in _reading_urls(application)} == {404}
    assert application.reference not in page_of(reviewer.get(reverse("admissions:my_reviews")))


def test_a_role_elsewhere_opens_no_page_of_a_file_that_one_reads(
    intake: Any, staff: office.Staff
) -> None:
    """A reviewer here who directs and tutors another programme is a reviewer here."""
    application = office.in_review(intake=intake, now=NOW)
    office.proposed(application, staff, now=NOW, reason=PROPOSAL_WORDS)
    for role in rules.WORKING_ROLES:
        RoleGrant.objects.create(
            person=staff.reviewer,
            role=role,
            programme=make_programme(),
            from_at=NOW - timedelta(days=1),
        )
    reviewer = browser(staff.reviewer)
    for url in file_urls(application):
        answer = reviewer.get(url)
        if url == reverse("admissions:file", args=[application.reference]):
            assert answer.status_code == 200
            assert PROPOSAL_WORDS not in page_of(answer)
        else:
            assert answer.status_code == 404, url


def _reading_urls(application: Application) -> list[str]:
    version = application.files.order_by("id")[0].document.current
    assert version is not None
    letter = request_of(application, 1).document
    assert letter is not None
    assert letter.current is not None
    return [
        *(
            reverse(f"admissions:{name}", args=[application.reference])
            for name in ("file", "review")
        ),
        *(
            reverse("admissions:document", args=[application.reference, pk])
            for pk in (version.pk, letter.current.pk)
        ),
    ]


def test_nobody_works_on_their_own_application(intake: Any) -> None:
    """With every role there is, one's own file is not there, and no action takes it."""
    person = make_staff(*Role, full_name="Sam Selfridge")
    application = office.in_review(applicant=person, intake=intake, now=NOW)
    waiver_application = ready_draft(
        applicant=person, intake=make_intake(now=NOW, cycle=2031), now=NOW, fee_settled=False
    )
    waiver, evidence = ask_for_waiver(waiver_application, now=NOW)
    client = browser(person)
    for url in (
        *file_urls(application),
        reverse("fees:decide_waiver", args=[waiver.public_id]),
        reverse("fees:grant_waiver", args=[waiver.public_id]),
        reverse("fees:waiver_evidence", args=[waiver.public_id, evidence.document_id]),
    ):
        assert status_of(client, url) == 404, url
        assert client.post(url).status_code in (404, 405), url
    for url in (reverse("admissions:queue"), reverse("fees:waivers")):
        page = page_of(client.get(url))
        assert application.reference not in page
        assert waiver_application.reference not in page
    officer = make_staff(Role.ADMISSIONS_OFFICER)
    for act in (
        lambda: actions.assign_reviewer(application.pk, person, actor=office.by(officer)),
        lambda: actions.assign_reviewer(application.pk, officer, actor=office.by(person)),
        lambda: actions.propose_decision(
            application.pk, actor=office.by(person), outcome=Outcome.OFFER, reason="I am good"
        ),
    ):
        with pytest.raises(Refused):
            act()
    assert not queries.visible_to(person).filter(applicant=person).exists()
