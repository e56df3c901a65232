"""Stripe over HTTP, against a stub that answers as Stripe's API is documented."""

import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl

import pytest
import stripe
from django.test import Client

from applicants.fees.actions import payments
from applicants.fees.providers import BadWebhook, ProviderDown, by_name
from applicants.fees.providers.stripe import StripeProvider
from applicants.models import PaymentState, WebhookDelivery
from config.embedded import ports
from tests.factories import NOW, draft
from tests.fees.money import PROVIDER, applicant_of, standing

WAYS = {
    "return_url": "https://apply.example.ac.uk/returned/",
    "cancel_url": "https://apply.example.ac.uk/fee/",
    "description": "Application fee, MLDS-27-7F3K9Q",
}
SECRET = "whsec_test"


class Stub(socketserver.ThreadingTCPServer):
    """Keeps sessions by id and by idempotency key; `broken` answers 500 to everything."""

    allow_reuse_address = True
    daemon_threads = True
    broken = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.calls: list[dict] = []
        self.sessions: dict[str, dict] = {}
        self.keys: dict[str, tuple[str, str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Call(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.note(body)
        if self.server.broken:
            return self.answer(500, {"error": {"type": "api_error", "message": "broken"}})
        if self.path == "/v1/checkout/sessions":
            return self.create(body)
        session = self.server.sessions[self.path.split("/")[-2]]
        if session["status"] != "open":
            error = {
                "type": "invalid_request_error",
                "message": "Only open Sessions can be expired",
            }
            return self.answer(400, {"error": error})
        session["status"] = "expired"
        return self.answer(200, session)

    def create(self, body):
        key = self.headers["Idempotency-Key"]
        known, before = self.server.keys.get(key, ("", body))
        if before != body:
            error = {"type": "idempotency_error", "message": "Keys for idempotent requests"}
            return self.answer(400, {"error": error})
        if not known:
            form = dict(parse_qsl(body))
            known = f"cs_test_{len(self.server.sessions) + 1}"
            amount = int(form["line_items[0][price_data][unit_amount]"])
            self.server.sessions[known] = {
                "id": known,
                "object": "checkout.session",
                "status": "open",
                "payment_status": "unpaid",
                "amount_total": amount * int(form["line_items[0][quantity]"]),
                "currency": form["line_items[0][price_data][currency]"],
                "client_reference_id": form["client_reference_id"],
                "url": f"https://checkout.stripe.com/c/pay/{known}",
            }
            self.server.keys[key] = (known, body)
        return self.answer(200, self.server.sessions[known])

    def do_GET(self):
        self.note("")
        if self.server.broken:
            return self.answer(500, {"error": {"type": "api_error", "message": "broken"}})
        found = self.server.sessions.get(self.path.split("/")[-1])
        if found is None:
            error = {"type": "invalid_request_error", "message": "No such checkout.session"}
            return self.answer(404, {"error": error})
        return self.answer(200, found)

    def note(self, body):
        self.server.calls.append(
            {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        )

    def answer(self, status, content):
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def provider(stub):
    return StripeProvider("sk_test_123", SECRET, stub.address)


@pytest.fixture
def payment(db):
    application = draft()
    return payments.begin_payment(
        application.pk, "stripe", actor=applicant_of(application), now=NOW
    )


def test_a_checkout_is_opened_as_stripe_documents_it(stub, provider, payment):
    checkout = provider.start(payment, **WAYS)
    assert checkout.reference == "cs_test_1"
    assert checkout.redirect_url.startswith(f"{provider.origin}/c/pay/")
    (call,) = stub.calls
    assert (call["method"], call["path"]) == ("POST", "/v1/checkout/sessions")
    assert call["headers"]["Authorization"] == "Bearer sk_test_123"
    assert call["headers"]["Idempotency-Key"] == str(payment.idempotency_key)
    assert call["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(call["body"])) == {
        "mode": "payment",
        "success_url": WAYS["return_url"],
        "cancel_url": WAYS["cancel_url"],
        "client_reference_id": str(payment.public_id),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "gbp",
        "line_items[0][price_data][unit_amount]": "8000",
        "line_items[0][price_data][product_data][name]": WAYS["description"],
    }
    # A second try with the same attempt opens no second checkout.
    assert provider.start(payment, **WAYS) == checkout
    assert len(stub.sessions) == 1


def test_a_checkout_is_asked_about(stub, provider, payment):
    reference = provider.start(payment, **WAYS).reference
    assert provider.fetch(reference).state is None
    stub.sessions[reference].update(status="complete", payment_status="paid")
    report = provider.fetch(reference)
    assert (report.state, report.amount, report.currency) == (
        PaymentState.PAID,
        payment.amount,
        payment.currency,
    )
    assert stub.calls[-1]["path"] == f"/v1/checkout/sessions/{reference}"


def test_a_checkout_is_given_up_unless_it_was_paid(stub, provider, payment):
    reference = provider.start(payment, **WAYS).reference
    assert provider.give_up(reference).state == PaymentState.CANCELLED
    assert stub.calls[-1]["path"] == f"/v1/checkout/sessions/{reference}/expire"
    stub.sessions[reference].update(status="complete", payment_status="paid")
    assert provider.give_up(reference).state == PaymentState.PAID


def test_a_provider_that_is_down_is_down(stub, provider, payment, monkeypatch):
    monkeypatch.setattr("applicants.fees.providers.stripe.MAX_NETWORK_RETRIES", 0)
    stub.broken = True
    with pytest.raises(ProviderDown):
        provider.start(payment, **WAYS)
    with pytest.raises(ProviderDown):
        provider.fetch("cs_test_1")
    with pytest.raises(ProviderDown):
        provider.give_up("cs_test_1")
    closed = StripeProvider("sk_test_123", SECRET, f"http://127.0.0.1:{ports.find_free()}")
    with pytest.raises(ProviderDown):
        closed.start(payment, **WAYS)


def event(session, kind="checkout.session.completed", identity="evt_1"):
    return json.dumps(
        {"id": identity, "object": "event", "type": kind, "data": {"object": session}}
    )


def signature(body, *, at=None, secret=SECRET):
    moment = at or int(time.time())
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"HTTP_STRIPE_SIGNATURE": f"t={moment},v1={digest}"}


def post(body, **headers):
    address = "/payments/webhooks/stripe/"
    return Client().post(address, body, content_type="application/json", **headers)


@pytest.fixture
def as_stripe(settings):
    settings.PAYMENT_PROVIDER = "stripe"
    settings.STRIPE_SECRET_KEY = "sk_test_123"
    settings.STRIPE_WEBHOOK_SECRET = SECRET


SESSION = {
    "id": "cs_test_9",
    "object": "checkout.session",
    "status": "complete",
    "payment_status": "paid",
    "amount_total": 8000,
    "currency": "gbp",
}


def test_a_signed_webhook_settles_the_fee(as_stripe, payment):
    checkout = payments.Checkout("cs_test_9", "https://checkout.stripe.com/c/pay/cs_test_9")
    payments.record_checkout(payment.pk, checkout, actor=applicant_of(payment.application), now=NOW)
    body = event(SESSION)
    assert (
        stripe.Webhook.construct_event(body, signature(body)["HTTP_STRIPE_SIGNATURE"], SECRET).id
        == "evt_1"
    )
    for _time in range(2):
        assert post(body, **signature(body)).status_code == 204
    kept = WebhookDelivery.objects.get()
    assert (kept.provider, kept.event_id) == ("stripe", "evt_1")
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == "paid"
    assert standing(payment.application).is_settled


def test_a_webhook_that_stripe_did_not_sign_is_refused(as_stripe, db):
    body = event(SESSION)
    unsigned: dict[str, str] = {}
    for headers in (
        unsigned,
        signature(body, secret="whsec_other"),
        signature(body + " "),
        signature(body, at=int(time.time()) - 400),
    ):
        assert post(body, **headers).status_code == 400
    assert not WebhookDelivery.objects.exists()


def test_what_else_stripe_tells_is_kept_and_moves_nothing(as_stripe, db):
    body = event({"id": "pi_1", "object": "payment_intent"}, "payment_intent.created", "evt_2")
    assert post(body, **signature(body)).status_code == 204
    kept = WebhookDelivery.objects.get()
    assert payments.process_delivery(kept.pk, actor=PROVIDER) == "not_about_a_payment"


@pytest.mark.parametrize("body", ["[]", '{"id": "evt_1"}', '{"id": 1, "data": {"object": 7}}'])
def test_a_webhook_without_sense_is_refused(as_stripe, body):
    with pytest.raises(BadWebhook):
        by_name("stripe").read(body)
