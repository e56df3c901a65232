"""Paying: one attempt at a time, nothing twice, and no charge that nobody knows of."""

import hashlib
import hmac
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from django.conf import settings as portal
from django.urls import reverse

from applicants.actions import submit_application, withdraw_application
from applicants.events import PAYMENT_CANCELLED
from applicants.fees import actions
from applicants.fees.actions import payments
from applicants.fees.sandbox.signing import sign
from applicants.models import LedgerEntry, Payment, PaymentState, RequirementState, WebhookDelivery
from config.embedded import ports
from foundation import timers
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from tests.factories import NOW, draft, make_person, ready_draft, submitted
from tests.fees.money import (
    PROVIDER,
    applicant_of,
    ask_waiver,
    at_once,
    begin,
    body_of,
    confirm,
    standing,
)
from tests.referees.letters import deliver
from tests.sign_in import sign_in_as


def fee_requirement(application):
    return application.requirements.get(kind="fee")


@pytest.mark.django_db
def test_a_payment_settles_the_fee_and_sends_one_receipt():
    application = draft()
    assert not standing(application).is_in_order(NOW)
    payment = begin(application)
    assert standing(application).is_in_order(NOW)
    assert not standing(application).is_settled
    assert confirm(payment) == "paid"
    assert confirm(payment) == "nothing_new"
    assert confirm(payment, PaymentState.FAILED) == "already_paid"
    assert standing(application).is_settled
    assert fee_requirement(application).state == RequirementState.MET
    (mail,) = deliver(NOW)
    assert "We received £80 at 10am on 12 January 2027 (UK time)" in mail.body
    assert application.reference in mail.body
    with pytest.raises(Refused, match="already_settled"):
        begin(application)
    with pytest.raises(Refused, match="already_settled"):
        ask_waiver(application)


@pytest.mark.django_db
def test_a_payment_that_failed_is_made_again():
    application = draft()
    first = begin(application)
    confirm(first, PaymentState.FAILED)
    assert not standing(application).is_in_order(NOW)
    second = begin(application)
    assert second.pk != first.pk
    # The first one's money comes all the same, and is kept.
    assert confirm(first) == "paid"
    assert confirm(second) == "paid"
    assert standing(application).balance == Decimal("-80.00")


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"amount": Decimal("8.00")}, {"currency": "EUR"}])
def test_another_amount_or_currency_settles_nothing_and_is_kept(changes):
    application = draft()
    payment = begin(application)
    assert confirm(payment, **changes) == "amount_mismatch"
    assert not standing(application).is_settled
    values = {key: str(value) for key, value in changes.items()}
    body = body_of(payment.provider_reference, "paid", event="evt_odd", **values)
    payments.keep_delivery("sandbox", "evt_odd", body, actor=PROVIDER)
    kept = WebhookDelivery.objects.get()
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == "amount_mismatch"
    kept.refresh_from_db()
    assert (kept.outcome, kept.body) == ("amount_mismatch", body)
    assert LedgerEntry.objects.filter(kind="payment").count() == 0


@pytest.mark.django_db
def test_a_webhook_that_overtakes_us_is_read_again():
    application = draft()
    attempt = payments.begin_payment(
        application.pk, "sandbox", actor=applicant_of(application), now=NOW
    )
    body = body_of("sbx_early", "paid", event="evt_early")
    payments.keep_delivery("sandbox", "evt_early", body, actor=PROVIDER)
    kept = WebhookDelivery.objects.get()
    soon = kept.received_at + timedelta(minutes=2)
    assert payments.process_delivery(kept.pk, actor=PROVIDER, now=soon) == "unknown_payment"
    checkout = payments.Checkout("sbx_early", "https://pay.example/")
    payments.record_checkout(attempt.pk, checkout, actor=applicant_of(application), now=soon)
    timers.get("fees.read_deliveries").run(soon, False)
    assert standing(application).is_settled


@pytest.mark.django_db
def test_a_webhook_about_an_unknown_payment_is_kept():
    payments.keep_delivery("sandbox", "evt_x", body_of("sbx_nobody", "paid"), actor=PROVIDER)
    kept = WebhookDelivery.objects.get()
    late = kept.received_at + timedelta(minutes=11)
    timers.get("fees.read_deliveries").run(late, False)
    kept.refresh_from_db()
    assert (kept.outcome, kept.processed_at) == ("unknown_payment", late)
    assert timers.get("fees.read_deliveries").run(late, False) == []


