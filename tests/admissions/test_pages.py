"""The office's pages over HTTP: the chain by clicks, who reaches what, and what lists cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admissions import actions, rendering
from admissions.models import Assignment, Criterion, Decision, Outcome
from applicants.states import ApplicationState
from foundation.doors import Actor
from foundation.history.models import Reading
from programmes.roles import Role
from tests.admissions.office import (
    COMMENT,
    TRANSCRIPT,
    Staff,
    approved,
    assigned,
    by,
    fresh,
    in_review,
    proposed,
    released,
    reviewed,
    visible,
)
from tests.factories import make_intake, make_programme, make_staff
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def intake():
    return make_intake(now=NOW)


@pytest.fixture
def staff(intake):
    return Staff.make(intake.programme)


def client_of(person):
    return sign_in_as(Client(), person)


def opened(client, path):
    """A document's bytes. Reading them to the end closes the file."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content)


def url(name, application):
    return reverse(f"admissions:{name}", args=[application.reference])


def test_the_chain_by_clicks(staff, intake, settings, django_capture_on_commit_callbacks):
    settings.UNDO_WINDOW_MINUTES = 0
    application = in_review(intake=intake, now=NOW)
    officer, reviewer = client_of(staff.officer), client_of(staff.reviewer)
    tutor, director = client_of(staff.tutor), client_of(staff.director)

    listed = officer.get(reverse("admissions:queue"))
    assert application.reference in listed.content.decode()
    assert "Assign a reviewer" in listed.content.decode()
    answer = officer.post(
        url("assign", application), {"reviewer": str(staff.reviewer.public_id)}, follow=True
    )
    assert "Assigned to Ravi Menon" in answer.content.decode()

    assert application.reference in reviewer.get(reverse("admissions:my_reviews")).content.decode()
    scores = {criterion.value: "7" for criterion in Criterion}
    short = reviewer.post(url("review", application), {**scores, "comment": "Good", "submit": "1"})
    assert "Write at least 30 characters" in short.content.decode()
    assert "Choose what you recommend" in short.content.decode()
    assert "Good" in short.content.decode()
    out_of_scale = reviewer.post(url("review", application), {"academic": "11", "save": "1"})
    assert "from 0 to 10" in out_of_scale.content.decode()
    saved = reviewer.post(
        url("review", application), {"academic": "9", "comment": "So far", "save": "1"}, follow=True
    )
    assert 'value="9"' in saved.content.decode()
    reviewer.post(
        url("review", application),
        {**scores, "comment": COMMENT, "recommendation": "offer", "submit": "1"},
    )

    asked = tutor.post(
        url("propose", application),
        {
            "outcome": "offer",
            "reason": "The review says so",
            "kind_1": "final_transcript",
            "text_1": "Send your final transcript",
            "due_1_0": "31",
            "due_1_1": "8",
            "due_1_2": str(NOW.year + 1),
        },
        follow=True,
    )
    assert "Proposed. A director" in asked.content.decode()
    decision = Decision.objects.get()
    assert decision.conditions.count() == 1

    page = director.get(url("approve", application)).content.decode()
    assert "Send your final transcript" in page
    director.post(url("approve", application), {"decision": decision.pk})
    decision.refresh_from_db()
    assert decision.approver == staff.director
    rendering.render_and_keep(decision.pk, actor=Actor.timer("decisions.letters"))
    director.post(url("release", application), {"decision": decision.pk})
    assert actions.make_visible(decision.pk, actor=Actor.timer("decisions.make_visible"))

    applicant = client_of(application.applicant)
    seen = applicant.get(url("decision", application)).content.decode()
    assert "You have a conditional offer" in seen
    assert opened(applicant, url("letter", application)).startswith(b"%PDF")
    assert "Accept the offer" in applicant.get(url("accept", application)).content.decode()
    applicant.post(url("accept", application))
    assert fresh(application).state == ApplicationState.ACCEPTED
    assert applicant.get(url("accept", application)).status_code == 409

    condition = decision.conditions.get()
    nothing = officer.post(
        url("conditions", application),
        {"condition": condition.pk, f"c{condition.pk}-state": "waived"},
    )
    assert "Say why." in nothing.content.decode()
    officer.post(
        url("conditions", application),
        {"condition": condition.pk, f"c{condition.pk}-state": "met"},
    )
    assert fresh(application).state == ApplicationState.ADMITTED
    assert "place is confirmed" in applicant.get(url("decision", application)).content.decode()


