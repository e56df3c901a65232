"""A payment and a waiver look the same to everybody but finance, and finance sees nothing else."""

import re
from typing import Any

import pytest
from django.urls import reverse

from admissions import actions, rules
from applicants.fees import actions as fee_actions
from foundation.doors import Refused
from programmes.roles import Role
from tests.admissions import office
from tests.factories import (
    make_person,
    make_staff,
    ready_draft,
)
from tests.permissions.looking import NOW, alike, browser, complete, file_urls, page_of, status_of
from tests.permissions.world import (
    WAIVER_WORDS,
    ask_for_waiver,
    pay,
)

pytestmark = pytest.mark.django_db


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
        complete(application)
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


def test_the_evidence_of_a_waiver_is_finance_s_alone(intake: Any) -> None:
    application = ready_draft(intake=intake, now=NOW, fee_settled=False)
    waiver, evidence = ask_for_waiver(application, now=NOW)
    complete(application)
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
    complete(application)
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