@pytest.mark.django_db
def test_a_closed_application_is_not_paid_for():
    application = submitted()
    withdraw_application(application.pk, actor=applicant_of(application), now=NOW)
    other = draft()
    withdraw_application(other.pk, actor=applicant_of(other), now=NOW)
    with pytest.raises(Refused, match="moved_on"):
        begin(other)
    with pytest.raises(Refused, match="moved_on"):
        ask_waiver(other)


@pytest.mark.django_db
def test_only_the_applicant_pays():
    application = draft()
    stranger = Actor.person(make_person())
    with pytest.raises(Refused, match="not_allowed"):
        payments.begin_payment(application.pk, "sandbox", actor=stranger)
    with pytest.raises(Refused, match="not_allowed"):
        actions.give_up_payment(application.pk, actor=stranger)


@pytest.mark.django_db
def test_a_provider_that_is_down_charges_nothing_and_the_next_try_works(client, settings, sandbox):
    application = draft()
    sign_in_as(client, application.applicant)
    settings.SANDBOX_URL = f"http://127.0.0.1:{ports.find_free()}"
    page = client.post(reverse("fees:pay", args=[application.reference]))
    assert page.status_code == 409
    assert "The payment service does not answer. Nothing was charged." in page.text
    attempt = Payment.objects.get()
    assert attempt.state == PaymentState.CREATED
    assert not standing(application).is_in_order(NOW)
    # The page behind it offers to pay, and has nothing to check.
    fee = reverse("fees:fee", args=[application.reference])
    returned = reverse("fees:returned", args=[application.reference])
    assert client.get(returned).url == fee
    settings.SANDBOX_URL = sandbox
    answer = client.post(reverse("fees:pay", args=[application.reference]))
    assert answer.url.startswith(f"{sandbox}/pay/sbx_")
    again = Payment.objects.get()
    assert (again.pk, again.idempotency_key) == (attempt.pk, attempt.idempotency_key)
    assert again.state == PaymentState.PENDING
    # A double click and the back button lead to the same checkout.
    assert client.post(reverse("fees:pay", args=[application.reference])).url == answer.url
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_gives_the_same_checkout(sandbox):
    """The answer was lost after the provider made the checkout: no second one comes of it."""
    from applicants.fees.providers import current

    payment = payments.begin_payment(
        (application := draft()).pk, "sandbox", actor=applicant_of(application)
    )
    ways = {"return_url": "http://a/", "cancel_url": "http://b/", "description": "Fee"}
    assert current().start(payment, **ways) == current().start(payment, **ways)


@pytest.mark.django_db
def test_an_attempt_that_never_reached_the_provider_does_not_bar_a_waiver():
    application = draft()
    payments.begin_payment(application.pk, "sandbox", actor=applicant_of(application), now=NOW)
    ask_waiver(application)
    assert Payment.objects.get().state == PaymentState.CANCELLED
    ended = Event.objects.filter(stream=application.public_id, kind=PAYMENT_CANCELLED.code)
    assert ended.count() == 1


@pytest.mark.django_db
def test_a_payment_is_given_up_and_a_waiver_asked_for(client, sandbox):
    application = draft()
    sign_in_as(client, application.applicant)
    address = client.post(reverse("fees:pay", args=[application.reference])).url
    with pytest.raises(Refused, match="payment_undecided"):
        ask_waiver(application)
    fee = client.get(reverse("fees:fee", args=[application.reference]))
    assert "Give this payment up" in fee.text
    page = client.post(reverse("fees:give_up", args=[application.reference]), follow=True)
    assert "Nothing was charged" in page.text
    assert Payment.objects.get().state == PaymentState.CANCELLED
    # Its page at the provider is over, too.
    assert requests.get(address, allow_redirects=False, timeout=5).status_code == 302
    ask_waiver(application)


# --- All together, over HTTP ----------------------------------------------------------------------