def test_every_staff_page_of_a_file_opens_for_whom_it_is(staff, intake):
    application = in_review(intake=intake, now=NOW)
    assigned(application, staff, now=NOW)
    for person in (staff.officer, staff.reviewer, staff.tutor, staff.director, staff.head):
        answer = client_of(person).get(url("file", application))
        assert answer.status_code == 200, person
    auditor = make_staff(Role.AUDITOR, programme=intake.programme)
    assert client_of(auditor).get(url("file", application)).status_code == 200
    assert client_of(auditor).get(url("assign", application)).status_code == 403


@pytest.mark.parametrize(
    "role", [Role.FINANCE_OFFICER, Role.SYSTEM_ADMINISTRATOR, Role.DATA_ANALYST]
)
def test_roles_without_files_reach_none(role, intake):
    application = in_review(intake=intake, now=NOW)
    client = client_of(make_staff(role))
    assert client.get(url("file", application)).status_code == 403
    assert client.get(reverse("admissions:queue")).status_code == 403


def test_a_reviewer_reaches_what_is_assigned_and_nothing_else(staff, intake):
    mine, other = in_review(intake=intake, now=NOW), in_review(intake=intake, now=NOW)
    assignment = assigned(mine, staff, now=NOW)
    client = client_of(staff.reviewer)
    assert client.get(url("file", mine)).status_code == 200
    for name in ("file", "review", "recuse"):
        assert client.get(url(name, other)).status_code == 404
    assert client.get(reverse("admissions:queue")).status_code == 403
    client.post(url("recuse", mine), {"reason": "I supervised her"})
    assignment.refresh_from_db()
    assert assignment.state == "recused"
    for name in ("file", "review", "recuse"):
        assert client.get(url(name, mine)).status_code == 404


def test_staff_of_another_programme_find_nothing(staff, intake):
    application = in_review(intake=intake, now=NOW)
    stranger = Staff.make(make_programme())
    for person in (stranger.officer, stranger.tutor, stranger.director):
        assert client_of(person).get(url("file", application)).status_code == 404
        listed = client_of(person).get("/office/queue/", {"q": application.reference})
        assert url("file", application) not in listed.content.decode()


def test_nobody_works_on_their_own_application(intake):
    person = make_staff(Role.ADMISSIONS_OFFICER, Role.ADMISSIONS_TUTOR, Role.HEAD_OF_ADMISSIONS)
    application = in_review(applicant=person, intake=intake, now=NOW)
    client = client_of(person)
    assert client.get(url("file", application)).status_code == 404
    assert application.reference not in client.get(reverse("admissions:queue")).content.decode()


def test_reviews_are_blind_until_ones_own_is_in(staff, intake):
    application = in_review(intake=intake, now=NOW)
    reviewed(application, staff, now=NOW)
    second = make_staff(Role.REVIEWER, full_name="Rosa Lindqvist", programme=intake.programme)
    assignment = actions.assign_reviewer(application.pk, second, actor=by(staff.officer))
    client = client_of(second)
    for name in ("file", "review"):
        assert COMMENT not in client.get(url(name, application)).content.decode()
    actions.submit_review(
        assignment.pk,
        actor=by(second),
        scores=dict.fromkeys(Criterion, 3),
        comment="A different view of the same file, with reasons",
        recommendation="reject",
    )
    assert COMMENT in client.get(url("file", application)).content.decode()
    assert COMMENT not in client_of(staff.officer).get(url("file", application)).content.decode()
    assert COMMENT in client_of(staff.tutor).get(url("file", application)).content.decode()


