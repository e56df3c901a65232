"""The pages of this room in a browser: accessible, within their policy, never wider than the screen."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.fees import actions
from applicants.models import PaymentState
from programmes.roles import Role
from tests.factories import draft, make_person, make_staff, received_pdf
from tests.fees.money import applicant_of, ask_waiver, begin, confirm, finance, refuse
from tests.foundation.ui.conftest import chromium, complaints, show
from tests.foundation.ui.test_browser import REMARKS, overflow, violations
from tests.sign_in import sign_in_as

__all__ = ["chromium", "complaints", "show"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def own(application, name, values=None):
    client = sign_in_as(Client(), application.applicant)
    address = reverse(f"fees:{name}", args=[application.reference])
    return client.get(address) if values is None else client.post(address, values)


def paid(application, state, page):
    confirm(begin(application, now=timezone.now()), state, now=timezone.now())
    return own(application, page)


def pending(application, page):
    begin(application, now=timezone.now())
    return own(application, page)


def asked(application, page):
    waiver = ask_waiver(application, now=timezone.now())
    for number in range(2):
        actions.add_waiver_evidence(
            waiver.pk, received_pdf(f"benefit-{number}.pdf"), actor=applicant_of(application)
        )
    return own(application, page)


def more(application, page):
    waiver = ask_waiver(application, now=timezone.now())
    note = "Please send a letter of the last three months.\n\nThe one you sent is from 2019."
    actions.ask_more_evidence(waiver.pk, actor=finance(), note=note)
    return own(application, page)


def refused(application):
    refuse(ask_waiver(application, now=timezone.now()), now=timezone.now())
    return own(application, "fee")


def office(application, name, values=None):
    asked(application, "fee")
    client = sign_in_as(Client(), make_staff(Role.FINANCE_OFFICER))
    waiver = application.waivers.get()
    arguments = [] if name == "waivers" else [waiver.public_id]
    address = reverse(f"fees:{name}", args=arguments)
    return client.get(address) if values is None else client.post(address, values)


def no_waivers():
    return sign_in_as(Client(), make_staff(Role.FINANCE_OFFICER)).get(reverse("fees:waivers"))


def moved_on(application):
    asked(application, "fee")
    actions.grant_waiver(application.waivers.get().pk, actor=finance())
    return own(application, "pay", {})


PAGES = {
    "fee": lambda row: own(row, "fee"),
    "fee_pending": lambda row: pending(row, "fee"),
    "fee_settled": lambda row: paid(row, PaymentState.PAID, "fee"),
    "fee_asked": lambda row: asked(row, "fee"),
    "fee_more": lambda row: more(row, "fee"),
    "fee_refused": refused,
    "refused": moved_on,
    "returned_paid": lambda row: paid(row, PaymentState.PAID, "returned"),
    "returned_failed": lambda row: paid(row, PaymentState.FAILED, "returned"),
    "returned_left": lambda row: paid(row, PaymentState.CANCELLED, "returned"),
    "returned_pending": lambda row: pending(row, "returned"),
    "waiver": lambda row: own(row, "waiver"),
    "waiver_errors": lambda row: own(row, "waiver", {"explanation": "word " * 301}),
    "evidence": lambda row: asked(row, "evidence"),
    "evidence_errors": lambda row: asked(row, "evidence") and own(row, "evidence", {}),
    "withdraw": lambda row: asked(row, "withdraw_waiver"),
    "office_waivers": lambda row: office(row, "waivers"),
    "office_none": lambda row: no_waivers(),
    "office_waiver": lambda row: office(row, "decide_waiver"),
    "office_errors": lambda row: office(row, "decide_waiver", {"do": "refuse"}),
    "office_grant": lambda row: office(row, "grant_waiver"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(show, complaints, name):
    person = make_person("Amara Okafor-Wolfeschlegelsteinhausenbergerdorff")
    answer = PAGES[name](draft(applicant=person, now=timezone.now()))
    page = show(answer.text)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) == ""
    assert [said for said in complaints if not any(known in said for known in REMARKS)] == []
