"""Access that ends at once, and access that nobody has: to their own file, by a role elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from admissions import actions, queries, rules
from admissions.models import Outcome
from applicants.models import Application
from foundation.doors import Refused
from programmes.models import RoleGrant
from programmes.roles import Role
from tests.admissions import office
from tests.factories import (
    make_intake,
    make_programme,
    make_staff,
    ready_draft,
)
from tests.permissions.looking import NOW, browser, file_urls, page_of, status_of
from tests.permissions.world import (
    PROPOSAL_WORDS,
    ask_for_waiver,
    request_of,
)

pytestmark = pytest.mark.django_db


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
