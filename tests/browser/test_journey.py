"""One application all the way, in a real browser, through every group of people.

The same journey in its two forms (fee, waiver), at both widths, and with JavaScript off.
"""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser import people
from tests.browser.audit import Auditor
from tests.browser.conftest import OpenBrowser
from tests.browser.people import Visit
from tests.foundation.documents import corpus

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(
    ("way", "width", "javascript"),
    [("fee", 1280, True), ("waiver", 390, True), ("fee", 390, False)],
    ids=["fee-desktop", "waiver-phone", "fee-phone-without-javascript"],
)
def test_an_application_goes_all_the_way(
    open_browser: OpenBrowser, auditor: Auditor, way: str, width: int, javascript: bool
) -> None:
    auditor.uses_axe = javascript

    def visit() -> Visit:
        return Visit(open_browser(width=width, javascript=javascript), auditor)

    mark = uuid.uuid4().hex[:8]
    email = f"zoe-{mark}@example.org"
    referees = [f"marsh-{mark}@uw.example.edu", f"boss-{mark}@firm.example"]
    pdf = corpus.plain()

    applicant = visit()
    people.sign_up(applicant, email)
    reference = people.start(applicant)
    people.fill_sections(applicant, reference, pdf)
    people.name_referees(applicant, reference, referees)
    if way == "fee":
        people.pay(applicant, reference)
        applicant.heading("Payment received")
        applicant.look("paid")
    else:
        people.ask_for_waiver(applicant, reference, pdf)
    people.submit(applicant, reference)

    people.send_letter(visit(), referees[0], pdf=pdf)
    people.send_letter(visit(), referees[1])
    people.read_mail(applicant, email, "complete")
    applicant.go(f"/applications/{reference}/")
    expect(applicant.page.locator("main")).to_contain_text("Expect an answer")
    applicant.look("overview, complete")

    if way == "waiver":
        _grant_waiver(visit(), reference)
    _decide(visit, reference)

    people.read_mail(applicant, email, "News about")
    expect(applicant.page.locator("main")).not_to_contain_text(re.compile("offer", re.IGNORECASE))
    _accept(applicant, reference)
    auditor.assert_clean()


def _grant_waiver(finance: Visit, reference: str) -> None:
    people.staff_sign_in(finance, "finance")
    finance.go("/office/waivers/")
    finance.look("waivers")
    row = finance.page.locator("tr", has_text=reference)
    row.get_by_role("link").click()
    finance.look("waiver")
    finance.follow("Grant the waiver")
    finance.look("grant a waiver")
    finance.press("Grant the waiver")
    finance.go("/office/waivers/")
    expect(finance.page.locator("main")).not_to_contain_text(reference)


def _decide(visit, reference: str) -> None:
    """Officer, reviewer, tutor and director, each in a browser of their own."""
    file = f"/office/files/{reference}/"
    officer = visit()
    people.staff_sign_in(officer, "officer")
    officer.go(f"/office/queue/?q={reference}")
    expect(officer.page.locator("#results")).to_contain_text(reference)
    officer.look("queue")
    officer.page.goto(file)
    officer.look("file, officer")
    officer.follow("Assign a reviewer")
    officer.page.locator("select[name=reviewer]").select_option(index=1)
    officer.look("assign")
    chosen = officer.page.locator("select[name=reviewer] option:checked").inner_text()
    officer.press("Assign")

    reviewer = visit()
    people.staff_sign_in(
        reviewer, "reviewer2" if "2" in chosen or "Second" in chosen else "reviewer"
    )
    people.review(reviewer, reference)

    tutor = visit()
    people.staff_sign_in(tutor, "tutor")
    tutor.go(f"{file}propose/")
    tutor.choose("outcome", "offer")
    tutor.fill(reason="Strong in mathematics.", text_1="Send your final transcript")
    tutor.page.locator("select[name=kind_1]").select_option(index=1)
    tutor.look("propose")
    tutor.press("Propose this decision")
    tutor.look("file, tutor")

    director = visit()
    people.staff_sign_in(director, "director")
    director.go(f"{file}approve/")
    director.look("approve")
    director.press("Approve this decision")
    director.look("file, approved")
    director.go(f"{file}release/")
    director.look("release")
    director.press("Release the decision")


def _accept(applicant: Visit, reference: str) -> None:
    applicant.go(f"/applications/{reference}/")
    applicant.look("overview, offered")
    applicant.go(f"/applications/{reference}/decision/")
    applicant.heading("conditional offer")
    applicant.look("decision")
    with applicant.page.expect_download() as download:
        applicant.follow("Download the letter (PDF)")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    applicant.follow("Accept the offer")
    applicant.look("accept")
    applicant.press("Accept the offer")
    applicant.go(f"/applications/{reference}/")
    expect(applicant.page.locator("main")).to_contain_text("Offer accepted")
    applicant.look("overview, accepted")
