"""Stripe Checkout: a full redirect, so that card data never touches the portal."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applicants.fees.providers import (
    UNREADABLE,
    BadWebhook,
    Checkout,
    Delivery,
    ProviderDown,
    Report,
)
from applicants.models import Payment, PaymentState

#: Stripe counts in the currency's smallest unit; the fee's currencies have hundredths.
MINOR_UNITS = 100
SIGNATURE_HEADER = "Stripe-Signature"
#: A page waits for both: at most three tries of so many seconds, well under the web's own limit.
TIMEOUT_SECONDS = 5
MAX_NETWORK_RETRIES = 2
#: An event about something else at Stripe than a checkout.
NOT_OURS = Report("", None, Decimal(0), "")


class StripeProvider:
    name = "stripe"
    origin = "https://checkout.stripe.com"

    def __init__(self, secret_key: str, webhook_secret: str, api_base: str = "") -> None:
        self.secret_key, self.webhook_secret, self.api_base = secret_key, webhook_secret, api_base

    def _client(self) -> Any:
        import stripe

        addresses: Any = {"api": self.api_base} if self.api_base else {}
        return stripe.StripeClient(
            self.secret_key,
            base_addresses=addresses,
            max_network_retries=MAX_NETWORK_RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        )

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, description: str
    ) -> Checkout:
        import stripe

        try:
            session = self._client().v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "success_url": return_url,
                    "cancel_url": cancel_url,
                    "client_reference_id": str(payment.public_id),
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": payment.currency.lower(),
                                "unit_amount": int(payment.amount * MINOR_UNITS),
                                "product_data": {"name": description},
                            },
                        }
                    ],
                },
                options={"idempotency_key": str(payment.idempotency_key)},
            )
        except stripe.StripeError as error:
            raise ProviderDown(type(error).__name__) from error
        return Checkout(session.id, session.url or "")

    def fetch(self, reference: str) -> Report:
        import stripe

        try:
            return _report(self._client().v1.checkout.sessions.retrieve(reference))
        except stripe.StripeError as error:
            raise ProviderDown(type(error).__name__) from error

    def give_up(self, reference: str) -> Report:
        import stripe

        try:
            return _report(self._client().v1.checkout.sessions.expire(reference))
        except stripe.InvalidRequestError:
            # Only an open session can be expired: this one was paid, or is over already.
            return self.fetch(reference)
        except stripe.StripeError as error:
            raise ProviderDown(type(error).__name__) from error

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        import stripe

        try:
            stripe.Webhook.construct_event(
                body, headers.get(SIGNATURE_HEADER, ""), self.webhook_secret
            )
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise BadWebhook(type(error).__name__) from error

    def read(self, body: str) -> Delivery:
        try:
            event = json.loads(body)
            session = event["data"]["object"]
            if session["object"] != "checkout.session":
                return Delivery(str(event["id"]), NOT_OURS)
            return Delivery(str(event["id"]), _report(session))
        except UNREADABLE as error:
            raise BadWebhook(type(error).__name__) from error


def _report(session: Mapping[str, Any]) -> Report:
    state = None
    if session["payment_status"] == "paid":
        state = PaymentState.PAID
    elif session["status"] == "expired":
        state = PaymentState.CANCELLED
    return Report(
        reference=session["id"],
        state=state,
        amount=Decimal(session["amount_total"]) / MINOR_UNITS,
        currency=str(session["currency"]).upper(),
    )
