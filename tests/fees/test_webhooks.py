"""Webhooks: verified before anything is kept, each event once, and nothing that makes no sense."""

import time

import pytest
from django.conf import settings as portal
from django.test import Client

from applicants.fees.actions import payments
from applicants.fees.sandbox.signing import sign
from applicants.models import LedgerEntry, WebhookDelivery
from tests.factories import draft
from tests.fees.money import PROVIDER, begin, body_of

WEBHOOK = "/payments/webhooks/sandbox/"


def post(body, **headers):
    named = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()}
    return Client().post(WEBHOOK, body, content_type="application/json", **named)


def signed(body, *, at=None, secret=None):
    return {"Sandbox-Signature": sign(body.encode(), secret or portal.SANDBOX_SECRET, at)}


@pytest.mark.django_db
def test_a_webhook_is_verified_kept_once_and_read():
    application = draft()
    payment = begin(application)
    body = body_of(payment.provider_reference, "paid")
    for _time in range(3):
        assert post(body, **signed(body)).status_code == 204
    kept = WebhookDelivery.objects.get()
    assert kept.body == body
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == "paid"
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == "paid"
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


@pytest.mark.django_db
def test_a_webhook_that_is_not_the_providers_is_refused():
    body = body_of("sbx_1", "paid")
    now = int(time.time())
    for headers in (
        {},
        {"Sandbox-Signature": ""},
        {"Sandbox-Signature": "t=x,v1=y"},
        signed(body, secret="another"),
        signed(body + " "),
        signed(body, at=now - 400),
        signed(body, at=now + 400),
    ):
        assert post(body, **headers).status_code == 400
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "[]", "{}", "nonsense", '{"id": 1, "checkout": {"id": "x"}}'])
def test_a_webhook_without_sense_is_refused(body):
    assert post(body, **signed(body)).status_code == 400


@pytest.mark.django_db
def test_a_webhook_is_at_most_64_kilobytes():
    body = body_of("sbx_1", "paid", event="e" * 70_000)
    assert post(body, **signed(body)).status_code == 413
    assert Client().get(WEBHOOK).status_code == 405
    assert Client().post("/payments/webhooks/nobody/", "{}", "application/json").status_code == 400
    assert Client().post("/payments/webhooks/stripe/", "{}", "application/json").status_code == 400