def press(address, button):
    """Open the sandbox's page as a browser does and press a button. Returns where it leads."""
    browser = requests.Session()
    page = browser.get(address, timeout=5)
    assert page.status_code == 200
    assert "£80" in page.text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)
    answer = browser.post(
        address,
        {"do": button, "csrfmiddlewaretoken": token},
        headers={"Origin": address.split("/pay/")[0]},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302
    return answer.headers["Location"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("button", "state", "words"),
    [
        ("pay", PaymentState.PAID, "Payment received"),
        ("decline", PaymentState.FAILED, "The payment did not go through"),
        ("abandon", PaymentState.CANCELLED, "You left without paying"),
    ],
)
def test_the_whole_way_through_the_sandbox(
    client, live_server, sandbox, settings, button, state, words
):
    settings.PUBLIC_URL = live_server.url
    application = draft()
    sign_in_as(client, application.applicant)
    address = client.post(reverse("fees:pay", args=[application.reference])).url
    back = press(address, button)
    assert back == live_server.url + reverse("fees:returned", args=[application.reference])
    kept = WebhookDelivery.objects.get()
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == state
    page = client.get(back.removeprefix(live_server.url))
    assert words in page.text
    # The page at the provider is over: coming back to it leads home, and pays no second time.
    assert requests.get(address, allow_redirects=False, timeout=5).headers["Location"] == back
    assert Payment.objects.get().state == state


@pytest.mark.django_db(transaction=True)
def test_a_lost_webhook_is_found_by_asking(client, live_server, sandbox, settings):
    settings.PUBLIC_URL = live_server.url
    application = draft()
    sign_in_as(client, application.applicant)
    address = client.post(reverse("fees:pay", args=[application.reference])).url
    settings.SANDBOX_SECRET, right = "another while it is sent", settings.SANDBOX_SECRET
    press(address, "pay")
    settings.SANDBOX_SECRET = right
    WebhookDelivery.objects.all().delete()
    returned = reverse("fees:returned", args=[application.reference])
    page = client.get(returned)
    assert "We are checking your payment" in page.text
    assert Payment.objects.get().state == PaymentState.PENDING
    page = client.post(returned, follow=True)
    assert "Payment received" in page.text


@pytest.mark.django_db(transaction=True)
def test_reconciling_asks_about_what_hangs(client, live_server, sandbox, settings):
    settings.PUBLIC_URL = live_server.url
    application = draft()
    sign_in_as(client, application.applicant)
    press(client.post(reverse("fees:pay", args=[application.reference])).url, "pay")
    WebhookDelivery.objects.all().delete()
    changed = Payment.objects.get().changed_at
    reconcile = timers.get("fees.reconcile")
    assert reconcile.run(changed + timedelta(minutes=9), False) == []
    assert reconcile.run(changed + timedelta(minutes=11), True) != []
    assert not standing(application).is_settled
    assert reconcile.run(changed + timedelta(minutes=11), False)[0].endswith("paid")
    assert standing(application).is_settled


# --- At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twelve_threads_confirm_one_payment_once():
    application = ready_draft(fee_settled=False)
    payment = begin(application)
    submit_application(application.pk, actor=applicant_of(application), now=NOW)
    found = at_once(*[lambda: confirm(payment)] * 12)
    assert sorted(found) == ["nothing_new"] * 11 + ["paid"]
    assert LedgerEntry.objects.filter(kind="payment").count() == 1
    assert OutgoingMessage.objects.filter(kind="fee.paid").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_begin_one_payment():
    application = draft()
    found = at_once(*[lambda: begin(application).pk] * 4)
    assert len(set(found)) == 1
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_webhook_read_by_four_workers_counts_once():
    application = draft()
    payment = begin(application)
    body = body_of(payment.provider_reference, "paid", event="evt_four")
    at_once(*[lambda: payments.keep_delivery("sandbox", "evt_four", body, actor=PROVIDER)] * 4)
    kept = WebhookDelivery.objects.get()
    found = at_once(
        *[lambda: payments.process_delivery(kept.pk, actor=PROVIDER)] * 4, lambda: confirm(payment)
    )
    assert found.count("paid") >= 1
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


@pytest.mark.django_db(transaction=True)
def test_paying_and_asking_for_a_waiver_at_once_does_one_of_them():
    for _round in range(3):
        application = draft()
        found = at_once(
            lambda row=application: begin(row).state, lambda row=application: ask_waiver(row).state
        )
        assert found in (["pending", "payment_undecided"], ["waiver_undecided", "requested"]) or (
            # The waiver came between the attempt and its checkout.
            found == ["cancelled", "requested"]
        )


# --- The content policy ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_policy_lets_the_fee_page_and_no_other_lead_to_the_provider(client):
    application = draft()
    sign_in_as(client, application.applicant)

    def policy(name):
        page = client.get(reverse(name, args=[application.reference]))
        found = re.search(r"form-action ([^;]*)", page.headers["Content-Security-Policy"])
        return found.group(1).split()

    assert policy("fees:fee") == ["'self'", portal.SANDBOX_URL]
    assert policy("applicants:overview") == ["'self'"]
    assert policy("fees:waiver") == ["'self'"]
    begin(application)
    assert policy("fees:returned") == ["'self'"]


def test_the_signature_is_an_hmac_of_time_and_body():
    secret, body = "secret", json.dumps({"a": 1}).encode()
    expected = hmac.new(secret.encode(), b"17." + body, hashlib.sha256).hexdigest()
    assert sign(body, secret, 17) == f"t=17,v1={expected}"