def test_letters_open_for_readers_and_each_opening_is_logged(staff, intake):
    application = in_review(intake=intake, now=NOW)
    assigned(application, staff, now=NOW)
    page = client_of(staff.reviewer).get(url("file", application)).context["page"]
    letter, transcript = page.letters[0].url, page.documents[0].url
    before = Reading.objects.count()
    assert opened(client_of(staff.reviewer), letter).startswith(b"%PDF")
    assert Reading.objects.count() == before + 1
    assert opened(client_of(staff.officer), transcript).startswith(b"%PDF")
    assert client_of(staff.officer).get(letter).status_code == 404
    assert letter not in client_of(staff.officer).get(url("file", application)).content.decode()
    other = in_review(intake=intake, now=NOW)
    crossed = transcript.replace(application.reference, other.reference)
    assert client_of(staff.officer).get(crossed).status_code == 404


def test_approving_and_releasing_ask_for_a_fresh_second_factor(staff, intake):
    application = in_review(intake=intake, now=NOW)
    decision = proposed(application, staff, now=NOW)
    stale = sign_in_as(Client(), staff.director, seconds_ago=3600)
    for name in ("approve", "release"):
        answer = stale.post(url(name, application), {"decision": decision.pk})
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_somebody_was_faster(staff, intake):
    application = in_review(intake=intake, now=NOW)
    decision = proposed(application, staff, now=NOW)
    director = client_of(staff.director)
    actions.return_decision(decision.pk, actor=by(staff.head), reason="Not yet")
    answer = director.post(url("approve", application), {"decision": decision.pk})
    assert answer.status_code == 409
    again = actions.propose_decision(
        application.pk, actor=by(staff.tutor), outcome=Outcome.REJECT, reason="Now a rejection"
    )
    answer = director.post(url("approve", application), {"decision": decision.pk})
    assert answer.status_code == 409
    again.refresh_from_db()
    assert again.state == "proposed"


def test_own_proposals_cant_be_approved_by_post(staff, intake):
    application = in_review(intake=intake, now=NOW)
    reviewed(application, staff, now=NOW)
    decision = actions.propose_decision(
        application.pk, actor=by(staff.head), outcome=Outcome.OFFER, reason="As head"
    )
    answer = client_of(staff.head).post(url("approve", application), {"decision": decision.pk})
    assert answer.status_code == 409
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_a_file_and_the_queue_cost_the_same_with_more_rows(
    staff, intake, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(path, person):
        client = client_of(person)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    first = in_review(intake=intake, now=NOW)
    assigned(first, staff, now=NOW)
    queue, reading = reverse("admissions:queue"), reverse("admissions:my_reviews")
    one = cost(queue, staff.officer), cost(reading, staff.reviewer)
    for _number in range(2):
        assigned(in_review(intake=intake, now=NOW), staff, now=NOW)
    assert (cost(queue, staff.officer), cost(reading, staff.reviewer)) == one
    assert one[0] <= 12


def test_decision_pages_of_others_are_404(staff, intake):
    application = in_review(intake=intake, now=NOW)
    visible(application, staff, now=NOW - timedelta(hours=1), conditions=[TRANSCRIPT])
    stranger = client_of(in_review(intake=intake, now=NOW).applicant)
    for name in ("decision", "letter", "accept", "decline"):
        assert stranger.get(url(name, application)).status_code == 404
        assert client_of(staff.director).get(url(name, application)).status_code == 404


def test_staff_pages_of_every_stage_open(staff, intake):
    stages = {
        "file": in_review(intake=intake, now=NOW),
        "approve": in_review(intake=intake, now=NOW),
        "release": in_review(intake=intake, now=NOW),
        "take_back": in_review(intake=intake, now=NOW),
        "conditions": in_review(intake=intake, now=NOW),
    }
    proposed(stages["approve"], staff, now=NOW)
    approved(stages["release"], staff, now=NOW)
    released(stages["take_back"], staff, now=NOW)
    visible(stages["conditions"], staff, now=NOW, conditions=[TRANSCRIPT])
    director = client_of(staff.director)
    for name in ("file", "approve", "release", "take_back"):
        assert director.get(url(name, stages[name])).status_code == 200, name
    for application in stages.values():
        assert director.get(url("file", application)).status_code == 200
    assert client_of(staff.officer).get(url("conditions", stages["conditions"])).status_code == 200
    assert Assignment.objects.count() == 4
