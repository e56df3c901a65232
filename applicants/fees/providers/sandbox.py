"""The sandbox provider: the embedded default's stand-in, a service of its own on another origin."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from applicants.fees.providers import (
    UNREADABLE,
    BadWebhook,
    Checkout,
    Delivery,
    ProviderDown,
    Report,
)
from applicants.fees.sandbox.signing import is_signed
from applicants.models import Payment, PaymentState

TIMEOUT_SECONDS = 5
SIGNATURE_HEADER = "Sandbox-Signature"
_STATES = {
    "paid": PaymentState.PAID,
    "declined": PaymentState.FAILED,
    "abandoned": PaymentState.CANCELLED,
}


class SandboxProvider:
    name = "sandbox"

    def __init__(self, url: str, secret: str) -> None:
        self.origin = url.rstrip("/")
        self.secret = secret

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, description: str
    ) -> Checkout:
        answer = self._call(
            "/api/checkouts/",
            {
                "idempotency_key": str(payment.idempotency_key),
                "amount": str(payment.amount),
                "currency": payment.currency,
                "description": description,
                "return_url": return_url,
                "webhook_url": settings.PUBLIC_URL + reverse("fees:webhook", args=[self.name]),
            },
        )
        return Checkout(answer["id"], answer["url"])

    def fetch(self, reference: str) -> Report:
        return _report(self._call(f"/api/checkouts/{reference}/"))

    def give_up(self, reference: str) -> Report:
        return _report(self._call(f"/api/checkouts/{reference}/expire/", {}))

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        if not is_signed(body, headers.get(SIGNATURE_HEADER, ""), self.secret):
            raise BadWebhook("signature")

    def read(self, body: str) -> Delivery:
        try:
            event = json.loads(body)
            return Delivery(str(event["id"]), _report(event["checkout"]))
        except UNREADABLE as error:
            raise BadWebhook(type(error).__name__) from error

    def _call(self, path: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 (the address is a setting)
            self.origin + path,
            data=json.dumps(data).encode() if data is not None else None,
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise ProviderDown(type(error).__name__) from error
        return answer


def _report(checkout: Mapping[str, Any]) -> Report:
    return Report(
        reference=checkout["id"],
        state=_STATES.get(checkout["state"]),
        amount=Decimal(checkout["amount"]),
        currency=checkout["currency"],
    )
